import type { OperationFailure } from '@patchbay/contract';
import type { SESSION_OPERATIONS } from '@patchbay/contract/operations/session';
import type { ConsoleSession } from '@patchbay/contract/resources/user';

import type { Principal } from '../../identity/principal.ts';
import { FORGOTTEN } from '../../identity/session-cookie.ts';
import type { UserRecord } from '../../storage/records.ts';
import { done, refused, type Answer, type Handlers } from '../handler.ts';
import type { AuthParts } from '../users/parts.ts';
import { presentUser } from '../users/present-user.ts';
import { said } from './handlers.ts';
import { NO_ACCOUNT, selfOf } from './own-account.ts';
import { checkCredentials, noteLogin } from './sign-in.ts';

/** Signing browsers in and out. */
export function sessionHandlers(parts: AuthParts): Handlers<keyof typeof SESSION_OPERATIONS> {
  const { cookies, sessions, clock } = parts;
  return {
    'session.open': async ({ body }, { peer }) => {
      const known = await checkCredentials(parts, body, peer);
      if (!known.ok) return known;
      const opened = await cookies.open(known.value);
      const user = await noteLogin(parts, known.value);
      return { ...done(ofUser(user, opened.csrfToken)), cookie: opened.cookie };
    },
    'session.get': async (_, { principal }) => {
      if (principal === undefined) return refused(NO_ACCOUNT);
      const self = await selfOf(parts, principal);
      if (self === undefined) return done(withoutUser(principal));
      return done(ofUser(self.user, principal.byCookie && cookies.csrfTokenOf(self.sessionId)));
    },
    'session.renew': async (_, { principal }) => {
      const self = await selfOf(parts, principal);
      if (self === undefined || principal?.byCookie === undefined) return refused(NO_COOKIE);
      const opened = await cookies.prolong(self.user, self.sessionId);
      if (opened === 'over') return OVER;
      return { ...done(ofUser(self.user, opened.csrfToken)), cookie: opened.cookie };
    },
    'session.close': async (_, { principal }) => {
      if (principal?.sessionId === undefined) return refused(NO_ACCOUNT);
      await sessions.end({ id: principal.sessionId, userId: principal.id });
      return { ...done(said('Signed out.', clock)), cookie: FORGOTTEN };
    },
  };
}

function ofUser(row: UserRecord, csrfToken: string | undefined): ConsoleSession {
  const user = presentUser(row);
  const { username: name, role, permissions } = user;
  return { kind: 'user', name, role, permissions, user, ...(csrfToken !== undefined && { csrfToken }) };
}

const withoutUser = ({ kind, name, role, permissions }: Principal): ConsoleSession => ({
  kind,
  name,
  role,
  permissions: [...permissions],
});

const NO_COOKIE: OperationFailure = {
  code: 'INVALID_INPUT',
  message: 'Only the session of a browser is renewed here. Exchange a refresh token at /api/auth/refresh.',
};

const OVER: Answer<never> = refused({ code: 'UNAUTHORIZED', message: 'The session is over. Sign in again.' });
