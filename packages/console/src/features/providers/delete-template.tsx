import type { Template } from '@patchbay/contract/resources/template';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { tellDone } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import { TEMPLATES_STALE } from './use-templates.ts';

export interface DeleteTemplateProps {
  readonly template: Template;
  readonly onClose: () => void;
}

/** Asks before a template goes, and offers to bring it back: there are no secrets in it. */
export function DeleteTemplate({ template, onClose }: DeleteTemplateProps) {
  const remove = useChange('templates.delete', TEMPLATES_STALE);
  const restore = useChange('templates.create', TEMPLATES_STALE);
  const { id, name, description, category, providerConfig, defaultModels } = template;
  const body = {
    name,
    providerConfig,
    defaultModels,
    ...(description !== undefined && { description }),
    ...(category !== undefined && { category }),
  };
  const onSuccess = (): void => {
    onClose();
    tellDone(`${name} was deleted.`, () => restore.mutateAsync({ body }));
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Delete template"
      name={name}
      consequence="Providers that were made from it stay as they are. It can be undone for a moment."
      change={remove}
      onConfirm={() => remove.mutate({ params: { id } }, { onSuccess })}
    />
  );
}
