import { sql, type Kysely, type RawBuilder } from 'kysely';

import type { Usage, UsageRange, UsageRow } from '../ports.ts';
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

const SUMS = Object.values(USAGE_HOURS.fields)
  .map(({ column }) => column)
  .filter((column) => !/^(?:hour_start_ms|provider_id|model|key_id)$/.test(column));

const DAY_MS = 86_400_000;

/** Usage by the hour and the day, which the database adds up as calls are logged. */
export function createUsage(database: Kysely<Tables>): Usage {
  return {
    async hours({ fromMs, toMs, providerId, keyId }) {
      const where = within({ fromMs, toMs, providerId, keyId });
      const { rows } = await sql<Row>`
        select * from usage_hours where ${where} order by hour_start_ms, provider_id, model, key_id`.execute(database);
      return rows.map((row) => toRecord(USAGE_HOURS, row));
    },
    async steps({ stepMs, ...range }) {
      const step = sql`start_ms - start_ms % ${sql.lit(stepMs)}`;
      const sums = SUMS.map((column) => sql`sum(${sql.ref(column)}) as ${sql.ref(column)}`);
      const parts = stepMs % DAY_MS === 0 ? inWholeDays(range) : [hoursOf(range)];
      // Added up where the rows are: of many keys and weeks there are too many to be handed over.
      const { rows } = await sql<Row>`
        select ${step} as hour_start_ms, provider_id, model, '' as key_id, ${sql.join(sums)}
        from (${sql.join(parts, sql` union all `)}) as added group by 1, 2, 3 order by 1, 2, 3`.execute(database);
      return rows.map((row) => toRecord(USAGE_HOURS, row));
    },
  };
}

const NAMED = sql.join(['provider_id', 'model', ...SUMS].map((column) => sql.ref(column)));

const hoursOf = (range: UsageRange): RawBuilder<unknown> =>
  sql`select hour_start_ms as start_ms, ${NAMED} from usage_hours where ${within(range)}`;
const daysOf = (range: UsageRange): RawBuilder<unknown> =>
  sql`select day_start_ms as start_ms, ${NAMED} from usage_days where ${within(range, 'day_start_ms')}`;

/** Whole days as such, and the hours before and after them. */
function inWholeDays(range: UsageRange): readonly RawBuilder<unknown>[] {
  const { fromMs, toMs } = range;
  const firstMs = Math.ceil(fromMs / DAY_MS) * DAY_MS;
  const lastMs = Math.floor(toMs / DAY_MS) * DAY_MS;
  if (firstMs >= lastMs) return [hoursOf(range)];
  return [
    hoursOf({ ...range, toMs: firstMs }),
    daysOf({ ...range, fromMs: firstMs, toMs: lastMs }),
    hoursOf({ ...range, fromMs: lastMs }),
  ];
}

const within = (
  { fromMs, toMs, providerId, keyId }: UsageRange,
  start: 'hour_start_ms' | 'day_start_ms' = 'hour_start_ms',
): RawBuilder<unknown> =>
  sql.join(
    [
      sql`${sql.ref(start)} >= ${fromMs}`,
      sql`${sql.ref(start)} < ${toMs}`,
      ...(providerId === undefined ? [] : [sql`provider_id = ${providerId}`]),
      ...(keyId === undefined ? [] : [sql`key_id = ${keyId}`]),
    ],
    sql` and `,
  );
