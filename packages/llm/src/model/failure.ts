import type { WireFormatId } from './extras.ts';
import type { Json } from './json.ts';

/** What went wrong, by what must be done about it. Statuses and vendor codes are read only in `decode-failure.ts`. */
export type FailureKind =
  | 'invalid-request'
  | 'authentication'
  | 'permission'
  | 'not-found'
  | 'payload-too-large'
  | 'context-overflow'
  | 'content-policy'
  | 'rate-limit'
  | 'quota-exhausted'
  | 'overloaded'
  | 'upstream'
  | 'protocol'
  | 'timeout'
  | 'network'
  | 'cancelled'
  | 'internal';

/** Which budget a `timeout` failure exceeded. */
export type TimeoutPhase = 'connect' | 'headers' | 'first-token' | 'idle' | 'total';

/** An expected bad outcome, as a value. `message` may be shown to the caller, `detail` is for our logs only. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly detail?: string;
  /** The upstream's HTTP status, when it answered. */
  readonly status?: number;
  /** The vendor's code or type word, e.g. `insufficient_quota`. */
  readonly code?: string;
  /** The offending member of the request, e.g. `messages[2].content`. */
  readonly path?: string;
  /** Shortest wait before another try makes sense, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Until what was spent begins anew, in milliseconds, where the provider says so; not when to try again. */
  readonly resetAfterMs?: number;
  readonly phase?: TimeoutPhase;
  /** The upstream's own body and the format it is in; shown unchanged to a caller of the same format. */
  readonly raw?: { readonly format: WireFormatId; readonly body: Json };
}

/** A value or the failure that stands in its place. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** The value of an operation that went well. */
export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
/** The failure that stands in place of a value; fits every `Result`. */
export const failed = (failure: Failure): { readonly ok: false; readonly failure: Failure } => ({ ok: false, failure });

/** A caller's mistake at `path`; the message must say what to do. */
export const invalidRequest = (path: string, message: string): Failure => ({ kind: 'invalid-request', message, path });
