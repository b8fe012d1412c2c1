import { BoundedMap } from '../memory/bounded-map.ts';
import { TALLY_TTL_MS, type Tally } from '../tally.ts';
import type { RedisLink } from './link.ts';

/** A tally whose additions are sent together. */
export interface RedisTally extends Tally {
  /** Sends what was added. While Redis is away it is kept and sent later. */
  flush(): Promise<void>;
}

/** What waits to be sent for one key. */
interface Waiting {
  readonly by: number;
  readonly keptMs: number;
  /** True where the key is set if it is not there, and else left alone. */
  readonly begins?: boolean;
}

/** Tallies in Redis, as plain numbers that end some time after their first addition. */
export function redisTally(link: RedisLink): RedisTally {
  const waiting = new BoundedMap<Waiting>();
  const add = (key: string, by: number, keptMs: number): void =>
    waiting.set(key, { by: (waiting.get(key)?.by ?? 0) + by, keptMs });
  const begin = (key: string, value: number, keptMs: number): void => {
    if (waiting.get(key) === undefined) waiting.set(key, { by: value, keptMs, begins: true });
  };
  return {
    add: (key, by = 1, keptMs = TALLY_TTL_MS) => add(key, by, keptMs),
    begin,
    async flush() {
      const batch = [...waiting.entries()];
      if (batch.length === 0) return;
      waiting.clear();
      const commands = batch.flatMap(([key, each]) => commandsOf(key, each));
      await link.ask(
        async (connection) => {
          await Promise.all(commands.map((command) => connection.send(command)));
        },
        (wasSent) => {
          if (wasSent) return;
          for (const [key, { by, keptMs, begins }] of batch) (begins === true ? begin : add)(key, by, keptMs);
        },
      );
    },
    async read(key) {
      const sent = await link.ask(
        async (connection) => Number((await connection.send(['GET', key])) ?? 0),
        () => 0,
      );
      return sent + (waiting.get(key)?.by ?? 0);
    },
    endIn(keys, keptMs) {
      for (const key of keys) {
        const unsent = waiting.get(key);
        if (unsent !== undefined) waiting.set(key, { ...unsent, keptMs });
      }
      // A key that outlives this was to end by itself.
      void link.ask(
        async (connection) => {
          await Promise.all(keys.map((key) => connection.send(['PEXPIRE', key, String(Math.ceil(keptMs))])));
        },
        () => undefined,
      );
    },
    forget(keys) {
      for (const key of keys) waiting.delete(key);
      // What cannot be taken away now ends by itself.
      void link.ask(
        async (connection) => void (await connection.send(['DEL', ...keys])),
        () => undefined,
      );
    },
  };
}

const commandsOf = (key: string, { by, keptMs, begins }: Waiting): readonly (readonly string[])[] =>
  begins === true
    ? [['SET', key, String(by), 'PX', String(keptMs), 'NX']]
    : [
        ['INCRBY', key, String(by)],
        ['PEXPIRE', key, String(keptMs), 'NX'],
      ];
