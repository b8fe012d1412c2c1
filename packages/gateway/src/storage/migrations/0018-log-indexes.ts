import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { runStatements } from './engine.ts';

/** What the log is filtered by; a page of a filter then costs the same however long the log is. */
const FILTERED = ['account_id', 'provider_id', 'model', 'key_id'] as const;

const STATEMENTS: readonly string[] = [
  ...FILTERED.map((column) => `create index request_logs_by_${column} on request_logs (${column}, id)`),
  // With the time, so that looking for the failures of a day reads no other row.
  'create index request_logs_failures on request_logs (id, started_at_ms) where failure_kind is not null',
];

/** The orders in which pages of the log are read. */
export const logIndexes: Migration = {
  up: (database: Kysely<unknown>) => runStatements(database, { postgres: STATEMENTS, sqlite: STATEMENTS }),
};
