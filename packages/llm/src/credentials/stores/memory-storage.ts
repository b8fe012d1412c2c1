import type { Clock } from '../../model/clock.ts';
import type { StoredToken, TokenStorage } from './token-storage.ts';

/** How much is kept in memory. */
export interface MemoryStorageOptions {
  /** Most tokens kept at a time. Default 100. One more puts out the one that was used longest ago. */
  readonly maxTokens?: number;
  /** How often tokens that have ended and cannot be renewed are put out, in milliseconds. Default one hour. */
  readonly cleanupInterval?: number;
}

const MAX_TOKENS = 100;
const CLEANUP_MS = 3_600_000;

/** Tokens in memory: gone with the process. Cleans up when it is used, without a timer. */
export class MemoryTokenStorage implements TokenStorage {
  readonly #clock: Clock;
  readonly #maxTokens: number;
  readonly #cleanupMs: number;
  /** Used longest ago first. */
  readonly #tokens = new Map<string, StoredToken>();
  #cleanedAtMs: number;

  constructor(clock: Clock, options: MemoryStorageOptions = {}) {
    this.#clock = clock;
    this.#maxTokens = Math.max(1, options.maxTokens ?? MAX_TOKENS);
    this.#cleanupMs = options.cleanupInterval ?? CLEANUP_MS;
    this.#cleanedAtMs = clock.nowMs();
  }

  storeToken(key: string, token: StoredToken): Promise<void> {
    this.#clean();
    this.#tokens.delete(key);
    const oldest = this.#tokens.keys().next();
    if (this.#tokens.size >= this.#maxTokens && oldest.done !== true) this.#tokens.delete(oldest.value);
    this.#tokens.set(key, { ...token });
    return Promise.resolve();
  }

  retrieveToken(key: string): Promise<StoredToken | undefined> {
    this.#clean();
    const token = this.#tokens.get(key);
    if (token === undefined) return Promise.resolve(undefined);
    this.#tokens.delete(key);
    this.#tokens.set(key, token);
    return Promise.resolve({ ...token });
  }

  deleteToken(key: string): Promise<void> {
    this.#tokens.delete(key);
    return Promise.resolve();
  }

  listTokens(): Promise<readonly string[]> {
    this.#clean();
    return Promise.resolve([...this.#tokens.keys()]);
  }

  #clean(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#cleanedAtMs < this.#cleanupMs) return;
    this.#cleanedAtMs = nowMs;
    for (const [key, { refreshToken, expiresAt }] of this.#tokens)
      if ((refreshToken ?? '') === '' && expiresAt !== undefined && expiresAt.getTime() <= nowMs)
        this.#tokens.delete(key);
  }
}
