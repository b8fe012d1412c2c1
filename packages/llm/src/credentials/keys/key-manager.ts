import { AuthError } from '../auth-error.ts';
import { Seat } from '../seat.ts';
import { Secret } from '../secret.ts';
import { exhausted, runWithFailover, type FailoverParts } from './failover.ts';
import { KeyRing, type KeyRules, type RingKey, type RingParts } from './key-ring.ts';
import { statusOfKeys, type KeyManagerStatus } from './key-status.ts';
import { useOf, type KeyContext } from './use-of.ts';

/** How a key manager treats its keys. */
export interface KeyManagerOptions extends KeyRules {
  /** Keys tried at most for one use. Default 3. */
  readonly attemptsMax?: number;
  /** Whether an error speaks against the key. Default: unless its `failure` says that the request is at fault. */
  readonly isKeyFault?: (error: unknown) => boolean;
}

/** The API keys of one provider: which is next, which rest, and what to do when one fails. Keys come and go while in use. */
export class KeyManager {
  readonly provider: string;
  readonly #parts: RingParts;
  readonly #ring: KeyRing;
  readonly #options: KeyManagerOptions;
  #added = 0;

  /** A blank key, or no text, throws `invalid_config`. Keys given twice count once. */
  constructor(parts: RingParts, provider: string, keys: readonly (string | Secret)[], options: KeyManagerOptions = {}) {
    this.provider = provider;
    this.#parts = parts;
    this.#options = options;
    this.#ring = new KeyRing(parts, options);
    for (const key of keys) this.addKey(key);
  }

  /**
   * Calls `use` with the next key, and with others while it fails: at most as many as there are keys, and three. Whoever
   * passes a context passes it first, and is given it first where `use` takes two: `(ctx, (ctx, key) => …)`. Who takes the
   * key alone says so: `(ctx, (key: string) => …)`.
   * Throws `all_keys_exhausted`, which names the count and has the last error as its cause; errors that are not the key's
   * fault are thrown as they are.
   */
  executeWithFailover<T>(use: (key: string) => T | Promise<T>): Promise<T>;
  executeWithFailover<T, Context extends KeyContext>(
    context: Context,
    use: (context: Context, key: string) => T | Promise<T>,
  ): Promise<T>;
  executeWithFailover<T>(context: KeyContext, use: (key: string) => T | Promise<T>): Promise<T>;
  async executeWithFailover<T>(...args: readonly unknown[]): Promise<T> {
    const { signal, call } = useOf<T, string>(args);
    return runWithFailover(this.#failover(signal), async ({ seat }) => call(textOf(seat)));
  }

  /** Puts a key to use at once, behind the others. False where it is there already. */
  addKey(key: string | Secret): boolean {
    const secret = this.#secretOf(key);
    if (this.#find(secret) !== undefined) return false;
    this.#added += 1;
    this.#ring.add(new Seat({ kind: 'api-key', id: `key-${this.#added}`, key: secret }));
    return true;
  }

  /** Takes a key out of use; calls that use it go on. False where it is not there. */
  removeKey(key: string | Secret): boolean {
    const found = this.#find(this.#secretOf(key));
    if (found !== undefined) this.#ring.remove(found);
    return found !== undefined;
  }

  /** All keys in the order in which they were added, resting ones too. */
  getKeys(): string[] {
    return this.#ring.keys.map(({ seat }) => textOf(seat));
  }

  /** The next key. Throws `all_keys_exhausted` while every key rests. Report how it went. */
  getNextKey(): string {
    const key = this.#ring.next();
    if (key === undefined) throw exhausted(this.#failover(), 0);
    key.seat.uses += 1;
    return textOf(key.seat);
  }

  /** Ends the rest of a key and forgets its failures. Nothing happens where the key was removed meanwhile. */
  reportSuccess(key: string | Secret): void {
    const found = this.#find(this.#secretOf(key));
    if (found !== undefined) this.#ring.succeeded(found);
  }

  /** Lets a key rest, after the n-th failure in a row for 2^(n-1) seconds, at most 60. The reason is not kept. */
  reportFailure(key: string | Secret, _reason?: unknown): void {
    const found = this.#find(this.#secretOf(key));
    if (found !== undefined) this.#ring.failed(found);
  }

  /** Counts and rests of all keys, each masked. */
  getStatus(): KeyManagerStatus {
    return statusOfKeys(this.provider, this.#ring, this.#parts.clock);
  }

  /** True while at least one key is healthy. */
  isHealthy(): boolean {
    return this.#ring.keys.some(({ isHealthy }) => isHealthy);
  }

  #failover(signal?: AbortSignal): FailoverParts {
    const { attemptsMax, isKeyFault } = this.#options;
    return {
      provider: this.provider,
      ring: this.#ring,
      signal,
      ...(attemptsMax !== undefined && { attemptsMax }),
      ...(isKeyFault !== undefined && { isKeyFault }),
    };
  }

  #find(secret: Secret): RingKey | undefined {
    return this.#ring.keys.find(({ seat }) => secretOf(seat)?.sameAs(secret) === true);
  }

  #secretOf(key: string | Secret): Secret {
    const secret = key instanceof Secret ? key : new Secret(key);
    const text: unknown = secret.reveal();
    if (typeof text === 'string' && text.trim() !== '') return secret;
    const message = `A key must be a text that is not blank; ${this.#ring.keys.length} are there already. Is its variable set?`;
    throw new AuthError({ provider: this.provider, code: 'invalid_config', message });
  }
}

const secretOf = ({ credential }: Seat): Secret | undefined =>
  credential.kind === 'api-key' ? credential.key : undefined;

const textOf = (seat: Seat): string => secretOf(seat)?.reveal() ?? '';
