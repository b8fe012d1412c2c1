import type { ApiKey } from '@patchbay/contract/resources/api-key';
import { useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { draftOf, LimitFields, limitsOf } from './limit-fields.tsx';
import { NewKey } from './new-key.tsx';

export interface KeyFormProps {
  /** The key that is changed; absent: a new one is made. */
  readonly changed?: ApiKey | undefined;
  readonly onClose: () => void;
}

const STALE = ['keys.list', 'audit.list'] as const;

/** Asks for what a key is called and may use. */
export function KeyForm({ changed, onClose }: KeyFormProps) {
  const [label, setLabel] = useState(changed?.label ?? '');
  const [limits, setLimits] = useState(draftOf(changed?.limits ?? {}));
  const create = useChange('keys.create', STALE);
  const update = useChange('keys.update', STALE);
  const doing = changed === undefined ? create : update;
  const failure = doing.error === null ? undefined : failureOf(doing.error);
  if (create.data !== undefined) return <NewKey made={create.data} onClose={onClose} />;
  const submit = (): void => {
    const body = { label, limits: limitsOf(limits) };
    if (changed === undefined) return create.mutate({ body });
    const onSuccess = (): void => {
      toast.success(`${label === '' ? changed.key_prefix : label} was changed.`);
      onClose();
    };
    update.mutate({ params: { id: changed.id }, body }, { onSuccess });
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={changed === undefined ? 'Make a key' : 'Change the key'}
      description="For programs that call models. What is left empty is without limit."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="key-form" variant="primary" isBusy={doing.isPending}>
            {changed === undefined ? 'Make the key' : 'Save'}
          </Button>
        </>
      }
    >
      <form
        id="key-form"
        noValidate
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <NameField label={label} error={failure?.fields['label']} onChange={setLabel} />
        <LimitFields
          draft={limits}
          fields={failure?.fields ?? {}}
          onChange={(change) => setLimits((before) => ({ ...before, ...change }))}
        />
        <div className="sm:col-span-2">
          <FormError message={Object.keys(failure?.fields ?? {}).length > 0 ? undefined : failure?.message} />
        </div>
      </form>
    </Dialog>
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
