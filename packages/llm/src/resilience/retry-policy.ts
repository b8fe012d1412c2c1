import type { Clock } from '../model/clock.ts';
import { failed, invalidRequest, ok, type Failure, type FailureKind, type Result } from '../model/failure.ts';

/** How a wait grows from one try to the next. */
export type BackoffKind = 'exponential' | 'linear' | 'constant';

/**
 * How chance spreads callers who failed together. `none`: not at all. `full`: anywhere from 0 to the wait. `equal`: by
 * `jitterShare` of the wait to both sides. `decorrelated`: from the first wait to three times the last one.
 */
export type JitterKind = 'none' | 'full' | 'equal' | 'decorrelated';

/** Whether, when and how often what failed is tried again; durations in milliseconds. */
export interface RetryPolicy {
  /** Tries after the first; 0 never repeats. */
  readonly retriesMax: number;
  readonly backoff: BackoffKind;
  /** The first wait, before chance has its say. */
  readonly baseMs: number;
  /** Longest wait. What a provider asks for with `Retry-After` is kept up to it. */
  readonly maxMs: number;
  /** By what an exponential wait grows from try to try; at least 1. */
  readonly factor: number;
  readonly jitter: JitterKind;
  /** For `equal`: from 0 to 1. */
  readonly jitterShare: number;
  /** Statuses of a provider that are worth another try. Failures without a status are judged by their kind. */
  readonly statuses: readonly number[];
}

/** Statuses that speak of the moment, not of the request. */
export const RETRYABLE_STATUSES: readonly number[] = [408, 429, 500, 502, 503, 504, 507, 511, 529];

const DEFAULT: RetryPolicy = {
  retriesMax: 3,
  backoff: 'exponential',
  baseMs: 1_000,
  maxMs: 30_000,
  factor: 2,
  jitter: 'equal',
  jitterShare: 0.1,
  statuses: RETRYABLE_STATUSES,
};

/** Policies by name. `aggressive` suits somebody who waits for the answer, `conservative` work that has time. */
export const RETRY_POLICIES = {
  default: DEFAULT,
  none: { ...DEFAULT, retriesMax: 0 },
  aggressive: { ...DEFAULT, retriesMax: 5, baseMs: 500, maxMs: 10_000, factor: 1.5, jitterShare: 0.2 },
  conservative: { ...DEFAULT, retriesMax: 2, baseMs: 2_000, maxMs: 60_000, factor: 3, jitterShare: 0.05 },
} as const satisfies Readonly<Record<string, RetryPolicy>>;

/** A policy as a caller may give it: by name, or the members in which it differs from `default`. */
export type RetryOption = keyof typeof RETRY_POLICIES | Partial<RetryPolicy>;

/** The policy that an option means; `invalid-request` with the member's path when it makes no sense. */
export function retryPolicyOf(option: RetryOption): Result<RetryPolicy> {
  if (typeof option === 'string') {
    const named: RetryPolicy | undefined = Object.hasOwn(RETRY_POLICIES, option) ? RETRY_POLICIES[option] : undefined;
    const names = Object.keys(RETRY_POLICIES).join(', ');
    return named ? ok(named) : failed(invalidRequest('retry', `"${option}" is no retry policy. Use one of: ${names}.`));
  }
  const policy = { ...DEFAULT, ...option };
  const wrong = BOUNDS.find(({ member, min, max }) => !(policy[member] >= min && policy[member] <= max));
  if (wrong) {
    const { member, min, max } = wrong;
    const range = max === Infinity ? `${min} or more` : `from ${min} to ${max}`;
    return failed(invalidRequest(`retry.${member}`, `retry.${member} is ${policy[member]}. Give a number ${range}.`));
  }
  for (const [member, kinds] of KINDS) {
    if (kinds.includes(policy[member])) continue;
    const message = `retry.${member} is "${policy[member]}". Use one of: ${kinds.join(', ')}.`;
    return failed(invalidRequest(`retry.${member}`, message));
  }
  return ok({ ...policy, retriesMax: Math.trunc(policy.retriesMax) });
}

/** No wait is longer than a day. */
const WAIT_MAX_MS = 86_400_000;

