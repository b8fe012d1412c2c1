import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

const STATEMENTS: readonly string[] = ['alter table api_keys add column switched_off_by varchar(36)'];

/** What an administrator switched off, its owner does not switch on again. */
export const whoSwitchedKeysOff: Migration = {
  up: (database: Kysely<unknown>) => runStatements(database, { postgres: STATEMENTS, sqlite: STATEMENTS }),
};
