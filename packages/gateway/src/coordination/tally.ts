/** Numbers for people to look at, e.g. requests of a day. Adding waits for nothing and may lose what a crash takes. */
export interface Tally {
  /** Adds to a key, which is kept from its first addition for `keptMs` milliseconds. Default: 24 hours. */
  add(key: string, by?: number, keptMs?: number): void;
  /** Sets a key that is not there yet. */
  begin(key: string, value: number, keptMs: number): void;
  /** Where a key stands; 0 when it is not there. */
  read(key: string): Promise<number>;
  /** Keeps keys that are there for so many milliseconds from now, whatever was said before. */
  endIn(keys: readonly string[], keptMs: number): void;
  /** Takes keys away. */
  forget(keys: readonly string[]): void;
}

/** How long a tally is kept from its first addition, in milliseconds, where nothing else is said. */
export const TALLY_TTL_MS = 86_400_000;
