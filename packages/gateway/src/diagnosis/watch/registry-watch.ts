import type { Clock } from '@patchbay/llm/model/clock';

import type { Registry } from '../../registry/registry.ts';
import type { Changefeed, WatchedTable } from '../../storage/ports.ts';

/** Rows that were changed and that are not served. */
export interface Behind {
  readonly tables: readonly WatchedTable[];
  /** For how long at least, in milliseconds. */
  readonly forMs: number;
}

/** Whether what is served is what is stored. */
export interface RegistryWatch {
  /** Compares now; `undefined` where nothing is behind. Rejects when the store does not answer. */
  behind(): Promise<Behind | undefined>;
  /** Reads the store now. */
  refresh(): Promise<unknown>;
}

const SERVED = ['providers', 'models', 'accounts'] as const;
/** A change takes up to a second to be served, and a second more where the machine is busy, in milliseconds. */
const GRACE_MS = 3000;

/** Watches by the store's own counts of changes, which also those that are made by hand in SQL add to. */
export function watchRegistry(
  registry: Pick<Registry, 'current' | 'refresh'>,
  feed: Pick<Changefeed, 'versions'>,
  clock: Pick<Clock, 'nowMs'>,
): RegistryWatch {
  let seen: { readonly atMs: number; readonly versions: Readonly<Record<WatchedTable, number>> } | undefined;
  /** A change that was seen, and when it was not yet there. */
  let change:
    | { readonly tables: readonly WatchedTable[]; readonly afterMs: number; readonly seenMs: number }
    | undefined;
  return {
    async behind() {
      const atMs = clock.nowMs();
      const versions = await feed.versions();
      const before = seen;
      seen = { atMs, versions };
      const tables = before === undefined ? [] : SERVED.filter((name) => before.versions[name] !== versions[name]);
      const isServed = (afterMs: number): boolean => registry.current().loadedAtMs >= afterMs;
      // Of two changes that are not served the first one counts.
      if (change !== undefined && isServed(change.afterMs)) change = undefined;
      if (before !== undefined && tables.length > 0 && !isServed(before.atMs))
        change ??= { tables, afterMs: before.atMs, seenMs: atMs };
      if (change === undefined) return undefined;
      const forMs = atMs - change.seenMs;
      return forMs < GRACE_MS ? undefined : { tables: change.tables, forMs };
    },
    refresh: () => registry.refresh(),
  };
}
