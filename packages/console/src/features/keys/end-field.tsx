import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';

/** A point in time as the control writes it: local, to the minute; empty for none. */
export type WrittenEnd = string;

const MINUTE_MS = 60_000;

/** The end of a key as the control writes it. */
export function endOf(expiresAt: string | null | undefined): WrittenEnd {
  if (expiresAt === null || expiresAt === undefined) return '';
  const at = new Date(expiresAt);
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

/** The same for the API; `null` for none. */
export const expiryOf = (end: WrittenEnd): string | null => (end === '' ? null : new Date(end).toISOString());

export interface EndFieldProps {
  readonly value: WrittenEnd;
  readonly error: string | undefined;
  readonly onChange: (end: WrittenEnd) => void;
}

/** From when on a key opens nothing. */
export const EndField = ({ value, error, onChange }: EndFieldProps) => (
  <Field label="Ends" isOptional hint="Local time. Empty: never." error={error}>
    {(control) => (
      <Input {...control} type="datetime-local" value={value} onChange={({ target }) => onChange(target.value)} />
    )}
  </Field>
);
