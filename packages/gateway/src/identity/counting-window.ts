/** Where a counter stands. */
export interface Counted {
  /** Events of this window, this one included. */
  readonly count: number;
  /** When the window ends and counting starts anew, in milliseconds since 1970. */
  readonly endsAtMs: number;
}

/** Keys that are remembered at once: at some 200 bytes each, two megabytes. */
const KEYS_MAX = 10_000;

/**
 * Counts events by key in windows that begin with a key's first event. Its memory is bounded: beyond 10,000 keys the one
 * that began first is forgotten.
 */
export class CountingWindow {
  readonly #windowMs: number;
  readonly #nowMs: () => number;
  /** In the order in which the windows began, which is the order in which they end. */
  readonly #windows = new Map<string, { count: number; readonly endsAtMs: number }>();

  constructor(windowMs: number, nowMs: () => number) {
    this.#windowMs = windowMs;
    this.#nowMs = nowMs;
  }

  /** Counts one event. */
  add(key: string): Counted {
    const window = this.#current(key) ?? this.#begin(key);
    window.count += 1;
    return { ...window };
  }

  /** Where a key stands, without counting; `undefined` when nothing is counted for it now. */
  look(key: string): Counted | undefined {
    const window = this.#current(key);
    return window && { ...window };
  }

  forget(key: string): void {
    this.#windows.delete(key);
  }

  #current(key: string): { count: number; readonly endsAtMs: number } | undefined {
    const window = this.#windows.get(key);
    if (window === undefined || window.endsAtMs > this.#nowMs()) return window;
    this.#windows.delete(key);
    return undefined;
  }

  #begin(key: string): { count: number; readonly endsAtMs: number } {
    for (const [oldest, { endsAtMs }] of this.#windows) {
      if (endsAtMs > this.#nowMs() && this.#windows.size < KEYS_MAX) break;
      this.#windows.delete(oldest);
    }
    const window = { count: 0, endsAtMs: this.#nowMs() + this.#windowMs };
    this.#windows.set(key, window);
    return window;
  }
}
