import { randomBytes } from 'node:crypto';
import process from 'node:process';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import type { Coordination } from '../../src/coordination/coordination.ts';
import { openCoordination } from '../../src/coordination/open-coordination.ts';
import { connectRedis } from '../../src/coordination/redis/connect.ts';
import type { Patience } from '../../src/coordination/redis/link.ts';

/** The server that tests may write to, in a database of its own. */
export const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379/9';

/** A machine that runs many tests at once is slow itself. */
export const PATIENT: Patience = { slowMs: 5000, silentMs: 20_000 };

/** Coordination for one file of tests; `byHand` does what `redis-cli` does, where there is a Redis. */
export interface Engine {
  readonly name: 'memory' | 'Redis';
  readonly skip: string | false;
  open(): Promise<Coordination>;
}

const absent = await byHand('PING').then(
  () => false as const,
  (error: Error) => `no Redis at ${new URL(REDIS_URL).host} (${error.message || 'it does not answer'})`,
);

/** Why tests of Redis alone are passed over here, if they are. */
export const skipRedis: string | false = absent;

/** Coordination over the Redis at `url`. */
export const openOnRedis = (url = REDIS_URL, patience?: Patience): Promise<Coordination> =>
  openCoordination({
    redisUrl: new Secret(url),
    clock: systemClock,
    onError: () => undefined,
    ...(patience !== undefined && { patience }),
  });

/** Both places of coordination, for suites that run on each. */
export const ENGINES: readonly Engine[] = [
  {
    name: 'memory',
    skip: false,
    open: () => openCoordination({ clock: systemClock, onError: () => undefined }),
  },
  { name: 'Redis', skip: absent, open: () => openOnRedis(REDIS_URL, PATIENT) },
];

/** Sends one command in a connection of its own, as `redis-cli` does. */
export async function byHand(...command: string[]): Promise<unknown> {
  const connection = await connectRedis(new Secret(REDIS_URL), systemClock);
  try {
    return await connection.send(command);
  } finally {
    connection.close();
  }
}

/** A name that no other test has. */
export const newName = (): string => `test-${randomBytes(6).toString('hex')}`;

/** Deletes every key that has `name` in it. */
export async function forget(name: string): Promise<void> {
  const keys = (await byHand('KEYS', `*${name}*`)) as readonly string[];
  if (keys.length > 0) await byHand('DEL', ...keys);
}
