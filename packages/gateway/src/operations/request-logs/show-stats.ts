import type { Rows } from '../ports.ts';

/** Where the numbers of a day stand, and under which names. */
export interface StatsParts {
  readonly rows: Pick<Rows, 'proxies'>;
  /** Where a key stands; 0 when it is not there. */
  readonly read: (key: string) => Promise<number>;
  readonly proxyKeys: (proxyId: string) => readonly string[];
  /** Keys of no proxy in particular. */
  readonly globalKeys: readonly string[];
}

/** Every number that is counted by the day, by its key: in Redis where there is one, else in this process. */
export async function readStats({ rows, read, proxyKeys, globalKeys }: StatsParts): Promise<Record<string, number>> {
  const proxies = await rows.proxies.all();
  const keys = [...globalKeys, ...proxies.flatMap(({ id }) => proxyKeys(id))];
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await read(key)] as const)));
}
