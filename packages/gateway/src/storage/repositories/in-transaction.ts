import type { Kysely } from 'kysely';

import type { Tables } from '../tables/tables.ts';

/** Does `work` whole or not at all: in the transaction that `database` is, or in one of its own. */
export const inTransaction = <T>(
  database: Kysely<Tables>,
  work: (database: Kysely<Tables>) => Promise<T>,
): Promise<T> => (database.isTransaction ? work(database) : database.transaction().execute(work));
