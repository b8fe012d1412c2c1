import type { Failure } from '../model/failure.ts';

/** Kinds that another try later may cure; their answers always say when. */
const RETRY_LATER = new Set<Failure['kind']>(['rate-limit', 'overloaded']);
/** Kinds that no other try of the same call will cure. */
const HOPELESS = new Set<Failure['kind']>(['authentication', 'quota-exhausted']);
const DEFAULT_RETRY_MS = 1000;

/** Headers that say when another try makes sense, and whether any does: SDKs go by them. */
export function retryAdvice({ kind, retryAfterMs }: Failure): Readonly<Record<string, string>> {
  // Some agents retry a refused key for minutes, and clients a 429 for want of money, unless told that it is of no use.
  if (HOPELESS.has(kind)) return { 'x-should-retry': 'false' };
  const waitMs = retryAfterMs ?? (RETRY_LATER.has(kind) ? DEFAULT_RETRY_MS : undefined);
  return waitMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) };
}
