import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import pg from 'pg';

import { diskSpace } from '../../src/diagnosis/checks/disk-space.ts';
import { storeConnections } from '../../src/diagnosis/checks/store-connections.ts';
import { storePool } from '../../src/diagnosis/checks/store-pool.ts';
import { storeQueriesSlow } from '../../src/diagnosis/checks/store-queries-slow.ts';
import { storeRetention } from '../../src/diagnosis/checks/store-retention.ts';
import { storeSchema } from '../../src/diagnosis/checks/store-schema.ts';
import { storeUnusable } from '../../src/diagnosis/checks/store-unusable.ts';
import { templatesPresent } from '../../src/diagnosis/checks/templates-present.ts';
import { dataFolder } from '../../src/diagnosis/data-folder.ts';
import { examine } from '../../src/diagnosis/examine.ts';
import type { DoctorPorts } from '../../src/diagnosis/ports.ts';
import { createStoreLooker } from '../../src/storage/look-at-store.ts';
import { sqliteLooker } from '../../src/storage/looks/look-at-sqlite.ts';
import type { StoreLooker } from '../../src/storage/looks/store-look.ts';
import { openStore, type Store } from '../../src/storage/open-store.ts';
import { onServer } from '../storage/engines.ts';
import { gateTo } from '../storage/gate.ts';
import {
  OWN_CONNECTIONS,
  OWN_PASSWORD,
  ownPostgres,
  skipOwnPostgres,
  type OwnPostgres,
} from '../support/own-postgres.ts';
import { TEST_SETTINGS } from '../support/test-gateway.ts';

const CHECKS = [storeConnections, storePool, storeQueriesSlow, storeRetention, storeSchema, storeUnusable];
const DAY_MS = 86_400_000;

const lookOver = async (storeLooker: StoreLooker, more: Partial<DoctorPorts> = {}, checks = CHECKS) => {
  const ports = { clock: systemClock, settings: TEST_SETTINGS, storeLooker, ...more };
  return (await examine({ checks, ports, clock: systemClock })).findings;
};
const codesOf = (findings: Awaited<ReturnType<typeof lookOver>>): readonly string[] => findings.map(({ code }) => code);
const lookerOf = (url: string): Promise<StoreLooker> =>
  createStoreLooker({ dataDir: '', databaseUrl: new Secret(url), clock: systemClock });

