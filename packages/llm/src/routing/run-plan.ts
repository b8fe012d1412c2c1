import type { Failure } from '../model/failure.ts';
import { verdictOf } from '../resilience/verdicts.ts';
import type { Target } from './target.ts';

/** How one attempt ended. `committed` says whether output had already left for the caller. */
export type AttemptOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure; readonly committed: boolean };

/** Which attempt is to be made. */
export interface AttemptContext {
  readonly target: Target;
  /** From 1, over all targets. */
  readonly number: number;
  /** True when the same credential may be used once more, after a pause. */
  readonly again: boolean;
}

/** A plan and the means to carry it out. An exception of a callback is a bug: it ends the run and is not caught. */
export interface PlanRun<T> {
  readonly targets: readonly Target[];
  /** Attempts over all targets. */
  readonly attemptsMax: number;
  /** Makes one attempt with a credential not yet tried for this target; `undefined` when none is left. */
  readonly attempt: (context: AttemptContext) => Promise<AttemptOutcome<T> | undefined>;
  /** Waits before the same credential is tried again; resolves false when the deadline or the caller forbids it. */
  readonly pause: (failure: Failure, attemptNumber: number) => Promise<boolean>;
  /** What to say when no target had a credential to try. */
  readonly unavailable: () => Failure;
}

/**
 * Tries the targets in order until one answers: every credential of a target first, then, where the verdict allows,
 * the target once more after a pause, then the next target. An attempt that has committed output is never followed
 * by another: this is the one place that knows the commit point.
 */
export async function runPlan<T>(run: PlanRun<T>): Promise<AttemptOutcome<T>> {
  let last: (AttemptOutcome<T> & { ok: false }) | undefined;
  let number = 0;
  for (const target of run.targets) {
    let again = false;
    let lastHere: Failure | undefined;
    while (number < run.attemptsMax) {
      const outcome = await run.attempt({ target, number: number + 1, again });
      if (outcome === undefined) {
        if (again || lastHere === undefined || !mayRepeat(lastHere)) break;
        if (!(await run.pause(lastHere, number))) break;
        again = true;
        continue;
      }
      number += 1;
      if (outcome.ok || outcome.committed) return outcome;
      last = outcome;
      lastHere = outcome.failure;
      if (verdictOf(outcome.failure).otherTarget === 'stop') return outcome;
      if (again) break;
    }
  }
  return last ?? { ok: false, failure: run.unavailable(), committed: false };
}

function mayRepeat(failure: Failure): boolean {
  const verdict = verdictOf(failure);
  return verdict.sameTarget === 'retry' && verdict.credential === 'keep';
}
