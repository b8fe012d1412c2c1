import { sql, type Kysely } from 'kysely';

import type { Usage, UsageRow } from '../ports.ts';
import type { Tables } from '../tables/tables.ts';
import { number, text } from './field.ts';
import { toRecord, type Resource, type Row } from './resource.ts';

const USAGE_HOURS: Resource<UsageRow> = {
  table: 'usage_hours',
  fields: {
    hourStartMs: number('hour_start_ms'),
    providerId: text('provider_id'),
    model: text('model'),
    keyId: text('key_id'),
    attempts: number('attempts'),
    successes: number('successes'),
    inputTokens: number('input_tokens'),
    outputTokens: number('output_tokens'),
    cacheReadTokens: number('cache_read_tokens'),
    cacheWriteTokens: number('cache_write_tokens'),
    reasoningTokens: number('reasoning_tokens'),
    latencyMs: number('latency_ms'),
    costNanoUsd: number('cost_nano_usd'),
    unpriced: number('unpriced'),
  },
  sortable: ['hourStartMs'],
  searched: [],
};

/** Usage by the hour, which the database adds up as calls are logged. */
export function createUsage(database: Kysely<Tables>): Usage {
  return {
    async hours({ fromMs, toMs, providerId, keyId }) {
      const ofProvider = providerId === undefined ? sql`1 = 1` : sql`provider_id = ${providerId}`;
      const ofKey = keyId === undefined ? sql`1 = 1` : sql`key_id = ${keyId}`;
      const { rows } = await sql<Row>`
        select * from usage_hours where hour_start_ms >= ${fromMs} and hour_start_ms < ${toMs} and ${ofProvider} and ${ofKey}
        order by hour_start_ms, provider_id, model, key_id`.execute(database);
      return rows.map((row) => toRecord(USAGE_HOURS, row));
    },
  };
}
