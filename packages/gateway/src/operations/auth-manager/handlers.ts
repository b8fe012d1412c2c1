import type { OperationFailure } from '@patchbay/contract';
import type { AUTH_MANAGER_OPERATIONS } from '@patchbay/contract/operations/auth-manager';

import { accountMetrics, accountsHealth, accountStates, type AuthManagerParts } from '../accounts/auth-manager.ts';
import { done, refused, type Handlers } from '../handler.ts';

/** How accounts are chosen, for those who look after them. */
export function authManagerHandlers(parts: AuthManagerParts): Handlers<keyof typeof AUTH_MANAGER_OPERATIONS> {
  const states = () => accountStates(parts).map((state) => ({ ...state, models: { ...state.models } }));
  return {
    'authManager.accounts': () => {
      const accounts = states();
      return Promise.resolve(done({ accounts, total: accounts.length }));
    },
    'authManager.account': ({ params }) => {
      const state = states().find(({ id }) => id === params.id);
      return Promise.resolve(state === undefined ? refused(NOT_CHOSEN_FROM) : done(state));
    },
    'authManager.metrics': () => {
      const metrics = accountMetrics(parts);
      return Promise.resolve(done({ ...metrics, rotation_counts: { ...metrics.rotation_counts } }));
    },
    'authManager.health': () => Promise.resolve(done(accountsHealth(parts))),
  };
}

const NOT_CHOSEN_FROM: OperationFailure = {
  code: 'NOT_FOUND',
  message:
    'Calls choose from no account with this id. GET /api/v1/auth-manager/accounts lists those that they choose from.',
};
