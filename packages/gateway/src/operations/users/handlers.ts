import type { USER_OPERATIONS } from '@patchbay/contract/operations/users';

import { newPassword } from '../../identity/first-administrator.ts';
import type { UserRecord } from '../../storage/records.ts';
import { done, refused, type Answer, type Change, type Handlers } from '../handler.ts';
import { addUser } from './add-user.ts';
import { changeUser, removeUser, type UserChanges } from './change-user.ts';
import { USER_NOT_FOUND } from './failures.ts';
import type { UserParts } from './parts.ts';
import { presentUser } from './present-user.ts';
import { userSessionHandlers } from './user-sessions.ts';

/** Users, for those who may see and change them. */
export function userHandlers(parts: UserParts): Handlers<keyof typeof USER_OPERATIONS> {
  return {
    'users.list': async ({ query: { role, status, search, page, limit } }) => {
      const { items, total } = await parts.rows.users.page({
        where: { ...(role !== undefined && { role }), ...(status !== undefined && { status }) },
        ...(search !== undefined && search !== '' && { search }),
        limit,
        offset: (page - 1) * limit,
      });
      const pagination = { page, limit, total, totalPages: Math.ceil(total / limit) };
      return done({ data: items.map(presentUser), pagination });
    },
    'users.create': async ({ body }) => {
      const added = await addUser(parts, body);
      if (!added.ok) return added;
      const user = presentUser(added.row);
      return done(user, { resource: 'user', resourceId: user.id, after: user });
    },
    'users.get': async ({ params }) => {
      const row = await parts.rows.users.get(params.id);
      return row === undefined ? refused(USER_NOT_FOUND) : done(presentUser(row));
    },
    'users.update': ({ params, body }) => change(parts, params.id, body),
    'users.setRole': ({ params, body }) => change(parts, params.id, body),
    'users.setStatus': ({ params, body }) => change(parts, params.id, body),
    'users.delete': async ({ params }) => {
      const removed = await removeUser(parts, params.id);
      if (!removed.ok) return removed;
      return done(undefined, { resource: 'user', resourceId: params.id, before: presentUser(removed.before) });
    },
    ...userSessionHandlers(parts),
    'users.resetPassword': async ({ params, body }) => {
      const password = body.newPassword ?? newPassword();
      const changed = await changeUser(parts, params.id, { passwordHash: await parts.passwords.hash(password) });
      if (!changed.ok) return changed;
      await parts.sessions.endAll(params.id);
      const made = body.newPassword === undefined ? { password } : {};
      return done(
        { success: true, ...made },
        { resource: 'user', resourceId: params.id, after: { password: 'reset' } },
      );
    },
  };
}

async function change(
  parts: UserParts,
  id: string,
  changes: UserChanges,
): Promise<Answer<ReturnType<typeof presentUser>>> {
  const changed = await changeUser(parts, id, changes);
  if (!changed.ok) return changed;
  if (changed.after.status !== 'active') await parts.sessions.endAll(id);
  return done(presentUser(changed.after), changeOf(changed));
}

/** What happened to a user, for the audit log. */
export const changeOf = ({ before, after }: { readonly before: UserRecord; readonly after: UserRecord }): Change => ({
  resource: 'user',
  resourceId: after.id,
  before: presentUser(before),
  after: presentUser(after),
});
