/** Keys that are remembered at once. */
const KEYS_MAX = 10_000;

/** Remembers at most 10,000 keys: beyond that it forgets the one that was written longest ago. */
export class BoundedMap<Value> {
  readonly #values = new Map<string, Value>();

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    // Deleted and written anew, it is the youngest.
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= KEYS_MAX) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      break;
    }
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
  }

  entries(): Iterable<[string, Value]> {
    return this.#values.entries();
  }
}