describe('a PostgreSQL', { skip: skipOwnPostgres, timeout: 120_000 }, () => {
  let server: OwnPostgres;
  let store: Store;
  let looker: StoreLooker;
  const clients: pg.Client[] = [];
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client(server.url);
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const endAll = async (): Promise<void> => {
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  };
  before(async () => {
    server = await ownPostgres();
    store = await openStore({ dataDir: '', databaseUrl: new Secret(server.url), clock: systemClock });
    looker = await lookerOf(server.url);
  });
  after(async () => {
    await endAll();
    await store.close();
    await server.remove();
  });

  it('is well while it is used', async () => {
    await store.ping();
    assert.deepEqual(await lookOver(looker, { ...(store.pool && { storePool: store.pool }) }), []);
  });

  it('is found to refuse a password and to lack a database, without telling the password', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'canary-wrong-password';
    const other = new URL(server.url);
    other.pathname = '/elsewhere';
    const [refused] = await lookOver(await lookerOf(wrong.href));
    const [missing] = await lookOver(await lookerOf(other.href));
    assert.equal(refused?.code, 'store-login-refused');
    assert.match(refused?.remedy ?? '', /user and password in DATABASE_URL/);
    assert.equal(missing?.code, 'store-database-missing');
    assert.match(missing?.remedy ?? '', /createdb/);
    assert.doesNotMatch(JSON.stringify([refused, missing]), /canary/);
  });

  it('is found nearly out of connections, then out of them', async () => {
    let near: Awaited<ReturnType<typeof lookOver>>[number] | undefined;
    for (; near === undefined; [near] = await lookOver(looker)) await connect();
    assert.deepEqual([near?.code, near?.severity], ['store-connections-near-limit', 'warning']);
    assert.match(near?.remedy ?? '', /pg_stat_activity/);
    while (await connect().catch(() => false));
    const findings = await lookOver(looker);
    assert.deepEqual(codesOf(findings), ['store-connections-exhausted']);
    assert.match(findings[0]?.remedy ?? '', /max_connections/);
    await endAll();
    await settled(looker);
    assert.deepEqual(await lookOver(looker), []);
  });

  it('is found to have statements that wait for each other, without their values', async () => {
    const [holder, waiter] = [await connect(), await connect()];
    await holder.query("begin; lock table providers; select 'canary-value'");
    const waiting = waiter.query("select 'canary-literal', count(*) from providers").catch(() => undefined);
    await systemClock.sleep(6200);
    const findings = await lookOver(looker);
    assert.deepEqual(codesOf(findings), ['store-query-slow', 'store-query-slow']);
    const blocked = findings.find(({ evidence }) => evidence['blockedBy'] !== undefined);
    assert.match(blocked?.cause ?? '', /waits for process \d+/);
    assert.match(blocked?.remedy ?? '', /pg_terminate_backend\(\d+\)/);
    assert.doesNotMatch(JSON.stringify(findings), /canary/);
    await holder.query('rollback');
    await waiting;
    await endAll();
  });

  it('is found to keep statements of ours waiting for a connection', async () => {
    const holder = await connect();
    await holder.query('begin; lock table providers');
    const asked = Array.from({ length: 14 }, () => store.rows.providers.ids().catch(() => undefined));
    const ports = { ...(store.pool && { storePool: store.pool }) };
    const isFull = (): boolean => {
      const { open = 0, max = 1, waiting = 0 } = store.pool?.() ?? {};
      return open === max && waiting > 0;
    };
    while (!isFull()) await systemClock.sleep(5);
    const findings = await lookOver(looker, ports, [storePool]);
    await holder.query('rollback');
    await Promise.all(asked);
    await endAll();
    assert.deepEqual(codesOf(findings), ['store-pool-exhausted']);
    assert.deepEqual(await lookOver(looker, ports, [storePool]), []);
  });

  it('is found to take no rows', async () => {
    await onServer(server.adminUrl, 'alter database app set default_transaction_read_only = on');
    const [found] = await lookOver(looker);
    await onServer(server.adminUrl, 'alter database app set default_transaction_read_only = off');
    assert.equal(found?.code, 'store-read-only');
    assert.match(found?.remedy ?? '', /default_transaction_read_only = off/);
  });

  it('is found older or newer than the program, and without its tables', async () => {
    const hand = await connect();
    const { rows } = await hand.query("delete from kysely_migration where name like '0018%' returning *");
    const [older] = await lookOver(looker);
    assert.deepEqual([older?.code, older?.evidence['pending']], ['store-migrations-pending', '0018-log-indexes']);
    assert.match(older?.remedy ?? '', /pg_dump/);
    await hand.query('insert into kysely_migration (name, timestamp) values ($1, $2)', [
      rows[0].name,
      rows[0].timestamp,
    ]);
    await hand.query("insert into kysely_migration (name, timestamp) values ('9999-future', '2030')");
    assert.deepEqual(codesOf(await lookOver(looker)), ['store-newer-than-program']);
    await hand.query("delete from kysely_migration where name = '9999-future'");
    await hand.query('alter table model_mappings rename to mislaid');
    const [gone] = await lookOver(looker);
    assert.deepEqual([gone?.code, gone?.evidence['missing']], ['store-tables-missing', 'model_mappings']);
    await hand.query('alter table mislaid rename to model_mappings');
    assert.deepEqual(await lookOver(looker), []);
  });

  it('is found to keep calls for too long', async () => {
    const hand = await connect();
    const insert = `insert into request_logs (request_id, call_id, attempt, started_at_ms, client_format, route,
      requested_model, stream, express, state, http_status, latency_ms, duration_ms, retry_count)
      values ('r', 'c', 0, $1, 'openai-chat', '/', 'm', 0, 0, 'success', 200, 1, 1, 0)`;
    await hand.query(insert, [Date.now() - 29 * DAY_MS]);
    assert.deepEqual(await lookOver(looker), []);
    await hand.query('delete from request_logs');
    await hand.query(insert, [Date.now() - 40 * DAY_MS]);
    const [found] = await lookOver(looker);
    assert.deepEqual([found?.code, found?.evidence['oldestDays']], ['store-retention-stalled', 40]);
    await hand.query('delete from request_logs');
    await endAll();
  });

  it('is found silent behind a way that swallows everything', async () => {
    const gate = await gateTo('127.0.0.1', Number(new URL(server.url).port));
    const url = new URL(server.url);
    url.port = String(gate.port);
    gate.silence();
    const [found] = await lookOver(await lookerOf(url.href));
    await gate.close();
    assert.equal(found?.code, 'store-silent');
  });

  it('is found stopped, as the one cause of all that follows, and well when it runs again', async () => {
    await server.stop();
    const rows = { ...store.rows };
    const broken = {
      rows,
      builtIns: { missing: () => rows.templates.ids().then(() => []), restore: () => Promise.resolve() },
    };
    const findings = await lookOver(looker, broken, [...CHECKS, templatesPresent]);
    assert.deepEqual(codesOf(findings), ['store-unreachable']);
    assert.match(findings[0]?.cause ?? '', /The database app on 127\.0\.0\.1:\d+ cannot be reached/);
    assert.match(findings[0]?.remedy ?? '', /pg_isready/);
    assert.ok(!JSON.stringify(findings).includes(OWN_PASSWORD));
    await server.start();
    assert.deepEqual(await lookOver(looker), []);
  });
});

