import type { AuthMethod } from '@patchbay/contract/resources/provider';
import type { Template } from '@patchbay/contract/resources/template';
import { toast } from 'sonner';

import { Field, type FieldControl } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { Input, Select, Textarea } from '../../components/ui/input.tsx';
import { TemplateModels } from './template-models.tsx';
import { useTemplateDraft, type TemplateDraft, type TemplateFormState } from './use-template-draft.ts';
import { METHODS } from './words.ts';

export interface TemplateEditorProps {
  /** The template that is changed; absent: a new one is made. */
  readonly changed?: Template;
  readonly onClose: () => void;
  /** Told the id of what was made or changed. */
  readonly onDone: (id: string) => void;
}

const SHOWN_BESIDE =
  /^(?:name|category|description|providerConfig\.(?:name|apiEndpoint|authMethod)|defaultModels\.\d+\.(?:identifier|name|contextLength))$/;

/** Asks for what a template fills in. */
export function TemplateEditor({ changed, onClose, onDone }: TemplateEditorProps) {
  const form = useTemplateDraft(changed, ({ id, name }) => {
    toast.success(changed === undefined ? `${name} was made.` : `${name} was changed.`);
    onDone(id);
  });
  const { failure, other } = form;
  return (
    <FormDialog
      onClose={onClose}
      size="lg"
      title={changed === undefined ? 'Make a template' : `Change ${changed.name}`}
      description="Providers that were made from it stay as they are."
      submitLabel={changed === undefined ? 'Make' : 'Save'}
      isBusy={form.isPending}
      isBlocked={other !== undefined}
      onSubmit={form.submit}
    >
      <About form={form} />
      <ProviderFields form={form} />
      <TemplateModels
        models={form.draft.models}
        errors={failure?.fields ?? {}}
        onChange={(models) => form.set({ models })}
      />
      <FormFailure
        failure={failure}
        shownBeside={SHOWN_BESIDE}
        other={other && shownOf(other)}
        onReload={form.takeOther}
      />
    </FormDialog>
  );
}

const shownOf = ({ name, category, description, providerConfig, defaultModels, version }: Template) => ({
  name,
  category,
  description,
  providerConfig,
  defaultModels,
  version,
});

interface PartProps {
  readonly form: TemplateFormState;
}

interface TextProps extends PartProps {
  readonly name: Exclude<keyof TemplateDraft, 'models' | 'authMethod'>;
  readonly control: FieldControl;
}

const Text = ({ form, name, control }: TextProps) => (
  <Input
    {...control}
    autoComplete="off"
    value={form.draft[name]}
    onChange={({ target }) => form.set({ [name]: target.value })}
  />
);

function About({ form }: PartProps) {
  const errors = form.failure?.fields ?? {};
  return (
    <>
      <Field label="Name" error={errors['name']}>
        {(control) => <Text form={form} name="name" control={control} />}
      </Field>
      <Field label="Category" isOptional error={errors['category']}>
        {(control) => <Text form={form} name="category" control={control} />}
      </Field>
      <Field label="Description" isOptional error={errors['description']} className="sm:col-span-2">
        {(control) => (
          <Textarea
            {...control}
            className="min-h-14"
            value={form.draft.description}
            onChange={({ target }) => form.set({ description: target.value })}
          />
        )}
      </Field>
    </>
  );
}

function ProviderFields({ form }: PartProps) {
  const errors = form.failure?.fields ?? {};
  return (
    <>
      <Field label="Name of the provider" error={errors['providerConfig.name']}>
        {(control) => <Text form={form} name="providerName" control={control} />}
      </Field>
      <Field label="Signs in with" error={errors['providerConfig.authMethod']}>
        {(control) => (
          <Select
            {...control}
            value={form.draft.authMethod}
            onChange={({ target }) => form.set({ authMethod: target.value as AuthMethod })}
          >
            {Object.entries(METHODS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label="Address"
        hint="Such as https://api.example.com/v1."
        error={errors['providerConfig.apiEndpoint']}
        className="sm:col-span-2"
      >
        {(control) => <Text form={form} name="apiEndpoint" control={control} />}
      </Field>
    </>
  );
}
