import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';

import type { StoreLooker } from './looks/store-look.ts';

/** Which store, as in the settings. */
export interface LookedStore {
  readonly dataDir: string;
  readonly databaseUrl?: Secret;
  readonly clock: Clock;
}

/** Looks at a store, open or not: the driver of PostgreSQL is loaded only where there is one. */
export async function createStoreLooker({ dataDir, databaseUrl, clock }: LookedStore): Promise<StoreLooker> {
  if (databaseUrl !== undefined)
    return sharedLooks((await import('./drivers/open-postgres.ts')).lookerOf(databaseUrl, clock));
  return sharedLooks((await import('./looks/look-at-sqlite.ts')).sqliteLooker(dataDir, clock));
}

/** Whoever asks while somebody looks is told what that one sees: each look costs a thread or a connection of its own. */
function sharedLooks(looker: StoreLooker): StoreLooker {
  let underWay: ReturnType<StoreLooker['look']> | undefined;
  return {
    ...looker,
    look: () => {
      underWay ??= looker.look().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
  };
}
