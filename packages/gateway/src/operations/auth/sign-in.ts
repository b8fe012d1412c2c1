import type { OperationFailure } from '@patchbay/contract';
import type { Session } from '@patchbay/contract/resources/user';

import type { IssuedSession } from '../../identity/sessions.ts';
import type { UserRecord } from '../../storage/records.ts';
import { done, refused, type Answer } from '../handler.ts';
import { invalid } from '../users/failures.ts';
import type { AuthParts } from '../users/parts.ts';
import { presentUser } from '../users/present-user.ts';

/** Who says it is whom. */
export interface Credentials {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly password: string;
}

/** Signs in with a user name or an e-mail address. */
export async function signIn(parts: AuthParts, given: Credentials, peer: string): Promise<Answer<Session>> {
  const known = await checkCredentials(parts, given, peer);
  if (!known.ok) return known;
  const issued = await parts.sessions.open(known.value);
  return done(sessionOf(await noteLogin(parts, known.value), issued));
}

/** Whose credentials these are. Names that do not exist fail as late and in the same words. */
export async function checkCredentials(
  parts: Pick<AuthParts, 'rows' | 'guard' | 'passwords'>,
  given: Credentials,
  peer: string,
): Promise<Answer<UserRecord>> {
  const { rows, guard, passwords } = parts;
  const name = (given.username ?? given.email)?.trim();
  if (name === undefined) return refused(invalid('username', 'Give a user name or an e-mail address.'));
  const waitMs = guard.tryFrom(peer);
  if (waitMs !== undefined) return refused(tooMany(waitMs));
  const user = await rows.users.findByLogin(name);
  const account = user?.id ?? name.toLowerCase();
  const lockedMs = guard.lockedFor(account, peer);
  if (lockedMs !== undefined) return refused(locked(lockedMs));
  guard.failed(account, peer);
  const isRight = await passwords.matches(given.password, user?.passwordHash);
  if (!isRight || user?.status !== 'active') return refused(WRONG);
  guard.succeeded(account, peer);
  return done(user);
}

/** Writes down that a user has just signed in. */
export async function noteLogin(
  { rows, clock }: Pick<AuthParts, 'rows' | 'clock'>,
  user: UserRecord,
): Promise<UserRecord> {
  const updated = await rows.users.update(user.id, { lastLoginMs: clock.nowMs() });
  return updated.kind === 'changed' ? updated.row : user;
}

/** What whoever signs in gets. */
export const sessionOf = (user: UserRecord, issued: IssuedSession): Session => ({
  ...issued,
  user: presentUser(user),
});

/** Too many tries from one address. */
export const tooMany = (waitMs: number): OperationFailure => ({
  code: 'RATE_LIMIT_EXCEEDED',
  message: `Too many tries to sign in from this address. Wait ${seconds(waitMs)} seconds.`,
  retryAfterMs: waitMs,
});

const locked = (waitMs: number): OperationFailure => ({
  code: 'ACCOUNT_LOCKED',
  message: `Too many wrong passwords. This account can be opened again in ${seconds(waitMs)} seconds.`,
  retryAfterMs: waitMs,
});

const seconds = (ms: number): number => Math.ceil(ms / 1000);

const WRONG: OperationFailure = {
  code: 'INVALID_CREDENTIALS',
  message: 'The user name or the password is wrong.',
};
