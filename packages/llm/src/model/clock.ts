/** Time as a parameter. The only file that may touch the system clock and timers. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Milliseconds from an arbitrary start; never jumps. Use it for durations. */
  monotonicMs(): number;
  /** Resolves after `ms` (24 days at most), or at once when `signal` is aborted (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `task` every `ms` until the returned function is called; never keeps the process alive. */
  every(ms: number, task: () => void): () => void;
}

/** Timers given more than this fire at once. */
const TIMER_MAX_MS = 2_147_483_647;

/** The clock of the machine, for everyone but tests. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, TIMER_MAX_MS));
      signal?.addEventListener('abort', done, { once: true });
    }),
  every: (ms, task) => {
    const timer: { unref?: () => void } & ReturnType<typeof setInterval> = setInterval(
      task,
      Math.min(ms, TIMER_MAX_MS),
    );
    timer.unref?.();
    return () => clearInterval(timer);
  },
};

/** Chance as a parameter: a number from 0 up to 1. Tests pass a function of their own. */
export const systemRandom = (): number => Math.random();
