import type { Repositories } from '../../storage/ports.ts';
import type { UserRecord } from '../../storage/records.ts';
import type { Changes } from '../../storage/repository.ts';
import { refused, type Answer } from '../handler.ts';
import { LAST_ADMINISTRATOR, taken, USER_NOT_FOUND } from './failures.ts';
import type { UserParts } from './parts.ts';

/** Members of a user that others than itself may set. */
export type UserChanges = {
  readonly [Name in 'username' | 'email' | 'role' | 'status' | 'passwordHash']?: string | undefined;
} & { readonly preferences?: object | undefined };

/** The row before and after, or why it was not changed. */
export type ChangedUser =
  | { readonly ok: true; readonly before: UserRecord; readonly after: UserRecord }
  | Extract<Answer<never>, { ok: false }>;

/** Changes a user, unless nobody would then be left who may do everything. */
export function changeUser({ rows }: Pick<UserParts, 'rows'>, id: string, changes: UserChanges): Promise<ChangedUser> {
  const set = given(changes);
  return rows.transaction(async (within) => {
    const row = await within.users.get(id);
    if (row === undefined) return refused(USER_NOT_FOUND);
    if (
      isAdministrator(row) &&
      !isAdministrator({ role: row.role, status: row.status, ...set }) &&
      (await isLast(within))
    )
      return refused(LAST_ADMINISTRATOR);
    const field = await takenName(within.users, id, set);
    if (field !== undefined) return refused(taken(field));
    const changed = await within.users.update(id, set);
    if (changed.kind === 'duplicate') return refused(taken('username'));
    return changed.kind === 'changed' ? { ok: true, before: row, after: changed.row } : refused(USER_NOT_FOUND);
  });
}

/** Removes a user, unless it is the last administrator. */
export function removeUser(
  { rows }: Pick<UserParts, 'rows'>,
  id: string,
): Promise<{ readonly ok: true; readonly before: UserRecord } | Extract<Answer<never>, { ok: false }>> {
  return rows.transaction(async (within) => {
    const row = await within.users.get(id);
    if (row === undefined) return refused(USER_NOT_FOUND);
    if (isAdministrator(row) && (await isLast(within))) return refused(LAST_ADMINISTRATOR);
    await within.refreshTokens.revokeUser(id, row.updatedAtMs);
    await within.users.remove(id);
    return { ok: true, before: row };
  });
}

/** The one of a user's names that is another's; `undefined` when both are free. */
export async function takenName(
  users: Repositories['users'],
  id: string | undefined,
  { username, email }: UserChanges,
): Promise<'username' | 'email' | undefined> {
  for (const [field, name] of [
    ['username', username],
    ['email', email],
  ] as const) {
    const holder = name === undefined ? undefined : await users.findByLogin(name);
    if (holder !== undefined && holder.id !== id) return field;
  }
  return undefined;
}

const isAdministrator = ({ role, status }: Pick<UserRecord, 'role' | 'status'>): boolean =>
  role === 'admin' && status === 'active';

/** Row that is written before administrators are counted: of two that step down at once, one waits for the other. */
const COUNT_LOCK = 'administrators';

async function isLast({ users, settings }: Repositories): Promise<boolean> {
  const locked = await settings.update(COUNT_LOCK, { value: {} });
  if (locked.kind === 'missing') await settings.insert({ id: COUNT_LOCK, value: {}, createdAtMs: 0, updatedAtMs: 0 });
  const { total } = await users.page({ where: { role: 'admin', status: 'active' }, limit: 1 });
  return total <= 1;
}

/** Without what was not given. Preferences came as JSON. */
const given = (changes: UserChanges): Changes<UserRecord> & { readonly role?: string; readonly status?: string } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
