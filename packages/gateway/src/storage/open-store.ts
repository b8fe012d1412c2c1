import path from 'node:path';

import type { Clock } from '@patchbay/llm/model/clock';
import { Kysely } from 'kysely';

import type { KeyStore } from '../identity/ports.ts';
import { sqliteDialect } from './drivers/sqlite.ts';
import { SqliteThread } from './drivers/sqlite-thread.ts';
import { migrate } from './migrations/index.ts';
import { createCallLog, type CallLog, type CallLogParts } from './repositories/call-log.ts';
import { createKeyRepository } from './repositories/keys.ts';
import { createStoredResponseRepository, type StoredResponseRepository } from './repositories/stored-responses.ts';
import type { Tables } from './tables/tables.ts';

/** Everything the gateway keeps. */
export interface Store {
  readonly keys: KeyStore;
  readonly responses: StoredResponseRepository;
  createCallLog(parts: Pick<CallLogParts, 'onError'>): CallLog;
  close(): Promise<void>;
}

export interface StoreParts {
  readonly dataDir: string;
  readonly clock: Clock;
  /** How long a statement waits for a file that another program holds, in milliseconds. Default 5,000. */
  readonly lockWaitMs?: number;
}

/** Opens `<dataDir>/patchbay.db`, making it where it is missing; throws what to do when it cannot be used. */
export async function openStore(parts: StoreParts): Promise<Store> {
  const file = path.join(parts.dataDir, 'patchbay.db');
  const thread = new SqliteThread(file, parts.lockWaitMs);
  const database = new Kysely<Tables>({ dialect: sqliteDialect(thread) });
  try {
    // The migrator works on any tables; its type asks for none in particular.
    await migrate(database as unknown as Kysely<never>, file);
  } catch (error) {
    await thread.close().catch(() => undefined);
    const why = reason(error);
    throw new Error(`${file} cannot be opened: ${why}${remedy(why)}`, { cause: error });
  }
  return {
    keys: createKeyRepository(database, parts.clock),
    responses: createStoredResponseRepository(database),
    createCallLog: ({ onError }) =>
      createCallLog({
        // The connection is taken for the batch, so that it never falls into somebody else's transaction.
        write: (sql, rows) => database.connection().execute(() => thread.batch(sql, rows)),
        clock: parts.clock,
        onError,
      }),
    close: () => thread.close(),
  };
}

const reason = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
};

/** SQLite's own words for what an operator can mend, and how. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/is locked/, '. Another program holds it: stop that one, then start again.'],
  [/not a database|malformed/, '. Restore a backup, or move the file away to start with an empty store.'],
  [/unable to open|readonly/, '. Check that its folder is there and that this user may write to it.'],
];

const remedy = (why: string): string => REMEDIES.find(([words]) => words.test(why))?.[1] ?? '';
