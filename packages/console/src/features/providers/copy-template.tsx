import type { Template } from '@patchbay/contract/resources/template';
import { useState } from 'react';
import { toast } from 'sonner';

import { Field } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { Input } from '../../components/ui/input.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { TEMPLATES_STALE } from './use-templates.ts';

export interface CopyTemplateProps {
  readonly template: Template;
  readonly onClose: () => void;
  /** Told the id of the copy. */
  readonly onDone: (id: string) => void;
}

/** Asks for another name, and copies a template under it. */
export function CopyTemplate({ template, onClose, onDone }: CopyTemplateProps) {
  const [name, setName] = useState(`${template.name} (own)`);
  const copy = useChange('templates.clone', TEMPLATES_STALE);
  const failure = copy.error === null ? undefined : failureOf(copy.error);
  const submit = (): void =>
    copy.mutate(
      { params: { id: template.id }, body: { name } },
      {
        onSuccess: (made) => {
          toast.success(`${made.name} was made. Change it as you like.`);
          onDone(made.id);
        },
      },
    );
  return (
    <FormDialog
      onClose={onClose}
      title={`Copy ${template.name}`}
      description="The copy is yours to change; the built-in one stays."
      submitLabel="Copy"
      isBusy={copy.isPending}
      onSubmit={submit}
    >
      <Field label="Name" error={failure?.fields['name']} className="sm:col-span-2">
        {(control) => (
          <Input {...control} autoComplete="off" value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <FormFailure failure={failure} shownBeside={/^name$/} />
    </FormDialog>
  );
}