/** Servers take a moment to notice that connections have ended. */
async function settled(looker: StoreLooker): Promise<void> {
  for (;;) {
    const look = await looker.look();
    if (look.kind === 'there' && (look.connections?.used ?? 0) < OWN_CONNECTIONS / 2) return;
    await systemClock.sleep(20);
  }
}

describe('the embedded store', () => {
  const folders: string[] = [];
  const made = async (): Promise<string> => {
    const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    folders.push(folder);
    return folder;
  };
  after(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));
  const lookAt = (folder: string) => lookOver(sqliteLooker(folder, systemClock, 50));

  it('is well while it is open, and found held by another program', async () => {
    const folder = await made();
    const store = await openStore({ dataDir: folder, clock: systemClock });
    assert.deepEqual(await lookAt(folder), []);
    const other = new DatabaseSync(path.join(folder, 'patchbay.db'));
    other.exec('begin immediate');
    const findings = await lookAt(folder);
    other.exec('rollback');
    other.close();
    await store.close();
    assert.deepEqual(codesOf(findings), ['store-locked']);
    assert.match(findings[0]?.remedy ?? '', /fuser/);
  });

  it('is found damaged, in its head and in its middle', async () => {
    const folder = await made();
    const store = await openStore({ dataDir: folder, clock: systemClock });
    await store.close();
    const spoil = async (at: number, length: number): Promise<void> => {
      const file = await open(path.join(folder, 'patchbay.db'), 'r+');
      await file.write(Buffer.alloc(length, 0x5a), 0, length, at);
      await file.close();
    };
    await spoil(4096 * 5, 4096);
    const [middle] = await lookAt(folder);
    await spoil(0, 100);
    const [head] = await lookAt(folder);
    assert.deepEqual([middle?.code, head?.code], ['store-damaged', 'store-damaged']);
    assert.match(head?.remedy ?? '', /\.recover/);
  });

  it('is found missing', async () => {
    assert.deepEqual(codesOf(await lookAt(await made())), ['store-unreadable']);
  });

  for (const state of ['open', 'shut'] as const)
    it(`is found to have no room left on a full disk, ${state} when it filled`, async (t) => {
      const folder = await made();
      const room = mountSmall(folder);
      if (room === undefined) return t.skip(NO_MOUNT);
      try {
        const store = await openStore({ dataDir: folder, clock: systemClock });
        if (state === 'shut') await store.close();
        assert.deepEqual(await lookAt(folder), []);
        const filling = await open(path.join(folder, 'filling'), 'w');
        const isFull = async (): Promise<boolean> =>
          filling.write(Buffer.alloc(4096)).then(
            () => false,
            ({ code }: NodeJS.ErrnoException) => code === 'ENOSPC',
          );
        while (!(await isFull()));
        const findings = await lookOver(sqliteLooker(folder, systemClock, 50), { dataFolder: dataFolder(folder) }, [
          ...CHECKS,
          diskSpace,
        ]);
        assert.deepEqual(codesOf(findings), ['store-full']);
        assert.match(findings[0]?.cause ?? '', /patchbay\.db has no room left \(\d+ bytes are free\)/);
        assert.match(findings[0]?.remedy ?? '', /LOG_RETENTION_DAYS/);
        await filling.truncate(0);
        await filling.close();
        assert.deepEqual(await lookAt(folder), []);
        if (state === 'open') await store.close();
      } finally {
        room.unmount();
      }
    });

  it('is found on a file system that takes nothing', async (t) => {
    const folder = await made();
    const room = mountSmall(folder);
    if (room === undefined) return t.skip(NO_MOUNT);
    try {
      await (await openStore({ dataDir: folder, clock: systemClock })).close();
      execFileSync('mount', ['-o', 'remount,ro', folder]);
      const [found] = await lookAt(folder);
      assert.equal(found?.code, 'store-read-only');
      assert.match(found?.remedy ?? '', /remount,rw/);
    } finally {
      room.unmount();
    }
  });
});

const NO_MOUNT = 'This user may not mount a file system of its own.';

/** A file system of 16 MiB at a folder; `undefined` where this user may not. */
function mountSmall(folder: string): { unmount(): void } | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' });
    return { unmount: () => void execFileSync('umount', [folder]) };
  } catch {
    return undefined;
  }
}
