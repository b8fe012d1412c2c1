import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';

import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock, type Clock } from '@patchbay/llm/model/clock';
import pg from 'pg';

import { openStore, type Store } from '../../src/storage/open-store.ts';

/** A store of its own for one file of tests, and another way into it: by hand, as with `psql` or `sqlite3`. */
export interface TestStore {
  readonly store: Store;
  /** Opens the same database once more, as another process does. */
  another(clock?: Clock): Promise<Store>;
  byHand(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** One of the two databases; `skip` says why it cannot be tried here. */
export interface Engine {
  readonly name: 'SQLite' | 'PostgreSQL';
  readonly skip: string | false;
  make(): Promise<TestStore>;
}

/** The server that tests may make databases on. */
export const SERVER_URL = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const sealer = await createSealer([new Secret('a key of the tests')]);

async function makeSqlite(): Promise<TestStore> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  const another = (clock = systemClock): Promise<Store> => openStore({ dataDir, clock, sealer });
  const store = await another();
  const hand = new DatabaseSync(path.join(dataDir, 'patchbay.db'), { timeout: 5000 });
  return {
    store,
    another,
    byHand: (sql) => Promise.resolve(hand.prepare(sql).all()),
    close: async () => {
      hand.close();
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Runs statements on the server in a connection of their own. */
export async function onServer(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A new, empty database; its URL, and how to take it away. */
export async function newDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `patchbay_test_${randomBytes(6).toString('hex')}`;
  await onServer(SERVER_URL, `create database ${name}`);
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(SERVER_URL, `drop database ${name} with (force)`) };
}

async function makePostgres(): Promise<TestStore> {
  const { url, drop } = await newDatabase();
  const another = (clock = systemClock): Promise<Store> =>
    openStore({ dataDir: '', databaseUrl: new Secret(url), clock, sealer });
  const store = await another();
  const hand = new pg.Client({ connectionString: url });
  await hand.connect();
  return {
    store,
    another,
    byHand: async (sql) => (await hand.query<Record<string, unknown>>(sql)).rows,
    close: async () => {
      await hand.end();
      await store.close();
      await drop();
    },
  };
}

const absent = await onServer(SERVER_URL).then(
  () => false as const,
  (error: Error) => `no PostgreSQL at ${new URL(SERVER_URL).host} (${error.message || 'it does not answer'})`,
);

/** Why tests of PostgreSQL alone are passed over here, if they are. */
export const skipPostgres: string | false = absent;

/** Both databases, for suites that run on each. */
export const ENGINES: readonly Engine[] = [
  { name: 'SQLite', skip: false, make: makeSqlite },
  { name: 'PostgreSQL', skip: absent, make: makePostgres },
];
