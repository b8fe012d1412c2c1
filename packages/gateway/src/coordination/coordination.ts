import type { Cache } from './cache.ts';
import type { Counter } from './counter.ts';
import type { EventLog } from './event-log.ts';
import type { Limiter } from './limiter.ts';
import type { Locks } from './lock.ts';
import type { PubSub } from './pubsub.ts';
import type { RedisFacts } from './redis/redis-facts.ts';
import type { StuckLocks } from './redis/stuck-locks.ts';
import type { Tally } from './tally.ts';

/** Whether the processes are coordinated: `degraded` is a Redis too slow to be asked, `down` one that does not answer. */
export interface CoordinationState {
  readonly where: 'this process' | 'redis';
  readonly status: 'up' | 'degraded' | 'down';
  readonly sinceMs: number;
  /** Why it is not up, without a password. */
  readonly why?: string;
}

/**
 * What processes agree on. Nothing of it is the only truth and all of it may be lost at any time; nothing of it fails: a
 * Redis that does not answer is replaced by the memory of this process until it does.
 */
export interface Coordination {
  readonly counter: Counter;
  readonly cache: Cache;
  readonly locks: Locks;
  readonly limiter: Limiter;
  readonly tally: Tally;
  /** The log of errors, at the key `error_logs`. */
  readonly errors: EventLog;
  readonly pubsub: PubSub;
  state(): CoordinationState;
  /** What the server says of itself, `undefined` while it does not answer; absent where there is none. */
  facts?(): Promise<RedisFacts | undefined>;
  /** Locks that never end; absent where there is no Redis. */
  readonly stuckLocks?: StuckLocks;
  /** Sends what is still to be sent and ends. */
  close(): Promise<void>;
}
