import type { Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';

import { dataPlaneKeys } from './0001-data-plane-keys.ts';
import { requestLogs } from './0002-request-logs.ts';
import { storedResponses } from './0003-stored-responses.ts';
import { dynamicProviders } from './0004-dynamic-providers.ts';
import { managementRecords } from './0005-management-records.ts';
import { rowVersions } from './0006-row-versions.ts';
import { tableVersions } from './0007-table-versions.ts';
import { usageHours } from './0008-usage-hours.ts';
import { listIndexes } from './0009-list-indexes.ts';
import { proxyPool } from './0010-proxy-pool.ts';
import { accounts } from './0011-accounts.ts';
import { keysAndMappings } from './0012-keys-and-mappings.ts';
import { tokenLeases } from './0013-token-leases.ts';
import { registryVersions } from './0014-registry-versions.ts';
import { statementStatistics } from './0015-statement-statistics.ts';
import { requestFacts } from './0016-request-facts.ts';
import { changeIndexes } from './0017-change-indexes.ts';
import { logIndexes } from './0018-log-indexes.ts';
import { usageDays } from './0019-usage-days.ts';
import { switchesAndCounts } from './0020-switches-and-counts.ts';
import { whoSwitchedKeysOff } from './0021-who-switched-keys-off.ts';
import { policiesAndRotatedKeys } from './0022-policies-and-rotated-keys.ts';
import { tellOfAllOfKeys } from './0023-tell-of-all-of-keys.ts';

/** Every change of the tables, in order. Append only: what has been released is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-data-plane-keys': dataPlaneKeys,
  '0002-request-logs': requestLogs,
  '0003-stored-responses': storedResponses,
  '0004-dynamic-providers': dynamicProviders,
  '0005-management-records': managementRecords,
  '0006-row-versions': rowVersions,
  '0007-table-versions': tableVersions,
  '0008-usage-hours': usageHours,
  '0009-list-indexes': listIndexes,
  '0010-proxy-pool': proxyPool,
  '0011-accounts': accounts,
  '0012-keys-and-mappings': keysAndMappings,
  '0013-token-leases': tokenLeases,
  '0014-registry-versions': registryVersions,
  '0015-statement-statistics': statementStatistics,
  '0016-request-facts': requestFacts,
  '0017-change-indexes': changeIndexes,
  '0018-log-indexes': logIndexes,
  '0019-usage-days': usageDays,
  '0020-switches-and-counts': switchesAndCounts,
  '0021-who-switched-keys-off': whoSwitchedKeysOff,
  '0022-policies-and-rotated-keys': policiesAndRotatedKeys,
  '0023-tell-of-all-of-keys': tellOfAllOfKeys,
};

/** Brings the tables up to date; throws with one sentence when that cannot be done. */
export async function migrate(database: Kysely<never>, place: string): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
  const applied = (await appliedNames(database)).filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (applied.length > 0) {
    throw new Error(
      `${place} was written by a newer Patchbay (it has ${applied.join(', ')}). Start that version, or restore a backup.`,
    );
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error(`The tables in ${place} could not be brought up to date.`, { cause: error });
}

async function appliedNames(database: Kysely<never>): Promise<readonly string[]> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const rows = await (database as Kysely<{ kysely_migration: { name: string } }> & Kysely<never>)
    .selectFrom('kysely_migration' as never)
    .select('name' as never)
    .execute();
  return rows.map((row) => (row as { name: string }).name);
}
