import type { ProviderTest } from '@patchbay/contract/resources/provider';
import type { OperationFailure } from '@patchbay/contract';

import { done, refused } from '../handler.ts';
import { ACCOUNT_NOT_FOUND } from './failures.ts';
import type { AccountHandlers, AccountParts } from './parts.ts';
import { reachable } from './reachable.ts';

/** What trying an account needs. */
export interface TryAccountParts extends Pick<AccountParts, 'rows'> {
  /** Asks a provider with one of its accounts; resolves to `undefined` where calls do not choose from that. */
  readonly tryAccount: (providerId: string, accountId: string) => Promise<ProviderTest | undefined>;
}

/** Tries one account now. What is learned of its health in calls stays as it is. */
export const tryAccount =
  (parts: TryAccountParts): AccountHandlers['accounts.test'] =>
  async ({ params }, { principal }) => {
    const row = await reachable(parts, params.id, principal);
    if (row === undefined) return refused(ACCOUNT_NOT_FOUND);
    const test = await parts.tryAccount(row.providerId, row.id);
    if (test === undefined) return refused(row.isActive ? UNUSABLE : SWITCHED_OFF);
    return done({
      success: test.success,
      response_time_ms: test.responseTime,
      available_models: test.availableModels,
      errors: test.errors,
      tested_at: test.testedAt,
      phases: test.phases.map(({ durationMs, ...phase }) => ({ ...phase, duration_ms: durationMs })),
    });
  };

const SWITCHED_OFF: OperationFailure = {
  code: 'CONFLICT',
  message: 'The account is switched off. Switch it on to test it.',
};

const UNUSABLE: OperationFailure = {
  code: 'CONFLICT',
  message: 'Its credential cannot be used, or its provider cannot be called: see the problems of the registry.',
};
