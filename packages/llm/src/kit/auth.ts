import { ApiKeyAuthenticator } from '../credentials/authenticators/api-key-authenticator.ts';
import { AuthManager } from '../credentials/authenticators/auth-manager.ts';
import type { AuthenticatorParts } from '../credentials/authenticators/authorization-way.ts';
import { OAuthAuthenticator } from '../credentials/authenticators/oauth-authenticator.ts';
import type { OAuthConfig } from '../credentials/authenticators/oauth-config.ts';
import { FileTokenStorage, type FileStorageOptions } from '../credentials/stores/file-storage.ts';
import { KeychainTokenStorage, type KeychainStorageOptions } from '../credentials/stores/keychain-storage.ts';
import { MemoryTokenStorage, type MemoryStorageOptions } from '../credentials/stores/memory-storage.ts';
import type { TokenStorage } from '../credentials/stores/token-storage.ts';
import type { Secret } from '../credentials/secret.ts';
import { systemClock, type Clock } from '../model/clock.ts';
import { fetchExchange } from '../transport/fetch-exchange.ts';
import { newKeyManager, type KeyManagerSettings } from './keys.ts';

export { AUTH_ERRORS, AuthError, type AuthErrorCode } from '../credentials/auth-error.ts';
export type { ApiKeyAuthenticator } from '../credentials/authenticators/api-key-authenticator.ts';
export type { AuthManager, AuthStatus } from '../credentials/authenticators/auth-manager.ts';
export type {
  AuthConfig,
  Authenticator,
  LogoutOutcome,
  OAuthAuthenticating,
  TokenInfo,
} from '../credentials/authenticators/authenticator.ts';
export type { OAuthAuthenticator } from '../credentials/authenticators/oauth-authenticator.ts';
export type { OAuthConfig } from '../credentials/authenticators/oauth-config.ts';
export type { BackupOptions } from '../credentials/stores/backups.ts';
export type { FileStorageOptions } from '../credentials/stores/file-storage.ts';
export type { KeychainEntry, KeychainStorageOptions } from '../credentials/stores/keychain-storage.ts';
export type { MemoryStorageOptions } from '../credentials/stores/memory-storage.ts';
export type { StoredToken, TokenStorage } from '../credentials/stores/token-storage.ts';

/** When tokens are renewed. */
export type RefreshConfig = NonNullable<OAuthConfig['refresh']>;
/** How authorization servers are asked. */
export type HttpConfig = NonNullable<OAuthConfig['http']>;
/** How a sign-in proves that it ends where it began. */
export type PkceConfig = NonNullable<OAuthConfig['pkce']>;
/** How answers are told from forged ones. */
export type StateConfig = NonNullable<OAuthConfig['state']>;

/** The machine's own clock, unless a test brings another. */
export interface ClockSetting {
  readonly clock?: Clock;
}

/** Where tokens are kept when nobody says where. */
export const TOKENS_FILE = '.tokens.json';

/**
 * Keeps tokens in a file, or in a folder with a file for each. Default: `.tokens.json` in the working directory. Files are
 * for their owner alone, changes are atomic, processes may share them. Needs Node; elsewhere each use throws
 * `storage_error`.
 */
export const newFileTokenStorage = (
  path: string = TOKENS_FILE,
  { clock = systemClock, ...options }: FileStorageOptions & ClockSetting = {},
): TokenStorage & Required<Pick<TokenStorage, 'exclusively'>> => new FileTokenStorage(clock, path, options);

/** Keeps tokens in memory, at most 100: gone with the process. */
export const newMemoryTokenStorage = ({
  clock = systemClock,
  ...options
}: MemoryStorageOptions & ClockSetting = {}): TokenStorage => new MemoryTokenStorage(clock, options);

/**
 * Keeps tokens in the keychain of the operating system, through a library that the program brings, such as
 * `@napi-rs/keyring`: `newKeychainTokenStorage({ entryOf: (account) => new AsyncEntry('my-program', account) })`.
 */
export const newKeychainTokenStorage = (options: KeychainStorageOptions): TokenStorage =>
  new KeychainTokenStorage(options);

/** How an authenticator reaches servers and knows the time. Default: the platform's `fetch` and the machine's clock. */
export type AuthenticatorSettings = Partial<AuthenticatorParts>;

/**
 * Signs one account in and keeps it signed in: `startOAuthFlow` gives the address for the browser, `handleCallback` takes
 * the answer, `getToken` the token of now, renewed ahead of its end and once for all who ask. For providers that are known
 * by name, such as `gemini`, addresses may be left out.
 */
export const newOAuthAuthenticator = (
  provider: string,
  storage: TokenStorage,
  config: OAuthConfig = {},
  settings: AuthenticatorSettings = {},
): OAuthAuthenticator => new OAuthAuthenticator(partsOf(settings), provider, storage, config);

/** The parts of an authenticator with the platform's own in the places that are left open. */
export const partsOf = ({ exchange = fetchExchange(), clock = systemClock, ...rest }: AuthenticatorSettings) => ({
  ...rest,
  exchange,
  clock,
});

/** Presents the API keys of one provider in turn, and moves on from those that fail. */
export const newApiKeyAuthenticator = (
  provider: string,
  keys: readonly (string | Secret)[],
  settings: KeyManagerSettings = {},
): ApiKeyAuthenticator => new ApiKeyAuthenticator(newKeyManager(provider, keys, { successThreshold: 2, ...settings }));

/** Holds the accounts of several providers. Default: tokens in memory, and nobody registered. */
export const newAuthManager = (storage: TokenStorage = newMemoryTokenStorage()): AuthManager =>
  new AuthManager(storage);

/** Puts a manager together, step by step. Accounts that are signed in to share its store. */
export class AuthManagerBuilder {
  #storage: TokenStorage | undefined;
  #settings: AuthenticatorSettings = {};
  readonly #steps: ((manager: AuthManager) => void)[] = [];

  /** Default: in memory. */
  withStorage(storage: TokenStorage): this {
    this.#storage = storage;
    return this;
  }

  /** How servers are reached and the time is known. */
  withSettings(settings: AuthenticatorSettings): this {
    this.#settings = settings;
    return this;
  }

  withOAuth(provider: string, config: OAuthConfig): this {
    this.#steps.push((manager) =>
      manager.registerAuthenticator(newOAuthAuthenticator(provider, manager.getStorage(), config, this.#settings)),
    );
    return this;
  }

  withApiKeys(provider: string, keys: readonly (string | Secret)[]): this {
    this.#steps.push((manager) => manager.registerAuthenticator(newApiKeyAuthenticator(provider, keys)));
    return this;
  }

  /** Throws `invalid_config` where one of the steps makes no sense. */
  build(): AuthManager {
    const manager = newAuthManager(this.#storage);
    for (const step of this.#steps) step(manager);
    return manager;
  }
}
