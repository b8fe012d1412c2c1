import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { engineOf } from './engine.ts';

const TABLES = ['providers', 'models', 'provider_templates'] as const;

/** The order of lists by name, so that a page costs the same however long the list is. */
export const listIndexes: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const name = engineOf(database) === 'postgres' ? sql`lower(name) collate "C"` : sql`lower(name)`;
    for (const table of TABLES)
      await sql`create index ${sql.id(`${table}_by_name`)} on ${sql.table(table)} ((${name}), id)`.execute(database);
  },
};
