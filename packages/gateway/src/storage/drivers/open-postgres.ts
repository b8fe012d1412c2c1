import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import { CompiledQuery, Kysely } from 'kysely';

import { postgresLooker } from '../looks/look-at-postgres.ts';
import type { StoreLooker } from '../looks/store-look.ts';
import { writeLists } from '../repositories/call-rows.ts';
import type { Tables } from '../tables/tables.ts';
import type { OpenDatabase, PoolUse } from './open-database.ts';
import { postgresDialect } from './postgres.ts';
import { listenTo } from './postgres-listener.ts';

/** The database behind a URL; nothing is asked of it yet. Throws one sentence when the URL is none. */
export function openPostgres(secretUrl: Secret): OpenDatabase {
  const url = secretUrl.reveal();
  let pool: PoolUse = () => ({ open: 0, waiting: 0, max: 0 });
  const onPool = (use: PoolUse): void => {
    pool = use;
  };
  const database = new Kysely<Tables>({ dialect: postgresDialect({ url, onPool }) });
  return {
    database,
    pool: () => pool(),
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

/** Looks at the database behind a URL. Throws one sentence when the URL is none. */
export function lookerOf(secretUrl: Secret, clock: Clock): StoreLooker {
  const url = secretUrl.reveal();
  return postgresLooker({ url, place: placeOf(url), clock });
}

function placeOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) throw new Error('DATABASE_URL is no URL. Write postgres://user:password@host:5432/database.');
  return `The database ${parsed.pathname.slice(1) || 'postgres'} on ${parsed.host || 'localhost'}`;
}
