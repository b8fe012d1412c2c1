import path from 'node:path';

import type { Clock } from '@patchbay/llm/model/clock';
import type { Secret } from '@patchbay/llm/credentials/secret';
import { CompiledQuery, Kysely } from 'kysely';

import { writeLists, writeRows, type CallValues } from '../repositories/call-rows.ts';
import type { Tables } from '../tables/tables.ts';
import { postgresDialect } from './postgres.ts';
import { listenTo } from './postgres-listener.ts';
import { sqliteDialect } from './sqlite.ts';
import { SqliteThread } from './sqlite-thread.ts';

/** One of the two databases, open, with what only its driver knows. */
export interface OpenDatabase {
  readonly database: Kysely<Tables>;
  /** How it is named in messages; without a password. */
  readonly place: string;
  /** Runs `work` with no limit on how long a statement may take: tables change slower than rows. */
  forMigration(work: (database: Kysely<Tables>) => Promise<void>): Promise<void>;
  writeCalls(rows: readonly CallValues[]): Promise<void>;
  /** Calls back soon after somebody else has changed something, as far as the database tells; returns how to stop. */
  listen(clock: Clock, onNotice: () => void): () => Promise<void>;
  close(): Promise<void>;
}

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
    writeCalls: writeRows((sql, rows) => database.connection().execute(() => thread.batch(sql, rows))),
    listen: () => () => Promise.resolve(),
    close: () => thread.close(),
  };
}

/** The database behind a URL; nothing is asked of it yet. Throws one sentence when the URL is none. */
export function openPostgres(secretUrl: Secret): OpenDatabase {
  const url = secretUrl.reveal();
  const database = new Kysely<Tables>({ dialect: postgresDialect({ url }) });
  return {
    database,
    place: placeOf(url),
    async forMigration(work) {
      const patient = new Kysely<Tables>({ dialect: postgresDialect({ url, statementMs: 0, connectionsMax: 1 }) });
      try {
        await work(patient);
      } finally {
        await patient.destroy();
      }
    },
    writeCalls: writeLists((sql, lists) => database.executeQuery(CompiledQuery.raw(sql, [...lists]))),
    listen: (clock, onNotice) => listenTo('patchbay_changes', { url, clock }, onNotice),
    close: () => database.destroy(),
  };
}

function placeOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) throw new Error('DATABASE_URL is no URL. Write postgres://user:password@host:5432/database.');
  return `The database ${parsed.pathname.slice(1) || 'postgres'} on ${parsed.host || 'localhost'}`;
}
