import type { Result } from '../../model/failure.ts';
import type { Secret } from '../secret.ts';

/** What an authorization server gave us to present. */
export interface Tokens {
  readonly accessToken: Secret;
  /** Buys the next pair. Absent where the server gives none. */
  readonly refreshToken?: Secret;
  /** Milliseconds since 1970 at which the access token ends; absent where the server does not say. */
  readonly expiresAtMs?: number;
  /** How long it lived when it was new, in milliseconds. */
  readonly livesMs?: number;
  /** `Bearer`, as far as anybody has seen. */
  readonly tokenType: string;
  /** What it opens, words with blanks between. */
  readonly scope?: string;
  /** Whose it is, as the server's id token says; shown to people, and proof of nothing. */
  readonly identity?: TokenIdentity;
}

/** Whom an account belongs to at its provider. */
export interface TokenIdentity {
  readonly subject?: string;
  readonly email?: string;
  readonly name?: string;
}

/** Where the token of one account comes from, for everyone who presents it. */
export interface TokenSource {
  /**
   * A token that is good now; waits for a new one only where there is none. `signal` ends the waiting of this caller with
   * a `cancelled` failure, not that of others. An `authentication` failure is final until somebody signs in again.
   */
  token(signal: AbortSignal): Promise<Result<Secret>>;
  /** The provider took this token no longer: the next one is another. Says nothing about one that came since. */
  refused(token: Secret): void;
}
