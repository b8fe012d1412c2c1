import { TALLY_TTL_MS, type Tally } from '../tally.ts';
import { BoundedMap } from './bounded-map.ts';

/** Tallies of this process. `nowMs` tells the time since 1970. */
export function memoryTally(nowMs: () => number): Tally {
  const counts = new BoundedMap<{ readonly count: number; readonly endsAtMs: number }>();
  const find = (key: string): { readonly count: number; readonly endsAtMs: number } => {
    const found = counts.get(key);
    return found !== undefined && found.endsAtMs > nowMs() ? found : { count: 0, endsAtMs: nowMs() + TALLY_TTL_MS };
  };
  return {
    add(key, by = 1) {
      const { count, endsAtMs } = find(key);
      counts.set(key, { count: count + by, endsAtMs });
    },
    read: (key) => Promise.resolve(find(key).count),
  };
}
