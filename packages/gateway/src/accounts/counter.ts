/** Counts up by name. Everything it knows may be lost; it then starts again. */
export interface Counter {
  /** The next number for this name, from 1. At once where nobody else counts. */
  next(key: string): number | Promise<number>;
  /** How many there have been for this name, 0 for none; counts nothing. */
  peek(key: string): number | Promise<number>;
}

/** Models are named by callers: more names than this at once are not counted. */
const KEYS_MAX = 10_000;

/** Counts within this process. */
export class LocalCounter implements Counter {
  readonly #counts = new Map<string, number>();

  next(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count === 1 && this.#counts.size >= KEYS_MAX) this.#counts.clear();
    this.#counts.set(key, count);
    return count;
  }

  peek(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Starts one name again, as deleting its key elsewhere does. */
  delete(key: string): void {
    this.#counts.delete(key);
  }
}

/** Name of the documented counter: how many accounts have been chosen for a provider's model. */
export const turnKey = (providerId: string, model: string): string => `account:rr:${providerId}:${model}`;
