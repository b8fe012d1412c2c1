import { sql } from 'kysely';

import type { Users } from '../ports.ts';
import type { Row } from './resource.ts';
import { toRecord } from './resource.ts';
import { USERS } from './resources.ts';
import { createRepository, type RepositoryParts } from './table-repository.ts';

/** Users, found by name or e-mail address as well. */
export function createUsers(parts: RepositoryParts): Users {
  const repository = createRepository(parts, USERS);
  return Object.assign(repository, {
    findByLogin: async (nameOrEmail: string) => {
      const login = nameOrEmail.toLowerCase();
      const { rows } = await sql<Row>`select * from users where lower(username) = ${login} or lower(email) = ${login}
        order by case when lower(username) = ${login} then 0 else 1 end limit 1`.execute(parts.database);
      return rows[0] && toRecord(USERS, rows[0]);
    },
  });
}
