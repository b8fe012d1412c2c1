import type { FailureKind } from '../../model/failure.ts';
import { AuthError } from '../auth-error.ts';
import { secretsOf } from '../credential.ts';
import type { KeyRing, RingKey } from './key-ring.ts';

/** How one use of the keys runs. */
export interface FailoverParts {
  readonly provider: string;
  readonly ring: KeyRing;
  /** Keys tried at most for one use. Default 3. */
  readonly attemptsMax?: number;
  /** Whether an error speaks against the key. Default `isKeyFault`. */
  readonly isKeyFault?: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Failures that another key would meet, too. */
const NOT_OF_KEYS: ReadonlySet<FailureKind> = new Set([
  'invalid-request',
  'not-found',
  'payload-too-large',
  'context-overflow',
  'content-policy',
  'cancelled',
]);

const ATTEMPTS_MAX = 3;

/**
 * True unless the error says by its `failure` that the request itself is at fault, or that it was cancelled: another key
 * cannot help there. Errors of which nothing is known speak against the key.
 */
export function isKeyFault(error: unknown): boolean {
  const { kind } = failureOf(error);
  return kind === undefined || !NOT_OF_KEYS.has(kind);
}

/**
 * Calls `use` with one key after another until it goes well, and reports of each how it went. Throws `all_keys_exhausted`
 * with the last error as its cause; the error itself where it is not the key's fault, or where `signal` was aborted.
 */
export async function runWithFailover<T>(parts: FailoverParts, use: (key: RingKey) => Promise<T>): Promise<T> {
  const { ring, attemptsMax = ATTEMPTS_MAX, signal } = parts;
  const blames = parts.isKeyFault ?? isKeyFault;
  const tried = new Set<RingKey>();
  let lastError: unknown;
  while (tried.size < attemptsMax) {
    signal?.throwIfAborted();
    const key = ring.next(tried);
    if (key === undefined) break;
    tried.add(key);
    key.seat.uses += 1;
    key.seat.inFlight += 1;
    try {
      const value = await use(key);
      ring.succeeded(key);
      return value;
    } catch (error) {
      if (signal?.aborted === true || !blames(error)) throw error;
      ring.failed(key, failureOf(error).retryAfterMs);
      lastError = error;
    } finally {
      key.seat.inFlight -= 1;
    }
  }
  throw exhausted(parts, tried.size, lastError);
}

/** That no key is usable: how many there are, what the last one met, and when the first is usable again. */
export function exhausted({ provider, ring }: FailoverParts, tried: number, lastError?: unknown): AuthError {
  const code = 'all_keys_exhausted';
  const count = ring.keys.length;
  if (count === 0) return new AuthError({ provider, code, message: 'there are 0 keys. Add one with addKey' });
  const wait = Math.ceil(ring.waitMs() / 1000);
  const next = wait === 0 ? '' : `, next try in ${wait} s`;
  const all = count === 1 ? 'only key unavailable' : `all ${count} keys exhausted`;
  if (tried === 0) return new AuthError({ provider, code, message: `${all}: in backoff after failures${next}` });
  const details = withoutKeys(ring, lastError instanceof Error ? lastError.message : String(lastError));
  const message = `${all}: ${tried} tried${next}, last error: ${details}`;
  return new AuthError({ provider, code, message, details, cause: lastError });
}

/** Providers repeat in their answers what they were sent. */
const withoutKeys = ({ keys }: KeyRing, text: string): string =>
  keys.flatMap(({ seat }) => secretsOf(seat.credential)).reduce((hidden, secret) => secret.hideIn(hidden), text);

function failureOf(error: unknown): { readonly kind?: FailureKind; readonly retryAfterMs?: number } {
  const failure = (error as { readonly failure?: unknown } | undefined)?.failure;
  return typeof failure === 'object' && failure !== null ? failure : {};
}
