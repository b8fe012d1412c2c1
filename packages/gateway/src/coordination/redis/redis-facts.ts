import type { Clock } from '@patchbay/llm/model/clock';

import type { RedisLink } from './link.ts';

/** What a Redis says of itself, and what was seen of it. */
export interface RedisFacts {
  readonly version: string;
  readonly usedBytes: number;
  /** 0 where there is no limit but the machine's. */
  readonly maxBytes: number;
  /** What it does when it is full, e.g. `noeviction`. */
  readonly policy: string;
  /** Keys that it threw away to have room, since it was started. */
  readonly evictedKeys: number;
  readonly clients: number;
  readonly clientsMax: number;
  /** Set for a quarter of an hour when its keys were found gone: it was flushed, or started again with none of them. */
  readonly lost?: { readonly how: 'flushed' | 'restarted'; readonly agoMs: number };
  /** How long it took to answer, in milliseconds. */
  readonly tookMs: number;
}

/** A key that nobody but a flush takes away. */
const MARK_KEY = 'patchbay:mark';
/** How long a loss is told of, in milliseconds. */
const TOLD_MS = 900_000;

/** Asks a Redis about itself; `undefined` while it does not answer. */
export function redisFacts(link: RedisLink, clock: Pick<Clock, 'monotonicMs'>): () => Promise<RedisFacts | undefined> {
  let marked: { readonly mark: string; readonly runId: string } | undefined;
  let lost: { readonly how: 'flushed' | 'restarted'; readonly atMs: number } | undefined;
  const look = (): Promise<Looked | undefined> =>
    link.ask<Looked | undefined>(
      async (connection) => {
        const beganMs = clock.monotonicMs();
        const found = (await connection.send(['GET', MARK_KEY])) as string | null;
        const tookMs = clock.monotonicMs() - beganMs;
        const info = String(await connection.send(['INFO', 'server', 'clients', 'memory', 'stats']));
        // Two processes may find it gone at once: the first one's mark is both's.
        if (found === null) await connection.send(['SET', MARK_KEY, String(link.nowMs()), 'NX']);
        const mark = found ?? String(await connection.send(['GET', MARK_KEY]));
        return { mark, tookMs, info };
      },
      () => undefined,
    );
  return async () => {
    const looked = await look();
    if (looked === undefined) return undefined;
    const { mark, tookMs, info } = looked;
    const runId = lineOf(info, 'run_id');
    if (marked !== undefined && marked.mark !== mark)
      lost = { how: marked.runId === runId ? 'flushed' : 'restarted', atMs: clock.monotonicMs() };
    marked = { mark, runId };
    const agoMs = lost === undefined ? Infinity : clock.monotonicMs() - lost.atMs;
    return {
      ...factsOf(info),
      tookMs,
      ...(lost !== undefined && agoMs < TOLD_MS && { lost: { how: lost.how, agoMs } }),
    };
  };
}

interface Looked {
  readonly mark: string;
  readonly tookMs: number;
  readonly info: string;
}

const factsOf = (info: string): Omit<RedisFacts, 'lost' | 'tookMs'> => ({
  version: lineOf(info, 'redis_version'),
  usedBytes: Number(lineOf(info, 'used_memory')),
  maxBytes: Number(lineOf(info, 'maxmemory')),
  policy: lineOf(info, 'maxmemory_policy'),
  evictedKeys: Number(lineOf(info, 'evicted_keys')),
  clients: Number(lineOf(info, 'connected_clients')),
  clientsMax: Number(lineOf(info, 'maxclients')),
});

const lineOf = (info: string, name: string): string => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
