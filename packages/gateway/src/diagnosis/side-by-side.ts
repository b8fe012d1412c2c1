import type { Clock } from '@patchbay/llm/model/clock';

/** How many at a time, and for how long in all. */
export interface Bounds {
  readonly atOnce: number;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
  /** Default 8,000 ms: a network that swallows everything must not keep anybody waiting, nor look like a broken check. */
  readonly forMs?: number;
}

/** Does a task for each item; what has not ended when the time is over is left out. */
export async function sideBySide<Item>(
  items: Iterable<Item>,
  task: (item: Item) => Promise<void>,
  { atOnce, clock, signal, forMs = 8000 }: Bounds,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let isOver = false;
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true && !isOver; next = waiting.next()) await task(next.value);
  };
  const ended = new AbortController();
  const late = clock.sleep(forMs, AbortSignal.any([signal, ended.signal]));
  await Promise.race([Promise.all(Array.from({ length: atOnce }, worker)), late]);
  isOver = true;
  ended.abort();
}
