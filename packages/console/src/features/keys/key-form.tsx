import type { ApiKey } from '@patchbay/contract/resources/api-key';
import { useState } from 'react';

import { Field } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { Input } from '../../components/ui/input.tsx';
import { useMay } from '../../lib/use-session.ts';
import { EndField, endOf } from './end-field.tsx';
import { ChoiceField, draftOf, LimitFields } from './limit-fields.tsx';
import { NewKey } from './new-key.tsx';
import { useSaveKey } from './use-save-key.ts';

type KeyCapture = ApiKey['capture'];
const CAPTURES = {
  inherit: 'as for all keys',
  on: 'kept, where the operator lets keys ask',
  off: 'never kept',
} as const satisfies Readonly<Record<KeyCapture, string>>;

export interface KeyFormProps {
  /** The key that is changed; absent: a new one is made. */
  readonly changed?: ApiKey | undefined;
  readonly onClose: () => void;
}

/** Asks for what a key is called and may use. Limits of keys that are there are the administrator's to change. */
export function KeyForm({ changed, onClose }: KeyFormProps) {
  const [label, setLabel] = useState(changed?.label ?? '');
  const [limits, setLimits] = useState(draftOf(changed?.limits ?? {}));
  const [end, setEnd] = useState(endOf(changed?.expires_at));
  const [capture, setCapture] = useState<KeyCapture>(changed?.capture ?? 'inherit');
  const mayCapture = useMay('api-keys:write');
  const mayLimit = useMay('api-keys:write') || changed === undefined;
  const { save, made, failure, isPending } = useSaveKey(changed, onClose);
  if (made !== undefined) return <NewKey made={made} onClose={onClose} />;
  const fields = failure?.fields ?? {};
  return (
    <FormDialog
      title={changed === undefined ? 'Make a key' : 'Change the key'}
      description="For programs that call models. What is left empty is without limit."
      submitLabel={changed === undefined ? 'Make the key' : 'Save'}
      isBusy={isPending}
      onClose={onClose}
      onSubmit={() => save({ label, ...(mayLimit && { limits, end }), ...(mayCapture && { capture }) })}
    >
      <NameField label={label} error={fields['label']} onChange={setLabel} />
      {mayLimit ? (
        <LimitFields
          draft={limits}
          fields={fields}
          onChange={(change) => setLimits((before) => ({ ...before, ...change }))}
        >
          <EndField value={end} error={fields['expires_at']} onChange={setEnd} />
          {mayCapture && (
            <ChoiceField
              label="Bodies of its calls"
              value={capture}
              words={CAPTURES}
              error={fields['capture']}
              onChange={(value) => setCapture(value as KeyCapture)}
            />
          )}
        </LimitFields>
      ) : (
        <p className="text-sm text-ink-3 sm:col-span-2">
          Its limits and its end are changed by administrators. A new key can be made with limits of your own.
        </p>
      )}
      <FormFailure failure={failure} shownBeside={/^(?:label|expires_at|capture|limits\..*)$/} />
    </FormDialog>
  );
}

interface NameFieldProps {
  readonly label: string;
  readonly error: string | undefined;
  readonly onChange: (label: string) => void;
}

const NameField = ({ label, error, onChange }: NameFieldProps) => (
  <Field label="Name" hint="What it is for, such as the name of a program." error={error} className="sm:col-span-2">
    {(control) => (
      <Input {...control} autoComplete="off" value={label} onChange={(event) => onChange(event.target.value)} />
    )}
  </Field>
);
