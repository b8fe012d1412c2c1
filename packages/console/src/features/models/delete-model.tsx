import type { Model } from '@patchbay/contract/resources/model';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { tellDone } from '../../lib/tell.ts';
import { useApi, useChange } from '../../lib/use-api.ts';
import { STALE } from './words.ts';

export interface DeleteModelProps {
  readonly model: Model;
  readonly onClose: () => void;
}

/** Asks before a model goes, and offers to bring it back. Stands beside the list: a row that goes takes along what is in it. */
export function DeleteModel({ model, onClose }: DeleteModelProps) {
  const api = useApi();
  const remove = useChange('models.delete', STALE);
  const restore = useChange('models.create', STALE);
  const undo = async (): Promise<void> => {
    const { id: _, providerId, createdAt: __, updatedAt: ___, version: ____, ...body } = model;
    // Whoever lost its default meanwhile keeps the one that has it now.
    const others = await api.call('models.ofProvider', { params: { providerId }, query: {} });
    const hasDefault = others.some((each) => each.isDefault);
    await restore.mutateAsync({ params: { providerId }, body: { ...body, isDefault: body.isDefault && !hasDefault } });
  };
  const onSuccess = (): void => {
    onClose();
    tellDone(`${model.name} was deleted.`, undo);
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Delete model"
      name={model.identifier}
      consequence="Calls to it fail at once. It can be undone for a moment."
      change={remove}
      onConfirm={() => remove.mutate({ params: { id: model.id } }, { onSuccess })}
    />
  );
}
