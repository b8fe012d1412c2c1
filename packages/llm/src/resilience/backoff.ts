/** What the next wait depends on. */
export interface Backoff {
  /** Waits that came before this one; the first is 0. */
  readonly attempt: number;
  /** Chance: a number from 0 up to 1. */
  readonly random: () => number;
  /** Longest first wait. Default 250. */
  readonly baseMs?: number;
  /** Longest wait of all, the floor apart. Default 8 000. */
  readonly maxMs?: number;
  /** What the provider asked for; the wait is never shorter. Default 0. */
  readonly floorMs?: number;
}

/** Doubles more than this change nothing: the longest wait is long reached. */
const DOUBLINGS_MAX = 30;

/**
 * Milliseconds to wait before another try: anywhere between 0 and a bound that doubles with each attempt, so that
 * callers who failed together do not come back together.
 */
export function backoffMs({ attempt, random, baseMs = 250, maxMs = 8000, floorMs = 0 }: Backoff): number {
  const boundMs = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, DOUBLINGS_MAX));
  return Math.max(floorMs, boundMs * random());
}
