/** Numbers for people to look at, e.g. requests of a day. Adding waits for nothing and may lose what a crash takes. */
export interface Tally {
  /** Adds to a key, which is kept for 24 hours from its first addition. */
  add(key: string, by?: number): void;
  /** Where a key stands; 0 when it is not there. */
  read(key: string): Promise<number>;
}

/** How long a tally is kept from its first addition, in milliseconds. */
export const TALLY_TTL_MS = 86_400_000;
