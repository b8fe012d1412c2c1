import type { Clock } from '../model/clock.ts';

/** A clock that moves only when the test says so, wakes whoever slept until then and does what is to be repeated. */
export interface SteppedClock extends Clock {
  /** Lets so many milliseconds pass, waking sleepers one by one in the order of their times. */
  step(ms: number): Promise<void>;
  /** How many sleep now. */
  readonly sleepers: () => number;
}

/** Lets everything that can run, run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Makes a clock that stands at `startMs` since 1970; its monotonic time starts at 0. */
export function steppedClock(startMs = 0): SteppedClock {
  let atMs = 0;
  const sleeping = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  const repeated = new Set<{ untilMs: number; readonly wake: () => void }>();
  return {
    nowMs: () => startMs + atMs,
    monotonicMs: () => atMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = {
          untilMs: atMs + ms,
          wake() {
            sleeping.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleeping.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake);
      }),
    every(ms, task) {
      const sleeper = {
        untilMs: atMs + ms,
        wake() {
          sleeper.untilMs += ms;
          task();
        },
      };
      repeated.add(sleeper);
      return () => void repeated.delete(sleeper);
    },
    sleepers: () => sleeping.size,
    async step(ms) {
      const untilMs = atMs + ms;
      await settle();
      for (;;) {
        const [next] = [...sleeping, ...repeated].toSorted((one, other) => one.untilMs - other.untilMs);
        if (next === undefined || next.untilMs > untilMs) break;
        atMs = Math.max(atMs, next.untilMs);
        next.wake();
        await settle();
      }
      atMs = untilMs;
    },
  };
}
