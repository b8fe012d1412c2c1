import { systemClock, systemRandom, type Clock } from '../model/clock.ts';
import { failed, ok } from '../model/failure.ts';
import type { RateLimitInfo } from '../model/rate-limits.ts';
import { RateLimitTracker } from '../resilience/limiter/rate-limit-tracker.ts';
import { TokenBucket } from '../resilience/limiter/token-bucket.ts';
import { RETRY_POLICIES, withRetries, type RetryPolicy } from '../resilience/retry-policy.ts';
import { readRateLimits } from '../transport/rate-limit-headers.ts';
import { ProviderError } from './provider-error.ts';

export { createLimiter as newRateLimiter } from '../resilience/limiter/create-limiter.ts';

/** Lets so many requests a second through. */
export interface TokenBucketRateLimiter {
  /** Resolves when a request may go. Rejects with the signal's reason when that is aborted first. */
  wait(signal?: AbortSignal): Promise<void>;
  /** Whether a request may go now; counted when it may. */
  allow(): boolean;
}

/** A limiter of requests a second, with a burst of as many. Throws `RangeError` for a number that is not above 0. */
export function newTokenBucketRateLimiter(
  requestsPerSecond: number,
  clock: Clock = systemClock,
): TokenBucketRateLimiter {
  const bucket = new TokenBucket({ clock, perSecond: requestsPerSecond });
  return {
    allow: () => bucket.allow(),
    async wait(signal) {
      if (!(await bucket.wait(signal))) throw signal?.reason;
    },
  };
}

/** What a provider's headers say of its limits; names in any case. `nowMs` is milliseconds since 1970, default now. */
export function parseRateLimitHeaders(
  provider: string,
  headers: Headers | Readonly<Record<string, string | undefined>>,
  { model, nowMs = systemClock.nowMs() }: { readonly model?: string; readonly nowMs?: number } = {},
): RateLimitInfo {
  const pairs = headers instanceof Headers ? [...headers] : Object.entries(headers);
  const lower = pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), value] as const]));
  return readRateLimits(Object.fromEntries(lower), { provider, nowMs, ...(model !== undefined && { model }) });
}

/** Remembers what one provider's headers said. */
export const newRateLimitTracker = (clock: Clock = systemClock): RateLimitTracker => new RateLimitTracker(clock);

/** The documented waits: 1 s, 2 s, 4 s and so on, a minute at most. */
const DOUBLING: RetryPolicy = { ...RETRY_POLICIES.default, baseMs: 1_000, maxMs: 60_000, factor: 2, jitter: 'none' };

/**
 * Does `operation` again while it throws errors that say of themselves that they are retryable, such as rate limits: after
 * 1 s, 2 s, 4 s and so on, a minute at most, or after the time that the error asks for. Throws the last error in the end.
 */
export async function retryWithBackoff<T>(
  operation: () => Promise<T>,
  maxRetries = 3,
  { clock = systemClock, signal }: { readonly clock?: Clock; readonly signal?: AbortSignal } = {},
): Promise<T> {
  let last: unknown;
  const policy = { ...DOUBLING, retriesMax: maxRetries };
  const run = { policy, clock, random: systemRandom, ...(signal && { signal }) };
  const result = await withRetries(run, async () => {
    try {
      return ok(await operation());
    } catch (error) {
      last = error;
      const seconds = error instanceof ProviderError ? error.retryAfter : undefined;
      return failed({
        kind: isRetryable(error) ? 'overloaded' : 'internal',
        message: String(error),
        ...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
      });
    }
  });
  if (result.ok) return result.value;
  throw last;
}

function isRetryable(error: unknown): boolean {
  const judged = error as { isRetryable?: () => boolean } | undefined;
  return typeof judged?.isRetryable === 'function' && judged.isRetryable();
}
