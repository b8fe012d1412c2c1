import type { OperationFailure } from '@patchbay/contract';
import type { AUTH_OPERATIONS } from '@patchbay/contract/operations/auth';

import type { Clock } from '@patchbay/llm/model/clock';

import { done, refused, type Handlers } from '../handler.ts';
import { addUser } from '../users/add-user.ts';
import { changeUser } from '../users/change-user.ts';
import { changeOf } from '../users/handlers.ts';
import type { AuthParts } from '../users/parts.ts';
import { presentUser } from '../users/present-user.ts';
import { changePassword, NO_ACCOUNT, selfOf } from './own-account.ts';
import { sessionOf, signIn, tooMany } from './sign-in.ts';
import { timestamp } from '../timestamp.ts';

/** Signing in and out, and what users do with their own accounts. */
export function authHandlers(parts: AuthParts): Handlers<keyof typeof AUTH_OPERATIONS> {
  const { sessions, guard, clock } = parts;
  return {
    'auth.login': ({ body }, { peer }) => signIn(parts, body, peer),
    'auth.refresh': async ({ body }) => {
      const renewed = await sessions.renew(body.refreshToken);
      return renewed === 'invalid' ? refused(SPENT) : done(sessionOf(renewed.user, renewed.issued));
    },
    'auth.register': async ({ body }, { peer }) => {
      if (!parts.registrationOpen) return refused(CLOSED);
      const waitMs = guard.tryFrom(peer);
      if (waitMs !== undefined) return refused(tooMany(waitMs));
      const added = await addUser(parts, body);
      if (!added.ok) return added;
      const user = presentUser(added.row);
      const session = sessionOf(added.row, await sessions.open(added.row));
      return done(session, { resource: 'user', resourceId: user.id, after: user });
    },
    'auth.logout': async ({ body }, { principal }) => {
      if (principal?.sessionId === undefined) return refused(NO_ACCOUNT);
      const { refreshToken } = body;
      const session = { id: principal.sessionId, userId: principal.id };
      await sessions.end({ ...session, ...(refreshToken !== undefined && { refreshToken }) });
      return done(said('Signed out.', clock));
    },
    'auth.me': async (_, { principal }) => {
      const self = await selfOf(parts, principal);
      return self === undefined ? refused(NO_ACCOUNT) : done(presentUser(self.user));
    },
    'auth.updateMe': async ({ body }, { principal }) => {
      const self = await selfOf(parts, principal);
      if (self === undefined) return refused(NO_ACCOUNT);
      const changed = await changeUser(parts, self.user.id, body);
      return changed.ok ? done(presentUser(changed.after), changeOf(changed)) : changed;
    },
    'auth.changePassword': async ({ body }, circumstances) => {
      const changed = await changePassword(parts, circumstances, body);
      if (!changed.ok) return changed;
      const message = 'The password was changed. Every other session has ended.';
      const change = { resource: 'user', resourceId: changed.value.user.id, after: { password: 'changed' } };
      return done(said(message, clock), change);
    },
  };
}

/** One sentence that tells what was done, and when. */
export const said = (message: string, clock: Clock): { success: true; message: string; timestamp: string } => ({
  success: true,
  message,
  timestamp: timestamp(clock.nowMs()),
});

const SPENT: OperationFailure = {
  code: 'TOKEN_INVALID',
  message: 'The refresh token is unknown, spent or over. Sign in again.',
};

const CLOSED: OperationFailure = {
  code: 'INSUFFICIENT_PERMISSIONS',
  message: 'Registration is closed. Ask an administrator for an account, or set REGISTRATION_OPEN=true.',
};
