import { AuthError, type AuthErrorCode } from '../auth-error.ts';
import { authorizationUrl, exchangeCode, readCallback } from '../oauth/authorization-code.ts';
import { newPkce, type Pkce } from '../oauth/pkce.ts';
import { revokeToken } from '../oauth/revoke.ts';
import { newState } from '../oauth/state.ts';
import type { OAuthWay } from '../oauth/token-endpoint.ts';
import type { Tokens } from '../oauth/tokens.ts';
import { Secret } from '../secret.ts';
import { storedOf } from '../stores/stored-token.ts';
import type { TokenStorage } from '../stores/token-storage.ts';
import { withDeadline } from '../with-deadline.ts';
import { flowError } from './auth-failure.ts';
import type { AuthConfig, LogoutOutcome, OAuthAuthenticating, TokenInfo } from './authenticator.ts';
import { wayOf, type AuthenticatorParts } from './authorization-way.ts';
import { needs, settingsOf, type OAuthConfig, type OAuthSettings } from './oauth-config.ts';
import { PendingSignIns, type PendingSignIn } from './pending-sign-ins.ts';
import { TokenKeeper } from './token-keeper.ts';

const NO_SIGNAL = new AbortController().signal;
const INVALID_STATE =
  'Invalid OAuth state: it is not of a sign-in that waits here, or it was used, or it is older than 10 minutes. Begin again';

/** Signs one account in with a browser (PKCE, S256), keeps it signed in and gives out its token. */
export class OAuthAuthenticator implements OAuthAuthenticating {
  readonly provider: string;
  readonly #parts: AuthenticatorParts;
  readonly #settings: OAuthSettings;
  readonly #way: OAuthWay;
  readonly #pending: PendingSignIns;
  readonly #keeper: TokenKeeper;

  /** A configuration that makes no sense throws `invalid_config`; what is missing in it, only when it is needed. */
  constructor(parts: AuthenticatorParts, provider: string, storage: TokenStorage, config: OAuthConfig) {
    this.provider = provider;
    this.#parts = parts;
    this.#settings = settingsOf(provider, config);
    this.#way = wayOf(parts, this.#settings.userAgent);
    this.#pending = new PendingSignIns(parts.clock);
    this.#keeper = new TokenKeeper({ settings: this.#settings, config, storage, way: this.#way });
  }

  /** Begins a sign-in, which may take ten minutes: the address to open in a browser. Default: the configured scopes. */
  async startOAuthFlow(scopes: readonly string[] = this.#settings.scopes): Promise<string> {
    const settings = this.#settings;
    needs(settings, 'sign-in');
    const proof: Pkce = settings.usesPkce
      ? await newPkce(settings.verifierLength)
      : { verifier: new Secret(''), challenge: '' };
    const begun = {
      definition: settings.definition,
      client: settings.client,
      redirectUri: settings.redirectUrl,
      state: newState(settings.stateBytes),
      scopes,
      verifier: proof.verifier,
    };
    this.#pending.add(begun);
    return authorizationUrl(begun, proof.challenge);
  }

  /** Takes what the browser came back with: exchanges the code and keeps the tokens. Each state counts once. */
  async handleCallback(code: string, state: string, signal?: AbortSignal): Promise<void> {
    const begun = this.#begunWith(state);
    if (code === '') throw this.#error('oauth_flow_failed', 'There is no code in the answer. Begin to sign in again');
    await this.#exchange(begun, new Secret(code), signal);
  }

  /** The same with the whole address that the browser came back to, in which the server may also say why not. */
  async handleCallbackUrl(url: string | URL, signal?: AbortSignal): Promise<void> {
    const { searchParams } = new URL(url, 'http://localhost');
    const begun = this.#begunWith(searchParams.get('state') ?? '');
    const parameters = new URLSearchParams(searchParams);
    // Whether it counts was decided above.
    parameters.set('state', begun.state);
    const code = readCallback(parameters, begun);
    if (!code.ok) throw flowError(this.provider, code.failure);
    await this.#exchange(begun, code.value, signal);
  }

  async authenticate(_config?: AuthConfig): Promise<void> {
    await this.#token();
  }

  async isAuthenticated(): Promise<boolean> {
    await this.#keeper.load();
    return this.#keeper.held.isGood();
  }

