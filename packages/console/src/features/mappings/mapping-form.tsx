import type { Mapping } from '@patchbay/contract/resources/mapping';
import { toast } from 'sonner';

import { Combobox } from '../../components/ui/combobox.tsx';
import { Field, type FieldControl } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { Checkbox, Input, Textarea } from '../../components/ui/input.tsx';
import { useMay } from '../../lib/use-session.ts';
import { useMappingDraft, type MappingDraft, type MappingFormState } from './use-mapping-draft.ts';
import { useTargets } from './use-targets.ts';

export interface MappingFormProps {
  /** The name that is changed; absent: a new one is made. */
  readonly changed?: Mapping;
  readonly onClose: () => void;
}

const SHOWN_BESIDE = /^(?:alias|provider_id|model_name|description|priority)$/;

/** Asks for a name and the model that it stands for. */
export function MappingForm({ changed, onClose }: MappingFormProps) {
  const form = useMappingDraft(changed, ({ alias }) => {
    toast.success(changed === undefined ? `${alias} was added.` : `${alias} was changed.`);
    onClose();
  });
  const { failure, other } = form;
  return (
    <FormDialog
      onClose={onClose}
      title={changed === undefined ? 'Add a name for a model' : `Change ${changed.alias}`}
      description="It is in force as soon as it is saved."
      submitLabel={changed === undefined ? 'Add' : 'Save'}
      isBusy={form.isPending}
      isBlocked={other !== undefined}
      onSubmit={form.submit}
    >
      {changed === undefined && (
        <Field
          label="Name"
          hint="What programs ask for in the place of a model."
          error={failure?.fields['alias']}
          className="sm:col-span-2"
        >
          {(control) => <Text form={form} name="alias" control={control} />}
        </Field>
      )}
      <Target form={form} />
      <Rest form={form} />
      <FormFailure failure={failure} shownBeside={SHOWN_BESIDE} other={other} onReload={form.takeOther} />
    </FormDialog>
  );
}

interface PartProps {
  readonly form: MappingFormState;
}

interface TextProps extends PartProps {
  readonly name: Exclude<keyof MappingDraft, 'isGlobal' | 'provider'>;
  readonly control: FieldControl;
  /** Id of the list of what could be written. */
  readonly list?: string;
}

const Text = ({ form, name, control, list }: TextProps) => (
  <Input
    {...control}
    list={list}
    autoComplete="off"
    spellCheck={false}
    value={form.draft[name]}
    onChange={({ target }) => form.set({ [name]: target.value })}
  />
);

function Target({ form }: PartProps) {
  const { providers, modelsOf } = useTargets();
  const errors = form.failure?.fields ?? {};
  return (
    <>
      <Field label="Provider" error={errors['provider_id']}>
        {(control) => (
          <Combobox
            {...control}
            value={form.draft.provider}
            choices={providers}
            onChange={(provider) => form.set({ provider })}
          />
        )}
      </Field>
      <Field label="Model" hint="As its provider knows it." error={errors['model_name']}>
        {(control) => (
          <>
            <Text form={form} name="model" control={control} list={`${control.id}-models`} />
            <datalist id={`${control.id}-models`}>
              {modelsOf(form.draft.provider).map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </>
  );
}

function Rest({ form }: PartProps) {
  const mayWrite = useMay('mappings:write');
  const { draft, set } = form;
  const errors = form.failure?.fields ?? {};
  return (
    <>
      <Field label="Priority" isOptional hint="Of several, the highest wins." error={errors['priority']}>
        {(control) => <Text form={form} name="priority" control={control} />}
      </Field>
      {mayWrite && (
        <label className="flex items-center gap-2 self-start text-sm sm:pt-7">
          <Checkbox
            aria-label="For everybody"
            checked={draft.isGlobal}
            onCheckedChange={(isOn) => set({ isGlobal: isOn === true })}
          />
          For everybody
        </label>
      )}
      <Field label="Description" isOptional error={errors['description']} className="sm:col-span-2">
        {(control) => (
          <Textarea
            {...control}
            className="min-h-14"
            value={draft.description}
            onChange={({ target }) => set({ description: target.value })}
          />
        )}
      </Field>
    </>
  );
}
