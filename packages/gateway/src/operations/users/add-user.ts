import { randomUUID } from 'node:crypto';

import type { UserRecord } from '../../storage/records.ts';
import { refused, type Answer } from '../handler.ts';
import { takenName } from './change-user.ts';
import { taken } from './failures.ts';
import type { UserParts } from './parts.ts';

/** A user to be added. */
export interface NewUser {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly role: string;
}

/** Adds an active user, or says which of its names is taken. */
export async function addUser(
  { rows, passwords, clock }: UserParts,
  { username, email, password, role }: NewUser,
): Promise<{ readonly ok: true; readonly row: UserRecord } | Extract<Answer<never>, { ok: false }>> {
  const field = await takenName(rows.users, undefined, { username, email });
  if (field !== undefined) return refused(taken(field));
  const nowMs = clock.nowMs();
  const inserted = await rows.users.insert({
    id: randomUUID(),
    username,
    email,
    role,
    status: 'active',
    passwordHash: await passwords.hash(password),
    preferences: {},
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  });
  return inserted.kind === 'inserted' ? { ok: true, row: inserted.row } : refused(taken('username'));
}
