import path from 'node:path';

import { Kysely } from 'kysely';

import { writeRows } from '../repositories/call-rows.ts';
import type { Tables } from '../tables/tables.ts';
import type { OpenDatabase } from './open-database.ts';
import { sqliteDialect } from './sqlite.ts';
import { SqliteThread } from './sqlite-thread.ts';

/** `<dataDir>/patchbay.db`; nothing is read of it yet. */
export function openSqlite(dataDir: string, lockWaitMs: number | undefined): OpenDatabase {
  const place = path.join(dataDir, 'patchbay.db');
  const thread = new SqliteThread(place, lockWaitMs);
  const database = new Kysely<Tables>({ dialect: sqliteDialect(thread) });
  return {
    database,
    place,
    forMigration: (work) => work(database),
    // The connection is taken for the batch, so that it never falls into somebody else's transaction.
    writeCalls: writeRows((...batch) => database.connection().execute(() => thread.batch(...batch))),
    listen: () => () => Promise.resolve(),
    close: () => thread.close(),
  };
}
