import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Clock } from '@patchbay/llm/model/clock';
import { manualClock } from '@patchbay/llm/testing/manual-clock';

import { createLimiter, type RunningLimiter } from './create-limiter.ts';
import type { Limit } from './limiter.ts';
import { memoryLimitStore } from './memory/limit-store.ts';

const NOTHING = { tokens: 0, nanoUsd: 0 };
const DAY_MS = 86_400_000;

/** A limiter at a time that the test owns. */
function limiterAt(startMs: number) {
  const clock = manualClock();
  const timed: Clock = { ...clock, nowMs: () => time.nowMs };
  const time = { nowMs: startMs };
  let made = 0;
  const newId = (): string => String((made += 1));
  const store = memoryLimitStore();
  const make = (): RunningLimiter => createLimiter({ store, clock: timed, nowMs: timed.nowMs, newId });
  return { clock, time, limiter: make(), another: make };
}

const perMinute = (max: number): Extract<Limit, { window: unknown }> => ({
  scope: 'key:1',
  measure: 'requests',
  max,
  window: { kind: 'rolling', ms: 60_000 },
});

describe('a limiter', () => {
  it('never admits more than the limit in any minute, and tells truly when the next may pass', async () => {
    const { limiter, time } = limiterAt(DAY_MS + 2499);
    const first = await limiter.reserve([perMinute(1)], NOTHING);
    assert.ok(first.admitted);
    await limiter.settle(first, NOTHING);
    time.nowMs += 59_999;
    const refusal = await limiter.reserve([perMinute(1)], NOTHING);
    assert.ok(!refusal.admitted && refusal.refusedBy.frees?.kind === 'at');
    const { atMs } = refusal.refusedBy.frees;
    assert.ok(atMs >= DAY_MS + 62_499 && atMs <= DAY_MS + 65_000, String(atMs));
    time.nowMs = atMs - 1;
    assert.equal((await limiter.reserve([perMinute(1)], NOTHING)).admitted, false);
    time.nowMs = atMs;
    assert.equal((await limiter.reserve([perMinute(1)], NOTHING)).admitted, true);
  });

  it('keeps what a running call has reserved, however long it runs, and takes back what a dead process had', async () => {
    const { clock, time, limiter, another } = limiterAt(DAY_MS);
    const limits: readonly Limit[] = [{ scope: 'key:1', measure: 'in-flight', max: 1 }];
    const dead = another();
    assert.ok((await limiter.reserve(limits, NOTHING)).admitted);
    for (let each = 0; each < 10; each += 1) {
      time.nowMs += 15_000;
      clock.tick();
    }
    assert.equal((await dead.reserve(limits, NOTHING)).admitted, false);
    limiter.stop();
    time.nowMs += 44_999;
    clock.tick();
    assert.equal((await dead.reserve(limits, NOTHING)).admitted, false);
    time.nowMs += 1;
    assert.equal((await dead.reserve(limits, NOTHING)).admitted, true);
  });

  it('counts a call that outlived its lease with what it did use', async () => {
    const { time, limiter } = limiterAt(DAY_MS);
    const window = { kind: 'period', name: 'month', endsAtMs: 40 * DAY_MS } as const;
    const limits: readonly Limit[] = [{ scope: 'key:1', measure: 'nano-usd', max: 100, window }];
    const call = await limiter.reserve(limits, { tokens: 0, nanoUsd: 80 });
    assert.ok(call.admitted);
    time.nowMs += 46_000;
    assert.equal((await limiter.reserve(limits, { tokens: 0, nanoUsd: 30 })).admitted, true);
    await limiter.settle(call, { tokens: 0, nanoUsd: 60 });
    const refusal = await limiter.reserve(limits, { tokens: 0, nanoUsd: 11 });
    assert.ok(!refusal.admitted);
    assert.equal(refusal.refusedBy.used, 90);
    assert.deepEqual(refusal.refusedBy.frees, { kind: 'at', atMs: 40 * DAY_MS });
  });

  it('names the limit that takes longest of those that refuse', async () => {
    const { limiter } = limiterAt(DAY_MS);
    const daily: Limit = { ...perMinute(1), window: { kind: 'rolling', ms: DAY_MS } };
    const limits = [perMinute(1), daily, { scope: 'key:1', measure: 'in-flight', max: 1 }] as const;
    await limiter.reserve(limits, NOTHING);
    const refusal = await limiter.reserve(limits, NOTHING);
    assert.ok(!refusal.admitted);
    assert.equal(refusal.refusedBy.limit, daily);
    assert.equal(refusal.standings.filter(({ frees }) => frees !== undefined).length, 3);
  });

  it('counts what goes beyond the estimate when it is known, and gives the rest back to where it was', async () => {
    const { time, limiter } = limiterAt(DAY_MS);
    const tokens: Limit = { scope: 'key:1', measure: 'tokens', max: 100, window: { kind: 'rolling', ms: 60_000 } };
    const [much, little] = [
      await limiter.reserve([tokens], { tokens: 40, nanoUsd: 0 }),
      await limiter.reserve([tokens], { tokens: 40, nanoUsd: 0 }),
    ];
    assert.ok(much.admitted && little.admitted);
    time.nowMs += 40_000;
    await limiter.settle(much, { tokens: 70, nanoUsd: 0 });
    await limiter.settle(little, { tokens: 10, nanoUsd: 0 });
    const used = async (): Promise<number | undefined> => (await limiter.look([tokens], NOTHING))[0]?.used;
    assert.equal(await used(), 80);
    time.nowMs += 23_000;
    assert.equal(await used(), 30);
  });
});
