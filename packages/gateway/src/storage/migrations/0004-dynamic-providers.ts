import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

/**
 * Users, providers, models, templates, health and alerts, as the guides document them. Idempotent, because it also lies at
 * `interface/backend/src/migrations/` for those who run it with `psql -f` before the gateway starts; a test holds the two
 * together.
 */
export const DYNAMIC_PROVIDERS_SQL = `
create table if not exists users (
  id uuid primary key default gen_random_uuid(),
  username varchar(50) not null,
  email varchar(255) not null,
  role varchar(20) not null default 'user',
  status varchar(20) not null default 'active',
  password_hash text not null,
  preferences jsonb not null default '{}',
  last_login timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create unique index if not exists users_username_key on users (lower(username));
create unique index if not exists users_email_key on users (lower(email));

create table if not exists providers (
  id uuid primary key default gen_random_uuid(),
  identifier varchar(50) not null unique,
  name varchar(255) not null,
  description text,
  api_endpoint varchar(500) not null,
  auth_method varchar(50) not null check (auth_method in ('api_key', 'oauth2', 'aws_iam', 'custom')),
  auth_config jsonb not null default '{}',
  capabilities jsonb not null default '{}',
  status varchar(20) not null default 'active' check (status in ('active', 'inactive', 'testing')),
  is_system boolean not null default false,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  last_tested timestamptz(3),
  test_result jsonb
);
create index if not exists idx_providers_identifier on providers (identifier);
create index if not exists idx_providers_status on providers (status);
create index if not exists idx_providers_is_system on providers (is_system);
create index if not exists idx_providers_created_by on providers (created_by);
create index if not exists idx_providers_created_at on providers (created_at);

create table if not exists models (
  id uuid primary key default gen_random_uuid(),
  provider_id uuid not null references providers (id) on delete cascade,
  identifier varchar(100) not null,
  name varchar(255) not null,
  description text,
  context_length integer not null default 4096,
  capabilities jsonb not null default '{}',
  pricing_info jsonb,
  status varchar(20) not null default 'active' check (status in ('active', 'inactive', 'deprecated')),
  is_default boolean not null default false,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  unique (provider_id, identifier)
);
create index if not exists idx_models_provider_id on models (provider_id);
create index if not exists idx_models_identifier on models (identifier);
create index if not exists idx_models_status on models (status);
create index if not exists idx_models_is_default on models (is_default);
create index if not exists idx_models_created_at on models (created_at);

create table if not exists provider_templates (
  id varchar(100) primary key default gen_random_uuid()::text,
  name varchar(255) not null,
  description text,
  provider_config jsonb not null,
  default_models jsonb not null default '[]',
  is_system boolean not null default false,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index if not exists idx_provider_templates_name on provider_templates (name);
create index if not exists idx_provider_templates_is_system on provider_templates (is_system);
create index if not exists idx_provider_templates_created_by on provider_templates (created_by);

create table if not exists provider_health (
  id uuid primary key default gen_random_uuid(),
  provider_id varchar(100) not null,
  status varchar(20) not null,
  last_check timestamptz(3) not null default now(),
  response_time integer,
  error text,
  uptime double precision,
  created_at timestamptz(3) not null default now()
);
create index if not exists idx_provider_health_provider_id on provider_health (provider_id, last_check);

create table if not exists provider_alerts (
  id uuid primary key default gen_random_uuid(),
  provider_id varchar(100) not null,
  type varchar(20) not null check (type in ('degraded', 'down', 'recovered')),
  severity varchar(20) not null check (severity in ('low', 'medium', 'high', 'critical')),
  message text not null,
  "timestamp" timestamptz(3) not null default now(),
  acknowledged boolean not null default false,
  acknowledged_at timestamptz(3),
  resolved_at timestamptz(3)
);
create index if not exists idx_provider_alerts_provider_id on provider_alerts (provider_id, "timestamp");

do $$
begin
  if to_regclass('connections') is not null then
    execute format(
      'alter table connections add column if not exists provider_id %s references providers (id) on delete set null',
      (select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'providers'::regclass and attname = 'id')
    );
  end if;
end $$;

create or replace function set_updated_at() returns trigger language plpgsql as $$
begin
  if new.updated_at is not distinct from old.updated_at then
    new.updated_at := clock_timestamp();
  end if;
  return new;
end $$;
create or replace trigger users_updated_at before update on users
  for each row execute function set_updated_at();
create or replace trigger providers_updated_at before update on providers
  for each row execute function set_updated_at();
create or replace trigger models_updated_at before update on models
  for each row execute function set_updated_at();
create or replace trigger provider_templates_updated_at before update on provider_templates
  for each row execute function set_updated_at();
`;

