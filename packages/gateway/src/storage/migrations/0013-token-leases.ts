import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements, typesOf } from './engine.ts';

const POSTGRES: readonly string[] = [
  `create table oauth_sessions (
    id varchar(64) primary key,
    provider_id varchar(50) not null,
    status varchar(20) not null,
    data jsonb not null,
    account_id varchar(36),
    error text,
    created_by varchar(36),
    expires_at timestamptz(3) not null,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    version bigint not null default 1
  )`,
];

const SQLITE: readonly string[] = [
  `create table oauth_sessions (
    id text primary key,
    provider_id text not null,
    status text not null,
    data text not null check (json_valid(data)),
    account_id text,
    error text,
    created_by text,
    expires_at text not null,
    created_at text not null,
    updated_at text not null,
    version integer not null default 1
  )`,
];

const BOTH: readonly string[] = ['create index idx_oauth_sessions_expires_at on oauth_sessions (expires_at)'];

/**
 * Who renews the tokens of an account now and how often that was done, and sign-ins that have begun. The new columns are
 * notes: writing them is no new version of the account.
 */
export const tokenLeases: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { integer } = typesOf(database);
    for (const [column, type] of [
      ['token_generation', integer],
      ['token_lease_until_ms', integer],
      ['token_parked_version', integer],
      ['token_lease_owner', sql`varchar(64)`],
    ] as const)
      await sql`alter table accounts add column ${sql.ref(column)} ${type}`.execute(database);
    await runStatements(database, { postgres: [...POSTGRES, ...BOTH], sqlite: [...SQLITE, ...BOTH] });
  },
};
