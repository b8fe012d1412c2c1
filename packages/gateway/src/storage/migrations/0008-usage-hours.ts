import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements, typesOf } from './engine.ts';

const SUMS = [
  'attempts',
  'successes',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'latency_ms',
] as const;

const KEY = 'hour_start_ms, provider_id, model, key_id';
const KEPT = `insert into usage_hours (${KEY}, ${SUMS.join(', ')})`;
const ADDED = SUMS.map((name) => `${name} = usage_hours.${name} + excluded.${name}`).join(', ');
const MERGE = `on conflict (${KEY}) do update set ${ADDED}`;
const HOUR = (row: string): string => `${row}started_at_ms - ${row}started_at_ms % 3600000`;
const TOKENS = SUMS.slice(2, 7);

const SQLITE = `create trigger request_logs_usage after insert on request_logs when new.provider_id is not null
  begin
    ${KEPT} values (
      ${HOUR('new.')}, new.provider_id, coalesce(new.model, ''), coalesce(new.key_id, ''),
      1, new.state = 'success', ${TOKENS.map((name) => `coalesce(new.${name}, 0)`).join(', ')}, new.latency_ms
    ) ${MERGE};
  end`;

/** Once for each batch; in the order of the key, so that two replicas never wait for each other in a circle. */
const POSTGRES = [
  `create or replace function patchbay_add_usage() returns trigger language plpgsql as $$
  begin
    ${KEPT}
      select ${HOUR('')}, provider_id, coalesce(model, ''), coalesce(key_id, ''),
        count(*), count(*) filter (where state = 'success'),
        ${TOKENS.map((name) => `coalesce(sum(${name}), 0)`).join(', ')}, sum(latency_ms)
      from fresh where provider_id is not null
      group by 1, 2, 3, 4 order by 1, 2, 3, 4
    ${MERGE};
    return null;
  end $$`,
  `create or replace trigger request_logs_usage after insert on request_logs
    referencing new table as fresh for each statement execute function patchbay_add_usage()`,
];

/** Usage by hour, provider, model and key, added up as calls are logged; it outlives them. */
export const usageHours: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { integer } = typesOf(database);
    const columns = [
      sql`hour_start_ms ${integer} not null`,
      ...['provider_id', 'model', 'key_id'].map((name) => sql`${sql.ref(name)} text not null`),
      ...SUMS.map((name) => sql`${sql.ref(name)} ${integer} not null`),
      sql`primary key (hour_start_ms, provider_id, model, key_id)`,
    ];
    await sql`create table usage_hours (${sql.join(columns)})`.execute(database);
    await runStatements(database, { postgres: POSTGRES, sqlite: [SQLITE] });
  },
};
