/** Wakes those who wait for something to change. */
export interface News {
  /** Aborted by the next `tell`; ask for it anew before each wait. */
  signal(): AbortSignal;
  tell(): void;
}

/** Nothing has been told yet. */
export function createNews(): News {
  let next = new AbortController();
  return {
    signal: () => next.signal,
    tell() {
      const told = next;
      next = new AbortController();
      told.abort();
    },
  };
}
