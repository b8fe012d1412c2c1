import type { Proxy } from '@patchbay/contract/resources/proxy';
import { toast } from 'sonner';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './stale.ts';
import { nameOf } from './words.ts';

export interface DeleteProxyProps {
  readonly deleted: Proxy;
  readonly onClose: () => void;
}

const FOR_GOOD = 'This cannot be undone: its password goes with it. Switching it off can be undone.';

/** Asks before a proxy is gone; its accounts get another. */
export function DeleteProxy({ deleted, onClose }: DeleteProxyProps) {
  const remove = useChange('proxies.delete', STALE);
  const { current_accounts: count } = deleted;
  const onSuccess = ({ message }: { readonly message: string }): void => {
    onClose();
    toast.success(message);
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Delete proxy"
      name={nameOf(deleted)}
      consequence={
        count === 0
          ? `No account goes through it. ${FOR_GOOD}`
          : `${count} ${count === 1 ? 'account goes' : 'accounts go'} through it: each gets another proxy with room, and rests where there is none. ${FOR_GOOD}`
      }
      change={remove}
      onConfirm={() => remove.mutate({ params: { id: deleted.id } }, { onSuccess })}
    />
  );
}
