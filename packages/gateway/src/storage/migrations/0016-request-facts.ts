import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

/** What each attempt cost, which way it went and after which one. */
const COLUMNS = (integer: string): readonly string[] => [
  `alter table request_logs add column cost_nano_usd ${integer}`,
  `alter table request_logs add column retry_count ${integer} not null default 0`,
  'alter table request_logs add column switched_from_account_id text',
  `alter table request_logs add column proxy_id ${integer}`,
  `alter table usage_hours add column cost_nano_usd ${integer} not null default 0`,
  `alter table usage_hours add column unpriced ${integer} not null default 0`,
];

/** Columns under the names that guides use. */
const POSTGRES: readonly string[] = [
  'alter table request_logs add column status_code bigint generated always as (coalesce(upstream_status, http_status)) stored',
  'alter table request_logs add column error text generated always as (error_message) stored',
  `alter table request_logs add column created_at timestamptz(3)
    generated always as (to_timestamp(started_at_ms / 1000.0)) stored`,
  `create or replace function patchbay_add_cost() returns trigger language plpgsql as $$
  begin
    update usage_hours set cost_nano_usd = usage_hours.cost_nano_usd + added.cost, unpriced = usage_hours.unpriced + added.unpriced
    from (
      select started_at_ms - started_at_ms % 3600000 as hour, provider_id, coalesce(model, '') as model,
        coalesce(key_id, '') as key_id, coalesce(sum(cost_nano_usd), 0) as cost,
        count(*) filter (where state = 'success' and cost_nano_usd is null) as unpriced
      from fresh where provider_id is not null group by 1, 2, 3, 4
    ) as added
    where usage_hours.hour_start_ms = added.hour and usage_hours.provider_id = added.provider_id
      and usage_hours.model = added.model and usage_hours.key_id = added.key_id;
    return null;
  end $$`,
  // Triggers of one event run in the order of their names: the hour is there by then, and locked by this transaction.
  `create or replace trigger request_logs_usage_cost after insert on request_logs
    referencing new table as fresh for each statement execute function patchbay_add_cost()`,
];

const SQLITE: readonly string[] = [
  'alter table request_logs add column status_code integer generated always as (coalesce(upstream_status, http_status)) virtual',
  'alter table request_logs add column error text generated always as (error_message) virtual',
  `alter table request_logs add column created_at text
    generated always as (strftime('%Y-%m-%dT%H:%M:%fZ', started_at_ms / 1000.0, 'unixepoch')) virtual`,
  'drop trigger request_logs_usage',
];

/** One trigger for all, since SQLite promises no order of several. */
const sqliteUsage = (): string => {
  const sums = ['input', 'output', 'cache_read', 'cache_write', 'reasoning'].map((name) => `${name}_tokens`);
  const columns = ['attempts', 'successes', ...sums, 'latency_ms', 'cost_nano_usd', 'unpriced'];
  const key = 'hour_start_ms, provider_id, model, key_id';
  return `create trigger request_logs_usage after insert on request_logs when new.provider_id is not null
  begin
    insert into usage_hours (${key}, ${columns.join(', ')}) values (
      new.started_at_ms - new.started_at_ms % 3600000, new.provider_id, coalesce(new.model, ''), coalesce(new.key_id, ''),
      1, new.state = 'success', ${sums.map((name) => `coalesce(new.${name}, 0)`).join(', ')}, new.latency_ms,
      coalesce(new.cost_nano_usd, 0), new.state = 'success' and new.cost_nano_usd is null
    ) on conflict (${key}) do update set ${columns.map((name) => `${name} = usage_hours.${name} + excluded.${name}`).join(', ')};
  end`;
};

/** Cost, retries and ways of attempts, and cost in the sums by the hour. */
export const requestFacts: Migration = {
  up: (database: Kysely<unknown>) =>
    runStatements(database, {
      postgres: [...COLUMNS('bigint'), ...POSTGRES],
      sqlite: [...COLUMNS('integer'), ...SQLITE, sqliteUsage()],
    }),
};
