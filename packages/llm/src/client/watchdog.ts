import type { Clock } from '../model/clock.ts';
import type { Failure, TimeoutPhase } from '../model/failure.ts';

/** Budgets of one call, in milliseconds; 0 disables one. `totalMs` spans all attempts, the others one attempt. */
export interface Timeouts {
  /** From sending to response headers. Default 60 000. */
  readonly headersMs: number;
  /** From headers to the first output of a stream, or to the end of a whole body. Default 60 000. */
  readonly firstTokenMs: number;
  /** Longest silence between two frames after the first output. Default 60 000. */
  readonly idleMs: number;
  /** The whole call with all its attempts. Default 900 000. */
  readonly totalMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { headersMs: 60_000, firstTokenMs: 60_000, idleMs: 60_000, totalMs: 900_000 };

/** Watches one budget at a time and aborts `signal` when it is exceeded or when the caller leaves. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Starts the budget of `phase` anew; the one before it no longer counts. */
  readonly arm: (phase: TimeoutPhase, budgetMs: number) => void;
  readonly stop: () => void;
  /** What an exception means: our timeout, the caller's departure, or a fault of the connection. */
  readonly explain: (error: unknown) => Failure;
}

export function startWatchdog(clock: Clock, caller: AbortSignal | undefined): Watchdog {
  const expiry = new AbortController();
  let timer: AbortController | undefined;
  let expired: Failure | undefined;
  const stop = (): void => timer?.abort();
  const expire = (failure: Failure): void => {
    expired = failure;
    expiry.abort(failure);
  };
  return {
    signal: caller ? AbortSignal.any([caller, expiry.signal]) : expiry.signal,
    stop,
    arm: (phase, budgetMs) => {
      stop();
      if (budgetMs <= 0 || expiry.signal.aborted) return;
      const mine = new AbortController();
      timer = mine;
      void clock.sleep(budgetMs, mine.signal).then(() => {
        if (!mine.signal.aborted) expire(timedOut(phase, budgetMs));
      });
    },
    explain: (error) => expired ?? (caller?.aborted ? departed(caller.reason) : broken(error)),
  };
}

const timedOut = (phase: TimeoutPhase, budgetMs: number): Failure => ({
  kind: 'timeout',
  message: `The provider exceeded ${budgetMs} ms (${phase}).`,
  phase,
});

/** A reason that is itself a failure comes from an outer watchdog. */
function departed(reason: unknown): Failure {
  const isFailure = typeof reason === 'object' && reason !== null && 'kind' in reason && 'message' in reason;
  return isFailure ? (reason as Failure) : { kind: 'cancelled', message: 'The call was cancelled.' };
}

const broken = (error: unknown): Failure => ({
  kind: 'network',
  message: 'The connection to the provider broke.',
  detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
});
