import type { Result } from '../../model/failure.ts';
import type { Usage } from '../../model/usage.ts';

/** What an attempt asks leave for. */
export interface LimitAsk {
  /** The provider's id, e.g. `openai`. */
  readonly provider: string;
  /** The provider's own name for the model. */
  readonly model: string;
  /** Tokens that the attempt will probably use, input and output together; 0 when nobody can say. */
  readonly tokens: number;
}

/** Leave for one attempt. Whoever got it settles it exactly once; what comes after the first time counts for nothing. */
export interface Reservation {
  /** What the provider's headers (lower-case names) say about its own limits; call it as soon as they are there. */
  heard(headers: Readonly<Record<string, string>>): void;
  /**
   * The attempt has ended: the tokens reserved become those used. Without `usage` the estimate stands, because the
   * provider may well have counted what it did not tell; `NO_USAGE` gives all tokens back.
   */
  settle(usage?: Usage): void;
}

/**
 * Keeps a program below limits before a provider has to refuse. `acquire` waits until the attempt may go and fails with
 * `rate-limit` when it never may or the wait would be too long, with `cancelled` when `signal` is aborted meanwhile.
 */
export interface Limiter {
  acquire(ask: LimitAsk, signal: AbortSignal): Promise<Result<Reservation>>;
}
