import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { steppedClock } from '../../testing/stepped-clock.ts';
import { TokenBucket } from './token-bucket.ts';

describe('TokenBucket', () => {
  it('allows a burst, then as many as flow in', async () => {
    const clock = steppedClock();
    const bucket = new TokenBucket({ clock, perSecond: 10 });
    const allowed = (): number => Array.from({ length: 50 }, () => bucket.allow()).filter(Boolean).length;
    assert.equal(allowed(), 10);
    await clock.step(100);
    assert.equal(allowed(), 1);
    await clock.step(3_600_000);
    assert.equal(allowed(), 10);
  });

  it('lets who waits go in order, each when its turn has flowed in', async () => {
    const clock = steppedClock();
    const bucket = new TokenBucket({ clock, perSecond: 2, burst: 1 });
    const wentAtMs: number[] = [];
    for (let at = 0; at < 4; at += 1) void bucket.wait().then(() => wentAtMs.push(clock.monotonicMs()));
    await clock.step(10_000);
    assert.deepEqual(wentAtMs, [0, 500, 1000, 1500]);
  });

  it('gives back what somebody who left had taken', async () => {
    const clock = steppedClock();
    const bucket = new TokenBucket({ clock, perSecond: 1 });
    assert.ok(await bucket.wait());
    const leaving = new AbortController();
    const waiting = bucket.wait(leaving.signal);
    leaving.abort();
    assert.equal(await waiting, false);
    await clock.step(1000);
    assert.ok(bucket.allow());
    assert.equal(await bucket.wait(AbortSignal.abort()), false);
  });

  it('does not start with numbers that make no sense', () => {
    const clock = steppedClock();
    for (const perSecond of [0, -1, Number.NaN, Infinity])
      assert.throws(() => new TokenBucket({ clock, perSecond }), RangeError);
    assert.throws(() => new TokenBucket({ clock, perSecond: 1, burst: 0.5 }), RangeError);
  });
});
