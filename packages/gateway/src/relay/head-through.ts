import { isProxyFault } from '../egress/proxy-greeting.ts';
import type { ProxyAddress } from '../egress/proxy-url.ts';
import type { DeadlineWheel } from './deadline-wheel.ts';
import { fetchWhole } from './fetch-whole.ts';
import type { ProxiedUpstreams } from './upstreams-through.ts';

/** Sends `HEAD url` through a proxy and says what came of it; an answer of any status proves the way. */
export const headThrough =
  (upstreams: ProxiedUpstreams, wheel: DeadlineWheel) =>
  async (proxy: ProxyAddress, url: string, timeoutMs: number): Promise<'faulty' | 'no-way-out' | 'well'> => {
    const request = { method: 'HEAD', url, headers: {} };
    const answer = await fetchWhole(upstreams.through(proxy), request, wheel, timeoutMs);
    if (answer.ok) return 'well';
    return isProxyFault(answer.failure.code) ? 'faulty' : 'no-way-out';
  };
