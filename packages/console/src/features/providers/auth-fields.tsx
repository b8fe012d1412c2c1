import type { FieldDescriptor } from '@patchbay/contract/resources/provider';

import { Field } from '../../components/ui/field.tsx';
import { Input, Select } from '../../components/ui/input.tsx';
import { fieldLabel, isSecretField } from './words.ts';

export interface AuthFieldsProps {
  /** Names with what is known of each: its text as the gateway shows it, or what it is for. */
  readonly fields: Readonly<Record<string, string | FieldDescriptor>>;
  /** What was written; what was not stays as it is. */
  readonly written: Readonly<Record<string, string>>;
  readonly errors: Readonly<Record<string, string>>;
  readonly onWrite: (name: string, value: string) => void;
}

/** What a provider is signed in to with. Secrets are written and never read back. */
export const AuthFields = ({ fields, written, errors, onWrite }: AuthFieldsProps) => (
  <>
    {Object.entries(fields).map(([name, field]) => {
      const told: FieldDescriptor = typeof field === 'string' ? {} : field;
      const kept = typeof field === 'string' ? field : undefined;
      const isSecret = told.sensitive ?? isSecretField(name);
      const value = written[name] ?? (isSecret ? '' : (kept ?? told.default ?? ''));
      const options = told.validation?.options;
      return (
        <Field
          key={name}
          label={fieldLabel(name)}
          hint={told.description ?? (kept !== undefined && isSecret ? 'Empty: it stays as it is.' : undefined)}
          isOptional={told.required === false}
          error={errors[`authConfig.fields.${name}`] ?? errors[`customizations.${name}`]}
        >
          {(control) =>
            options === undefined ? (
              <Input
                {...control}
                type={isSecret ? 'password' : 'text'}
                autoComplete={isSecret ? 'new-password' : 'off'}
                spellCheck={false}
                placeholder={kept !== undefined && isSecret ? kept : ''}
                value={value}
                onChange={(event) => onWrite(name, event.target.value)}
              />
            ) : (
              <Select {...control} value={value} onChange={(event) => onWrite(name, event.target.value)}>
                {options.map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </Select>
            )
          }
        </Field>
      );
    })}
  </>
);
