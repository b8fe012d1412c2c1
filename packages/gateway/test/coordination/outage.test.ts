import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import type { Coordination, CoordinationState } from '../../src/coordination/coordination.ts';
import type { Limit } from '../../src/coordination/limiter.ts';
import { openCoordination } from '../../src/coordination/open-coordination.ts';
import { gateTo, type Gate } from '../storage/gate.ts';
import { byHand, forget, newName, openOnRedis, PATIENT, REDIS_URL, skipRedis } from './engines.ts';

/** Far from each other, so that a busy machine confuses none of them with another. */
const PATIENCE = { slowMs: 150, silentMs: 1500 };
const DELAY_MS = 500;

describe('a Redis that goes away', { skip: skipRedis, timeout: 120_000 }, () => {
  const own = newName();
  const told: string[] = [];
  let gate: Gate;
  let coordination: Coordination;
  let other: Coordination;
  let url: URL;
  const is = async (status: CoordinationState['status']): Promise<void> => {
    while (coordination.state().status !== status) await systemClock.sleep(5);
  };
  /** What came first: the answer, or whatever the network has for this process. */
  const atOnce = (work: Promise<unknown>): Promise<boolean> =>
    Promise.race([
      work.then(() => true),
      new Promise<boolean>((resolve) => setImmediate(() => setImmediate(() => resolve(false)))),
    ]);
  const everythingAtOnce = async (): Promise<void> => {
    const { counter, cache, locks, limiter, tally } = coordination;
    const limits: readonly Limit[] = [{ scope: `${own}:any`, measure: 'in-flight', max: 100 }];
    assert.ok(await atOnce(counter.next(`${own}:at-once`)));
    assert.ok(await atOnce(cache.get(`${own}:at-once`)));
    assert.ok(await atOnce(cache.set(`${own}:at-once`, 'x', 60_000)));
    assert.ok(await atOnce(tally.read(`${own}:at-once`)));
    assert.ok(await atOnce(Promise.resolve(limiter.reserve(limits, { tokens: 1, nanoUsd: 1 }))));
    assert.ok(await atOnce(locks.acquire(`${own}:${newName()}`, { leaseMs: 1000, waitMs: 0 })));
  };

  before(async () => {
    url = new URL(REDIS_URL);
    gate = await gateTo(url.hostname, Number(url.port || 6379));
    url.host = `127.0.0.1:${gate.port}`;
    coordination = await openCoordination({
      redisUrl: new Secret(url.href),
      clock: systemClock,
      onError: (error) => told.push(String(error)),
      patience: PATIENCE,
    });
    other = await openOnRedis(REDIS_URL, PATIENT);
  });
  beforeEach(async () => {
    if (coordination.state().status !== 'up') await gate.open();
    await is('up');
  });
  after(async () => {
    await gate.open();
    await Promise.all([coordination.close(), other.close()]);
    await gate.close();
    await forget(own);
  });

  it('is replaced by this process when it is cut off, and counts on when it is back', async () => {
    const key = `${own}:counter`;
    await other.counter.next(key);
    assert.equal(await coordination.counter.next(key), 2);
    await gate.cut();
    assert.equal(await coordination.counter.next(key), 3);
    await is('down');
    await everythingAtOnce();
    assert.match(coordination.state().why ?? '', /^(?:It cannot be reached|The connection)/);
    assert.equal(await other.counter.next(key), 3);
    await gate.open();
    await is('up');
    assert.equal(coordination.state().why, undefined);
    assert.equal(await coordination.counter.next(key), 4);
    assert.ok(told.some((each) => each.includes('Redis is down')));
  });

  it('holds up nobody when it is silent', async () => {
    gate.silence();
    const waiting = coordination.counter.next(`${own}:silent`);
    await is('down');
    assert.equal(await waiting, 1);
    await everythingAtOnce();
  });

  it('is not asked while it is slow, and again when it is quick', async () => {
    gate.delay(DELAY_MS);
    await is('degraded');
    assert.match(coordination.state().why ?? '', /more than 150 ms/);
    await everythingAtOnce();
    gate.delay(0);
    await is('up');
    await coordination.counter.next(`${own}:quick`);
    assert.equal(await byHand('GET', `${own}:quick`), '1');
  });

  it('is told of tallies and errors of meanwhile', async () => {
    await gate.cut();
    await is('down');
    coordination.tally.add(`${own}:tally`, 3);
    coordination.errors.add({ atMs: Date.now(), text: `${own} error` });
    assert.equal(await coordination.tally.read(`${own}:tally`), 3);
    assert.ok((await coordination.errors.recent(10)).some(({ text }) => text === `${own} error`));
    await gate.open();
    while ((await byHand('GET', `${own}:tally`)) !== '3');
    while ((await byHand('ZSCORE', 'error_logs', `${own} error`)) === null);
    await byHand('ZREM', 'error_logs', `${own} error`);
  });

  it('holds up nobody while it is asked whether it is back', async () => {
    await gate.cut();
    await is('down');
    // It takes connections again, and lets those who ask wait for its answer.
    await gate.open();
    gate.delay(DELAY_MS);
    let looks = 0;
    while (coordination.state().status === 'down' || looks === 0) {
      looks += 1;
      await everythingAtOnce();
      await systemClock.sleep(20);
    }
    assert.ok(looks > 1);
    gate.delay(0);
    await is('up');
    assert.equal(await coordination.counter.next(`${own}:asked`), 1);
    assert.equal(await byHand('GET', `${own}:asked`), '1');
  });

  it('leaves limits where it was last seen, and is told what calls used', async () => {
    const window = { kind: 'period', name: 'always', endsAtMs: 0 } as const;
    const limits: readonly Limit[] = [{ scope: own, measure: 'nano-usd', max: 100, window }];
    const use = (nanoUsd: number) => ({ tokens: 0, nanoUsd });
    await other.limiter.reserve(limits, use(60));
    const before = await coordination.limiter.reserve(limits, use(10));
    await gate.cut();
    await is('down');
    assert.equal((await coordination.limiter.reserve(limits, use(40))).admitted, false);
    const within = await coordination.limiter.reserve(limits, use(20));
    assert.ok(before.admitted && within.admitted);
    await coordination.limiter.settle(before, use(1));
    await coordination.limiter.settle(within, use(5));
    await gate.open();
    await is('up');
    // The answers to what was owed were asked for before this one.
    await coordination.counter.next(own);
    const [standing] = await other.limiter.look(limits, use(0));
    assert.equal(standing?.used, 66);
  });

  it('keeps nothing of what was cached meanwhile', async () => {
    await gate.cut();
    await is('down');
    await coordination.cache.set(`${own}:cached`, 'x', 60_000);
    assert.equal(await coordination.cache.get(`${own}:cached`), 'x');
    await gate.open();
    await is('up');
    assert.equal(await coordination.cache.get(`${own}:cached`), undefined);
    await gate.cut();
    await is('down');
    assert.equal(await coordination.cache.get(`${own}:cached`), undefined);
  });

  it('tells listeners on both sides that they may have missed something', async () => {
    const [here, there] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await gate.cut();
    await is('down');
    coordination.pubsub.subscribe(own, (message) => message === undefined && here.resolve());
    other.pubsub.subscribe(own, (message) => message === undefined && there.resolve());
    coordination.pubsub.publish(own, 'lost');
    await gate.open();
    await Promise.all([here.promise, there.promise]);
  });

  it('that is not there at the start is no failure, and is asked when it is', async () => {
    await gate.cut();
    await is('down');
    const late = await openOnRedis(url.href, PATIENCE);
    assert.equal(late.state().status, 'down');
    assert.equal(await late.counter.next(`${own}:late`), 1);
    await gate.open();
    while (late.state().status !== 'up') await systemClock.sleep(5);
    assert.equal(await late.counter.next(`${own}:late`), 1);
    assert.equal(await byHand('GET', `${own}:late`), '1');
    await late.close();
  });

  it('is never named with its password', async () => {
    await gate.cut();
    await is('down');
    url.password = 'canary-password';
    const late = await openCoordination({
      redisUrl: new Secret(url.href),
      clock: systemClock,
      onError: (error) => told.push(String(error)),
    });
    assert.ok(!`${late.state().why} ${told.join(' ')}`.includes('canary'));
    await late.close();
  });

  it('is told of once when it refuses everything', async () => {
    await byHand('LPUSH', `${own}:list`, 'x');
    for (let each = 1; each <= 20; each += 1) {
      assert.equal(await coordination.counter.next(`${own}:list`), each);
      await coordination.cache.get(own);
    }
    assert.equal(told.filter((each) => each.includes('WRONGTYPE')).length, 1);
    assert.equal(coordination.state().status, 'degraded');
  });
});
