import type { Account } from '@patchbay/contract/resources/account';
import { toast } from 'sonner';

import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { nameOf } from './words.ts';

const STALE = ['accounts.list', 'authManager.account', 'audit.list'] as const;

/** What is done with an account at once, without a question; how it went is said in a note. */
export function useAccountActs(account: Account) {
  const update = useChange('accounts.update', STALE);
  const resetHealth = useChange('accounts.resetHealth', STALE);
  const refresh = useChange('oauth.refresh', STALE);
  const { id, is_active: isActive } = account;
  const told = (sentence: string) => ({
    onSuccess: () => void toast.success(`${nameOf(account)} ${sentence}`),
    onError: (error: Error) => void toast.error(failureOf(error).message),
  });
  return {
    turn: () =>
      update.mutate(
        { params: { id }, body: { is_active: !isActive } },
        told(isActive ? 'is switched off.' : 'takes calls again.'),
      ),
    reset: () =>
      resetHealth.mutate({ params: { id }, body: {} }, told('starts anew: its failures and rests are forgotten.')),
    renew: () => refresh.mutate({ body: { account_id: id } }, told('has a new token.')),
  };
}
