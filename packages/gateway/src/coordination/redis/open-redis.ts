import { randomUUID } from 'node:crypto';

import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';

import { createLocks } from '../acquire-lock.ts';
import type { Coordination } from '../coordination.ts';
import { createLimiter } from '../create-limiter.ts';
import { ERROR_LOG_KEY } from '../key-names.ts';
import { memoryCache } from '../memory/cache.ts';
import { memoryCounter } from '../memory/counter.ts';
import { memoryEventLog } from '../memory/event-log.ts';
import { memoryLimitStore } from '../memory/limit-store.ts';
import { memoryLockStore } from '../memory/lock-store.ts';
import { memoryPubSub } from '../memory/pubsub.ts';
import { redisCache } from './cache.ts';
import { redisCounter } from './counter.ts';
import { redisEventLog } from './event-log.ts';
import { redisFacts } from './redis-facts.ts';
import { stuckLocks } from './stuck-locks.ts';
import { redisLimitStore } from './limit-store.ts';
import { PATIENCE, RedisLink, type Patience } from './link.ts';
import { redisLockStore } from './lock-store.ts';
import { redisPubSub } from './pubsub.ts';
import { redisTally } from './tally.ts';

/** What coordination over Redis is made of. */
export interface RedisParts {
  readonly redisUrl: Secret;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
  readonly patience?: Patience;
}

/** How often tallies and events are sent, in milliseconds. */
const FLUSH_MS = 100;

/** Coordination over Redis, each part with its twin in this process for when Redis does not answer. */
export async function openRedis(parts: RedisParts): Promise<Coordination> {
  const { clock, onError, random, patience = PATIENCE } = parts;
  const link = new RedisLink({ url: parts.redisUrl, clock, random, patience, onError });
  const nowMs = (): number => link.nowMs();
  const limiter = createLimiter({ store: redisLimitStore(link, memoryLimitStore()), clock, nowMs, newId: randomUUID });
  const tally = redisTally(link);
  const errors = redisEventLog(link, ERROR_LOG_KEY, memoryEventLog(nowMs));
  const lockStore = redisLockStore(link, memoryLockStore(nowMs));
  const coordination: Coordination = {
    counter: redisCounter(link, memoryCounter()),
    cache: redisCache(link, memoryCache(nowMs)),
    locks: createLocks({ store: lockStore, clock, random, newToken: randomUUID }),
    limiter,
    tally,
    errors,
    pubsub: redisPubSub(link, memoryPubSub(onError), randomUUID()),
    state: () => link.state(),
    facts: redisFacts(link, clock),
    stuckLocks: stuckLocks(link),
    async close() {
      stopFlushing();
      limiter.stop();
      await flush();
      await link.close();
    },
  };
  const flush = async (): Promise<void> => {
    await Promise.all([tally.flush(), errors.flush()]);
  };
  const stopFlushing = clock.every(FLUSH_MS, () => void flush());
  await link.tried;
  return coordination;
}
