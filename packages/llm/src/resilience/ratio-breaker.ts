import type { Clock } from '../model/clock.ts';

/** Settings of a breaker that judges by the share of failures; durations in milliseconds. */
export interface RatioBreakerOptions {
  readonly clock: Clock;
  /** After so long counting starts anew while it is closed. Default 60 000. */
  readonly intervalMs?: number;
  /** Calls before the share says anything. Default 3. */
  readonly requestsMin?: number;
  /** Share of failures that opens it, from 0 to 1. Default 0.6. */
  readonly failureRatio?: number;
  /** How long it stays open. Default 30 000. */
  readonly openMs?: number;
  /** Calls that are let through to see, and that must all go well before it closes. Default 3. */
  readonly probesMax?: number;
}

/** Where it stands. */
export type RatioBreakerState = 'closed' | 'open' | 'half-open';

/** Leave for one call. `report` says how it went, once; nothing is said of a call that tells nothing about the target. */
export interface Admission {
  report(ok: boolean): void;
  /** The call told nothing: its place is free for another. */
  withdraw(): void;
}

/** Keeps calls away from a target most of whose calls fail. */
export interface RatioBreaker {
  readonly state: RatioBreakerState;
  /** Leave for a call, or in how many milliseconds to ask again; 0 when probes are out and will soon tell. */
  admit(): Admission | { readonly refusedForMs: number };
}

interface Period {
  readonly state: RatioBreakerState;
  /** When it ends, in monotonic milliseconds. */
  readonly endsAtMs: number;
  requests: number;
  failures: number;
  successes: number;
}

/** A breaker for one target, closed at first. What is said of calls that were let through in an earlier period is ignored. */
export function createRatioBreaker(options: RatioBreakerOptions): RatioBreaker {
  const { clock, intervalMs = 60_000, requestsMin = 3, failureRatio = 0.6, openMs = 30_000, probesMax = 3 } = options;
  const begin = (state: RatioBreakerState): Period => {
    const lastsMs = { closed: intervalMs, open: openMs, 'half-open': Infinity }[state];
    return { state, endsAtMs: clock.monotonicMs() + lastsMs, requests: 0, failures: 0, successes: 0 };
  };
  let period = begin('closed');
  const current = (): Period => {
    if (clock.monotonicMs() >= period.endsAtMs) period = begin(period.state === 'open' ? 'half-open' : 'closed');
    return period;
  };
  const judge = (mine: Period, ok: boolean): void => {
    if (mine !== current()) return;
    if (ok) mine.successes += 1;
    else mine.failures += 1;
    const reported = mine.successes + mine.failures;
    if (mine.state === 'half-open') {
      if (!ok) period = begin('open');
      else if (mine.successes >= probesMax) period = begin('closed');
    } else if (!ok && reported >= requestsMin && mine.failures / reported >= failureRatio) period = begin('open');
  };
  return {
    get state() {
      return current().state;
    },
    admit() {
      const mine = current();
      if (mine.state === 'open') return { refusedForMs: mine.endsAtMs - clock.monotonicMs() };
      if (mine.state === 'half-open' && mine.requests >= probesMax) return { refusedForMs: 0 };
      mine.requests += 1;
      return {
        report: (ok) => judge(mine, ok),
        withdraw: () => void (mine.requests -= 1),
      };
    },
  };
}