  /**
   * A token that is good now. Within the buffer before its end the next one is fetched beside; only without a good one does
   * anybody wait. Throws `token_expired` where it ended and was not renewed, and `invalid_credentials` where there is none.
   */
  async getToken(signal?: AbortSignal): Promise<string> {
    return storedOf(await this.#token(signal)).accessToken ?? '';
  }

  /** Renews now. Throws `refresh_failed` with the status of the server, or `network_error`. */
  async refreshToken(signal: AbortSignal = NO_SIGNAL): Promise<void> {
    signal.throwIfAborted();
    await this.#keeper.load();
    const renewed = await this.#keeper.held.renew();
    if (!renewed.ok) throw this.#keeper.error ?? this.#error('refresh_failed', renewed.failure.message);
  }

  /** Forgets the tokens, wherever they are kept, and tells the server where it takes that (RFC 7009). */
  async logout(): Promise<LogoutOutcome> {
    await this.#keeper.load();
    const tokens = this.#keeper.held.held;
    this.#pending.clear();
    await this.#keeper.forget();
    const { client } = this.#settings;
    if (tokens === undefined || client.endpoints.revokeUrl === undefined) return { isRevoked: false };
    const { refreshToken, accessToken } = tokens;
    const token = refreshToken ?? accessToken;
    const kind = refreshToken === undefined ? 'access_token' : 'refresh_token';
    const revoked = await withDeadline(this.#parts.clock, this.#settings.timeoutMs, undefined, (signal) =>
      revokeToken(this.#way, client, { token, kind }, signal),
    );
    return revoked.ok ? { isRevoked: true } : { isRevoked: false, reason: revoked.failure.message };
  }

  /** What is known of the token, with the tokens masked. Throws `invalid_credentials` where there is none. */
  async getTokenInfo(): Promise<TokenInfo> {
    await this.#keeper.load();
    const tokens = this.#keeper.held.held;
    if (tokens === undefined)
      throw this.#error('invalid_credentials', 'There is no token. Sign in with startOAuthFlow');
    const { expiresAtMs, accessToken, refreshToken, scope, tokenType } = tokens;
    const nowMs = this.#parts.clock.nowMs();
    return {
      accessToken: accessToken.masked(),
      refreshToken: refreshToken?.masked() ?? '',
      tokenType,
      scopes: scope?.split(' ') ?? [],
      isExpired: expiresAtMs !== undefined && expiresAtMs <= nowMs,
      ...(expiresAtMs !== undefined && {
        expiresAt: new Date(expiresAtMs),
        expiresIn: Math.max(0, expiresAtMs - nowMs),
      }),
    };
  }

  /** True where the configuration has what a sign-in needs. */
  isOAuthEnabled(): boolean {
    try {
      needs(this.#settings, 'sign-in');
      return true;
    } catch {
      return false;
    }
  }

  getAuthMethod(): 'oauth' {
    return 'oauth';
  }

  #begunWith(state: string): PendingSignIn {
    const begun = this.#settings.checksState ? this.#pending.take(state) : this.#pending.takeLast();
    if (begun === undefined) throw this.#error('oauth_flow_failed', INVALID_STATE);
    return begun;
  }

  async #exchange(begun: PendingSignIn, code: Secret, outer: AbortSignal | undefined): Promise<void> {
    const answer = await withDeadline(this.#parts.clock, this.#settings.timeoutMs, outer, (signal) =>
      exchangeCode(this.#way, begun, { code, verifier: begun.verifier }, signal),
    );
    outer?.throwIfAborted();
    if (!answer.ok) throw flowError(this.provider, answer.failure);
    await this.#keeper.keep(answer.value);
  }

  async #token(signal: AbortSignal = NO_SIGNAL): Promise<Tokens> {
    signal.throwIfAborted();
    const keeper = this.#keeper;
    await keeper.load();
    const { held } = keeper;
    const hadToken = held.held !== undefined;
    const token = await held.token(signal);
    signal.throwIfAborted();
    if (token.ok) return held.held ?? { accessToken: token.value, tokenType: 'Bearer' };
    throw this.#expired(hadToken, keeper.error);
  }

  #expired(hadToken: boolean, cause: AuthError | undefined): AuthError {
    if (!hadToken) return this.#error('invalid_credentials', 'There is no token. Sign in with startOAuthFlow');
    // That nothing could be reached or kept says nothing about the token.
    if (cause !== undefined && cause.code !== 'refresh_failed') return cause;
    const details = cause?.message ?? '';
    const message = 'Stored token expired and refresh failed';
    return new AuthError({ provider: this.provider, code: 'token_expired', message, details, cause });
  }

  #error(code: AuthErrorCode, message: string): AuthError {
    return new AuthError({ provider: this.provider, code, message });
  }
}
