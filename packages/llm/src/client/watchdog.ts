import type { Clock } from '../model/clock.ts';
import type { Failure, TimeoutPhase } from '../model/failure.ts';

export { DEFAULT_TIMEOUTS, type Timeouts } from '../resilience/timeouts.ts';

/** Watches one budget at a time and aborts `signal` when it is exceeded or when the caller leaves. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Starts the budget of `phase` anew; the one before it no longer counts. */
  readonly arm: (phase: TimeoutPhase, budgetMs: number) => void;
  readonly stop: () => void;
  /** What an exception means: our timeout, the caller's departure, or a fault of the connection. */
  readonly explain: (error: unknown) => Failure;
}

/** Nobody asks why a budget was stopped; without a reason of ours, an exception with its stack would be made each time. */
const STOPPED = 'stopped';

/** A watchdog with no budget armed; `caller` is the signal of whoever waits for the call. */
export function startWatchdog(clock: Clock, caller: AbortSignal | undefined): Watchdog {
  const expiry = new AbortController();
  let timer: AbortController | undefined;
  let expired: Failure | undefined;
  const stop = (): void => timer?.abort(STOPPED);
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

/** What the reason of an abort means; one that is itself a failure comes from an outer watchdog. */
export function departed(reason: unknown): Failure {
  const isFailure = typeof reason === 'object' && reason !== null && 'kind' in reason && 'message' in reason;
  return isFailure ? (reason as Failure) : { kind: 'cancelled', message: 'The call was cancelled.' };
}

const broken = (error: unknown): Failure => ({
  kind: 'network',
  message: 'The connection to the provider broke.',
  detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
});
