import type { OperationFailure } from '@patchbay/contract';
import type { ACCOUNT_USER_OPERATIONS } from '@patchbay/contract/operations/accounts-users';

import { changePassword, NO_ACCOUNT, selfOf } from '../auth/own-account.ts';
import { signIn } from '../auth/sign-in.ts';
import { done, refused, type Handlers } from '../handler.ts';
import { mintUserKey } from '../keys/mint-key.ts';
import type { KeyParts } from '../keys/parts.ts';
import type { AuthParts } from '../users/parts.ts';
import { presentAccountUser } from './present-account-user.ts';
import { timestamp } from '../timestamp.ts';

/** Signing in, and one's own account, password and access key. */
export function selfHandlers(
  users: AuthParts,
  keys: KeyParts,
): Handlers<Extract<keyof typeof ACCOUNT_USER_OPERATIONS, `self.${string}`>> {
  return {
    'self.login': async ({ body }, { peer }) => {
      const signed = await signIn(users, body, peer);
      if (!signed.ok) return signed;
      const { token, refreshToken, expiresIn, user } = signed.value;
      const row = await users.rows.users.get(user.id);
      if (row === undefined) return refused(NO_ACCOUNT);
      return done({ token, refresh_token: refreshToken, expires_in: expiresIn, user: presentAccountUser(row) });
    },
    'self.get': async (_, { principal }) => {
      const self = await selfOf(users, principal);
      return self === undefined ? refused(NO_ACCOUNT) : done(presentAccountUser(self.user));
    },
    'self.password': async ({ body }, circumstances) => {
      const words = { currentPassword: body.current_password, newPassword: body.new_password };
      const changed = await changePassword(users, circumstances, words);
      if (!changed.ok) return changed;
      const message = 'The password was changed. Every other session has ended.';
      return done({ message }, { resource: 'user', resourceId: changed.value.user.id, after: { password: 'changed' } });
    },
    'self.key': async (_, { principal }) => {
      const self = await selfOf(users, principal);
      if (self === undefined) return refused(NO_ACCOUNT);
      const [key] = await accessKeysOf(keys, self.user.id);
      return done({
        access_key: key === undefined ? null : `${key.keyPrefix}...`,
        created_at: key === undefined ? null : timestamp(key.createdAtMs),
      });
    },
    'self.fullKey': () => Promise.resolve(refused(NOT_KEPT)),
    'self.regenerateKey': regenerateKey(users, keys),
  };
}

const regenerateKey =
  (users: AuthParts, keys: KeyParts): Handlers<'self.regenerateKey'>['self.regenerateKey'] =>
  async (_, { principal }) => {
    const self = await selfOf(users, principal);
    if (self === undefined) return refused(NO_ACCOUNT);
    const { id: userId, role } = self.user;
    const made = mintUserKey('access', keys.hashOf);
    const nowMs = keys.clock.nowMs();
    const row = { ...made.row, userId, label: 'access key', role, limits: {}, isActive: true };
    await keys.rows.transaction(async (within) => {
      for (const { id } of await within.apiKeys.all({ userId, kind: 'access' })) await within.apiKeys.remove(id);
      await within.apiKeys.insert({ ...row, id: keys.newId(), createdAtMs: nowMs, updatedAtMs: nowMs });
    });
    await keys.serveNow();
    const message = 'Keep it now: this key is not shown again. The one before it has ended.';
    return done({ access_key: made.text, message }, { resource: 'access-key', resourceId: userId });
  };

const accessKeysOf = ({ rows }: KeyParts, userId: string) => rows.apiKeys.all({ userId, kind: 'access' });

const NOT_KEPT: OperationFailure = {
  code: 'CONFLICT',
  message: 'Keys are kept as hashes, so none can be shown again. POST /api/v1/auth/regenerate-key makes a new one.',
};
