/** How an account presents itself. */
export type AuthenticatorMethod = 'oauth' | 'api_key';

/** What is said to be presented, where it did not come with the authenticator. */
export interface AuthConfig {
  readonly method?: 'api_key' | 'bearer_token' | 'oauth' | 'custom';
  readonly apiKey?: string;
}

/** What is known of the token of one account. Tokens are masked: an absent one is an empty text. */
export interface TokenInfo {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: string;
  readonly scopes: readonly string[];
  /** Absent where the end is not known. */
  readonly expiresAt?: Date;
  /** Left until then, in milliseconds; 0 when it has ended. */
  readonly expiresIn?: number;
  readonly isExpired: boolean;
}

/** What became of a token that was given up. It is forgotten here in every case. */
export interface LogoutOutcome {
  /** True where the server was told, and took it. */
  readonly isRevoked: boolean;
  /** Why not; absent where the server takes no such word. */
  readonly reason?: string;
}

/** One account of one provider. Whatever fails is thrown as an `AuthError`. */
export interface Authenticator {
  readonly provider: string;
  /** Makes sure that there is something to present. */
  authenticate(config?: AuthConfig): Promise<void>;
  /** True while there is something good to present. */
  isAuthenticated(): Promise<boolean>;
  /** What to present now. */
  getToken(signal?: AbortSignal): Promise<string>;
  /** Gets another one, whatever is held. */
  refreshToken(signal?: AbortSignal): Promise<void>;
  logout(): Promise<LogoutOutcome>;
  getAuthMethod(): AuthenticatorMethod;
}

/** An account that somebody signs in to. */
export interface OAuthAuthenticating extends Authenticator {
  startOAuthFlow(scopes?: readonly string[]): Promise<string>;
  handleCallback(code: string, state: string, signal?: AbortSignal): Promise<void>;
  isOAuthEnabled(): boolean;
  getTokenInfo(): Promise<TokenInfo>;
}

/** True for accounts that somebody signs in to. */
export const isOAuth = (authenticator: Authenticator): authenticator is OAuthAuthenticating =>
  authenticator.getAuthMethod() === 'oauth';
