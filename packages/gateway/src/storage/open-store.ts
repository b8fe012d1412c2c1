import path from 'node:path';

import type { Clock } from '@patchbay/llm/model/clock';
import { Kysely } from 'kysely';

import type { KeyStore } from '../identity/ports.ts';
import { sqliteDialect } from './drivers/sqlite.ts';
import { SqliteThread } from './drivers/sqlite-thread.ts';
import { migrate } from './migrations/index.ts';
import { createCallLog, type CallLog, type CallLogParts } from './repositories/call-log.ts';
import { createKeyRepository } from './repositories/keys.ts';
import type { Tables } from './tables/tables.ts';

/** Everything the gateway keeps. */
export interface Store {
  readonly keys: KeyStore;
  createCallLog(parts: Pick<CallLogParts, 'onError'>): CallLog;
  close(): Promise<void>;
}

/** Opens `<dataDir>/patchbay.db`, making it where it is missing; throws one sentence when it cannot be used. */
export async function openStore(parts: { readonly dataDir: string; readonly clock: Clock }): Promise<Store> {
  const file = path.join(parts.dataDir, 'patchbay.db');
  const thread = new SqliteThread(file);
  const database = new Kysely<Tables>({ dialect: sqliteDialect(thread) });
  try {
    // The migrator works on any tables; its type asks for none in particular.
    await migrate(database as unknown as Kysely<never>, file);
  } catch (error) {
    await thread.close().catch(() => undefined);
    throw new Error(`${file} cannot be opened: ${reason(error)}`, { cause: error });
  }
  return {
    keys: createKeyRepository(database, parts.clock),
    createCallLog: ({ onError }) =>
      createCallLog({ write: (sql, rows) => thread.batch(sql, rows), clock: parts.clock, onError }),
    close: () => thread.close(),
  };
}

const reason = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
};
