import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { engineOf, typesOf } from './engine.ts';

const TABLES = ['users', 'providers', 'models', 'provider_templates', 'settings', 'data_plane_keys'] as const;

/**
 * Counts once for each transaction, and only when it commits, so that writers hardly wait for each other, however many
 * rows they change. One lock for all tables comes first: two that change the same tables in another order would otherwise
 * lock each other out.
 */
const COUNT_CHANGE = `
create or replace function patchbay_count_change() returns trigger language plpgsql as $$
declare
  marker text := 'patchbay.counted_' || tg_table_name;
begin
  if current_setting(marker, true) is distinct from pg_current_xact_id()::text then
    perform set_config(marker, pg_current_xact_id()::text, true);
    perform pg_advisory_xact_lock(7207);
    update table_versions set version = version + 1 where name = tg_table_name;
    perform pg_notify('patchbay_changes', tg_table_name);
  end if;
  return null;
end $$`;

const postgresTrigger = (table: string): readonly string[] => [
  `create constraint trigger ${table}_changed after insert or update or delete on ${table}
     deferrable initially deferred for each row execute function patchbay_count_change()`,
  // Row triggers do not see this one.
  `create trigger ${table}_emptied after truncate on ${table}
     for each statement execute function patchbay_count_change()`,
];

const sqliteTriggers = (table: string): readonly string[] =>
  ['insert', 'update', 'delete'].map(
    (change) => `create trigger ${table}_${change}_counted after ${change} on ${table}
      begin update table_versions set version = version + 1 where name = '${table}'; end`,
  );

/** How often each table has changed, counted by the database itself, so that changes by hand are noticed. */
export const tableVersions: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { integer } = typesOf(database);
    await database.schema
      .createTable('table_versions')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('version', integer, (column) => column.notNull())
      .execute();
    for (const table of TABLES) await sql`insert into table_versions values (${table}, 1)`.execute(database);
    const postgres = engineOf(database) === 'postgres';
    if (postgres) await sql.raw(COUNT_CHANGE).execute(database);
    for (const statement of TABLES.flatMap(postgres ? postgresTrigger : sqliteTriggers))
      await sql.raw(statement).execute(database);
  },
};
