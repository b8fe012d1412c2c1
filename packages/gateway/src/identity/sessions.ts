import { hash, randomBytes, randomUUID } from 'node:crypto';

import { roleOf, ROLE_PERMISSIONS } from '@patchbay/contract';
import type { Clock } from '@patchbay/llm/model/clock';

import type { AccessTokens } from './access-tokens.ts';
import type { OpenSession, SessionStore, UserAccount, UserDirectory } from './ports.ts';

/** What a client gets when it signs in: both tokens are shown this once. */
export interface IssuedSession {
  readonly token: string;
  readonly refreshToken: string;
  /** Of `token`, in seconds. */
  readonly expiresIn: number;
}

/** Signing in, staying signed in, and out. */
export interface Sessions<User extends UserAccount> {
  open(user: User): Promise<IssuedSession>;
  /**
   * Exchanges a refresh token; `invalid` when it is unknown, spent, over, or its user may not sign in. One presented twice
   * was stolen: its whole session ends.
   */
  renew(refreshToken: string): Promise<{ readonly issued: IssuedSession; readonly user: User } | 'invalid'>;
  /** Ends a session, and the one that a refresh token of the same user belongs to. */
  end(session: { readonly id: string; readonly userId: string; readonly refreshToken?: string }): Promise<void>;
  /** Sessions of a user that have not ended, the newest first. */
  of(userId: string): Promise<readonly OpenSession[]>;
  /** Ends every session of a user but the one that is named. */
  endAll(userId: string, exceptSessionId?: string): Promise<void>;
}

export interface SessionParts<User extends UserAccount> {
  readonly users: UserDirectory<User>;
  readonly store: SessionStore;
  readonly tokens: AccessTokens;
  readonly clock: Clock;
  /** How long a session lasts without being used, in milliseconds. Default seven days. */
  readonly refreshMs?: number;
}

const SEVEN_DAYS_MS = 7 * 86_400_000;
const TOKEN_BYTES = 32;

/** Sessions of access tokens and of opaque refresh tokens, of which the store keeps only hashes. */
export function createSessions<User extends UserAccount>(parts: SessionParts<User>): Sessions<User> {
  const { users, store, clock } = parts;
  const draft = (): { readonly text: string; readonly row: FreshToken } => {
    const text = `rt_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
    const issuedAtMs = clock.nowMs();
    const expiresAtMs = issuedAtMs + (parts.refreshMs ?? SEVEN_DAYS_MS);
    return { text, row: { id: randomUUID(), hash: hashOf(text), issuedAtMs, expiresAtMs } };
  };
  return {
    async open(user) {
      const { text, row } = draft();
      const familyId = randomUUID();
      await store.insert({ ...row, familyId, userId: user.id });
      return issue(parts.tokens, user, familyId, text);
    },
    async renew(refreshToken) {
      const found = await store.find(hashOf(refreshToken));
      const user = found && (await users.get(found.userId));
      if (found === undefined || user?.status !== 'active') return 'invalid';
      const { text, row } = draft();
      const { kind } = await store.rotate(found.hash, row);
      if (kind !== 'rotated') return 'invalid';
      return { issued: await issue(parts.tokens, user, found.familyId, text), user };
    },
    async end({ id, userId, refreshToken }) {
      await store.revokeFamily(id, clock.nowMs());
      const found = refreshToken === undefined ? undefined : await store.find(hashOf(refreshToken));
      if (found?.userId === userId) await store.revokeFamily(found.familyId, clock.nowMs());
    },
    of: (userId) => store.aliveOf(userId, clock.nowMs()),
    endAll: (userId, exceptSessionId) => store.revokeUser(userId, clock.nowMs(), exceptSessionId),
  };
}

type FreshToken = Parameters<SessionStore['rotate']>[1];

/** A refresh token carries 256 bits of chance: a plain hash cannot be guessed back. */
const hashOf = (refreshToken: string): string => hash('sha256', refreshToken, 'hex');

async function issue(
  tokens: AccessTokens,
  user: UserAccount,
  sessionId: string,
  refreshToken: string,
): Promise<IssuedSession> {
  const role = roleOf(user.role) ?? 'viewer';
  const { id: userId, username } = user;
  const token = await tokens.sign({ userId, sessionId, username, role, permissions: ROLE_PERMISSIONS[role] });
  return { token, refreshToken, expiresIn: tokens.expiresInS };
}
