import type { Counter } from '../counter.ts';
import { BoundedMap } from './bounded-map.ts';

/** A counter of this process that may be told what others have counted. */
export interface MemoryCounter extends Counter {
  /** Counting goes on after `count`. */
  continueAfter(key: string, count: number): void;
}

/** Counts in this process; of 10,000 keys, as each is two short names. */
export function memoryCounter(): MemoryCounter {
  const counts = new BoundedMap<number>();
  return {
    next(key) {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return Promise.resolve(count);
    },
    peek: (key) => Promise.resolve(counts.get(key) ?? 0),
    continueAfter: (key, count) => counts.set(key, count),
  };
}
