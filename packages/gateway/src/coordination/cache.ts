/** Texts that are kept for a while. A miss is never a failure: whoever asks knows where the truth is. */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  /** Keeps `text` for `ttlMs` milliseconds, at least 1. */
  set(key: string, text: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** How long a key is still kept, in milliseconds; `undefined` when there is none. */
  ttlMs(key: string): Promise<number | undefined>;
}
