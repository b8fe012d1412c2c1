import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

/**
 * The documented look at slow statements reads `mean_time`, which PostgreSQL 13 renamed: a view of the extension's own
 * name has both. An extension that somebody put into `public` stays as it is, and without the right to make one there is
 * none; neither keeps the gateway from starting.
 */
const VIEW = `
do $$
declare place name;
begin
  if not exists (select from pg_extension where extname = 'pg_stat_statements') then
    create schema if not exists patchbay_statistics;
    create extension pg_stat_statements schema patchbay_statistics;
  end if;
  select nspname into place from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
    where extname = 'pg_stat_statements';
  if place <> current_schema() then
    execute format(
      'create view pg_stat_statements as
        select *, mean_exec_time as mean_time, total_exec_time as total_time from %I.pg_stat_statements', place);
  end if;
exception when others then
  raise notice 'Statements are not counted here: %', sqlerrm;
end $$`;

/** What each statement costs, under the names that the guide for troubles uses. */
export const statementStatistics: Migration = {
  up: (database: Kysely<unknown>) => runStatements(database, { postgres: [VIEW], sqlite: [] }),
};
