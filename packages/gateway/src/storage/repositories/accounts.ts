import { sql, type Kysely } from 'kysely';

import type { Accounts } from '../ports.ts';
import type { AccountNote } from '../records.ts';
import type { Tables } from '../tables/tables.ts';
import { time, type ColumnValue } from './field.ts';
import { inTransaction } from './in-transaction.ts';
import { ACCOUNTS } from './resources.ts';
import { createRepository, type RepositoryParts } from './table-repository.ts';

/** Accounts at providers, and notes of how they fare. */
export function createAccounts(parts: RepositoryParts): Accounts {
  return Object.assign(createRepository(parts, ACCOUNTS), {
    note: (notes: readonly AccountNote[]) =>
      inTransaction(parts.database, async (database) => {
        for (const each of notes) await noteOne(database, each);
      }),
  });
}

/** Counts are added to what is there, because every process notes its own calls. */
async function noteOne(database: Kysely<Tables>, { id, uses, lastUsedAtMs, health }: AccountNote): Promise<void> {
  const { lastError } = health ?? {};
  await sql`update accounts set
    usage_count = usage_count + ${uses},
    last_used_at = coalesce(${at(lastUsedAtMs)}, last_used_at),
    health_status = coalesce(${health?.status ?? null}, health_status),
    failure_count = coalesce(${health?.failures ?? null}, failure_count),
    last_success_at = coalesce(${at(health?.lastSuccessAtMs)}, last_success_at),
    last_error_at = coalesce(${at(lastError?.atMs)}, last_error_at),
    last_error_msg = coalesce(${lastError?.message ?? null}, last_error_msg)
    where id = ${id}`.execute(database);
}

const at = (ms: number | undefined): ColumnValue => (ms === undefined ? null : time('').write(ms));
