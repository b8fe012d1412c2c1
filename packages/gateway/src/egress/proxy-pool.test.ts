import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Clock } from '@patchbay/llm/model/clock';

import { FRESH, type ProbeFinding, type ProxyHealth } from './proxy-health.ts';
import { ProxyPool, type PooledProxy } from './proxy-pool.ts';
import { readProxyUrl, type ProxyAddress } from './proxy-url.ts';
import { watchProxies } from './watch-proxies.ts';

const pooled = (id: string, more: Partial<PooledProxy> = {}): PooledProxy => ({
  id,
  address: readProxyUrl(`http://proxy-${id}:1`) as ProxyAddress,
  isActive: true,
  maxFailures: 3,
  usageCount: 0,
  health: FRESH,
  ...more,
});
const FAULT = { providerId: 'openai', outcome: { kind: 'fault' } } as const;
const answered = (status: number, latencyMs = 10) =>
  ({ providerId: 'openai', outcome: { kind: 'answered', status, latencyMs } }) as const;

function poolOf(...proxies: PooledProxy[]) {
  const time = { nowMs: Date.UTC(2026, 10, 21) };
  const pool = new ProxyPool(() => time.nowMs);
  pool.replace(proxies);
  const health = (id = '1'): ProxyHealth | undefined => pool.all.find((each) => each.id === id)?.health;
  return { pool, time, health };
}

describe('a pool of proxies', () => {
  it('gives the way out of a proxy that is on and not down, and none of any other', () => {
    const down: ProxyHealth = { ...FRESH, status: 'down', markedDownAtMs: 1 };
    const { pool } = poolOf(pooled('1'), pooled('2', { isActive: false }), pooled('3', { health: down }));
    assert.equal(pool.addressOf(1)?.hostname, 'proxy-1');
    assert.deepEqual(
      [2, 3, 4].map((id) => pool.addressOf(id)),
      [undefined, undefined, undefined],
    );
  });

  it('takes a proxy out after as many faults in a row as it may have, and no earlier', () => {
    const { pool, health, time } = poolOf(pooled('1'));
    for (const call of [FAULT, FAULT, answered(200), FAULT, FAULT]) pool.report(1, call);
    assert.deepEqual([health()?.status, health()?.consecutiveFailures], ['degraded', 2]);
    assert.notEqual(pool.addressOf(1), undefined);
    pool.report(1, FAULT);
    assert.deepEqual([health()?.status, health()?.markedDownAtMs], ['down', time.nowMs]);
    assert.equal(pool.addressOf(1), undefined);
  });

  it('calls it healthy after a good answer and degraded after another, and counts no fault of the target', () => {
    const { pool, health } = poolOf(pooled('1'));
    pool.report(1, FAULT);
    pool.report(1, { providerId: 'openai' });
    assert.equal(health()?.consecutiveFailures, 1);
    pool.report(1, answered(503));
    assert.deepEqual([health()?.status, health()?.consecutiveFailures], ['degraded', 0]);
    pool.report(1, answered(200));
    assert.equal(health()?.status, 'healthy');
  });

  it('keeps means of success and latency', () => {
    const { pool, health } = poolOf(pooled('1'));
    for (const call of [answered(200, 10), answered(200, 30), FAULT, answered(200, 20)]) pool.report(1, call);
    assert.deepEqual([health()?.successRate, health()?.avgLatencyMs], [75, 20]);
  });

  it('hands out what is to be written once, in days and by provider', () => {
    const { pool, time } = poolOf(pooled('1'));
    for (const call of [answered(200), answered(404), FAULT, { ...answered(200), providerId: 'gemini' }])
      pool.report(1, call);
    for (const [provider, tokens] of [
      ['openai', 3],
      ['gemini', 5],
      ['openai', 7],
    ] as const)
      pool.countTokens(1, provider, tokens);
    time.nowMs += 86_400_000;
    pool.report(1, answered(200));
    pool.countTokens(1, 'openai', 5);
    pool.countTokens(2, 'openai', 5);
    const { notes, days } = pool.takeNotes();
    assert.deepEqual([notes.length, notes[0]?.uses, notes[0]?.lastUsedAtMs], [1, 5, time.nowMs]);
    const day = { proxyId: '1', providerId: 'openai', date: '2026-11-21', tokens: 10, latencyMs: 20 };
    assert.deepEqual(days, [
      { ...day, requests: 3, successes: 1, errors: 2 },
      { ...day, providerId: 'gemini', requests: 1, successes: 1, errors: 0, tokens: 5, latencyMs: 10 },
      { ...day, date: '2026-11-22', requests: 1, successes: 1, errors: 0, tokens: 5, latencyMs: 10 },
    ]);
    assert.deepEqual(pool.takeNotes(), { notes: [], days: [] });
  });

  it('keeps what it found and has not told when the rows change, and takes over what others found', () => {
    const { pool, health } = poolOf(pooled('1'), pooled('2'));
    for (let fault = 0; fault < 3; fault += 1) pool.report(1, FAULT);
    const down: ProxyHealth = { ...FRESH, status: 'down', markedDownAtMs: 1 };
    pool.replace([pooled('1'), pooled('2', { health: down })]);
    assert.deepEqual([health('1')?.status, health('2')?.status], ['down', 'down']);
    pool.takeNotes();
    pool.replace([pooled('1')]);
    assert.deepEqual([health('1')?.status, health('2')], ['healthy', undefined]);
    pool.report(2, FAULT);
    assert.deepEqual(pool.takeNotes(), { notes: [], days: [] });
  });
});

