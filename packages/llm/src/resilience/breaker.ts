import type { Clock } from '../model/clock.ts';

/** Where a breaker stands. Times are monotonic milliseconds of its clock. */
export type BreakerState =
  /** Calls pass. The failures of the window, oldest first, that no later success has made up for. */
  | { readonly kind: 'closed'; readonly failuresAtMs: readonly number[] }
  /** Calls are refused until then. */
  | { readonly kind: 'open'; readonly untilMs: number }
  /** One probe is out. If it never reports, the next may go then. */
  | { readonly kind: 'half-open'; readonly nextProbeAtMs: number };

/** Settings of a breaker; durations in milliseconds. */
export interface BreakerOptions {
  readonly clock: Clock;
  /** Failures within one window that open it. Default 5. */
  readonly failureThreshold?: number;
  /** How long a failure counts. Default 30 000. */
  readonly windowMs?: number;
  /** How long it stays open before a probe may go. Default 15 000. */
  readonly openMs?: number;
}

/** Keeps calls away from a target that fails again and again. Only the caller knows which failures speak about it. */
export interface Breaker {
  /** Whether a call may go now; `probe` means that it decides for all after it. */
  admit(): 'yes' | 'probe' | 'no';
  /** How an admitted call went. Say nothing when its failure does not speak about the target. */
  report(ok: boolean): void;
  readonly state: BreakerState;
}

const CLOSED: BreakerState = { kind: 'closed', failuresAtMs: [] };

/**
 * A breaker for one target, closed at first. A success makes up for one failure, so that a busy target with a few
 * failures stays closed and one that mostly fails opens.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { clock, failureThreshold = 5, windowMs = 30_000, openMs = 15_000 } = options;
  let state = CLOSED;
  const current = (): BreakerState => {
    if (state.kind === 'closed') state = within(state, clock.monotonicMs() - windowMs);
    return state;
  };
  return {
    get state() {
      return current();
    },
    admit() {
      const nowMs = clock.monotonicMs();
      if (state.kind === 'closed') return 'yes';
      if (nowMs < (state.kind === 'open' ? state.untilMs : state.nextProbeAtMs)) return 'no';
      state = { kind: 'half-open', nextProbeAtMs: nowMs + openMs };
      return 'probe';
    },
    report(ok) {
      const before = current();
      // Calls that were let through before it opened have nothing new to say.
      if (before.kind === 'open') return;
      const nowMs = clock.monotonicMs();
      const failures = before.kind === 'closed' ? before.failuresAtMs : [];
      if (ok) state = failures.length < 2 ? CLOSED : { kind: 'closed', failuresAtMs: failures.slice(1) };
      else if (before.kind === 'half-open' || failures.length + 1 >= failureThreshold)
        state = { kind: 'open', untilMs: nowMs + openMs };
      else state = { kind: 'closed', failuresAtMs: [...failures, nowMs] };
    },
  };
}

/** The state without the failures that are as old as the window; the same object when there are none. */
function within(state: BreakerState & { kind: 'closed' }, sinceMs: number): BreakerState {
  const [oldest] = state.failuresAtMs;
  if (oldest === undefined || oldest > sinceMs) return state;
  return { kind: 'closed', failuresAtMs: state.failuresAtMs.filter((atMs) => atMs > sinceMs) };
}
