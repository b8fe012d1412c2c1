import type { Failure } from '../model/failure.ts';
import { verdictOf } from '../resilience/verdicts.ts';
import type { Target } from './target.ts';

/** How one attempt ended. `committed` says whether output had already left for the caller. */
export type AttemptOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure; readonly committed: boolean };

export interface AttemptContext {
  readonly target: Target;
  /** From 1. */
  readonly number: number;
}

export interface PlanRun<T> {
  readonly targets: readonly Target[];
  /** Attempts over all targets. */
  readonly attemptsMax: number;
  /** How many attempts `target` may have: its credentials count, and one retry where the verdict allows it. */
  readonly attemptsPerTarget: (target: Target) => number;
  readonly attempt: (context: AttemptContext) => Promise<AttemptOutcome<T>>;
  /** Waits before another try on the same target; resolves false when the deadline or the caller forbids it. */
  readonly pause: (failure: Failure, attemptNumber: number) => Promise<boolean>;
}

/**
 * Tries the targets in order until one answers. An attempt that has committed output is never tried again: this is
 * the one place that knows the commit point. A verdict of `retry` pauses and tries the same target; `cool` and
 * `retire` try the target's next credential at once; `failover` moves on.
 */
export async function runPlan<T>(run: PlanRun<T>): Promise<AttemptOutcome<T>> {
  let last: AttemptOutcome<T> = NO_TARGET;
  let number = 0;
  for (const target of run.targets) {
    for (let tries = run.attemptsPerTarget(target); tries > 0 && number < run.attemptsMax; tries -= 1) {
      number += 1;
      last = await run.attempt({ target, number });
      if (last.ok || last.committed) return last;
      const verdict = verdictOf(last.failure);
      if (verdict.otherTarget === 'stop') return last;
      if (verdict.credential !== 'keep') continue;
      if (verdict.sameTarget === 'stop' || tries === 1) break;
      if (!(await run.pause(last.failure, number))) return last;
    }
  }
  return last;
}

const NO_TARGET: AttemptOutcome<never> = {
  ok: false,
  failure: { kind: 'overloaded', message: 'No account of any target can serve this request now. Try again later.' },
  committed: false,
};
