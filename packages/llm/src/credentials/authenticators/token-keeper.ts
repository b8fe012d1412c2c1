import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import { AuthError } from '../auth-error.ts';
import { HeldTokens, lastUseMs } from '../oauth/held-tokens.ts';
import { refreshTokens } from '../oauth/refresh.ts';
import type { OAuthWay } from '../oauth/token-endpoint.ts';
import type { Tokens } from '../oauth/tokens.ts';
import { storedOf, tokensOf } from '../stores/stored-token.ts';
import type { StoredToken, TokenStorage } from '../stores/token-storage.ts';
import { withDeadline } from '../with-deadline.ts';
import { refreshError } from './auth-failure.ts';
import { needs, type OAuthConfig, type OAuthSettings } from './oauth-config.ts';

/** What the tokens of one account are kept with. */
export interface TokenKeeperParts {
  readonly settings: OAuthSettings;
  readonly config: OAuthConfig;
  readonly storage: TokenStorage;
  readonly way: OAuthWay;
}

/** How long a token is taken to live whose server does not say and that can be renewed, in milliseconds. */
const ASSUMED_MS = 3_600_000;

/**
 * The tokens of one account: in memory, and in a store that may be shared. However many ask, and in however many processes
 * where the store can tell them apart, one renewal runs at a time.
 */
export class TokenKeeper {
  readonly #parts: TokenKeeperParts;
  #held: HeldTokens;
  #error: AuthError | undefined;

  constructor(parts: TokenKeeperParts) {
    this.#parts = parts;
    this.#held = this.#holding();
  }

  get held(): HeldTokens {
    return this.#held;
  }

  /** Why the last renewal failed; `undefined` where it went well. */
  get error(): AuthError | undefined {
    return this.#error;
  }

