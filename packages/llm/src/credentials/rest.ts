import type { RestReason, RestRule } from '../model/rest-rule.ts';

const ASKED_MIN_MS = 1_000;
const ASKED_MAX_MS = 3_600_000;

/** How one thing, an account or a model of it, rests after failures. Times are monotonic milliseconds. */
export class Rest {
  /** Until when it rests; 0 when it may be used. */
  untilMs = 0;
  /** The part of the rest that the provider itself named. */
  askedUntilMs = 0;
  /** Rests ever begun: tells calls from before the last one from calls after it. */
  era = 0;
  /** True while the one probe after a rest is out. */
  probing = false;
  /** True when one call alone goes out after the rest. */
  needsProbe = false;
  reason: RestReason | undefined;
  /** Rests in a row without a success between. */
  #count = 0;
  #yields = true;

  isActive(nowMs: number): boolean {
    return this.probing || this.untilMs > nowMs;
  }

  /** True where nothing but our own guess keeps it from being used. */
  mayYield(nowMs: number): boolean {
    return !this.probing && this.#yields && this.askedUntilMs <= nowMs;
  }

  /** `era` is the one in which the failed call began: calls that ran side by side fail for one cause. */
  begin(
    rule: RestRule,
    retryAfterMs: number | undefined,
    call: { readonly nowMs: number; readonly era: number },
  ): void {
    const { nowMs } = call;
    // Together they begin one rest, and the longest stands.
    if (call.era === this.era) {
      this.era += 1;
      this.#count += 1;
    }
    const wishMs = retryAfterMs === undefined ? 0 : Math.min(ASKED_MAX_MS, Math.max(ASKED_MIN_MS, retryAfterMs));
    const askedMs = rule.exactMs ?? wishMs;
    const guessedMs = Math.min(rule.maxMs, rule.firstMs * rule.factor ** Math.max(0, this.#count - 1));
    const restMs = rule.exactMs ?? Math.max(askedMs, rule.stands || askedMs === 0 ? guessedMs : 0);
    if (nowMs + restMs >= this.untilMs) {
      this.reason = rule.reason;
      this.#yields = rule.yields;
    }
    this.needsProbe ||= rule.probes;
    this.askedUntilMs = Math.max(this.askedUntilMs, nowMs + askedMs);
    this.untilMs = Math.max(this.untilMs, nowMs + restMs);
  }

  /** Keeps it from being used until then for a reason that is nobody's failure; may be cut short like a guess of ours. */
  hold(reason: RestReason, untilMs: number): void {
    // Calls that are on their way know nothing of it: their success does not end it.
    this.era += 1;
    if (untilMs < this.untilMs) return;
    this.untilMs = untilMs;
    this.reason = reason;
    this.#yields = true;
  }

  /** Ends it, after a success that began after the last failure. */
  end(): void {
    this.untilMs = 0;
    this.askedUntilMs = 0;
    this.needsProbe = false;
    this.reason = undefined;
    this.#count = 0;
    this.#yields = true;
  }
}