/** A clock that moves when the test says so. */
function stepped() {
  const tasks = new Set<() => void>();
  let now = 0;
  const clock: Clock = {
    nowMs: () => now,
    monotonicMs: () => now,
    sleep: () => Promise.resolve(),
    every: (_, task) => {
      tasks.add(task);
      return () => void tasks.delete(task);
    },
  };
  /** What was begun in between ends before the next second. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      now += 1000;
      for (const task of tasks) task();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock, pass, tasks };
}

describe('a probe', () => {
  it('takes a proxy out that faults as often as it may, not one whose target faults', () => {
    const { pool, health, time } = poolOf(pooled('1'), pooled('2'));
    for (let probe = 0; probe < 2; probe += 1) pool.reportProbe('1', 'faulty');
    assert.equal(health('1')?.status, 'degraded');
    for (let probe = 0; probe < 9; probe += 1) pool.reportProbe('2', 'no-way-out');
    assert.deepEqual([health('2')?.status, health('2')?.consecutiveFailures], ['degraded', 0]);
    pool.reportProbe('1', 'faulty');
    assert.deepEqual([health('1')?.status, health('1')?.markedDownAtMs], ['down', time.nowMs]);
    time.nowMs += 5;
    pool.reportProbe('1', 'faulty');
    assert.equal(health('1')?.markedDownAtMs, time.nowMs);
    pool.reportProbe('1', 'well');
    assert.deepEqual([health('1')?.status, health('1')?.markedDownAtMs], ['healthy', undefined]);
  });
});

describe('the watch over proxies', () => {
  it('tries each active proxy every minute, one probe at a time, until it is stopped', async () => {
    const { clock, pass, tasks } = stepped();
    const { pool } = poolOf(pooled('1'), pooled('2', { isActive: false }), pooled('3'));
    const tried: string[] = [];
    const stuck = Promise.withResolvers<ProbeFinding>();
    const probe = ({ id }: PooledProxy): Promise<ProbeFinding> => {
      tried.push(id);
      return id === '3' ? stuck.promise : Promise.resolve('well');
    };
    const stop = watchProxies({ pool, probe, clock, random: () => 0.5 });
    await pass(30);
    assert.deepEqual(tried, []);
    await pass(120);
    assert.deepEqual(tried, ['1', '3', '1']);
    stuck.reject(new Error('a fault of our own'));
    await pass(67);
    assert.deepEqual(tried.filter((id) => id === '3').length, 2);
    stop();
    assert.equal(tasks.size, 0);
  });

  it('leaves one that is down alone for its time, and takes it back when it answers', async () => {
    const { clock, pass } = stepped();
    const pool = new ProxyPool(() => clock.nowMs());
    pool.replace([pooled('1')]);
    const findings: ProbeFinding[] = ['unreachable', 'no-way-out', 'well'];
    let tries = 0;
    const probe = (): Promise<ProbeFinding> => Promise.resolve(findings[tries++] ?? 'well');
    watchProxies({ pool, probe, clock, random: () => 0, recoveryMs: 864_000 });
    const status = (): string | undefined => pool.all[0]?.health.status;
    await pass(1);
    assert.deepEqual([tries, status()], [1, 'down']);
    await pass(863);
    assert.equal(tries, 1);
    await pass(1);
    assert.deepEqual([tries, status()], [2, 'degraded']);
    await pass(60);
    assert.deepEqual([tries, status()], [3, 'healthy']);
    assert.equal(pool.takeNotes().notes[0]?.lastCheckedAtMs, clock.nowMs());
  });
});
