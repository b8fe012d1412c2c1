import type { Clock } from '../model/clock.ts';

/** A clock that stands still: repeated tasks run when the test says so. */
export interface ManualClock extends Clock {
  /** The intervals of the tasks that run now, in milliseconds. */
  readonly intervalsMs: () => readonly number[];
  /** Runs every repeated task once. */
  tick(): void;
}

/** Makes a clock at the time 0. It never sleeps: a room that asks it to has changed its ways. */
export function manualClock(): ManualClock {
  const tasks = new Map<() => void, number>();
  return {
    nowMs: () => 0,
    monotonicMs: () => 0,
    sleep: () => Promise.reject(new Error('This clock does not sleep.')),
    every(ms, task) {
      tasks.set(task, ms);
      return () => tasks.delete(task);
    },
    intervalsMs: () => [...tasks.values()],
    tick() {
      for (const task of tasks.keys()) task();
    },
  };
}
