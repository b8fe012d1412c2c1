import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import type { Coordination } from '../../src/coordination/coordination.ts';
import { connectRedis } from '../../src/coordination/redis/connect.ts';
import { latencyUnusual } from '../../src/diagnosis/checks/latency-unusual.ts';
import { redisKeys } from '../../src/diagnosis/checks/redis-keys.ts';
import { redisLocks } from '../../src/diagnosis/checks/redis-locks.ts';
import { redisUnusable } from '../../src/diagnosis/checks/redis-unusable.ts';
import { replicaDrift } from '../../src/diagnosis/checks/replica-drift.ts';
import { examine } from '../../src/diagnosis/examine.ts';
import { PaceBook } from '../../src/diagnosis/watch/pace-book.ts';
import { ReplicaBook } from '../../src/diagnosis/watch/replica-book.ts';
import { openOnRedis, PATIENT } from '../coordination/engines.ts';
import { gateTo } from '../storage/gate.ts';
import { freePort } from '../support/own-postgres.ts';

const skip = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'no redis-server to start';
  }
})();

const PASSWORD = 'canary-redis-password';

describe('a Redis', { skip, timeout: 60_000 }, () => {
  let folder: string;
  let port: number;
  let server: ChildProcess;
  let coordination: Coordination;
  let url: string;
  const byHand = async (...command: string[]): Promise<unknown> => {
    const connection = await connectRedis(new Secret(url), systemClock);
    try {
      return await connection.send(command);
    } finally {
      connection.close();
    }
  };
  const start = async (): Promise<void> => {
    const options = [
      '--port',
      String(port),
      '--save',
      '',
      '--dir',
      folder,
      '--requirepass',
      PASSWORD,
      '--bind',
      '127.0.0.1',
    ];
    server = spawn('redis-server', options, { stdio: 'ignore' });
    while ((await byHand('PING').catch(() => 'not yet')) !== 'PONG') await systemClock.sleep(20);
  };
  const stop = async (): Promise<void> => {
    server.kill();
    await once(server, 'exit');
  };
  const is = async (of: Coordination, status: string): Promise<void> => {
    while (of.state().status !== status) await systemClock.sleep(10);
  };
  const look = async (of: Coordination) => {
    return (await examine({ checks: [redisKeys, redisLocks, redisUnusable], ports: portsOf(of), clock: systemClock }))
      .findings;
  };
  const portsOf = (of: Coordination) => {
    const { facts, stuckLocks: locks } = of;
    assert.ok(facts && locks);
    return { clock: systemClock, redis: { state: of.state, facts, locks } };
  };
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    port = await freePort();
    url = `redis://:${PASSWORD}@127.0.0.1:${port}/0`;
    await start();
    coordination = await openOnRedis(url, PATIENT);
    await is(coordination, 'up');
  });
  after(async () => {
    await coordination.close();
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is well while it is used', async () => {
    await coordination.counter.next('any');
    assert.deepEqual(await look(coordination), []);
  });

  it('is found to refuse a password, which is not told', async () => {
    const locked = await openOnRedis(`redis://:canary-wrong@127.0.0.1:${port}/0`, PATIENT);
    const findings = await look(locked);
    await locked.close();
    assert.deepEqual(
      findings.map(({ code, severity }) => [code, severity]),
      [['redis-login-refused', 'error']],
    );
    assert.match(findings[0]?.remedy ?? '', /REDIS_URL/);
    assert.doesNotMatch(JSON.stringify(findings), /canary/);
  });

  it('is found to hold a lock without an end, which is taken away on demand, and none that ends by itself', async () => {
    const held = await coordination.locks.acquire('oauth:held', { leaseMs: 60_000, waitMs: 0 });
    assert.ok(held);
    assert.deepEqual(await look(coordination), []);
    await byHand('PERSIST', 'lock:oauth:held');
    const [found, ...more] = await look(coordination);
    assert.deepEqual([found?.code, found?.subject, more], ['redis-lock-stuck', 'key lock:oauth:held', []]);
    assert.equal(found?.remedy, 'redis-cli del lock:oauth:held');
    assert.equal(await coordination.locks.acquire('oauth:held', { leaseMs: 1000, waitMs: 0 }), undefined);
    const done = await redisLocks.fix(portsOf(coordination), found as Finding);
    const [, undo = ''] = /^Took the lock away\. Undo: redis-cli (set lock:oauth:held \S+)$/.exec(done ?? '') ?? [];
    assert.notEqual(undo, '', done ?? '');
    assert.deepEqual(await look(coordination), []);
    const mine = await coordination.locks.acquire('oauth:held', { leaseMs: 60_000, waitMs: 0 });
    assert.ok(mine);
    // Whoever took it meanwhile keeps it.
    assert.match((await redisLocks.fix(portsOf(coordination), found as Finding)) ?? '', /was left alone/);
    await mine.release();
    await byHand(...undo.split(' '));
    assert.deepEqual(
      (await look(coordination)).map(({ code }) => code),
      ['redis-lock-stuck'],
    );
    await byHand('DEL', 'lock:oauth:held');
  });

  it('is found emptied', async () => {
    assert.deepEqual(await look(coordination), []);
    await byHand('FLUSHALL');
    const [found] = await look(coordination);
    assert.deepEqual([found?.code, found?.evidence['how']], ['redis-flushed', 'flushed']);
    assert.match(found?.cause ?? '', /rotation, limits and cached tokens begin anew/);
  });

  it('is found to throw keys away, then to be full', async () => {
    const fresh = await openOnRedis(url, PATIENT);
    await is(fresh, 'up');
    await byHand('CONFIG', 'SET', 'maxmemory', '64mb');
    await byHand('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const [evicts] = await look(fresh);
    assert.deepEqual(
      [evicts?.code, evicts?.remedy],
      ['redis-evicts', 'redis-cli config set maxmemory-policy noeviction'],
    );
    await byHand('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    assert.deepEqual(await look(fresh), []);
    const used = Number(/^used_memory:(\d+)/m.exec(String(await byHand('INFO', 'memory')))?.[1]);
    await byHand('CONFIG', 'SET', 'maxmemory', String(Math.round(used * 1.04)));
    const [full] = await look(fresh);
    assert.deepEqual([full?.code, full?.severity], ['redis-full', 'error']);
    await byHand('CONFIG', 'SET', 'maxmemory', '0');
    await fresh.close();
  });

  it('is found slow, by how long it takes to answer', async () => {
    const gate = await gateTo('127.0.0.1', port);
    const slow = await openOnRedis(url.replace(String(port), String(gate.port)), { slowMs: 60, silentMs: 5000 });
    await is(slow, 'up');
    gate.delay(300);
    await is(slow, 'degraded');
    const [found] = await look(slow);
    assert.equal(found?.code, 'redis-slow');
    await slow.close();
    await gate.close();
  });

  it('tells of processes of other versions and settings', async () => {
    const other = await openOnRedis(url, PATIENT);
    await is(other, 'up');
    const clock = systemClock;
    const mine = new ReplicaBook({
      self: { id: 'a', version: '1.2.0', settings: 'x' },
      pubsub: coordination.pubsub,
      clock,
    });
    const drift = async () => (await examine({ checks: [replicaDrift], ports: { replicas: mine }, clock })).findings;
    assert.deepEqual(await drift(), []);
    // A listener hears from when it is heard of: whoever starts is heard at its first or second word.
    const join = async (id: string, version: string, settings: string): Promise<ReplicaBook> => {
      for (;;) {
        const book = new ReplicaBook({ self: { id, version, settings }, pubsub: other.pubsub, clock });
        await systemClock.sleep(50);
        if (mine.others().some((each) => each.id === id)) return book;
        book.close();
      }
    };
    const same = await join('b', '1.2.0', 'x');
    assert.deepEqual(await drift(), []);
    const older = await join('c', '1.1.0', 'x');
    const lagging = await join('d', '1.2.0', 'y');
    const findings = await drift();
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['replica-settings-differ', 'replica-version-differs'],
    );
    const hasty = { ...clock, nowMs: () => clock.nowMs() + 60_000 };
    const ahead = new ReplicaBook({
      self: { id: 'e', version: '1.2.0', settings: 'x' },
      pubsub: other.pubsub,
      clock: hasty,
    });
    while (!mine.others().some(({ id }) => id === 'e')) await clock.sleep(20);
    assert.ok((await drift()).some(({ code }) => code === 'replica-clock-differs'));
    ahead.close();
    assert.match(findings[1]?.cause ?? '', /1\.1\.0, 1\.2\.0/);
    for (const book of [mine, same, older, lagging]) book.close();
    await other.close();
  });

  it('is found to refuse writes when it is full, and nearly out of connections', async () => {
    const fresh = await openOnRedis(url, PATIENT);
    await is(fresh, 'up');
    await byHand('CONFIG', 'SET', 'maxmemory', '1');
    await fresh.counter.next('refused');
    const refused = await look(fresh);
    await byHand('CONFIG', 'SET', 'maxmemory', '0');
    assert.ok(refused.some(({ code, cause }) => code === 'redis-refuses' && /OOM/.test(cause)));
    const { clients = 0, clientsMax = 0 } = (await coordination.facts?.()) ?? {};
    await byHand('CONFIG', 'SET', 'maxclients', String(clients));
    const crowded = (await look(coordination)).find(({ code }) => code === 'redis-clients-near-limit');
    // One goes, so that there is room to take the limit away.
    await fresh.close();
    while ((await byHand('CONFIG', 'SET', 'maxclients', String(clientsMax)).catch(() => 'full')) !== 'OK')
      await systemClock.sleep(20);
    assert.match(crowded?.remedy ?? '', /client list/);
  });

  it('is found slower than it used to be, by its own history', async () => {
    const gate = await gateTo('127.0.0.1', port);
    const far = await openOnRedis(url.replace(String(port), String(gate.port)), PATIENT);
    await is(far, 'up');
    const paces = new PaceBook(systemClock, { bucketMs: 150, bucketsLeast: 3, samplesLeast: 4 });
    const note = async (): Promise<void> => {
      const facts = await far.facts?.();
      if (facts !== undefined) paces.note({ what: 'redis', id: 'redis' }, facts.tookMs);
    };
    const found = async () =>
      (await examine({ checks: [latencyUnusual], ports: { paces }, clock: systemClock })).findings;
    for (const endMs = systemClock.monotonicMs() + 1200; systemClock.monotonicMs() < endMs;) await note();
    assert.deepEqual(await found(), []);
    gate.delay(400);
    await Promise.all(Array.from({ length: 6 }, note));
    const [slow] = await found();
    await far.close();
    await gate.close();
    assert.deepEqual([slow?.code, slow?.subject], ['latency-redis-slow', 'redis']);
  });

  it('is found stopped, and found to have lost its keys when it runs again', async () => {
    assert.equal((await coordination.facts?.())?.clients === undefined, false);
    await stop();
    await is(coordination, 'down');
    const [found] = await look(coordination);
    assert.deepEqual([found?.code, found?.severity], ['redis-down', 'error']);
    assert.match(found?.cause ?? '', /each process goes by its own memory/);
    await start();
    await is(coordination, 'up');
    const [lost] = await look(coordination);
    assert.deepEqual([lost?.code, lost?.evidence['how']], ['redis-flushed', 'restarted']);
  });
});
