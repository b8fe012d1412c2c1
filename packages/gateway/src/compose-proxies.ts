import { systemClock } from '@patchbay/llm/model/clock';

import { connectThrough } from './egress/connect-through.ts';
import { createNameCache } from './egress/name-cache.ts';
import type { EgressPolicy } from './egress/policy.ts';
import { probeProxy } from './egress/probe-proxy.ts';
import type { ProbeFinding } from './egress/proxy-health.ts';
import { ProxyPool, type PooledProxy } from './egress/proxy-pool.ts';
import type { ProxyAddress } from './egress/proxy-url.ts';
import { resolveName } from './egress/resolve-name.ts';
import { watchProxies } from './egress/watch-proxies.ts';
import { keepPool, type KeepPoolParts, type KeptPool } from './operations/proxies/keep-pool.ts';
import type { DeadlineWheel } from './relay/deadline-wheel.ts';
import { headThrough } from './relay/head-through.ts';
import { upstreamsThrough } from './relay/upstreams-through.ts';
import { waysOut, type WaysOut } from './relay/ways-out.ts';

/** What proxies are dialled and kept with. */
export interface ProxiesParts extends Pick<KeepPoolParts, 'rows' | 'secrets' | 'changes'> {
  readonly policy: EgressPolicy;
  readonly wheel: DeadlineWheel;
  /** Told, without secrets, of proxies that cannot be used. */
  readonly onProblem: (sentence: string) => void;
  /** Where the accounts of a proxy lead, for its probes; absent where it has none. */
  readonly targetOf: (proxyId: string) => string | undefined;
}

/** The proxies that accounts go out through. */
export interface Proxies {
  readonly ways: WaysOut;
  /** Makes what was written of proxies hold at once. */
  refresh(): Promise<unknown>;
  /** Every proxy as this process knows it. */
  all(): readonly PooledProxy[];
  /** Tries a proxy now. */
  probe(proxy: ProxyAddress, id: string): Promise<ProbeFinding>;
  /** Reads the rows, and follows and tries them until `close`. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Builds the ways out through proxies. Until `start` none is open, so that no account goes out by another way. */
export function composeProxies({ policy, wheel, onProblem, targetOf, ...stored }: ProxiesParts): Proxies {
  const clock = systemClock;
  const pool = new ProxyPool(() => clock.nowMs());
  const upstreams = upstreamsThrough(connectThrough({ policy, clock }), wheel);
  const head = headThrough(upstreams, wheel);
  const names = createNameCache(resolveName, clock);
  const probe: Proxies['probe'] = (proxy, id) => probeProxy({ policy, names, head }, proxy, targetOf(id));
  let kept: KeptPool | undefined;
  let stopWatching: () => void = () => undefined;
  return {
    ways: waysOut({ pool, upstreams, nowMs: () => clock.monotonicMs() }),
    probe,
    all: () => pool.all,
    refresh: async () => kept?.refresh(),
    start: async () => {
      kept = await keepPool({ ...stored, pool, clock, onProblem });
      stopWatching = watchProxies({ pool, probe: ({ id, address }) => probe(address, id), clock, random: Math.random });
    },
    close: async () => {
      stopWatching();
      await kept?.close();
      upstreams.close();
    },
  };
}
