import { AuthError } from '../auth-error.ts';
import type { TokenStorage } from '../stores/token-storage.ts';
import {
  isOAuth,
  type AuthConfig,
  type Authenticator,
  type OAuthAuthenticating,
  type TokenInfo,
} from './authenticator.ts';

/** How one account stands. */
export interface AuthStatus {
  readonly provider: string;
  readonly method: ReturnType<Authenticator['getAuthMethod']>;
  readonly isAuthenticated: boolean;
}

/** The accounts of several providers under their names, each at most once. What fails is thrown as an `AuthError`. */
export class AuthManager {
  readonly #storage: TokenStorage;
  readonly #all = new Map<string, Authenticator>();

  constructor(storage: TokenStorage) {
    this.#storage = storage;
  }

  /** Replaces another one of the same provider. */
  registerAuthenticator(authenticator: Authenticator, provider: string = authenticator.provider): void {
    this.#all.set(provider, authenticator);
  }

  /** Throws `invalid_config`, which names those that there are, for a provider that none was registered for. */
  getAuthenticator(provider: string): Authenticator {
    const found = this.#all.get(provider);
    if (found !== undefined) return found;
    const there = [...this.#all.keys()].join(', ') || 'none';
    throw this.#error(
      provider,
      `There is no authenticator. Register one with registerAuthenticator; there are: ${there}`,
    );
  }

  async authenticate(provider: string, config?: AuthConfig): Promise<void> {
    await this.getAuthenticator(provider).authenticate(config);
  }

  async isAuthenticated(provider: string): Promise<boolean> {
    return (await this.#all.get(provider)?.isAuthenticated()) ?? false;
  }

  async logout(provider: string): Promise<void> {
    await this.getAuthenticator(provider).logout();
  }

  /** Renews every OAuth account that has a token, side by side. Gives what failed, by provider. */
  async refreshAllTokens(): Promise<ReadonlyMap<string, unknown>> {
    const failed = new Map<string, unknown>();
    const due = [...this.#all].filter(([, each]) => isOAuth(each));
    await Promise.all(
      due.map(async ([provider, each]) => {
        await each.refreshToken().catch((error: unknown) => failed.set(provider, error));
      }),
    );
    return failed;
  }

  async getAuthenticatedProviders(): Promise<readonly string[]> {
    const all = await this.getAuthStatus();
    return all.filter(({ isAuthenticated }) => isAuthenticated).map(({ provider }) => provider);
  }

  getAuthStatus(): Promise<readonly AuthStatus[]> {
    return Promise.all(
      [...this.#all].map(async ([provider, each]) => ({
        provider,
        method: each.getAuthMethod(),
        isAuthenticated: await each.isAuthenticated(),
      })),
    );
  }

  /** Deletes stored tokens that ended before `nowMs` and cannot be renewed; gives their names. */
  async cleanupExpired(nowMs: number): Promise<readonly string[]> {
    const deleted: string[] = [];
    for (const key of await this.#storage.listTokens()) {
      const { expiresAt, refreshToken = '' } = (await this.#storage.retrieveToken(key)) ?? {};
      if (expiresAt === undefined || expiresAt.getTime() > nowMs || refreshToken !== '') continue;
      await this.#storage.deleteToken(key);
      deleted.push(key);
    }
    return deleted;
  }

  /** Calls `visit` with each account that has something good to present, one after another. */
  async forEachAuthenticated(visit: (provider: string, authenticator: Authenticator) => unknown): Promise<void> {
    for (const [provider, each] of this.#all) if (await each.isAuthenticated()) await visit(provider, each);
  }

  getTokenInfo(provider: string): Promise<TokenInfo> {
    return this.#oauth(provider).getTokenInfo();
  }

  startOAuthFlow(provider: string, scopes?: readonly string[]): Promise<string> {
    return this.#oauth(provider).startOAuthFlow(scopes);
  }

  handleOAuthCallback(provider: string, code: string, state: string): Promise<void> {
    return this.#oauth(provider).handleCallback(code, state);
  }

  getStorage(): TokenStorage {
    return this.#storage;
  }

  /** Takes it out without logging out. False where it is not there. */
  removeAuthenticator(provider: string): boolean {
    return this.#all.delete(provider);
  }

  /** Takes out all of them. Their tokens stay where they are kept. */
  close(): void {
    this.#all.clear();
  }

  #oauth(provider: string): OAuthAuthenticating {
    const found = this.getAuthenticator(provider);
    if (isOAuth(found)) return found;
    throw this.#error(provider, 'It presents API keys: nobody signs in to it');
  }

  #error(provider: string, message: string): AuthError {
    return new AuthError({ provider, code: 'invalid_config', message });
  }
}
