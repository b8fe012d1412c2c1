import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';

export interface PassphraseProps {
  readonly label?: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  readonly isOptional?: boolean;
  /** True where a new one is thought of. */
  readonly isNew?: boolean;
}

/** What seals secrets, or opens them. It goes to the gateway with the request and is kept nowhere. */
export const Passphrase = ({ label = 'Passphrase', value, onChange, isNew = false, ...field }: PassphraseProps) => (
  <Field label={label} {...field}>
    {(control) => (
      <Input
        {...control}
        type="password"
        autoComplete={isNew ? 'new-password' : 'off'}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);