const NOW = `(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`;
const json = (name: string): string => `check (json_valid(${name}))`;
const flag = (name: string): string => `integer not null default 0 check (${name} in (0, 1))`;
/** Random, in the form of a UUID of version 4. */
const ID = `text primary key default (lower(
    hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' ||
    substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))`;

/** The same for the embedded store: times as text in UTC, JSON as text. */
const SQLITE: readonly string[] = [
  `create table users (
    id ${ID},
    username text not null,
    email text not null,
    role text not null default 'user',
    status text not null default 'active',
    password_hash text not null,
    preferences text not null default '{}' ${json('preferences')},
    last_login text,
    created_at text not null default ${NOW},
    updated_at text not null default ${NOW}
  )`,
  'create unique index users_username_key on users (lower(username))',
  'create unique index users_email_key on users (lower(email))',
  `create table providers (
    id ${ID},
    identifier text not null unique,
    name text not null,
    description text,
    api_endpoint text not null,
    auth_method text not null check (auth_method in ('api_key', 'oauth2', 'aws_iam', 'custom')),
    auth_config text not null default '{}' ${json('auth_config')},
    capabilities text not null default '{}' ${json('capabilities')},
    status text not null default 'active' check (status in ('active', 'inactive', 'testing')),
    is_system ${flag('is_system')},
    created_by text references users (id) on delete set null,
    created_at text not null default ${NOW},
    updated_at text not null default ${NOW},
    last_tested text,
    test_result text ${json('test_result')}
  )`,
  'create index idx_providers_created_by on providers (created_by)',
  'create index idx_providers_created_at on providers (created_at)',
  `create table models (
    id ${ID},
    provider_id text not null references providers (id) on delete cascade,
    identifier text not null,
    name text not null,
    description text,
    context_length integer not null default 4096,
    capabilities text not null default '{}' ${json('capabilities')},
    pricing_info text ${json('pricing_info')},
    status text not null default 'active' check (status in ('active', 'inactive', 'deprecated')),
    is_default ${flag('is_default')},
    created_at text not null default ${NOW},
    updated_at text not null default ${NOW},
    unique (provider_id, identifier)
  )`,
  'create index idx_models_identifier on models (identifier)',
  'create index idx_models_created_at on models (created_at)',
  `create table provider_templates (
    id ${ID},
    name text not null,
    description text,
    provider_config text not null ${json('provider_config')},
    default_models text not null default '[]' ${json('default_models')},
    is_system ${flag('is_system')},
    created_by text references users (id) on delete set null,
    created_at text not null default ${NOW},
    updated_at text not null default ${NOW}
  )`,
  'create index idx_provider_templates_created_by on provider_templates (created_by)',
  `create table provider_health (
    id ${ID},
    provider_id text not null,
    status text not null,
    last_check text not null default ${NOW},
    response_time integer,
    error text,
    uptime real,
    created_at text not null default ${NOW}
  )`,
  'create index idx_provider_health_provider_id on provider_health (provider_id, last_check)',
  `create table provider_alerts (
    id ${ID},
    provider_id text not null,
    type text not null check (type in ('degraded', 'down', 'recovered')),
    severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
    message text not null,
    "timestamp" text not null default ${NOW},
    acknowledged ${flag('acknowledged')},
    acknowledged_at text,
    resolved_at text
  )`,
  'create index idx_provider_alerts_provider_id on provider_alerts (provider_id, "timestamp")',
];

/** Users, and the providers that are made at run time with all that belongs to them. */
export const dynamicProviders: Migration = {
  up: (database: Kysely<unknown>) => runStatements(database, { postgres: [DYNAMIC_PROVIDERS_SQL], sqlite: SQLITE }),
};
