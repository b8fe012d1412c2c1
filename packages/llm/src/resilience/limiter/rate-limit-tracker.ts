import { systemClock, type Clock } from '../../model/clock.ts';
import type { RateLimit, RateLimitInfo, RateLimits } from '../../model/rate-limits.ts';
import { createNews } from './news.ts';

/** Models remembered by one tracker; the one heard of longest ago makes room. */
const MODELS_MAX = 1000;
/** A limit that is used up and does not say until when is believed for this long. */
const SILENT_WINDOW_MS = 60_000;
/** What is used of a limit, from 0 to 1, from which a caller had better slow down. */
const THROTTLE_AT = 0.8;

/** What is asked of each kind of limit by one request of so many tokens. */
const NEEDS: readonly (readonly [kind: keyof RateLimits, need: (tokens: number) => number])[] = [
  ['requests', () => 1],
  ['dailyRequests', () => 1],
  ['tokens', (tokens) => tokens],
  ['dailyTokens', (tokens) => tokens],
  // How the tokens are divided nobody knows beforehand, so these two stop only what is used up.
  ['inputTokens', () => 1],
  ['outputTokens', () => 1],
];

interface Known {
  readonly info: RateLimitInfo;
  /** Requests that went after it was read, or before and are not answered, and their tokens. */
  requests: number;
  tokens: number;
}

/**
 * Remembers what one provider's headers said, model by model, and what it means for the next request. Models that
 * nothing is known of may always be called.
 */
export class RateLimitTracker {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #news = createNews();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Remembers what was read, in the place of what was known of its model. */
  update(info: RateLimitInfo): void {
    const model = info.model ?? '';
    const before = this.#known.get(model);
    this.#known.delete(model);
    this.#known.set(model, { info, requests: before?.requests ?? 0, tokens: before?.tokens ?? 0 });
    if (this.#known.size > MODELS_MAX) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#news.tell();
  }

  /** What was last heard of this model. */
  get(model: string): RateLimitInfo | undefined {
    return this.#known.get(model)?.info;
  }

  /** Whether a request of so many tokens has room, as far as is known. */
  canMakeRequest(model: string, tokens = 0): boolean {
    return this.#blockedUntilMs(model, tokens).length === 0;
  }

  /** Milliseconds until it is worth asking again: what the provider asked for, else the first reset of what is used up. */
  getWaitTime(model: string, tokens = 0): number {
    const untilMs = this.#blockedUntilMs(model, tokens)[0];
    return untilMs === undefined ? 0 : Math.max(1, Math.ceil(untilMs - this.#clock.nowMs()));
  }

  /** Whether so much of some limit is used, from 0 to 1, that a caller had better slow down. Default 0.8. */
  shouldThrottle(model: string, threshold: number = THROTTLE_AT): boolean {
    const known = this.#known.get(model);
    if (known === undefined) return false;
    return this.#current(known).some(({ kind, limit: { limit, remaining } }) => {
      if (limit === undefined || remaining === undefined || limit <= 0) return false;
      return 1 - leftOf(known, kind, remaining) / limit >= threshold;
    });
  }

  /** Waits until there is room: `true`, or `false` when `signal` was aborted first. Nothing is counted. */
  async checkRateLimitAndWait(model: string, tokens = 0, signal?: AbortSignal): Promise<boolean> {
    while (!signal?.aborted) {
      const waitMs = this.getWaitTime(model, tokens);
      if (waitMs === 0) return true;
      const news = this.#news.signal();
      await this.#clock.sleep(waitMs, signal ? AbortSignal.any([signal, news]) : news);
    }
    return false;
  }

  /** A request goes out: until the returned function is called, once, it counts beside what the headers said. */
  begin(model: string, tokens: number): () => void {
    const begun = this.#known.get(model);
    if (begun === undefined) return () => undefined;
    this.#count(model, 1, tokens);
    return () => this.#count(model, -1, -tokens);
  }

  #count(model: string, requests: number, tokens: number): void {
    const known = this.#known.get(model);
    if (known === undefined) return;
    known.requests = Math.max(0, known.requests + requests);
    known.tokens = Math.max(0, known.tokens + tokens);
  }

  /** When the request may be tried, by everything that stands in its way; what the provider asked for comes first. */
  #blockedUntilMs(model: string, tokens: number): readonly number[] {
    const known = this.#known.get(model);
    if (known === undefined) return [];
    const nowMs = this.#clock.nowMs();
    const { readAtMs, retryAfterMs = 0 } = known.info;
    const asked = readAtMs + retryAfterMs > nowMs ? [readAtMs + retryAfterMs] : [];
    const exhausted = this.#current(known).flatMap(({ kind, limit, untilMs }) => {
      const need = NEEDS.find(([each]) => each === kind)?.[1](tokens) ?? 0;
      return limit.remaining !== undefined && leftOf(known, kind, limit.remaining) < need ? [untilMs] : [];
    });
    return [...asked, ...exhausted.toSorted((one, other) => one - other)];
  }

  /** The limits whose window has not ended; what is known of the others is worth nothing. */
  #current({ info }: Known): readonly { kind: keyof RateLimits; limit: RateLimit; untilMs: number }[] {
    const nowMs = this.#clock.nowMs();
    return NEEDS.flatMap(([kind]) => {
      const limit = info[kind];
      const untilMs = limit?.resetAtMs ?? info.readAtMs + SILENT_WINDOW_MS;
      return limit === undefined || untilMs <= nowMs ? [] : [{ kind, limit, untilMs }];
    });
  }
}

const leftOf = (known: Known, kind: keyof RateLimits, remaining: number): number => {
  if (kind === 'requests' || kind === 'dailyRequests') return remaining - known.requests;
  return kind === 'tokens' || kind === 'dailyTokens' ? remaining - known.tokens : remaining;
};
