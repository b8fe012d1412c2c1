import type { Model } from '@patchbay/contract/resources/model';
import { toast } from 'sonner';

import type { Choice } from '../../components/ui/combobox.tsx';
import { Combobox } from '../../components/ui/combobox.tsx';
import { Field } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { Checkbox, Input } from '../../components/ui/input.tsx';
import { useModelDraft, type ModelDraft, type ModelFormState } from './use-model-draft.ts';
import { ABILITIES } from './words.ts';

export interface ModelFormProps {
  /** The model that is changed; absent: a new one is made. */
  readonly changed?: Model;
  /** Chosen at first, for a new one. */
  readonly providerId: string;
  readonly providers: readonly Choice[];
  readonly onClose: () => void;
}

/** Asks for what a model is called, can do and costs. */
export function ModelForm({ changed, providerId, providers, onClose }: ModelFormProps) {
  const form = useModelDraft(changed, providerId, ({ name }) => {
    toast.success(changed === undefined ? `${name} was added.` : `${name} was changed.`);
    onClose();
  });
  const { failure, other } = form;
  return (
    <FormDialog
      onClose={onClose}
      title={changed === undefined ? 'Add a model' : `Change ${changed.name}`}
      description="It serves as soon as it is saved."
      submitLabel={changed === undefined ? 'Add' : 'Save'}
      isBusy={form.isPending}
      isBlocked={other !== undefined}
      onSubmit={form.submit}
    >
      {changed === undefined && <Whose form={form} providers={providers} />}
      <PlainFields form={form} />
      <Abilities form={form} />
      <FormFailure failure={failure} shownBeside={SAID} other={other && shownOf(other)} onReload={form.takeOther} />
    </FormDialog>
  );
}

const SAID =
  /^(?:providerId|identifier|name|contextLength|capabilities\.maxContextLength|capabilities\.supports\w+|pricingInfo\.\w+)$/;
const shownOf = ({ name, contextLength, capabilities, pricingInfo, status, version }: Model) => ({
  name,
  contextLength,
  capabilities,
  pricingInfo,
  status,
  version,
});

interface PartProps {
  readonly form: ModelFormState;
}

const Whose = ({ form, providers }: PartProps & { readonly providers: readonly Choice[] }) => (
  <>
    <Field label="Provider" error={form.failure?.fields['providerId']}>
      {(control) => (
        <Combobox
          {...control}
          value={form.draft.providerId}
          choices={providers}
          onChange={(providerId) => form.set({ providerId })}
        />
      )}
    </Field>
    <Field label="Identifier" hint="As its provider knows it." error={form.failure?.fields['identifier']}>
      {(control) => <Text form={form} name="identifier" control={control} />}
    </Field>
  </>
);

function PlainFields({ form }: PartProps) {
  const errors = form.failure?.fields ?? {};
  return (
    <>
      <Field label="Name" error={errors['name']}>
        {(control) => <Text form={form} name="name" control={control} />}
      </Field>
      <Field
        label="Context"
        hint="Prompt and answer together, in tokens."
        error={errors['contextLength'] ?? errors['capabilities.maxContextLength']}
      >
        {(control) => <Text form={form} name="contextLength" control={control} />}
      </Field>
      <Field
        label="Price of input"
        isOptional
        hint="US dollars a million tokens."
        error={errors['pricingInfo.inputTokenPrice']}
      >
        {(control) => <Text form={form} name="inputPrice" control={control} />}
      </Field>
      <Field
        label="Price of output"
        isOptional
        hint="US dollars a million tokens."
        error={errors['pricingInfo.outputTokenPrice']}
      >
        {(control) => <Text form={form} name="outputPrice" control={control} />}
      </Field>
    </>
  );
}

interface TextProps extends PartProps {
  readonly name: Exclude<keyof ModelDraft, 'abilities' | 'providerId'>;
  readonly control: object;
}

const Text = ({ form, name, control }: TextProps) => (
  <Input
    {...control}
    autoComplete="off"
    value={form.draft[name]}
    onChange={(event) => form.set({ [name]: event.target.value })}
  />
);

function Abilities({ form: { draft, set, failure } }: PartProps) {
  return (
    <fieldset className="sm:col-span-2">
      <legend className="mb-1.5 text-sm font-medium">It can</legend>
      <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
        {ABILITIES.map(([ability, label]) => (
          <label key={ability} className="flex flex-wrap items-center gap-2 text-sm">
            <Checkbox
              aria-label={label}
              checked={draft.abilities.has(ability)}
              onCheckedChange={(isOn) => {
                const others = [...draft.abilities].filter((each) => each !== ability);
                set({ abilities: new Set(isOn === true ? [...others, ability] : others) });
              }}
            />
            {label}
            {failure?.fields[`capabilities.${ability}`] !== undefined && (
              <span role="alert" className="basis-full text-xs text-bad">
                {failure.fields[`capabilities.${ability}`]}
              </span>
            )}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
