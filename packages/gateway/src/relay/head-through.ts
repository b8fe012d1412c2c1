import type { ProxyAddress } from '../egress/proxy-url.ts';
import type { DeadlineWheel } from './deadline-wheel.ts';
import { fetchWhole } from './fetch-whole.ts';
import type { ProxiedUpstreams } from './upstreams-through.ts';

/** Sends `HEAD url` through a proxy; true when an answer of any status came within the time, which proves the way. */
export const headThrough =
  (upstreams: ProxiedUpstreams, wheel: DeadlineWheel) =>
  async (proxy: ProxyAddress, url: string, timeoutMs: number): Promise<boolean> => {
    const request = { method: 'HEAD', url, headers: {} };
    return (await fetchWhole(upstreams.through(proxy), request, wheel, timeoutMs)).ok;
  };
