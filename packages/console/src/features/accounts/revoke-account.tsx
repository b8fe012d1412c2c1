import type { Account } from '@patchbay/contract/resources/account';
import { toast } from 'sonner';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './use-account-acts.ts';
import { nameOf } from './words.ts';

export interface RevokeAccountProps {
  readonly revoked: Account;
  readonly onClose: () => void;
}

/** Asks before the tokens of an account that was signed in are given up at its provider. */
export function RevokeAccount({ revoked, onClose }: RevokeAccountProps) {
  const revoke = useChange('oauth.revoke', STALE);
  const onSuccess = ({ message }: { readonly message: string }): void => {
    onClose();
    toast.success(message);
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Sign the account out"
      name={nameOf(revoked)}
      consequence="Its tokens are given up at the provider, and it is switched off. This cannot be undone: it has to be signed in anew. Switching it off alone can be undone."
      change={revoke}
      onConfirm={() => revoke.mutate({ body: { account_id: revoked.id } }, { onSuccess })}
    />
  );
}
