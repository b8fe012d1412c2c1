import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure, FailureKind } from '@patchbay/llm/model/failure';
import { createBreaker, type Breaker } from '@patchbay/llm/resilience/breaker';
import { restOf } from '@patchbay/llm/resilience/rests';
import type { Target } from '@patchbay/llm/routing/target';

/** Failures that speak about the target, unless the proxy before it is at fault; all others are the caller's or one account's. */
const TARGETS_FAULT = new Set<FailureKind>(['upstream', 'overloaded', 'protocol', 'timeout', 'network']);

/** Models are named by callers: more than this many at once are not remembered. */
const TARGETS_MAX = 1000;

/** Remembers in this process which targets fail again and again. */
export class TargetHealth {
  readonly #clock: Clock;
  readonly #breakers = new Map<string, Breaker>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether calls should go there now; one that failed often is given another chance from time to time. */
  admits(target: Target): boolean {
    return this.#breakers.get(keyOf(target))?.admit() !== 'no';
  }

  /** What `admits` would say, without letting anybody try. */
  wouldAdmit(target: Target): boolean {
    const state = this.#breakers.get(keyOf(target))?.state;
    if (state === undefined || state.kind === 'closed') return true;
    return this.#clock.monotonicMs() >= (state.kind === 'open' ? state.untilMs : state.nextProbeAtMs);
  }

  /** How an attempt ended; `undefined` when it went well. */
  report(target: Target, failure: Failure | undefined): void {
    if (failure === undefined && this.#breakers.size === 0) return undefined;
    const key = keyOf(target);
    let breaker = this.#breakers.get(key);
    if (failure === undefined) return breaker?.report(true);
    if (!TARGETS_FAULT.has(failure.kind) || restOf(failure)?.scope === 'proxy') return undefined;
    if (breaker === undefined) {
      if (this.#breakers.size >= TARGETS_MAX) this.#breakers.clear();
      breaker = createBreaker({ clock: this.#clock });
      this.#breakers.set(key, breaker);
    }
    return breaker.report(false);
  }
}

const keyOf = ({ providerId, model }: Target): string => `${providerId}/${model}`;
