import type { USER_OPERATIONS } from '@patchbay/contract/operations/users';
import type { UserSession } from '@patchbay/contract/resources/user';
import type { OperationFailure } from '@patchbay/contract';

import type { OpenSession } from '../../identity/ports.ts';
import { done, refused, type Handlers } from '../handler.ts';
import { timestamp } from '../timestamp.ts';
import { USER_NOT_FOUND } from './failures.ts';
import type { UserParts } from './parts.ts';

type Ids = Extract<keyof typeof USER_OPERATIONS, `users.${string}ession${string}`>;

/** Where users are signed in, and signing them out. */
export function userSessionHandlers({ rows, sessions, clock }: UserParts): Handlers<Ids> {
  const said = (message: string) => ({ success: true as const, message, timestamp: timestamp(clock.nowMs()) });
  return {
    'users.sessions': async ({ params: { id } }, { principal }) => {
      if ((await rows.users.get(id)) === undefined) return refused(USER_NOT_FOUND);
      return done({ sessions: (await sessions.of(id)).map((each) => presentSession(each, principal?.sessionId)) });
    },
    'users.endSessions': async ({ params: { id } }, { principal }) => {
      const user = await rows.users.get(id);
      if (user === undefined) return refused(USER_NOT_FOUND);
      await sessions.endAll(id, principal?.sessionId);
      return done(said(`${user.username} is signed out everywhere${isSelf(id, principal) ? ' but here' : ''}.`), {
        resource: 'user',
        resourceId: id,
        after: { sessions: 'ended' },
      });
    },
    'users.endSession': async ({ params: { id, sessionId } }) => {
      const user = await rows.users.get(id);
      if (user === undefined) return refused(USER_NOT_FOUND);
      const found = (await sessions.of(id)).find((each) => each.id === sessionId);
      if (found === undefined) return refused(SESSION_NOT_FOUND);
      await sessions.end({ id: sessionId, userId: id });
      const ended = { session: 'ended', startedAt: timestamp(found.startedAtMs) };
      return done(said(`A session of ${user.username} has ended.`), { resource: 'user', resourceId: id, after: ended });
    },
  };
}

const isSelf = (id: string, principal: { readonly id: string; readonly sessionId?: string } | undefined): boolean =>
  principal?.sessionId !== undefined && principal.id === id;

const presentSession = ({ id, startedAtMs, expiresAtMs }: OpenSession, currentId: string | undefined): UserSession => ({
  id,
  startedAt: timestamp(startedAtMs),
  expiresAt: timestamp(expiresAtMs),
  isCurrent: id === currentId,
});

const SESSION_NOT_FOUND: OperationFailure = {
  code: 'NOT_FOUND',
  message: 'This user has no such session, or it has ended already.',
};
