import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { engineOf, typesOf } from './engine.ts';

/**
 * The columns whose change is a new version of the row. Others are notes that the system makes on the side, such as the
 * result of a test: nobody who edits the row meanwhile should lose against them.
 */
const EDITED: Readonly<Record<string, readonly string[]>> = {
  users: ['username', 'email', 'role', 'status', 'password_hash', 'preferences'],
  providers: [
    'identifier',
    'name',
    'description',
    'api_endpoint',
    'auth_method',
    'auth_config',
    'capabilities',
    'status',
    'is_system',
  ],
  models: [
    'identifier',
    'name',
    'description',
    'context_length',
    'capabilities',
    'pricing_info',
    'status',
    'is_default',
  ],
  provider_templates: ['name', 'description', 'category', 'provider_config', 'default_models', 'is_system'],
  settings: ['value'],
  provider_alerts: ['acknowledged', 'acknowledged_at', 'resolved_at', 'severity', 'message'],
};

const NEXT_VERSION = `
create or replace function patchbay_next_version() returns trigger language plpgsql as $$
begin
  if new.version is not distinct from old.version then
    new.version := old.version + 1;
  end if;
  return new;
end $$`;

/** A version in each row that is changed. It grows by hand-written SQL, too, so no such change is overwritten unseen. */
export const rowVersions: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { integer } = typesOf(database);
    const postgres = engineOf(database) === 'postgres';
    if (postgres) await sql.raw(NEXT_VERSION).execute(database);
    await sql`alter table provider_templates add column category text`.execute(database);
    for (const [table, columns] of Object.entries(EDITED)) {
      await sql`alter table ${sql.table(table)} add column version ${integer} not null default 1`.execute(database);
      const triggers = postgres ? postgresTriggers(table, columns) : sqliteTriggers(table, columns);
      for (const trigger of triggers) await sql.raw(trigger).execute(database);
    }
  },
};

const postgresTriggers = (table: string, columns: readonly string[]): readonly string[] => [
  `create or replace trigger ${table}_version before update of ${columns.join(', ')} on ${table}
    for each row execute function patchbay_next_version()`,
];

/** A trigger of SQLite does not set itself off, and knows no other way to touch the row it was called for. */
const sqliteTriggers = (table: string, columns: readonly string[]): readonly string[] => [
  `create trigger ${table}_version after update of ${columns.join(', ')} on ${table} when new.version = old.version
    begin update ${table} set version = old.version + 1 where id = new.id; end`,
  ...(TIMED.has(table) ? [sqliteUpdatedAt(table)] : []),
];

/** Tables whose `updated_at` PostgreSQL keeps by a trigger. */
const TIMED = new Set(['users', 'providers', 'models', 'provider_templates']);

const sqliteUpdatedAt = (table: string): string =>
  `create trigger ${table}_updated_at after update on ${table} when new.updated_at = old.updated_at
    begin update ${table} set updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where id = new.id; end`;
