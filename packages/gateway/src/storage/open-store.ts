import { isSealed, type Sealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import { ok } from '@patchbay/llm/model/failure';
import { sql, type Kysely } from 'kysely';

import type { KeyStore } from '../identity/ports.ts';
import { createChangefeed } from './change-feed.ts';
import type { OpenDatabase, PoolUse } from './drivers/open-database.ts';
import { openSqlite } from './drivers/open-sqlite.ts';
import { migrate } from './migrations/index.ts';
import type { Changefeed, Repositories, Retention, RowSecrets, TokenLeases, Usage } from './ports.ts';
import { createCallReader, type CallReader } from './repositories/call-reader.ts';
import { createCallLog, type CallLog, type CallLogParts } from './repositories/call-log.ts';
import { createKeyRepository } from './repositories/keys.ts';
import { createRepositories } from './repositories/repositories.ts';
import { createCallSampler, type CallSampler } from './repositories/call-sample.ts';
import { createRetention } from './repositories/retention.ts';
import { openSecrets } from './repositories/sealed-json.ts';
import { createStoredResponseRepository, type StoredResponseRepository } from './repositories/stored-responses.ts';
import { createTokenLeases } from './repositories/token-leases.ts';
import { createUsage } from './repositories/usage.ts';

/** Everything the gateway keeps. */
export interface Store {
  readonly keys: KeyStore;
  readonly responses: StoredResponseRepository;
  /** What management keeps. */
  readonly rows: Repositories;
  /** Does `work` whole or not at all; it must use the rows it is given, and wait for nothing but them. */
  transaction<T>(work: (rows: Repositories) => Promise<T>): Promise<T>;
  readonly changes: Changefeed;
  readonly secrets: RowSecrets;
  readonly tokenLeases: TokenLeases;
  readonly usage: Usage;
  readonly calls: CallReader;
  readonly sampler: CallSampler;
  readonly retention: Retention;
  createCallLog(parts: Pick<CallLogParts, 'onError'>): CallLog;
  /** How the connections are used; absent for the embedded database, which has one. */
  readonly pool?: PoolUse;
  /** Asks the database for nothing; rejects with `StorageUnavailable` within 3 s when it does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreParts {
  readonly dataDir: string;
  readonly clock: Clock;
  /** `postgres://…`: that database instead of the embedded one in `dataDir`. */
  readonly databaseUrl?: Secret;
  /** Seals the secrets in rows; without it, rows with secrets are neither written nor opened. */
  readonly sealer?: Sealer;
  /** How long a statement waits for a file that another program holds, in milliseconds. Default 2,500. */
  readonly lockWaitMs?: number;
}

/**
 * Opens `<dataDir>/patchbay.db`, making it where it is missing, or the database that is named, and brings its tables up to
 * date; throws what to do when it cannot be used.
 */
export async function openStore(parts: StoreParts): Promise<Store> {
  const opened = await openDatabase(parts);
  const { place } = opened;
  try {
    // The migrator works on any tables; its type asks for none in particular.
    await opened.forMigration((patient) => migrate(patient as unknown as Kysely<never>, place));
  } catch (error) {
    await opened.close().catch(() => undefined);
    const why = reason(error);
    throw new Error(`${place} cannot be opened: ${why}${remedy(why)}`, { cause: error });
  }
  return assemble(opened, parts);
}

/** The driver for PostgreSQL is loaded only where there is one: it takes a good part of a start. */
async function openDatabase({ databaseUrl, dataDir, lockWaitMs }: StoreParts): Promise<OpenDatabase> {
  if (databaseUrl === undefined) return openSqlite(dataDir, lockWaitMs);
  const { openPostgres } = await import('./drivers/open-postgres.ts');
  return openPostgres(databaseUrl);
}

function assemble(
  { database, pool, listen, writeCalls, close }: OpenDatabase,
  { clock, sealer = NO_SEALER }: StoreParts,
): Store {
  const changes = createChangefeed(database, clock);
  const stopListening = listen(clock, changes.hint);
  return {
    keys: createKeyRepository(database, changes),
    responses: createStoredResponseRepository(database),
    rows: createRepositories({ database, sealer, clock, written: changes.hint }),
    async transaction(work) {
      const result = await database
        .transaction()
        .execute((transaction) => work(createRepositories({ database: transaction, sealer, clock })));
      changes.hint();
      return result;
    },
    changes,
    secrets: {
      openSecrets: (providerId, config) =>
        openSecrets(sealer, config, { table: 'providers', row: providerId.toLowerCase(), field: 'auth_config' }),
      openSignIn: (sessionId, data) =>
        openSecrets(sealer, data, { table: 'oauth_sessions', row: sessionId.toLowerCase(), field: 'data' }),
      openAuthData: (accountId, authData) =>
        openSecrets(sealer, authData, { table: 'accounts', row: accountId.toLowerCase(), field: 'auth_data' }),
      openProxyPassword: async ({ id, password }) =>
        typeof password === 'string' && isSealed(password)
          ? await sealer.open(password, { table: 'proxy_pool', row: id, field: 'password' })
          : ok(typeof password === 'string' ? new Secret(password) : password),
    },
    tokenLeases: createTokenLeases(database),
    usage: createUsage(database),
    calls: createCallReader(database),
    sampler: createCallSampler(database),
    retention: createRetention(database),
    ...(pool && { pool }),
    createCallLog: ({ onError }) => createCallLog({ write: writeCalls, clock, onError }),
    ping: async () => {
      await sql`select 1`.execute(database);
    },
    close: async () => {
      await stopListening();
      await close();
    },
  };
}

const noKey = (): never => {
  throw new Error('The store was opened without a key for secrets.');
};
const NO_SEALER: Sealer = { keyId: '', seal: noKey, open: noKey, isCurrent: () => false };

/** The sentence of an error and, where that does not say it, of what was behind it; without its full stop. */
const reason = (error: unknown): string => {
  const { message, cause } = error as Error;
  const whole = cause instanceof Error && !message.includes(cause.message) ? `${message} (${cause.message})` : message;
  return whole.replace(/\.$/, '');
};

/** The databases' own words for what an operator can mend, and how. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/is locked/, '. Another program holds it: stop that one, then start again.'],
  [/not a database|malformed/, '. Restore a backup, or move the file away to start with an empty store.'],
  [/unable to open|readonly/, '. Check that its folder is there and that this user may write to it.'],
  [/ECONNREFUSED|does not answer/, '. Check that PostgreSQL runs there and that DATABASE_URL is right.'],
  [/authentication failed|role .* does not exist/, '. Check the user and the password in DATABASE_URL.'],
  [/database .* does not exist/, '. Make it with createdb, then start again.'],
];

const remedy = (why: string): string => REMEDIES.find(([words]) => words.test(why))?.[1] ?? '.';
