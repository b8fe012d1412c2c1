import { randomUUID } from 'node:crypto';

import type { Secret } from '@patchbay/llm/credentials/secret';
import { systemRandom, type Clock } from '@patchbay/llm/model/clock';

import { createLocks } from './acquire-lock.ts';
import type { Coordination } from './coordination.ts';
import { createLimiter } from './create-limiter.ts';
import { memoryCache } from './memory/cache.ts';
import { memoryCounter } from './memory/counter.ts';
import { memoryEventLog } from './memory/event-log.ts';
import { memoryLimitStore } from './memory/limit-store.ts';
import { memoryLockStore } from './memory/lock-store.ts';
import { memoryPubSub } from './memory/pubsub.ts';
import { memoryTally } from './memory/tally.ts';
import type { Patience } from './redis/link.ts';

/** What coordination is made of. */
export interface CoordinationParts {
  /** `redis://user:password@host:port/database`, or `rediss:` for TLS. Without it processes know nothing of each other. */
  readonly redisUrl?: Secret;
  readonly clock: Clock;
  /** Hears of a Redis that goes away or refuses something, and of listeners that throw; nothing is to be done about it. */
  readonly onError: (error: unknown) => void;
  readonly random?: () => number;
  /** How long a Redis is borne with. Default: 3 ms for slow, 250 ms for dead. */
  readonly patience?: Patience;
}

/** Opens coordination. A Redis that does not answer at once is no failure: it is asked as soon as it does. */
export async function openCoordination(parts: CoordinationParts): Promise<Coordination> {
  if (parts.redisUrl === undefined) return openHere(parts);
  const { openRedis } = await import('./redis/open-redis.ts');
  return openRedis({ ...parts, redisUrl: parts.redisUrl, random: parts.random ?? systemRandom });
}

function openHere({ clock, onError, random = systemRandom }: CoordinationParts): Coordination {
  const nowMs = (): number => clock.nowMs();
  const limiter = createLimiter({ store: memoryLimitStore(), clock, nowMs, newId: randomUUID });
  const sinceMs = nowMs();
  return {
    counter: memoryCounter(),
    cache: memoryCache(nowMs),
    locks: createLocks({ store: memoryLockStore(nowMs), clock, random, newToken: randomUUID }),
    limiter,
    tally: memoryTally(nowMs),
    errors: memoryEventLog(nowMs),
    pubsub: memoryPubSub(onError),
    state: () => ({ where: 'this process', status: 'up', sinceMs }),
    close: () => Promise.resolve(limiter.stop()),
  };
}
