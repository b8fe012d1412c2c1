import type { RestReason } from '../model/rest-rule.ts';
import type { Credential } from './credential.ts';
import { Rest } from './rest.ts';

/** Most that something may use in any span of that length. An absent member is no limit. */
export interface UseLimits {
  readonly requestsPerMinute?: number;
  /** Asked and answered. */
  readonly tokensPerMinute?: number;
  readonly requestsPerDay?: number;
  readonly tokensPerDay?: number;
}

/** Most that calls may use of an account, over all of its models and of single ones. */
export interface SeatLimits extends UseLimits {
  /** By the name that the provider knows the model by. */
  readonly models?: ReadonlyMap<string, UseLimits>;
}

/** What an administrator says of an account, for policies that go by it. */
export interface SeatFacts {
  readonly label?: string;
  /** Share of the calls, beside those of the others; default 1. */
  readonly weight?: number;
  /** What a call costs through it, beside the others; default 1. */
  readonly priceFactor?: number;
  /** Number of the proxy that its calls go through; absent for those that go out directly. */
  readonly proxyId?: number;
  /** Absent for an account without limits of its own. The pool does not count: whoever leases does. */
  readonly limits?: SeatLimits;
}

/** One rest of an account, of all of it or of one model. */
export interface SeatRest {
  readonly model?: string;
  /** Monotonic milliseconds; in the past while the probe after it is out. */
  readonly untilMs: number;
  readonly reason: RestReason;
  readonly probing: boolean;
}

/** Models are named by callers: more than this many at once are not remembered for one account. */
const MODELS_MAX = 500;

/** One account in a pool, and what was learned of it. May sit in several pools in turn: what it learned stays. */
export class Seat {
  readonly credential: Credential;
  facts: SeatFacts;
  /** Calls ever begun. */
  uses = 0;
  /** Calls that have not ended. */
  inFlight = 0;
  /** Calls that went well. */
  successes = 0;
  /** Rests ever begun, of the account and of its models. */
  restsBegun = 0;
  /** Failures since the last success. */
  failures = 0;
  readonly whole = new Rest();
  readonly #models = new Map<string, Rest>();

  constructor(credential: Credential, facts: SeatFacts = {}) {
    this.credential = credential;
    this.facts = facts;
  }

  get id(): string {
    return this.credential.id;
  }

  isUsable(model: string | undefined, nowMs: number): boolean {
    return !this.whole.isActive(nowMs) && this.restOf(model)?.isActive(nowMs) !== true;
  }

  /** True where nothing but guesses of ours keeps it from being used. */
  mayYield(model: string | undefined, nowMs: number): boolean {
    const rest = this.restOf(model);
    return this.whole.mayYield(nowMs) && (rest === undefined || rest.mayYield(nowMs));
  }

  /** When its rests are over; may lie in the past. */
  freeAtMs(model: string | undefined): number {
    return Math.max(this.whole.untilMs, this.restOf(model)?.untilMs ?? 0);
  }

  /** Why it rests, by the longer of its rests. */
  reason(model: string | undefined): RestReason | undefined {
    const rest = this.restOf(model);
    return rest !== undefined && rest.untilMs > this.whole.untilMs ? rest.reason : this.whole.reason;
  }

  restOf(model: string | undefined): Rest | undefined {
    return model === undefined || this.#models.size === 0 ? undefined : this.#models.get(model);
  }

  /** The same, made where there is none. */
  ownRest(model: string): Rest {
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    if (this.#models.size >= MODELS_MAX) this.#models.clear();
    const made = new Rest();
    this.#models.set(model, made);
    return made;
  }

  /** Every rest that keeps it from being used. */
  rests(nowMs: number): readonly SeatRest[] {
    const all: readonly (readonly [string | undefined, Rest])[] = [[undefined, this.whole], ...this.#models];
    return all.flatMap(([model, { untilMs, reason = 'transient', probing, ...rest }]) =>
      untilMs > nowMs || probing || rest.needsProbe
        ? [{ ...(model !== undefined && { model }), untilMs, reason, probing }]
        : [],
    );
  }

  /** Forgets failures and rests, of one model or of all. */
  reset(model?: string): void {
    if (model !== undefined) return void this.#models.delete(model);
    this.whole.era += 1;
    this.whole.end();
    this.whole.probing = false;
    this.#models.clear();
    this.failures = 0;
  }
}
