import type { Account } from '@patchbay/contract/resources/account';
import { toast } from 'sonner';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './use-account-acts.ts';
import { nameOf } from './words.ts';

export interface DeleteAccountProps {
  readonly deleted: Account;
  readonly onClose: () => void;
}

/** Asks before an account and its credential are gone. */
export function DeleteAccount({ deleted, onClose }: DeleteAccountProps) {
  const remove = useChange('accounts.delete', STALE);
  const onSuccess = ({ message }: { readonly message: string }): void => {
    onClose();
    toast.success(message);
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Delete account"
      name={nameOf(deleted)}
      consequence="Its credential goes with it and cannot be brought back. Switching it off for a while can be undone."
      change={remove}
      onConfirm={() => remove.mutate({ params: { id: deleted.id } }, { onSuccess })}
    />
  );
}
