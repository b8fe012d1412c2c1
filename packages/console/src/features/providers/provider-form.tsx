import type { AuthMethod, Provider } from '@patchbay/contract/resources/provider';
import { toast } from 'sonner';

import { Field } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { Input, Select, Textarea } from '../../components/ui/input.tsx';
import { AuthFields } from './auth-fields.tsx';
import { Wrong } from './wrong.tsx';
import { useProviderDraft, type ProviderDraft } from './use-provider-draft.ts';
import { METHODS } from './words.ts';

export interface ProviderFormProps {
  /** The provider that is changed; absent: a new one is made. */
  readonly changed?: Provider;
  readonly onClose: () => void;
  /** Told the id of what was made or changed. */
  readonly onDone: (id: string) => void;
}

/** Asks for where a provider is and how one signs in to it. */
export function ProviderForm({ changed, onClose, onDone }: ProviderFormProps) {
  const form = useProviderDraft(changed, (done) => {
    if (changed !== undefined) toast.success(`${done.name} was changed.`);
    onDone(done.id);
  });
  const { failure, other } = form;
  return (
    <FormDialog
      onClose={onClose}
      title={changed === undefined ? 'Add a provider by hand' : `Change ${changed.name}`}
      description={
        changed === undefined
          ? 'For anything that speaks a known format at an address of its own.'
          : 'It is tested again when its address or sign-in changes.'
      }
      submitLabel={changed === undefined ? 'Add and test' : 'Save'}
      isBusy={form.isPending}
      isBlocked={other !== undefined}
      onSubmit={form.submit}
    >
      <PlainFields form={form} isNew={changed === undefined} />
      <AuthFields
        fields={form.fields}
        written={form.draft.written}
        errors={failure?.fields ?? {}}
        onWrite={(name, value) => form.set({ written: { ...form.draft.written, [name]: value } })}
      />
      <Wrong
        failure={failure}
        other={other && shownOf(other)}
        onReload={form.takeOther}
        onSuggestion={(identifier) => form.set({ identifier })}
      />
    </FormDialog>
  );
}

const shownOf = ({ name, apiEndpoint, description, status, version, updatedAt }: Provider) => ({
  name,
  apiEndpoint,
  description,
  status,
  version,
  updatedAt,
});

interface PlainFieldsProps {
  readonly form: ReturnType<typeof useProviderDraft>;
  readonly isNew: boolean;
}

function PlainFields({ form: { draft, set, failure }, isNew }: PlainFieldsProps) {
  const errors = failure?.fields ?? {};
  const text = (name: Exclude<keyof ProviderDraft, 'written' | 'authMethod'>) => ({
    autoComplete: 'off',
    value: draft[name],
    onChange: (event: { readonly target: { readonly value: string } }) => set({ [name]: event.target.value }),
  });
  return (
    <>
      {isNew && (
        <Field label="Identifier" hint="Stands before its models: identifier/model." error={errors['identifier']}>
          {(control) => <Input {...control} {...text('identifier')} />}
        </Field>
      )}
      <Field label="Name" error={errors['name']} className={isNew ? '' : 'sm:col-span-2'}>
        {(control) => <Input {...control} {...text('name')} />}
      </Field>
      <Field
        label="Address"
        hint="Such as https://api.example.com/v1."
        error={errors['apiEndpoint']}
        className="sm:col-span-2"
      >
        {(control) => <Input {...control} {...text('apiEndpoint')} inputMode="url" spellCheck={false} />}
      </Field>
      <Field label="Description" isOptional error={errors['description']} className="sm:col-span-2">
        {(control) => <Textarea {...control} {...text('description')} className="min-h-14" />}
      </Field>
      {isNew && (
        <Field label="Signs in with" error={errors['authMethod']}>
          {(control) => (
            <Select
              {...control}
              value={draft.authMethod}
              onChange={(event) => set({ authMethod: event.target.value as AuthMethod, written: {} })}
            >
              {Object.entries(METHODS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </>
  );
}
