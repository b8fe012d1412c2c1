import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';

import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { StorageUnavailable } from '../../src/storage/drivers/storage-unavailable.ts';
import { openStore, type Store } from '../../src/storage/open-store.ts';
import { sampleCall } from '../support/sample-call.ts';
import { newDatabase, onServer, skipPostgres } from './engines.ts';
import { gateTo, type Gate } from './gate.ts';
import { model, provider } from './sample-rows.ts';

describe('a PostgreSQL that goes away', { skip: skipPostgres, timeout: 60_000 }, () => {
  let gate: Gate;
  let store: Store;
  let database: Awaited<ReturnType<typeof newDatabase>>;
  const away = (work: Promise<unknown>): Promise<void> =>
    assert.rejects(work, (error) => error instanceof StorageUnavailable && error.kind === 'storage-unavailable');
  /** What management does, in one list: each must fail by name and soon. */
  const everything = (): readonly Promise<unknown>[] => [
    store.rows.providers.page({ limit: 1 }),
    store.rows.providers.insert(provider()),
    store.transaction((rows) => rows.providers.insert(provider())),
    store.rows.users.findByLogin('ada'),
    store.changes.versions(),
    store.ping(),
  ];
  before(async () => {
    database = await newDatabase();
    const url = new URL(database.url);
    gate = await gateTo(url.hostname, Number(url.port || 5432));
    url.host = `127.0.0.1:${gate.port}`;
    const sealer = await createSealer([new Secret('a key of the tests')]);
    store = await openStore({ dataDir: '', databaseUrl: new Secret(url.href), clock: systemClock, sealer });
  });
  /** Connections of before may still be found dead, one at a time. */
  const recovered = async (): Promise<void> => {
    await gate.open();
    while (
      !(await store.ping().then(
        () => true,
        () => false,
      ))
    );
  };
  beforeEach(recovered);
  after(async () => {
    await gate.open();
    await store.close();
    await gate.close();
    await database.drop();
  });

  it('fails what is asked of it by name when it is cut off, and is back when it is back', async () => {
    await store.ping();
    await gate.cut();
    await Promise.all(everything().map(away));
    await recovered();
    await Promise.all(everything());
  });

  it('fails what is asked of it by name when it is silent, in turn or at once', async () => {
    await store.ping();
    gate.silence();
    await away(store.ping());
    await Promise.all(everything().map(away));
    await recovered();
    await Promise.all(everything());
  });

  it('takes back a transaction that it broke off', async () => {
    const row = provider();
    const broken = store.transaction(async (rows) => {
      await rows.providers.insert(row);
      await gate.cut();
      await rows.providers.insert(provider());
    });
    await away(broken);
    await recovered();
    assert.equal(await store.rows.providers.get(row.id), undefined);
  });

  it('does not claim a transaction of which a statement has failed', async () => {
    const row = provider();
    const claimed = store.transaction(async (rows) => {
      await rows.providers.insert(row);
      await assert.rejects(rows.models.insert(model(provider().id)), /foreign key/);
    });
    await assert.rejects(claimed, /was taken back/);
    assert.equal(await store.rows.providers.get(row.id), undefined);
  });

  it('fails statements that wait too long for a lock', async () => {
    const row = provider();
    await store.rows.providers.insert(row);
    await store.transaction(async (rows) => {
      await rows.providers.update(row.id, { name: 'held' });
      await away(store.rows.providers.update(row.id, { name: 'too late' }));
    });
    assert.equal((await store.rows.providers.get(row.id))?.name, 'held');
  });

  it('is asked again for changes that it had meanwhile', async () => {
    const told: string[][] = [];
    let arrived = Promise.withResolvers<void>();
    const stop = store.changes.watch(['users'], (tables) => {
      told.push([...tables]);
      arrived.resolve();
    });
    await arrived.promise;
    arrived = Promise.withResolvers();
    await gate.cut();
    await onServer(database.url, "insert into users (username, email, password_hash) values ('eve', 'e@x', '')");
    await gate.open();
    await arrived.promise;
    stop();
    assert.deepEqual(told, [['users'], ['users']]);
  });

  it('is told all calls once, those of the time without it too', async () => {
    const errors: unknown[] = [];
    const log = store.createCallLog({ onError: (error) => errors.push(error) });
    await gate.cut();
    for (let index = 0; index < 3; index += 1) log.record(sampleCall({ requestId: 'during' }));
    await away(log.flush());
    assert.equal(log.queued, 3);
    await recovered();
    await log.flush();
    await log.close();
    const hours = await store.usage.hours({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
    assert.equal(hours[0]?.attempts, 3);
  });
});

describe('a PostgreSQL that is not there at the start', { skip: skipPostgres }, () => {
  const open = (url: string): Promise<Store> =>
    openStore({ dataDir: '', databaseUrl: new Secret(url), clock: systemClock });

  it('is named with what to do, without its password', async () => {
    const gate = await gateTo('127.0.0.1', 1);
    await gate.close();
    await assert.rejects(open(`postgres://me:canary@127.0.0.1:${gate.port}/db`), (error: Error) => {
      assert.match(error.message, /^The database db on 127\.0\.0\.1:\d+ cannot be opened: .*ECONNREFUSED/);
      assert.match(error.message, /Check that PostgreSQL runs there and that DATABASE_URL is right\.$/);
      return !error.message.includes('canary');
    });
  });

  it('may lack the database', async () => {
    const database = await newDatabase();
    await database.drop();
    await assert.rejects(open(database.url), /cannot be opened: .*does not exist.*\. Make it with createdb/);
  });
});

describe('an embedded database that another program holds', () => {
  it('fails what is asked of it by name, and is back when it is let go', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    const store = await openStore({ dataDir, clock: systemClock, lockWaitMs: 1 });
    const holder = new DatabaseSync(path.join(dataDir, 'patchbay.db'));
    holder.exec('begin exclusive');
    const row = provider({ authConfig: {} });
    await assert.rejects(store.rows.providers.insert(row), StorageUnavailable);
    await assert.rejects(
      store.transaction((rows) => rows.providers.insert(row)),
      StorageUnavailable,
    );
    holder.close();
    assert.equal((await store.rows.providers.insert(row)).kind, 'inserted');
    await store.close();
    await rm(dataDir, { recursive: true });
  });
});
