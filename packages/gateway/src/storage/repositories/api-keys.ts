import { sql } from 'kysely';

import type { ApiKeys } from '../ports.ts';
import { time } from './field.ts';
import { inTransaction } from './in-transaction.ts';
import { API_KEYS } from './resources.ts';
import { createRepository, type RepositoryParts } from './table-repository.ts';

/** Keys of users, with notes of when they were used. */
export function createApiKeys(parts: RepositoryParts): ApiKeys {
  const { database } = parts;
  return Object.assign(createRepository(parts, API_KEYS), {
    noteUsed: (keys: ReadonlyMap<string, number>) =>
      inTransaction(database, async (within) => {
        for (const [id, atMs] of keys)
          await sql`update api_keys set last_used_at = ${time('').write(atMs)} where id = ${id}`.execute(within);
      }),
  });
}
