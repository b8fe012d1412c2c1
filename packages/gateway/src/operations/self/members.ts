import type { ACCOUNT_USER_OPERATIONS } from '@patchbay/contract/operations/accounts-users';

import { done, refused, type Handlers } from '../handler.ts';
import { addUser } from '../users/add-user.ts';
import { changeUser, removeUser } from '../users/change-user.ts';
import { USER_NOT_FOUND } from '../users/failures.ts';
import { changeOf } from '../users/handlers.ts';
import type { UserParts } from '../users/parts.ts';
import { presentUser } from '../users/present-user.ts';
import { presentAccountUser } from './present-account-user.ts';

/** Users, in the words of the accounts interface. */
export function memberHandlers(
  parts: UserParts,
): Handlers<Extract<keyof typeof ACCOUNT_USER_OPERATIONS, `members.${string}`>> {
  return {
    'members.list': async ({ query: { limit, offset } }) => {
      const { items, total } = await parts.rows.users.page({ limit, offset });
      return done({ data: items.map(presentAccountUser), total, limit, offset });
    },
    'members.create': async ({ body: { username, email, password, role } }) => {
      const added = await addUser(parts, { username, email: email ?? `${username}@${NOWHERE}`, password, role });
      if (!added.ok) return added;
      const user = presentAccountUser(added.row);
      return done(user, { resource: 'user', resourceId: user.id, after: user });
    },
    'members.get': async ({ params }) => {
      const row = await parts.rows.users.get(params.id);
      return row === undefined ? refused(USER_NOT_FOUND) : done(presentAccountUser(row));
    },
    'members.update': async ({ params, body: { role, is_active: isActive } }) => {
      const status = isActive === undefined ? undefined : isActive ? 'active' : 'disabled';
      const changed = await changeUser(parts, params.id, { role, status });
      if (!changed.ok) return changed;
      if (changed.after.status !== 'active') await parts.sessions.endAll(params.id);
      return done(presentAccountUser(changed.after), changeOf(changed));
    },
    'members.delete': async ({ params }) => {
      const removed = await removeUser(parts, params.id);
      if (!removed.ok) return removed;
      const { before } = removed;
      const message = `The user ${before.username} was removed.`;
      return done({ message }, { resource: 'user', resourceId: before.id, before: presentUser(before) });
    },
  };
}

/** RFC 6761: no mail goes there. */
const NOWHERE = 'users.invalid';
