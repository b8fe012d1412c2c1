import { Field } from './field.tsx';
import { Input } from './input.tsx';

export interface ConfirmFieldProps {
  /** What has to be written: the name of what is destroyed. */
  readonly name: string;
  readonly written: string;
  readonly onChange: (written: string) => void;
  readonly className?: string;
}

/** Asks for a name before something is destroyed; `isConfirmed` tells whether it was written. */
export const ConfirmField = ({ name, written, onChange, className }: ConfirmFieldProps) => (
  <Field label={`Write “${name}” to confirm`} {...(className !== undefined && { className })}>
    {(control) => (
      <Input
        {...control}
        autoComplete="off"
        spellCheck={false}
        value={written}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);

/** True once the very name was written. */
export const isConfirmed = (written: string, name: string): boolean => written.trim() === name;
