import type { Clock } from '@patchbay/llm/model/clock';
import { sql, type Kysely } from 'kysely';

import type { KeyRow, KeyStore } from '../../identity/ports.ts';
import type { DataPlaneKeyTable, Tables } from '../tables/tables.ts';

/** How often the file is asked whether another process has written to it, in milliseconds. */
const LOOK_MS = 250;

/** Data-plane keys in the embedded store. */
export function createKeyRepository(database: Kysely<Tables>, clock: Clock): KeyStore {
  const watchers = new Set<Watcher>();
  const changed = (): void => {
    for (const watcher of watchers) watcher.tell();
  };
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
      changed();
    },
    async revoke(id, atMs) {
      const result = await database
        .updateTable('data_plane_keys')
        .set({ revoked_at_ms: atMs })
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirst();
      changed();
      if (result.numUpdatedRows > 0n) return true;
      const known = await database.selectFrom('data_plane_keys').select('id').where('id', '=', id).executeTakeFirst();
      return known !== undefined;
    },
    watch(onChange) {
      const watcher = watchFile(database, clock, onChange);
      watchers.add(watcher);
      return () => {
        watchers.delete(watcher);
        watcher.stop();
      };
    },
  };
}

const toRow = ({ id, label, hash, created_at_ms, revoked_at_ms }: DataPlaneKeyTable): KeyRow => ({
  id,
  label,
  hash,
  createdAtMs: created_at_ms,
  ...(revoked_at_ms !== null && { revokedAtMs: revoked_at_ms }),
});

interface Watcher {
  tell(): void;
  stop(): void;
}

/** `data_version` moves when another connection commits, and costs no read of any table. */
function watchFile(database: Kysely<Tables>, clock: Clock, onChange: () => void | Promise<void>): Watcher {
  // Nothing yet, so the first look tells: something may have been written since the watcher read for itself.
  let seen: number | undefined;
  let owed = false;
  let asking = false;
  let stopped = false;
  const tell = async (): Promise<void> => {
    try {
      if (!stopped) await onChange();
    } catch {
      // Whoever could not take it in is told again at the next look.
      owed = true;
    }
  };
  const look = async (): Promise<void> => {
    const { rows } = await sql<{ data_version: number }>`PRAGMA data_version`.execute(database);
    const version = rows[0]?.data_version;
    if (!owed && version === seen) return;
    owed = false;
    seen = version;
    await tell();
  };
  const tick = (): void => {
    if (asking) return;
    asking = true;
    // A store that does not answer now is asked again at the next tick; what is known stays in force.
    look()
      .catch(() => undefined)
      .finally(() => (asking = false));
  };
  tick();
  const stopClock = clock.every(LOOK_MS, tick);
  return {
    tell: () => void tell(),
    stop: () => {
      stopped = true;
      stopClock();
    },
  };
}
