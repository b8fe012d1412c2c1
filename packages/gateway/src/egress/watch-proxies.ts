import type { Clock } from '@patchbay/llm/model/clock';

import { mayProbe, type ProbeFinding } from './proxy-health.ts';
import type { PooledProxy, ProxyPool } from './proxy-pool.ts';

export interface WatchParts {
  readonly pool: ProxyPool;
  readonly probe: (proxy: PooledProxy) => Promise<ProbeFinding>;
  readonly clock: Clock;
  readonly random: () => number;
  /** How often each proxy is tried, in milliseconds. Default 60,000. */
  readonly everyMs?: number;
  /** How long a proxy that is down is left alone, in milliseconds. Default a day. */
  readonly recoveryMs?: number;
}

/** Looks this often whether a proxy is due, in milliseconds. */
const LOOK_MS = 1000;
/** A round is up to this share longer, so that proxies, and processes, do not all ask at once. */
const JITTER = 0.2;
const DAY_MS = 86_400_000;

/** Tries every active proxy again and again until the returned function is called. One probe of a proxy at a time. */
export function watchProxies({
  pool,
  probe,
  clock,
  random,
  everyMs = 60_000,
  recoveryMs = DAY_MS,
}: WatchParts): () => void {
  const dueMs = new Map<string, number>();
  const running = new Set<string>();
  const next = (): number => clock.monotonicMs() + everyMs * (1 + JITTER * random());
  const tryOne = async (proxy: PooledProxy): Promise<void> => {
    running.add(proxy.id);
    try {
      pool.reportProbe(proxy.id, await probe(proxy));
    } finally {
      running.delete(proxy.id);
      dueMs.set(proxy.id, next());
    }
  };
  const look = (): void => {
    const proxies = pool.all;
    const ids = new Set(proxies.map(({ id }) => id));
    for (const id of dueMs.keys()) if (!ids.has(id)) dueMs.delete(id);
    for (const proxy of proxies) {
      const { id, isActive, health } = proxy;
      // The first look at a proxy comes somewhere in its first round.
      if (!dueMs.has(id)) dueMs.set(id, clock.monotonicMs() + everyMs * random());
      const isDue = (dueMs.get(id) ?? 0) <= clock.monotonicMs() && !running.has(id);
      // A probe that fails in itself says nothing; the next round tries again.
      if (isActive && isDue && mayProbe(health, recoveryMs, clock.nowMs())) void tryOne(proxy).catch(() => undefined);
    }
  };
  return clock.every(LOOK_MS, look);
}
