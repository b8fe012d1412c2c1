import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

/** A table whose rows people change, by hand too. */
interface EditedTable {
  readonly name: string;
  /** The columns that people edit; the others are notes of the system. */
  readonly edited: string;
  readonly postgres: string;
  readonly sqlite: string;
}

/** `key_hash` is the keyed hash of the whole key in hexadecimal; `kind` tells an access key from others of its user. */
const KEYS: EditedTable = {
  name: 'api_keys',
  edited: 'user_id, key_hash, key_prefix, label, role, kind, is_active, limits, expires_at',
  postgres: `
    user_id varchar(36),
    key_hash varchar(64) not null unique,
    key_prefix varchar(12) not null,
    label varchar(100) not null default '',
    role varchar(20),
    kind varchar(10) not null default 'key' check (kind in ('key', 'access')),
    is_active boolean not null default true,
    limits jsonb not null default '{}',
    expires_at timestamptz(3),
    last_used_at timestamptz(3),`,
  sqlite: `
    user_id text,
    key_hash text not null unique,
    key_prefix text not null,
    label text not null default '',
    role text,
    kind text not null default 'key' check (kind in ('key', 'access')),
    is_active integer not null default 1 check (is_active in (0, 1)),
    limits text not null default '{}' check (json_valid(limits)),
    expires_at text,
    last_used_at text,`,
};

const MAPPINGS: EditedTable = {
  name: 'model_mappings',
  edited: 'alias, provider_id, model_name, description, enabled, priority, owner_id',
  postgres: `
    alias varchar(100) not null,
    provider_id varchar(50) not null,
    model_name varchar(255) not null,
    description text,
    enabled boolean not null default true,
    priority integer not null default 0,
    owner_id varchar(36),`,
  sqlite: `
    alias text not null,
    provider_id text not null,
    model_name text not null,
    description text,
    enabled integer not null default 1 check (enabled in (0, 1)),
    priority integer not null default 0,
    owner_id text,`,
};

const onPostgres = ({ name, edited, postgres }: EditedTable): readonly string[] => [
  `create table ${name} (
    id varchar(36) primary key default gen_random_uuid()::text, ${postgres}
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    version bigint not null default 1
  )`,
  `create trigger ${name}_updated_at before update of ${edited} on ${name}
    for each row execute function set_updated_at()`,
  `create trigger ${name}_version before update of ${edited} on ${name}
    for each row execute function patchbay_next_version()`,
  `create constraint trigger ${name}_changed after insert or delete or update of ${edited} on ${name}
    deferrable initially deferred for each row execute function patchbay_count_change()`,
  `create trigger ${name}_emptied after truncate on ${name}
    for each statement execute function patchbay_count_change()`,
];

const NOW = `(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`;

const onSqlite = ({ name, edited, sqlite }: EditedTable): readonly string[] => [
  `create table ${name} (
    id text primary key default (lower(hex(randomblob(16)))), ${sqlite}
    created_at text not null default ${NOW},
    updated_at text not null default ${NOW},
    version integer not null default 1
  )`,
  `create trigger ${name}_version after update of ${edited} on ${name} when new.version = old.version
    begin update ${name} set version = old.version + 1 where id = new.id; end`,
  `create trigger ${name}_updated_at after update of ${edited} on ${name} when new.updated_at = old.updated_at
    begin update ${name} set updated_at = ${NOW} where id = new.id; end`,
  ...['insert', 'delete', `update of ${edited}`].map(
    (change) => `create trigger ${name}_${change.split(' ')[0]}_counted after ${change} on ${name}
      begin update table_versions set version = version + 1 where name = '${name}'; end`,
  ),
];

const TABLES = [KEYS, MAPPINGS];

const BOTH: readonly string[] = [
  ...TABLES.map(({ name }) => `insert into table_versions (name, version) values ('${name}', 1)`),
  'create index idx_api_keys_user on api_keys (user_id)',
  `create unique index model_mappings_alias on model_mappings (alias, (coalesce(owner_id, '')))`,
];

/** Keys of users to the calls and to the management, and names that stand for models. */
export const keysAndMappings: Migration = {
  up: (database: Kysely<unknown>) =>
    runStatements(database, {
      postgres: [...TABLES.flatMap(onPostgres), ...BOTH],
      sqlite: [...TABLES.flatMap(onSqlite), ...BOTH],
    }),
};
