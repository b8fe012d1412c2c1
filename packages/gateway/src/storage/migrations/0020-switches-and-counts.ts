import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

/** Ids that built-in providers had, and their names, which are their ids from here on. */
const BUILT_IN = [
  ['00000000-0000-4000-8000-000000000001', 'openai'],
  ['00000000-0000-4000-8000-000000000002', 'anthropic'],
  ['00000000-0000-4000-8000-000000000003', 'bedrock'],
  ['00000000-0000-4000-8000-000000000004', 'microsoft-copilot'],
] as const;

/** A secret is sealed for the id of its row: a row that holds one keeps its id. */
const MAY_MOVE = (id: string, name: string): string =>
  `id = '${id}' and identifier = '${name}' and is_system and cast(auth_config as text) not like '%enc:v1:%'`;

/** Rows that tell of the provider under its id, which no key of the database binds. */
const TOLD_BY_ID = ['provider_health', 'provider_alerts'];

const tell = (id: string, name: string): readonly string[] =>
  TOLD_BY_ID.map(
    (table) => `update ${table} set provider_id = '${name}'
      where provider_id = '${id}' and exists (select 1 from providers where id = '${name}')`,
  );

/** Ids become texts here and in every row that is bound to one, whichever program's table that is. */
const POSTGRES_IDS = `
do $$
declare
  bonds jsonb;
  bond record;
begin
  select coalesce(jsonb_agg(jsonb_build_object(
    'holder', conrelid::regclass::text, 'label', conname, 'member', attname, 'meaning', pg_get_constraintdef(pg_constraint.oid)
  )), '[]')
  into bonds
  from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
  where contype = 'f' and confrelid = 'providers'::regclass;
  for bond in select * from jsonb_to_recordset(bonds) as known(holder text, label text) loop
    execute format('alter table %s drop constraint %I', bond.holder, bond.label);
  end loop;
  alter table providers alter column id drop default;
  alter table providers alter column id type varchar(50) using id::text;
  alter table providers alter column id set default gen_random_uuid()::text;
  for bond in
    select * from jsonb_to_recordset(bonds) as known(holder text, label text, member text, meaning text)
  loop
    execute format(
      'alter table %s alter column %I type varchar(50) using %I::text, add constraint %I %s',
      bond.holder, bond.member, bond.member, bond.label,
      replace(bond.meaning, 'REFERENCES providers(id)', 'REFERENCES providers(id) ON UPDATE CASCADE')
    );
  end loop;
end $$`;

/** `is_active` is the switch of one guide, `status` that of the other: whichever is thrown moves both. */
const POSTGRES_SWITCH = `
create or replace function patchbay_switch_provider() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if not new.is_active then
      new.status := 'inactive';
    end if;
  elsif new.is_active is distinct from old.is_active and new.status is not distinct from old.status then
    new.status := case when new.is_active then 'active' else 'inactive' end;
    if new.version is not distinct from old.version then
      new.version := old.version + 1;
    end if;
  end if;
  new.is_active := new.status <> 'inactive';
  return new;
end $$`;

/** Counts what was done, not what is there: two who add at once would each miss the other. */
const POSTGRES_COUNT = `
create or replace function patchbay_count_proxied() returns trigger language plpgsql as $$
declare
  gone bigint;
  come bigint;
begin
  if tg_op = 'TRUNCATE' then
    update proxy_pool set current_accounts = 0;
    return null;
  end if;
  if tg_op <> 'INSERT' and old.is_active then gone := old.proxy_id; end if;
  if tg_op <> 'DELETE' and new.is_active then come := new.proxy_id; end if;
  if gone is not distinct from come then return null; end if;
  -- In one order, so that two who move accounts against each other do not lock each other out.
  perform 1 from proxy_pool where id in (gone, come) order by id for update;
  update proxy_pool set current_accounts = greatest(0, current_accounts - 1) where id = gone;
  update proxy_pool set current_accounts = current_accounts + 1 where id = come;
  return null;
end $$`;

const RECOUNT = `update proxy_pool set current_accounts =
  (select count(*) from accounts where accounts.proxy_id = proxy_pool.id and accounts.is_active)`;

