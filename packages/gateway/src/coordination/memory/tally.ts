import { TALLY_TTL_MS, type Tally } from '../tally.ts';
import { BoundedMap } from './bounded-map.ts';

/** Tallies of this process. `nowMs` tells the time since 1970. */
export function memoryTally(nowMs: () => number): Tally {
  const counts = new BoundedMap<{ readonly count: number; readonly endsAtMs: number }>();
  const find = (key: string): { readonly count: number; readonly endsAtMs: number } | undefined => {
    const found = counts.get(key);
    return found !== undefined && found.endsAtMs > nowMs() ? found : undefined;
  };
  return {
    add(key, by = 1, keptMs = TALLY_TTL_MS) {
      const { count, endsAtMs } = find(key) ?? { count: 0, endsAtMs: nowMs() + keptMs };
      counts.set(key, { count: count + by, endsAtMs });
    },
    begin(key, value, keptMs) {
      if (find(key) === undefined) counts.set(key, { count: value, endsAtMs: nowMs() + keptMs });
    },
    read: (key) => Promise.resolve(find(key)?.count ?? 0),
    endIn(keys, keptMs) {
      for (const key of keys) {
        const found = find(key);
        if (found !== undefined) counts.set(key, { count: found.count, endsAtMs: nowMs() + keptMs });
      }
    },
    forget: (keys) => keys.forEach((key) => counts.delete(key)),
  };
}
