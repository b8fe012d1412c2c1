import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../model/clock.ts';
import { startWatchdog } from './watchdog.ts';

/** A clock whose sleepers wake when the test says so, never by themselves. */
function handClock(): Clock & { wake(): Promise<void> } {
  const sleepers: (() => void)[] = [];
  return {
    nowMs: () => 0,
    monotonicMs: () => 0,
    every: () => () => {},
    sleep: (_, signal) =>
      new Promise((resolve) => {
        sleepers.push(resolve);
        signal?.addEventListener('abort', () => resolve());
      }),
    wake: async () => {
      for (const wake of sleepers.splice(0)) wake();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('watchdog', () => {
  it('aborts with the phase whose budget was exceeded', async () => {
    const clock = handClock();
    const watchdog = startWatchdog(clock, undefined);
    watchdog.arm('headers', 5);
    await clock.wake();
    assert.equal(watchdog.signal.aborted, true);
    assert.equal(watchdog.explain(new Error('aborted')).kind, 'timeout');
    assert.equal(watchdog.explain(new Error('aborted')).phase, 'headers');
  });

  it('forgets a budget when the next one starts', async () => {
    const clock = handClock();
    const watchdog = startWatchdog(clock, undefined);
    watchdog.arm('headers', 5);
    watchdog.arm('first-token', 0);
    await clock.wake();
    assert.equal(watchdog.signal.aborted, false);
  });

  it('tells a caller who left from a connection that broke', () => {
    const caller = new AbortController();
    const watchdog = startWatchdog(handClock(), caller.signal);
    assert.equal(watchdog.explain(new Error('reset')).kind, 'network');
    caller.abort();
    assert.equal(watchdog.explain(new Error('aborted')).kind, 'cancelled');
    assert.equal(watchdog.signal.aborted, true);
  });

  it('passes on the failure of an outer watchdog', async () => {
    const clock = handClock();
    const total = startWatchdog(clock, undefined);
    const inner = startWatchdog(clock, total.signal);
    total.arm('total', 5);
    await clock.wake();
    assert.equal(inner.explain(new Error('aborted')).phase, 'total');
  });
});