/** By this name the embedded database and guides know what PostgreSQL has an operator for. */
const POSTGRES_JSON_EXTRACT = `
create or replace function json_extract(document jsonb, place text) returns text language sql immutable strict as $$
  select jsonb_path_query_first(document, place::jsonpath) #>> '{}'
$$`;

const CAPTURE = `check (capture in ('on', 'off'))`;

/** A table whose changes wait to be told at the end of the transaction cannot be altered. */
const TELL_NOW = 'set constraints all immediate';

const POSTGRES: readonly string[] = [
  TELL_NOW,
  POSTGRES_IDS,
  'alter table providers add column is_active boolean not null default true',
  ...BUILT_IN.flatMap(([id, name]) => [
    `update providers set id = '${name}' where ${MAY_MOVE(id, name)}`,
    ...tell(id, name),
  ]),
  `update providers set is_active = false where status = 'inactive'`,
  POSTGRES_SWITCH,
  `create trigger providers_active before insert or update on providers
    for each row execute function patchbay_switch_provider()`,
  POSTGRES_COUNT,
  `create trigger accounts_proxied after insert or delete or update of proxy_id, is_active on accounts
    for each row execute function patchbay_count_proxied()`,
  `create trigger accounts_unproxied after truncate on accounts
    for each statement execute function patchbay_count_proxied()`,
  RECOUNT,
  POSTGRES_JSON_EXTRACT,
  `alter table api_keys add column capture varchar(10) ${CAPTURE}`,
  'set constraints all deferred',
];

/** One account more, or one less, of the proxy that a row names. */
const sqliteCount = (row: 'new' | 'old', step: '+ 1' | '- 1'): string =>
  `update proxy_pool set current_accounts = max(0, current_accounts ${step})
    where id = ${row}.proxy_id and ${row}.is_active = 1;`;

const SQLITE: readonly string[] = [
  // Models follow their provider within the transaction.
  'pragma defer_foreign_keys = on',
  ...BUILT_IN.flatMap(([id, name]) => [
    `update providers set id = '${name}' where ${MAY_MOVE(id, name)}`,
    `update models set provider_id = '${name}'
      where provider_id = '${id}' and exists (select 1 from providers where id = '${name}')`,
    ...tell(id, name),
  ]),
  'alter table providers add column is_active integer not null default 1 check (is_active in (0, 1))',
  `update providers set is_active = 0 where status = 'inactive'`,
  `create trigger providers_switched after update of is_active on providers
    when new.is_active <> old.is_active and new.status = old.status and new.is_active <> (new.status <> 'inactive')
    begin update providers set status = iif(new.is_active, 'active', 'inactive') where id = new.id; end`,
  `create trigger providers_status_switched after update of status on providers
    when new.status <> old.status and new.is_active <> (new.status <> 'inactive')
    begin update providers set is_active = (new.status <> 'inactive') where id = new.id; end`,
  `create trigger providers_made_off after insert on providers when new.is_active <> (new.status <> 'inactive')
    begin update providers set status = 'inactive', is_active = 0 where id = new.id; end`,
  `create trigger accounts_proxied after insert on accounts begin ${sqliteCount('new', '+ 1')} end`,
  `create trigger accounts_unproxied after delete on accounts begin ${sqliteCount('old', '- 1')} end`,
  `create trigger accounts_moved after update of proxy_id, is_active on accounts
    when old.proxy_id is not new.proxy_id or old.is_active <> new.is_active
    begin ${sqliteCount('old', '- 1')} ${sqliteCount('new', '+ 1')} end`,
  RECOUNT,
  `alter table api_keys add column capture text ${CAPTURE}`,
];

/**
 * What guides do by hand: providers are found by their names and switched by `is_active`; the accounts of proxies are
 * counted by the database, whoever moves them. A key may have its calls kept or not, whatever holds for all.
 */
export const switchesAndCounts: Migration = {
  up: (database: Kysely<unknown>) => runStatements(database, { postgres: POSTGRES, sqlite: SQLITE }),
};
