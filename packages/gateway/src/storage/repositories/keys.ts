import type { KeyLimits } from '@patchbay/contract/resources/api-key';
import { sql, type Kysely } from 'kysely';

import type { KeyRow, KeyStore } from '../../identity/ports.ts';
import type { HintedChangefeed } from '../change-feed.ts';
import type { DataPlaneKeyTable, Tables } from '../tables/tables.ts';

/** Data-plane keys. */
export function createKeyRepository(database: Kysely<Tables>, changes: HintedChangefeed): KeyStore {
  return {
    async list() {
      const rows = await database.selectFrom('data_plane_keys').selectAll().orderBy('created_at_ms').execute();
      return [...rows.map(toRow), ...(await usersKeys(database))];
    },
    async insert({ id, label, hash, createdAtMs, revokedAtMs }) {
      await database
        .insertInto('data_plane_keys')
        .values({ id, label, hash, created_at_ms: createdAtMs, revoked_at_ms: revokedAtMs ?? null })
        .execute();
      changes.hint();
    },
    async revoke(id, atMs) {
      const result = await database
        .updateTable('data_plane_keys')
        .set({ revoked_at_ms: atMs })
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirst();
      changes.hint();
      if (result.numUpdatedRows > 0n) return true;
      const known = await database.selectFrom('data_plane_keys').select('id').where('id', '=', id).executeTakeFirst();
      return known !== undefined;
    },
    watch: (onChange) => changes.watch(['data_plane_keys', 'api_keys', 'users'], onChange),
  };
}

const toRow = ({ id, label, hash, created_at_ms, revoked_at_ms }: DataPlaneKeyTable): KeyRow => ({
  id,
  label,
  hash,
  createdAtMs: created_at_ms,
  ...(revoked_at_ms !== null && { revokedAtMs: revoked_at_ms }),
});

interface UsersKey {
  readonly id: string;
  readonly label: string;
  readonly key_hash: string;
  readonly older_key_hash: string | null;
  readonly older_key_ends_at: string | null;
  readonly role: string | null;
  readonly user_id: string | null;
  readonly is_active: unknown;
  readonly limits: string;
  /** The column takes nothing else. */
  readonly capture: 'on' | 'off' | null;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly owner_role: string | null;
  readonly owner_status: string | null;
}

/** The text before the last rotation, which lives on for a while. */
const olderOf = ({ older_key_hash: hash, older_key_ends_at: endsAt }: UsersKey): Pick<KeyRow, 'older'> =>
  hash === null || endsAt === null ? {} : { older: { hash: Buffer.from(hash, 'hex'), endsAtMs: Date.parse(endsAt) } };

/** Keys of users, each with how its owner stands. */
async function usersKeys(database: Kysely<Tables>): Promise<readonly KeyRow[]> {
  const { rows } = await sql<UsersKey>`
    select api_keys.*, users.role as owner_role, users.status as owner_status
    from api_keys left join users on cast(users.id as text) = api_keys.user_id`.execute(database);
  return rows.map((row) => ({
    id: row.id,
    label: row.label,
    hash: Buffer.from(row.key_hash, 'hex'),
    ...olderOf(row),
    createdAtMs: Date.parse(row.created_at),
    ...(Number(row.is_active) !== 1 && { revokedAtMs: Date.parse(row.created_at) }),
    ...(row.role !== null && { role: row.role }),
    ...(row.user_id !== null && {
      owner: { id: row.user_id, role: row.owner_role ?? '', isActive: row.owner_status === 'active' },
    }),
    limits: JSON.parse(row.limits) as KeyLimits,
    ...(row.capture !== null && { capture: row.capture }),
    ...(row.expires_at !== null && { expiresAtMs: Date.parse(row.expires_at) }),
  }));
}
