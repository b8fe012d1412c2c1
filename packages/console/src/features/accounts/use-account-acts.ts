import type { Account } from '@patchbay/contract/resources/account';

import { tell } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import { nameOf } from './words.ts';

/** Answers that every change of an account makes stale. */
export const STALE = [
  'accounts.list',
  'accounts.get',
  'accounts.summary',
  'authManager.account',
  'proxies.list',
  'proxies.assignments',
  'audit.list',
] as const;

/** What is done with an account at once, without a question; how it went is said in a note. */
export function useAccountActs(account: Account) {
  const update = useChange('accounts.update', STALE);
  const resetHealth = useChange('accounts.resetHealth', STALE);
  const refresh = useChange('oauth.refresh', STALE);
  const { id, is_active: isActive } = account;
  const name = nameOf(account);
  const turn = (active: boolean) => update.mutateAsync({ params: { id }, body: { is_active: active } });
  return {
    turn: () =>
      tell(turn(!isActive), isActive ? `${name} is switched off.` : `${name} takes calls again.`, () => turn(isActive)),
    /** Of one model, or of all. */
    reset: (model?: string) =>
      tell(
        resetHealth.mutateAsync({ params: { id }, body: model === undefined ? {} : { model } }),
        model === undefined
          ? `${name} starts anew: its failures and rests are forgotten.`
          : `${name} may be chosen for ${model} again.`,
      ),
    renew: () => tell(refresh.mutateAsync({ body: { account_id: id } }), `${name} has a new token.`),
  };
}
