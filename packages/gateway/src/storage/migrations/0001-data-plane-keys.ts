import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { typesOf } from './engine.ts';

/** Data-plane keys: public id, label and keyed hash. */
export const dataPlaneKeys: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { bytes, integer } = typesOf(database);
    await database.schema
      .createTable('data_plane_keys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('hash', bytes, (column) => column.notNull().unique())
      .addColumn('created_at_ms', integer, (column) => column.notNull())
      .addColumn('revoked_at_ms', integer)
      .execute();
  },
};
