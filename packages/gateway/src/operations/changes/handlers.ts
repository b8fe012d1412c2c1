import type { OperationFailure } from '@patchbay/contract';
import type { CHANGE_OPERATIONS } from '@patchbay/contract/operations/changes';

import { limitFollowers } from '../followers.ts';
import type { Handlers } from '../handler.ts';
import { followChanges, heardBy, type FollowChangesParts } from './follow-changes.ts';

/** Who may follow changes at once. They share one look at the store; what each costs is a connection. */
const FOLLOWERS_MAX = 500;

const TOO_MANY_FOLLOW: OperationFailure = {
  code: 'SERVICE_UNAVAILABLE',
  message: `${FOLLOWERS_MAX} windows follow changes already. Close one, or ask again for what you want to know.`,
  retryAfterMs: 10_000,
};

/** Telling of changes as they are made. */
export function changeHandlers(parts: FollowChangesParts): Handlers<keyof typeof CHANGE_OPERATIONS> {
  const answer = limitFollowers(FOLLOWERS_MAX, TOO_MANY_FOLLOW);
  return {
    'changes.follow': async (_, { principal, signal }) =>
      answer(followChanges(parts, heardBy(principal?.permissions ?? new Set()), signal)),
  };
}
