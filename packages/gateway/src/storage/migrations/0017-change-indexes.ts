import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Tables whose rows are mirrored in memory. */
const TABLES = ['providers', 'models', 'accounts'] as const;

/** The order in which rows were changed, so that a look for what is new costs nothing where nothing is. */
export const changeIndexes: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const table of TABLES)
      await database.schema.createIndex(`${table}_by_change`).on(table).columns(['updated_at', 'id']).execute();
  },
};
