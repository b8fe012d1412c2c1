import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

/** Widths of sums, in milliseconds, by the name of what begins them. */
const HOURS = { table: 'usage_hours', start: 'hour_start_ms', widthMs: 3_600_000 } as const;
const DAYS = { table: 'usage_days', start: 'day_start_ms', widthMs: 86_400_000 } as const;
type Width = typeof HOURS | typeof DAYS;

const TOKENS = ['input', 'output', 'cache_read', 'cache_write', 'reasoning'].map((name) => `${name}_tokens`);
const SUMS = ['attempts', 'successes', ...TOKENS, 'latency_ms', 'cost_nano_usd', 'unpriced'];

const keyOf = ({ start }: Width): string => `${start}, provider_id, model, key_id`;
const into = (width: Width): string => `insert into ${width.table} (${keyOf(width)}, ${SUMS.join(', ')})`;
const merged = (width: Width): string =>
  `on conflict (${keyOf(width)}) do update set ${SUMS.map((name) => `${name} = ${width.table}.${name} + excluded.${name}`).join(', ')}`;

/** Sums of the rows of `from`, in the order of the key, so that two replicas never wait for each other in a circle. */
const sumsOf = ({ widthMs }: Width, from: string): string =>
  `select started_at_ms - started_at_ms % ${widthMs}, provider_id, coalesce(model, ''), coalesce(key_id, ''), count(*),
    sum(case when state = 'success' then 1 else 0 end), ${TOKENS.map((name) => `coalesce(sum(${name}), 0)`).join(', ')},
    sum(latency_ms), coalesce(sum(cost_nano_usd), 0),
    sum(case when state = 'success' and cost_nano_usd is null then 1 else 0 end)
  from ${from} group by 1, 2, 3, 4 order by 1, 2, 3, 4`;

const TABLE = (integer: string): string =>
  `create table ${DAYS.table} (${DAYS.start} ${integer} not null, provider_id text not null, model text not null,
    key_id text not null, ${SUMS.map((name) => `${name} ${integer} not null`).join(', ')}, primary key (${keyOf(DAYS)}))`;

/** From the hours, which outlive the log. */
const BACKFILL = `${into(DAYS)} select ${HOURS.start} - ${HOURS.start} % ${DAYS.widthMs}, provider_id, model, key_id,
  ${SUMS.map((name) => `sum(${name})`).join(', ')} from ${HOURS.table} group by 1, 2, 3, 4`;

const POSTGRES: readonly string[] = [
  `create or replace function patchbay_add_days() returns trigger language plpgsql as $$
  begin
    ${into(DAYS)} ${sumsOf(DAYS, 'fresh where provider_id is not null')} ${merged(DAYS)};
    return null;
  end $$`,
  // After the hours, by its name.
  `create or replace trigger request_logs_usage_days after insert on request_logs
    referencing new table as fresh for each statement execute function patchbay_add_days()`,
];

const added = (width: Width): string => `${into(width)} values (
      new.started_at_ms - new.started_at_ms % ${width.widthMs}, new.provider_id, coalesce(new.model, ''), coalesce(new.key_id, ''),
      1, new.state = 'success', ${TOKENS.map((name) => `coalesce(new.${name}, 0)`).join(', ')}, new.latency_ms,
      coalesce(new.cost_nano_usd, 0), new.state = 'success' and new.cost_nano_usd is null
    ) ${merged(width)};`;

/**
 * SQLite has triggers for rows alone, and two sums for each row are dear where hundreds are written at once. Whoever
 * writes many puts a row into `usage_batches` first, which names the row of the log before them, and takes it out at the
 * end: the sums are then added once for all. Rows that come by themselves are added as they come.
 */
const SQLITE: readonly string[] = [
  'create table usage_batches (after_id integer primary key)',
  'drop trigger request_logs_usage',
  `create trigger request_logs_usage after insert on request_logs
    when new.provider_id is not null and not exists (select 1 from usage_batches)
  begin
    ${added(HOURS)}
    ${added(DAYS)}
  end`,
  `create trigger usage_batches_added after delete on usage_batches
  begin
    ${[HOURS, DAYS].map((width) => `${into(width)} ${sumsOf(width, 'request_logs where id > old.after_id and provider_id is not null')} ${merged(width)};`).join('\n    ')}
  end`,
];

/** Usage by day beside that by hour, written with it: charts of weeks read a twenty-fourth of the rows. */
export const usageDays: Migration = {
  up: (database: Kysely<unknown>) =>
    runStatements(database, {
      postgres: [TABLE('bigint'), BACKFILL, ...POSTGRES],
      sqlite: [TABLE('integer'), BACKFILL, ...SQLITE],
    }),
};
