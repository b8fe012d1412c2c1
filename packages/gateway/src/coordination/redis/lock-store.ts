import { FENCE_KEY, lockKey } from '../key-names.ts';
import type { LockStore } from '../lock.ts';
import type { RedisLink } from './link.ts';
import { runScript, script } from './run-script.ts';
import { DROP_LOCK, EXTEND_LOCK, TAKE_LOCK } from './scripts/locks.lua.ts';

const TAKE = script(TAKE_LOCK);
const EXTEND = script(EXTEND_LOCK);
const DROP = script(DROP_LOCK);

/** Locks in Redis; without it those of this process. Both are always given back, as either may have been taken. */
export const redisLockStore = (link: RedisLink, local: LockStore): LockStore => ({
  take: (name, token, leaseMs) =>
    link.ask(
      async (connection) => {
        const values = [token, String(leaseMs), String(link.nowMs())];
        const fence = await runScript(connection, TAKE, [lockKey(name), FENCE_KEY], values);
        return fence === null ? undefined : Number(fence);
      },
      () => local.take(name, token, leaseMs),
    ),
  extend: (name, token, leaseMs) =>
    link.ask(
      async (connection) => (await runScript(connection, EXTEND, [lockKey(name)], [token, String(leaseMs)])) === 1,
      () => local.extend(name, token, leaseMs),
    ),
  async drop(name, token) {
    await local.drop(name, token);
    await link.ask(
      async (connection) => {
        await runScript(connection, DROP, [lockKey(name)], [token]);
      },
      () => undefined,
    );
  },
});
