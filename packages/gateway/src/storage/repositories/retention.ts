import { sql, type Kysely } from 'kysely';

import type { Retention } from '../ports.ts';
import type { Tables } from '../tables/tables.ts';

/** Rows that one statement takes away: it holds neither the file nor a lock for longer than some 20 milliseconds. */
const BATCH_ROWS = 4000;

/** Takes away what is older than it is kept. */
export function createRetention(database: Kysely<Tables>): Retention {
  return {
    async removeCalls(beforeMs, most) {
      let gone = 0;
      while (gone < most) {
        // Rows are written in about the order of time, so the oldest have the least ids and no index on time is needed.
        const { numDeletedRows } = await database
          .deleteFrom('request_logs')
          .where('id', 'in', (all) => all.selectFrom('request_logs').select('id').orderBy('id').limit(BATCH_ROWS))
          .where('started_at_ms', '<', beforeMs)
          .executeTakeFirst();
        gone += Number(numDeletedRows);
        if (numDeletedRows < BATCH_ROWS) break;
      }
      return gone;
    },
    removeHealth: (beforeMs) => removeOld(database, 'provider_health', 'last_check', new Date(beforeMs).toISOString()),
    removeEvents: (beforeMs) => removeOld(database, 'system_events', 'at_ms', beforeMs),
  };
}

async function removeOld(
  database: Kysely<Tables>,
  table: string,
  column: string,
  before: string | number,
): Promise<number> {
  for (let gone = 0; ;) {
    const { rows } = await sql`delete from ${sql.table(table)} where id in (
      select id from ${sql.table(table)} where ${sql.ref(column)} < ${before} limit ${BATCH_ROWS}) returning id
    `.execute(database);
    gone += rows.length;
    if (rows.length < BATCH_ROWS) return gone;
  }
}
