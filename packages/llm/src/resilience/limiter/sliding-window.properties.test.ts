import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as assertProperty, array, integer, property, tuple } from 'fast-check';

import { SlidingWindow } from './sliding-window.ts';

describe('SlidingWindow', () => {
  it('never has more than its limit in any stretch of its length, and never makes anybody wait in vain', () => {
    const steps = array(tuple(integer({ min: 0, max: 400 }), integer({ min: 1, max: 12 })), { maxLength: 60 });
    assertProperty(
      property(steps, (asked) => {
        const window = new SlidingWindow(10, 600);
        const taken: { atMs: number; amount: number }[] = [];
        let nowMs = 0;
        for (const [pauseMs, amount] of asked) {
          nowMs += pauseMs;
          const waitMs = window.waitMs(amount, nowMs);
          if (amount > 10) assert.equal(waitMs, Infinity);
          if (waitMs === Infinity) continue;
          nowMs += waitMs;
          assert.equal(window.waitMs(amount, nowMs), 0);
          window.take(amount, nowMs);
          taken.push({ atMs: nowMs, amount });
          const within = taken.filter(({ atMs }) => atMs > nowMs - 600).reduce((sum, each) => sum + each.amount, 0);
          assert.ok(within <= 10, `${within} at ${nowMs}`);
        }
        assert.equal(window.used(nowMs + 700), 0);
      }),
    );
  });

  it('corrects only what still counts', () => {
    const window = new SlidingWindow(100, 600);
    const amend = window.take(50, 0);
    amend(-20);
    assert.equal(window.used(0), 30);
    assert.equal(window.used(700), 0);
    amend(-30);
    assert.equal(window.used(700), 0);
  });
});
