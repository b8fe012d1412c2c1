/** Lets those who come for the same key have their turns one after the other, in the order of coming. */
export type WaitingLine = <T>(key: string, signal: AbortSignal, turn: () => Promise<T>) => Promise<T>;

/**
 * An empty line. A turn begins when all before it have ended, or at once when `signal` is aborted: it is for the turn to
 * look at that first.
 */
export function createWaitingLine(): WaitingLine {
  const tails = new Map<string, Promise<void>>();
  return async (key, signal, turn) => {
    const before = tails.get(key);
    let leave = (): void => undefined;
    const mine = new Promise<void>((resolve) => (leave = resolve));
    const tail = before === undefined ? mine : before.then(() => mine);
    tails.set(key, tail);
    try {
      if (before !== undefined) await orAborted(before, signal);
      return await turn();
    } finally {
      leave();
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}

async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => (stop = resolve));
  signal.addEventListener('abort', stop, { once: true });
  await Promise.race([promise, aborted]);
  signal.removeEventListener('abort', stop);
}
