import type { OperationFailure } from '@patchbay/contract';

import type { Principal } from '../../identity/principal.ts';
import type { UserRecord } from '../../storage/records.ts';
import { done, refused, type Answer, type Circumstances } from '../handler.ts';
import { changeUser } from '../users/change-user.ts';
import { invalid } from '../users/failures.ts';
import type { AuthParts } from '../users/parts.ts';

/** A user who asks about itself, in one of its sessions. */
export interface Self {
  readonly user: UserRecord;
  readonly sessionId: string;
}

/** Who asks, where that is a user and not a key. */
export async function selfOf(
  { rows }: Pick<AuthParts, 'rows'>,
  principal: Principal | undefined,
): Promise<Self | undefined> {
  if (principal?.sessionId === undefined) return undefined;
  const user = await rows.users.get(principal.id);
  return user && { user, sessionId: principal.sessionId };
}

/** Said to keys. */
export const NO_ACCOUNT: OperationFailure = {
  code: 'INSUFFICIENT_PERMISSIONS',
  message: 'Only users have an account of their own. Sign in with a user name and a password.',
};

/** A new password in the place of an old one. */
export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly confirmPassword?: string | undefined;
}

/** Changes a user's own password and ends its other sessions; wrong old passwords count as tries to sign in. */
export async function changePassword(
  parts: AuthParts,
  { principal, peer }: Pick<Circumstances, 'principal' | 'peer'>,
  { currentPassword, newPassword, confirmPassword }: PasswordChange,
): Promise<Answer<Self>> {
  const { guard, passwords, sessions } = parts;
  const self = await selfOf(parts, principal);
  if (self === undefined) return refused(NO_ACCOUNT);
  if (confirmPassword !== undefined && confirmPassword !== newPassword)
    return refused(invalid('confirmPassword', 'The two new passwords are not the same.'));
  const { id, passwordHash } = self.user;
  const retryAfterMs = guard.lockedFor(id, peer);
  if (retryAfterMs !== undefined) return refused({ ...LOCKED, retryAfterMs });
  guard.failed(id, peer);
  if (!(await passwords.matches(currentPassword, passwordHash))) return refused(WRONG_OLD);
  guard.succeeded(id, peer);
  const changed = await changeUser(parts, id, { passwordHash: await passwords.hash(newPassword) });
  if (!changed.ok) return changed;
  await sessions.endAll(id, self.sessionId);
  return done(self);
}

const LOCKED: OperationFailure = {
  code: 'ACCOUNT_LOCKED',
  message: 'Too many wrong passwords. Wait before you try again.',
};

const WRONG_OLD: OperationFailure = {
  code: 'INVALID_CREDENTIALS',
  field: 'currentPassword',
  message: 'The current password is wrong.',
};
