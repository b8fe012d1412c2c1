import { BoundedMap } from '../memory/bounded-map.ts';
import { TALLY_TTL_MS, type Tally } from '../tally.ts';
import type { RedisLink } from './link.ts';

/** A tally whose additions are sent together. */
export interface RedisTally extends Tally {
  /** Sends what was added. While Redis is away it is kept and sent later. */
  flush(): Promise<void>;
}

/** Tallies in Redis, as plain numbers that end 24 hours after their first addition. */
export function redisTally(link: RedisLink): RedisTally {
  const added = new BoundedMap<number>();
  return {
    add: (key, by = 1) => added.set(key, (added.get(key) ?? 0) + by),
    async flush() {
      const batch = [...added.entries()];
      if (batch.length === 0) return;
      added.clear();
      const commands = batch.flatMap(([key, by]) => [
        ['INCRBY', key, String(by)],
        ['PEXPIRE', key, String(TALLY_TTL_MS), 'NX'],
      ]);
      await link.ask(
        async (connection) => {
          await Promise.all(commands.map((command) => connection.send(command)));
        },
        (wasSent) => {
          if (!wasSent) for (const [key, by] of batch) added.set(key, by + (added.get(key) ?? 0));
        },
      );
    },
    async read(key) {
      const sent = await link.ask(
        async (connection) => Number((await connection.send(['GET', key])) ?? 0),
        () => 0,
      );
      return sent + (added.get(key) ?? 0);
    },
  };
}
