import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

import { typesOf } from './engine.ts';

/** Which state of the registry each call was planned by. */
export const registryVersions: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { integer } = typesOf(database);
    await sql`alter table request_logs add column registry_version ${integer}`.execute(database);
  },
};
