import type { Cache } from '../cache.ts';
import type { MemoryCache } from '../memory/cache.ts';
import type { RedisLink } from './link.ts';

/** Keeps texts in Redis; without it in this process, until Redis is back: nobody else could delete those. */
export function redisCache(link: RedisLink, local: MemoryCache): Cache {
  link.whenUp(() => local.clear());
  return {
    get: (key) =>
      link.ask(
        async (connection) => ((await connection.send(['GET', key])) as string | null) ?? undefined,
        () => local.get(key),
      ),
    set: (key, text, ttlMs) =>
      link.ask(
        async (connection) => {
          await connection.send(['SET', key, text, 'PX', String(Math.max(1, Math.ceil(ttlMs)))]);
        },
        () => local.set(key, text, ttlMs),
      ),
    delete: (key) =>
      link.ask(
        async (connection) => {
          await connection.send(['DEL', key]);
        },
        () => local.delete(key),
      ),
    ttlMs: (key) =>
      link.ask(
        async (connection) => {
          const ttlMs = Number(await connection.send(['PTTL', key]));
          if (ttlMs === NO_END) return Infinity;
          return ttlMs >= 0 ? ttlMs : undefined;
        },
        () => local.ttlMs(key),
      ),
  };
}

/** Redis' word for a key that somebody has set without an end. */
const NO_END = -1;
