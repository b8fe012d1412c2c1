import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from './clock.ts';

const TIMER_MAX_MS = 2_147_483_647;

describe('systemClock', () => {
  it('wakes at once when the signal is aborted before or during sleep', async () => {
    await systemClock.sleep(1_000_000, AbortSignal.abort());
    const controller = new AbortController();
    const sleep = systemClock.sleep(1_000_000, controller.signal);
    controller.abort();
    await sleep;
  });

  it('sleeps as long as a timer can where more is asked, and not just for a moment', async (t) => {
    const timer = t.mock.method(globalThis, 'setTimeout');
    const controller = new AbortController();
    const sleeps = [1e12, Infinity].map((ms) => systemClock.sleep(ms, controller.signal));
    assert.deepEqual(
      timer.mock.calls.map(({ arguments: [, ms] }) => ms),
      [TIMER_MAX_MS, TIMER_MAX_MS],
    );
    controller.abort();
    await Promise.all(sleeps);
  });

  it('calls a task again and again until it is told to stop', async () => {
    let stop = (): void => {};
    let calls = 0;
    await new Promise<void>((resolve) => {
      // A waiting process needs something alive: the clock's own timers never are.
      const alive = setTimeout(() => {}, 60_000);
      stop = systemClock.every(1, () => {
        calls += 1;
        if (calls < 3) return;
        clearTimeout(alive);
        resolve();
      });
    });
    stop();
    assert.equal(calls, 3);
  });
});
