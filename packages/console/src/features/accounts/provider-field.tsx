import { Combobox } from '../../components/ui/combobox.tsx';
import { Field } from '../../components/ui/field.tsx';
import { useOperation } from '../../lib/use-api.ts';

export interface ProviderFieldProps {
  readonly value: string | undefined;
  readonly error: string | undefined;
  readonly onChange: (id: string) => void;
}

/** Which provider an account belongs to. */
export function ProviderField({ value, error, onChange }: ProviderFieldProps) {
  const { data } = useOperation('offered.providers');
  const choices = (data?.providers ?? []).map(({ id, name }) => ({ value: id, label: name, hint: id }));
  return (
    <Field label="Provider" error={error} className="sm:col-span-2">
      {(control) => <Combobox {...control} value={value} onChange={onChange} choices={choices} />}
    </Field>
  );
}
