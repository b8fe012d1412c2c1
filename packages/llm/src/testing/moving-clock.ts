import type { Clock } from '../model/clock.ts';
import { manualClock } from './manual-clock.ts';

/** A clock that stands still until it is told to move, and moves by as much as anybody sleeps. */
export interface MovingClock extends Clock {
  /** Lets time pass, in milliseconds. */
  pass(ms: number): void;
  /** What was slept, each time, in milliseconds. */
  readonly sleptMs: readonly number[];
}

/** Makes a clock that begins at `startMs` since 1970. Default: noon of 21 November 2026, so that dates look like dates. */
export function movingClock(startMs = Date.UTC(2026, 10, 21, 12)): MovingClock {
  let passedMs = 0;
  const sleptMs: number[] = [];
  const pass = (ms: number): void => {
    passedMs += ms;
  };
  return {
    ...manualClock(),
    nowMs: () => startMs + passedMs,
    monotonicMs: () => passedMs,
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.resolve();
      sleptMs.push(ms);
      pass(ms);
      return Promise.resolve();
    },
    pass,
    sleptMs,
  };
}
