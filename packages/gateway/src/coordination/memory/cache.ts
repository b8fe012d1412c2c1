import type { Cache } from '../cache.ts';
import { BoundedMap } from './bounded-map.ts';

/** A cache of this process that can be emptied. */
export interface MemoryCache extends Cache {
  clear(): void;
}

/** Keeps 10,000 texts in this process. `nowMs` tells the time since 1970. */
export function memoryCache(nowMs: () => number): MemoryCache {
  const kept = new BoundedMap<{ readonly text: string; readonly endsAtMs: number }>();
  const find = (key: string): { readonly text: string; readonly endsAtMs: number } | undefined => {
    const entry = kept.get(key);
    if (entry === undefined || entry.endsAtMs > nowMs()) return entry;
    kept.delete(key);
    return undefined;
  };
  return {
    get: (key) => Promise.resolve(find(key)?.text),
    set(key, text, ttlMs) {
      kept.set(key, { text, endsAtMs: nowMs() + Math.max(1, Math.ceil(ttlMs)) });
      return Promise.resolve();
    },
    delete(key) {
      kept.delete(key);
      return Promise.resolve();
    },
    ttlMs(key) {
      const entry = find(key);
      return Promise.resolve(entry && entry.endsAtMs - nowMs());
    },
    clear: () => kept.clear(),
  };
}
