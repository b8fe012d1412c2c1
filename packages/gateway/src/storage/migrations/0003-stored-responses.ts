import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Answers of the Responses API that the gateway keeps. */
export const storedResponses: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await database.schema
      .createTable('stored_responses')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('key_id', 'text', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('previous_id', 'text')
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('response', 'text', (column) => column.notNull())
      .addColumn('input', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createIndex('stored_responses_created_at_ms')
      .on('stored_responses')
      .column('created_at_ms')
      .execute();
    await database.schema.createIndex('stored_responses_status').on('stored_responses').column('status').execute();
  },
};
