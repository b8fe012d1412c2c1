import type { Counter } from '../counter.ts';
import type { MemoryCounter } from '../memory/counter.ts';
import type { RedisLink } from './link.ts';

/** Counts in Redis; without it in this process, on from where Redis was last seen. */
export const redisCounter = (link: RedisLink, local: MemoryCounter): Counter => ({
  next: (key) =>
    link.ask(
      async (connection) => {
        const count = Number(await connection.send(['INCR', key]));
        local.continueAfter(key, count);
        return count;
      },
      () => local.next(key),
    ),
  peek: (key) =>
    link.ask(
      async (connection) => Number((await connection.send(['GET', key])) ?? 0),
      () => local.peek(key),
    ),
});
