import type { Kysely } from 'kysely';

import type { KeyRow, KeyStore } from '../../identity/ports.ts';
import type { HintedChangefeed } from '../change-feed.ts';
import type { DataPlaneKeyTable, Tables } from '../tables/tables.ts';

/** Data-plane keys. */
export function createKeyRepository(database: Kysely<Tables>, changes: HintedChangefeed): KeyStore {
  return {
    async list() {
      const rows = await database.selectFrom('data_plane_keys').selectAll().orderBy('created_at_ms').execute();
      return rows.map(toRow);
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
    watch: (onChange) => changes.watch(['data_plane_keys'], onChange),
  };
}

const toRow = ({ id, label, hash, created_at_ms, revoked_at_ms }: DataPlaneKeyTable): KeyRow => ({
  id,
  label,
  hash,
  createdAtMs: created_at_ms,
  ...(revoked_at_ms !== null && { revokedAtMs: revoked_at_ms }),
});
