/**
 * What is kept of one account: the documented OAuth configuration with its tokens, each secret as text. `expiresAt` is
 * absent where the end is not known. Stores keep these members and no others.
 */
export interface StoredToken {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly expiresAt?: Date;
  readonly tokenType?: string;
  readonly scopes?: readonly string[];
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly redirectUrl?: string;
  readonly authUrl?: string;
  readonly tokenUrl?: string;
}

type Awaitable<T> = T | Promise<T>;

/**
 * Where tokens are kept, by a key such as the provider's name. Implement it to keep them anywhere: in a database, or in
 * the keychain of the operating system. What a store throws is passed on as `storage_error` unless it is an `AuthError`.
 */
export interface TokenStorage {
  /** Keeps the token under the key in the place of any other, durably before it resolves. */
  storeToken(key: string, token: StoredToken): Awaitable<void>;
  /** `undefined` where there is none. */
  retrieveToken(key: string): Awaitable<StoredToken | undefined>;
  /** Deletes the token; nothing happens where there is none. */
  deleteToken(key: string): Awaitable<void>;
  /** All keys. */
  listTokens(): Awaitable<readonly string[]>;
  /**
   * Runs `work` while nobody else runs any for the same key, in other processes, too. Tokens are renewed inside, so that
   * a refresh token that may be used once is used once. Default: only callers of one authenticator are kept apart.
   */
  exclusively?<T>(key: string, work: () => Promise<T>): Promise<T>;
}
