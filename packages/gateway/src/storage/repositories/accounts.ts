import { sql, type Kysely } from 'kysely';

import type { Accounts } from '../ports.ts';
import type { AccountNote, QuotaPatternRecord } from '../records.ts';
import type { Tables } from '../tables/tables.ts';
import { time, type ColumnValue } from './field.ts';
import { inTransaction } from './in-transaction.ts';
import { ACCOUNTS } from './resources.ts';
import type { Row } from './resource.ts';
import { createRepository, type RepositoryParts } from './table-repository.ts';

/** Accounts at providers, and notes of how they fare. */
export function createAccounts(parts: RepositoryParts): Accounts {
  return Object.assign(createRepository(parts, ACCOUNTS), {
    note: (notes: readonly AccountNote[]) =>
      inTransaction(parts.database, async (database) => {
        for (const each of notes) await noteOne(database, each);
      }),
    quotaPatterns: async () => {
      const { rows } = await sql<Row>`select * from account_quota_pattern order by id`.execute(parts.database);
      return rows.map(patternOf);
    },
    putQuotaPattern: (pattern: QuotaPatternRecord) => putPattern(parts.database, pattern),
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

async function putPattern(database: Kysely<Tables>, pattern: QuotaPatternRecord): Promise<void> {
  const { accountId, model, requestLimit, tokenLimit, confidence, samples } = pattern;
  const exhaustedAt = at(pattern.lastExhaustedAtMs);
  await sql`insert into account_quota_pattern
    (account_id, model, est_request_limit, est_token_limit, confidence, sample_count, last_exhausted_at)
    values (${accountId}, ${model}, ${requestLimit}, ${tokenLimit}, ${confidence}, ${samples}, ${exhaustedAt})
    on conflict (account_id, model) do update set est_request_limit = excluded.est_request_limit,
      est_token_limit = excluded.est_token_limit, confidence = excluded.confidence,
      sample_count = excluded.sample_count, last_exhausted_at = excluded.last_exhausted_at,
      updated_at = excluded.last_exhausted_at`.execute(database);
}

const patternOf = (row: Row): QuotaPatternRecord => ({
  accountId: String(row['account_id']),
  model: String(row['model']),
  requestLimit: Number(row['est_request_limit']),
  tokenLimit: Number(row['est_token_limit']),
  confidence: Number(row['confidence']),
  samples: Number(row['sample_count']),
  lastExhaustedAtMs: time('').read(row['last_exhausted_at']),
});

const at = (ms: number | undefined): ColumnValue => (ms === undefined ? null : time('').write(ms));
