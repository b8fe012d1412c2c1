import { AuthError } from '../auth-error.ts';
import type { KeyManager } from '../keys/key-manager.ts';
import type { AuthConfig, Authenticator, LogoutOutcome } from './authenticator.ts';

/** The API keys of one provider as an account that presents one of them. */
export class ApiKeyAuthenticator implements Authenticator {
  readonly #keys: KeyManager;

  constructor(keys: KeyManager) {
    this.#keys = keys;
  }

  get provider(): string {
    return this.#keys.provider;
  }

  /** Adds the key that comes with the configuration. Throws `invalid_credentials` where there is none at all. */
  authenticate({ apiKey }: AuthConfig = {}): Promise<void> {
    if (apiKey !== undefined) this.#keys.addKey(apiKey);
    if (this.#keys.getKeys().length > 0) return Promise.resolve();
    return Promise.reject(this.#error('invalid_credentials', 'There is no API key. Pass one as apiKey'));
  }

  isAuthenticated(): Promise<boolean> {
    return Promise.resolve(this.#keys.isHealthy());
  }

  /** The next key. Throws `all_keys_exhausted` while every key rests. */
  async getToken(): Promise<string> {
    return this.#keys.getNextKey();
  }

  /** Keys are not renewed: moves on to the next one. */
  async refreshToken(): Promise<void> {
    await this.rotateKey();
  }

  /** Forgets all keys. Providers are not told: a key counts until it is deleted there. */
  logout(): Promise<LogoutOutcome> {
    for (const key of this.#keys.getKeys()) this.#keys.removeKey(key);
    return Promise.resolve({ isRevoked: false });
  }

  getAuthMethod(): 'api_key' {
    return 'api_key';
  }

  getKeyManager(): KeyManager {
    return this.#keys;
  }

  /** Moves on to the next key and gives it. Throws `key_rotation_failed` where no key is healthy and awake. */
  rotateKey(): Promise<string> {
    const { totalKeys, keys } = this.#keys.getStatus();
    if (keys.some(({ healthy, inBackoff }) => healthy && !inBackoff)) return Promise.resolve(this.#keys.getNextKey());
    const message = `None of ${totalKeys} keys is healthy and awake. Add a key, or wait for their backoff to end`;
    return Promise.reject(this.#error('key_rotation_failed', message));
  }

  reportKeySuccess(key: string): void {
    this.#keys.reportSuccess(key);
  }

  reportKeyFailure(key: string, reason?: unknown): void {
    this.#keys.reportFailure(key, reason);
  }

  #error(code: 'invalid_credentials' | 'key_rotation_failed', message: string): AuthError {
    return new AuthError({ provider: this.provider, code, message });
  }
}
