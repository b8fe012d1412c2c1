import { sql, type Kysely, type RawBuilder } from 'kysely';

import { engineOf } from '../migrations/engine.ts';
import type { TokenLeases } from '../ports.ts';
import type { Tables } from '../tables/tables.ts';

/** The time of the database, in milliseconds since 1970: clocks of replicas differ. */
const NOW: Readonly<Record<ReturnType<typeof engineOf>, RawBuilder<number>>> = {
  sqlite: sql`cast((julianday('now') - 2440587.5) * 86400000 as integer)`,
  postgres: sql`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
};

/** Leases in the rows of accounts. One statement each, so that of two who ask at once one gets it. */
export function createTokenLeases(database: Kysely<Tables>): TokenLeases {
  const now = NOW[engineOf(database)];
  const changes = async (statement: RawBuilder<unknown>): Promise<boolean> =>
    (await statement.execute(database)).rows.length > 0;
  return {
    take: ({ id, owner, generation, forMs }) =>
      changes(sql`update accounts set token_lease_owner = ${owner}, token_lease_until_ms = ${now} + ${forMs}
        where id = ${id} and coalesce(token_generation, 0) = ${generation}
          and (token_lease_until_ms is null or token_lease_until_ms < ${now} or token_lease_owner = ${owner})
        returning id`),
    extend: ({ id, owner, forMs }) =>
      changes(sql`update accounts set token_lease_until_ms = ${now} + ${forMs}
        where id = ${id} and token_lease_owner = ${owner} returning id`),
    release: async ({ id, owner }) => {
      await changes(sql`update accounts set token_lease_owner = null, token_lease_until_ms = null
        where id = ${id} and token_lease_owner = ${owner} returning id`);
    },
    park: ({ id, version, why, atMs }) =>
      changes(sql`update accounts set token_parked_version = version, health_status = 'down', last_error_msg = ${why},
          last_error_at = ${new Date(atMs).toISOString()}
        where id = ${id} and version = ${version} returning id`),
  };
}