const BOUNDS: readonly {
  readonly member: 'retriesMax' | 'baseMs' | 'maxMs' | 'factor' | 'jitterShare';
  readonly min: number;
  readonly max: number;
}[] = [
  { member: 'retriesMax', min: 0, max: 100 },
  { member: 'baseMs', min: 0, max: WAIT_MAX_MS },
  { member: 'maxMs', min: 0, max: WAIT_MAX_MS },
  { member: 'factor', min: 1, max: 100 },
  { member: 'jitterShare', min: 0, max: 1 },
];

const KINDS: readonly (readonly ['backoff' | 'jitter', readonly string[]])[] = [
  ['backoff', ['exponential', 'linear', 'constant'] satisfies BackoffKind[]],
  ['jitter', ['none', 'full', 'equal', 'decorrelated'] satisfies JitterKind[]],
];

/** Kinds that another try may mend. A used-up quota is none, whatever its status. */
const RETRYABLE_KINDS: ReadonlySet<FailureKind> = new Set([
  'rate-limit',
  'overloaded',
  'upstream',
  'timeout',
  'network',
]);

/** Whether the policy holds another try for worth while; it does not count tries. */
export function isRetryable(policy: RetryPolicy, failure: Failure): boolean {
  if (!RETRYABLE_KINDS.has(failure.kind) || failure.phase === 'total') return false;
  return failure.status === undefined || policy.statuses.includes(failure.status);
}

/** What the next wait depends on. */
export interface RetryMoment {
  /** Waits that came before this one; the first is 0. */
  readonly retry: number;
  /** Chance: a number from 0 up to 1. */
  readonly random: () => number;
  /** The wait before this one, in milliseconds; matters to `decorrelated` alone. */
  readonly lastMs?: number;
  /** What the provider asked for, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Milliseconds until the next try. */
export function retryWaitMs(policy: RetryPolicy, { retry, random, lastMs, retryAfterMs = 0 }: RetryMoment): number {
  const grownMs = Math.min(policy.maxMs, policy.baseMs * GROWTH[policy.backoff](retry, policy.factor));
  const spreadMs = SPREAD[policy.jitter]({ policy, grownMs, chance: random(), lastMs: lastMs ?? policy.baseMs });
  return Math.min(policy.maxMs, Math.max(spreadMs, retryAfterMs));
}

const GROWTH: Readonly<Record<BackoffKind, (retry: number, factor: number) => number>> = {
  exponential: (retry, factor) => factor ** retry,
  linear: (retry) => retry + 1,
  constant: () => 1,
};

interface Spread {
  readonly policy: RetryPolicy;
  readonly grownMs: number;
  readonly chance: number;
  readonly lastMs: number;
}

const SPREAD: Readonly<Record<JitterKind, (spread: Spread) => number>> = {
  none: ({ grownMs }) => grownMs,
  full: ({ grownMs, chance }) => grownMs * chance,
  equal: ({ grownMs, chance, policy }) => grownMs * (1 + policy.jitterShare * (2 * chance - 1)),
  decorrelated: ({ policy, chance, lastMs }) =>
    policy.baseMs + chance * Math.max(0, Math.max(policy.baseMs, lastMs) * 3 - policy.baseMs),
};

/** Where and how long a run of tries waits. */
export interface RetryRun {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Aborting it ends the waiting; the last failure is then the answer. */
  readonly signal?: AbortSignal;
}

/** Tries until it goes well, the failure is none that the policy repeats, or its tries are used up. `retry` starts at 0. */
export async function withRetries<T>(
  run: RetryRun,
  attempt: (retry: number) => Promise<Result<T>>,
): Promise<Result<T>> {
  const { policy, clock, random, signal } = run;
  let lastMs = policy.baseMs;
  for (let retry = 0; ; retry += 1) {
    const result = await attempt(retry);
    if (result.ok || retry >= policy.retriesMax || !isRetryable(policy, result.failure)) return result;
    const { retryAfterMs } = result.failure;
    lastMs = retryWaitMs(policy, { retry, random, lastMs, ...(retryAfterMs !== undefined && { retryAfterMs }) });
    await clock.sleep(lastMs, signal);
    if (signal?.aborted) return result;
  }
}
