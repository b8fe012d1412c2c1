import type { Mapping } from '@patchbay/contract/resources/mapping';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { tellDone } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import { useSession } from '../../lib/use-session.ts';
import { STALE, whoseIs } from './words.ts';

export interface DeleteMappingProps {
  readonly mapping: Mapping;
  readonly onClose: () => void;
}

/** Asks before a name goes, and offers to bring it back: whoever makes one makes it for everybody or for oneself. */
export function DeleteMapping({ mapping, onClose }: DeleteMappingProps) {
  const remove = useChange('mappings.delete', STALE);
  const restore = useChange('mappings.create', STALE);
  const canUndo = whoseIs(mapping, useSession().user?.id) !== 'somebody else’s';
  const { id, alias, provider_id, model_name, description, enabled, priority, is_global } = mapping;
  const body = { alias, provider_id, model_name, description, enabled, priority, is_global };
  const onSuccess = (): void => {
    onClose();
    tellDone(`${alias} was deleted.`, canUndo ? () => restore.mutateAsync({ body }) : undefined);
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Delete name"
      name={alias}
      consequence={`Calls to ${alias} go to the model of that name, if there is one, or fail. ${
        canUndo
          ? 'It can be undone for a moment.'
          : 'It is somebody else’s, and only they can make it again: this cannot be undone.'
      }`}
      change={remove}
      onConfirm={() => remove.mutate({ params: { alias: id } }, { onSuccess })}
    />
  );
}