  /** Looks into the store where there is nothing good at hand. Whoever signed in elsewhere is found there. */
  async load(): Promise<void> {
    if (this.#held.isGood()) return;
    const stored = tokensOf((await this.#stored()) ?? givenIn(this.#parts.config));
    // Tokens may have been renewed while the store was read.
    if (stored !== undefined && !this.#held.isGood()) this.#adoptNew(stored);
  }

  /** Takes tokens of a new sign-in and keeps them. */
  async keep(tokens: Tokens): Promise<void> {
    const lasting = this.#lasting(tokens);
    this.#error = undefined;
    this.#held.adopt(lasting);
    await this.#save(lasting);
  }

  /** Forgets the tokens here and in the store; a renewal that is on its way comes to nothing. */
  async forget(): Promise<void> {
    this.#held = this.#holding();
    this.#error = undefined;
    await this.#onStore('deleted', (storage, key) => storage.deleteToken(key));
  }

  #adoptNew(tokens: Tokens): void {
    if (this.#held.held?.accessToken.sameAs(tokens.accessToken) !== true) this.#held.adopt(tokens);
  }

  #holding(): HeldTokens {
    const { settings, way } = this.#parts;
    const held: HeldTokens = new HeldTokens({
      clock: way.clock,
      leadMs: () => (settings.refreshes ? settings.leadMs : 0),
      renew: (spent) => this.#renewOnce(spent, () => this.#held === held),
    });
    return held;
  }

  async #renewOnce(spent: Tokens | undefined, isWanted: () => boolean): Promise<Result<Tokens>> {
    try {
      const { storage, settings } = this.#parts;
      const renew = (): Promise<Tokens> => this.#renew(spent, isWanted);
      const renewed = await (storage.exclusively?.(settings.provider, renew) ?? renew());
      this.#error = undefined;
      return ok(renewed);
    } catch (error) {
      this.#error = this.#authErrorOf(error);
      return failed(failureOf(this.#error));
    }
  }

  async #renew(spent: Tokens | undefined, isWanted: () => boolean): Promise<Tokens> {
    const { settings, way, config } = this.#parts;
    const other = tokensOf((await this.#stored()) ?? {});
    const from = newerOf(spent, other);
    // Somebody else was faster, in another process: theirs are the tokens now.
    if (from !== undefined && from === other && spent !== undefined && way.clock.nowMs() < lastUseMs(from)) return from;
    if (from === undefined)
      throw this.#refusal('invalid_credentials', 'There is no token. Sign in with startOAuthFlow');
    if (!settings.refreshes) throw this.#refusal('token_expired', 'Stored token expired and refresh is disabled');
    const { refreshToken } = from;
    if (refreshToken === undefined)
      throw this.#refusal('token_expired', 'Stored token expired and there is no refresh token. Sign in again');
    needs(settings, 'refresh');
    const answer = await withDeadline(way.clock, settings.timeoutMs, undefined, (signal) =>
      refreshTokens(way, settings.client, refreshToken, signal),
    );
    if (!answer.ok) throw refreshError(settings.provider, answer.failure);
    if (!isWanted()) throw this.#refusal('invalid_credentials', 'Somebody logged out meanwhile');
    const renewed = this.#lasting({ ...(from.scope !== undefined && { scope: from.scope }), ...answer.value });
    await this.#save(renewed).catch((error: unknown) => {
      // The server takes the old ones no longer: not to present the new ones would help nobody.
      this.#held.adopt(renewed);
      throw error;
    });
    const { accessToken = '', refreshToken: refresh = '', expiresAt } = storedOf(renewed);
    await config.onTokenRefresh?.(settings.provider, accessToken, refresh, expiresAt);
    return renewed;
  }

  /** Tokens without an end that can be renewed are, every hour. */
  #lasting(tokens: Tokens): Tokens {
    if (tokens.expiresAtMs !== undefined || tokens.refreshToken === undefined) return tokens;
    return { ...tokens, livesMs: ASSUMED_MS, expiresAtMs: this.#parts.way.clock.nowMs() + ASSUMED_MS };
  }

  #stored(): Promise<StoredToken | undefined> {
    return this.#onStore('read', (storage, key) => storage.retrieveToken(key));
  }

  #save(tokens: Tokens): Promise<void> {
    return this.#onStore('written', (storage, key) => storage.storeToken(key, storedOf(tokens)));
  }

  async #onStore<T>(does: string, work: (storage: TokenStorage, key: string) => T | Promise<T>): Promise<T> {
    const { storage, settings } = this.#parts;
    try {
      return await work(storage, settings.provider);
    } catch (cause) {
      if (cause instanceof AuthError) throw cause;
      throw new AuthError({
        provider: settings.provider,
        code: 'storage_error',
        message: `The token could not be ${does} where tokens are kept`,
        ...(cause instanceof Error && { details: cause.message }),
        cause,
      });
    }
  }

  #refusal(code: 'invalid_credentials' | 'token_expired', message: string): AuthError {
    return new AuthError({ provider: this.#parts.settings.provider, code, message });
  }

  #authErrorOf(cause: unknown): AuthError {
    if (cause instanceof AuthError) return cause;
    const { provider } = this.#parts.settings;
    const message = `onTokenRefresh threw: ${cause instanceof Error ? cause.message : String(cause)}`;
    return new AuthError({ provider, code: 'storage_error', message, cause });
  }
}

/** Those that end later; the first where both are the same. */
function newerOf(first: Tokens | undefined, second: Tokens | undefined): Tokens | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const isSame = first.accessToken.sameAs(second.accessToken);
  return isSame || (first.expiresAtMs ?? Infinity) > (second.expiresAtMs ?? Infinity) ? first : second;
}

/** Tokens that came with the configuration. */
const givenIn = ({ accessToken, refreshToken, expiresAt }: OAuthConfig): StoredToken => ({
  ...(accessToken !== undefined && { accessToken }),
  ...(refreshToken !== undefined && { refreshToken }),
  ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }),
});

/** Held tokens ask again after failures that may pass. That a refresh token is refused does not. */
function failureOf({ code, message, details }: AuthError): Failure {
  const isFinal =
    code === 'token_expired' || code === 'invalid_credentials' || /^invalid_(?:grant|client)/.test(details);
  return { kind: isFinal ? 'authentication' : 'upstream', code, message };
}
