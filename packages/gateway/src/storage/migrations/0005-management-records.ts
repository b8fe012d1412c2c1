import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { typesOf } from './engine.ts';

/** What management writes down: sessions, settings, events and who changed what. */
export const managementRecords: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { integer, json } = typesOf(database);
    await database.schema
      .createTable('refresh_tokens')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('family_id', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('issued_at_ms', integer, (column) => column.notNull())
      .addColumn('expires_at_ms', integer, (column) => column.notNull())
      .addColumn('used_at_ms', integer)
      .addColumn('revoked_at_ms', integer)
      .execute();
    await database.schema
      .createTable('settings')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('value', json, (column) => column.notNull())
      .addColumn('updated_by', 'text')
      .addColumn('created_at_ms', integer, (column) => column.notNull())
      .addColumn('updated_at_ms', integer, (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('system_events')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at_ms', integer, (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('category', 'text', (column) => column.notNull())
      .addColumn('message', 'text', (column) => column.notNull())
      .addColumn('details', json)
      .execute();
    await database.schema
      .createTable('audit_log')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at_ms', integer, (column) => column.notNull())
      .addColumn('actor_id', 'text')
      .addColumn('actor_name', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('resource', 'text', (column) => column.notNull())
      .addColumn('resource_id', 'text')
      .addColumn('before', json)
      .addColumn('after', json)
      .addColumn('request_id', 'text')
      .addColumn('peer', 'text')
      .execute();
    const index = (table: string, ...columns: string[]): Promise<void> =>
      database.schema
        .createIndex(`${table}_${columns.join('_')}`)
        .on(table)
        .columns(columns)
        .execute();
    await index('refresh_tokens', 'family_id');
    await index('refresh_tokens', 'user_id');
    await index('refresh_tokens', 'expires_at_ms');
    await index('system_events', 'at_ms');
    await index('audit_log', 'at_ms');
    await index('audit_log', 'resource', 'resource_id');
  },
};
