import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { typesOf } from './engine.ts';

const TEXTS = ['request_id', 'call_id', 'client_format', 'route', 'requested_model', 'state'] as const;
const NUMBERS = ['attempt', 'started_at_ms', 'stream', 'express', 'http_status', 'latency_ms', 'duration_ms'] as const;
const OPTIONAL_TEXTS = [
  'key_id',
  'provider_id',
  'account_id',
  'model',
  'failure_kind',
  'failure_phase',
  'error_message',
  'losses',
] as const;
const OPTIONAL_NUMBERS = [
  'upstream_status',
  'first_token_ms',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'usage_estimated',
] as const;

/** The log of calls: one row for every upstream attempt. */
export const requestLogs: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { counter, integer } = typesOf(database);
    const columns = [
      sql`${sql.ref('id')} ${counter}`,
      ...TEXTS.map((name) => sql`${sql.ref(name)} text not null`),
      ...NUMBERS.map((name) => sql`${sql.ref(name)} ${integer} not null`),
      ...OPTIONAL_TEXTS.map((name) => sql`${sql.ref(name)} text`),
      ...OPTIONAL_NUMBERS.map((name) => sql`${sql.ref(name)} ${integer}`),
      sql`unique (call_id, attempt)`,
    ];
    await sql`create table request_logs (${sql.join(columns)})`.execute(database);
    // Rows are written in the order of time, so `id` serves for ranges of it.
    await database.schema.createIndex('request_logs_request_id').on('request_logs').column('request_id').execute();
  },
};
