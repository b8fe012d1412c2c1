import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

/** The columns that people edit. */
const EDITED = 'policy, updated_by';

/** A rotated key has two hashes until the older one ends. */
const KEYS = (time: string): readonly string[] => [
  'alter table api_keys add column older_key_hash varchar(64)',
  `alter table api_keys add column older_key_ends_at ${time}`,
];

const POSTGRES: readonly string[] = [
  `create table account_policies (
    id varchar(50) primary key,
    policy varchar(20) not null,
    updated_by varchar(36),
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    version bigint not null default 1
  )`,
  `create trigger account_policies_updated_at before update of ${EDITED} on account_policies
    for each row execute function set_updated_at()`,
  `create trigger account_policies_version before update of ${EDITED} on account_policies
    for each row execute function patchbay_next_version()`,
  `create constraint trigger account_policies_changed
    after insert or delete or update of ${EDITED} on account_policies
    deferrable initially deferred for each row execute function patchbay_count_change()`,
  `create trigger account_policies_emptied after truncate on account_policies
    for each statement execute function patchbay_count_change()`,
  ...KEYS('timestamptz(3)'),
];

const NOW = `(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`;

const SQLITE: readonly string[] = [
  `create table account_policies (
    id text primary key,
    policy text not null,
    updated_by text,
    created_at text not null default ${NOW},
    updated_at text not null default ${NOW},
    version integer not null default 1
  )`,
  `create trigger account_policies_version after update of ${EDITED} on account_policies
    when new.version = old.version
    begin update account_policies set version = old.version + 1 where id = new.id; end`,
  `create trigger account_policies_updated_at after update of ${EDITED} on account_policies
    when new.updated_at = old.updated_at
    begin update account_policies set updated_at = ${NOW} where id = new.id; end`,
  ...['insert', 'delete', `update of ${EDITED}`].map(
    (change) => `create trigger account_policies_${change.split(' ')[0]}_counted after ${change} on account_policies
      begin update table_versions set version = version + 1 where name = 'account_policies'; end`,
  ),
  ...KEYS('text'),
];

const COUNTED = `insert into table_versions (name, version) values ('account_policies', 1)`;

/** How accounts of a provider are chosen, by its name; and keys whose text was changed and whose older one lives on. */
export const policiesAndRotatedKeys: Migration = {
  up: (database: Kysely<unknown>) =>
    runStatements(database, { postgres: [...POSTGRES, COUNTED], sqlite: [...SQLITE, COUNTED] }),
};
