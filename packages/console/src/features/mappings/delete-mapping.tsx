import type { Mapping } from '@patchbay/contract/resources/mapping';
import { toast } from 'sonner';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { useSession } from '../../lib/use-session.ts';
import { STALE, whoseIs } from './words.ts';

export interface DeleteMappingProps {
  readonly mapping: Mapping;
  readonly onClose: () => void;
}

/** Long enough to read it and to change one's mind. */
const UNDO_MS = 15_000;

/** Asks before a name goes, and offers to bring it back: whoever makes one makes it for everybody or for oneself. */
export function DeleteMapping({ mapping, onClose }: DeleteMappingProps) {
  const remove = useChange('mappings.delete', STALE);
  const restore = useChange('mappings.create', STALE);
  const canUndo = whoseIs(mapping, useSession().user?.id) !== 'somebody else’s';
  const { id, alias, provider_id, model_name, description, enabled, priority, is_global } = mapping;
  const undo = (): void =>
    restore.mutate(
      { body: { alias, provider_id, model_name, description, enabled, priority, is_global } },
      {
        onSuccess: () => toast.success(`${alias} is back.`),
        onError: (error) => toast.error(`${alias} could not be brought back: ${failureOf(error).message}`),
      },
    );
  const onSuccess = (): void => {
    onClose();
    const action = { label: 'Undo', onClick: undo };
    toast.success(`${alias} was deleted.`, { ...(canUndo && { action }), duration: UNDO_MS });
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Delete name"
      name={alias}
      consequence={`Calls to ${alias} go to the model of that name, if there is one, or fail. ${
        canUndo ? 'It can be undone for a moment.' : 'It is somebody else’s: this cannot be undone.'
      }`}
      change={remove}
      onConfirm={() => remove.mutate({ params: { alias: id } }, { onSuccess })}
    />
  );
}
