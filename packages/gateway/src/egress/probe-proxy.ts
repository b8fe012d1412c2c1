import { dialAddress, findAddresses } from './dial-phases.ts';
import type { NameService } from './name-cache.ts';
import type { EgressPolicy } from './policy.ts';
import type { ProbeFinding } from './proxy-health.ts';
import type { ProxyAddress } from './proxy-url.ts';

export interface ProbeParts {
  readonly policy: EgressPolicy;
  readonly names: NameService;
  /** Sends `HEAD url` through the proxy within the given time; an answer of any status does. */
  readonly head: (proxy: ProxyAddress, url: string, timeoutMs: number) => Promise<Exclude<ProbeFinding, 'unreachable'>>;
}

/** Longest wait for a connection to the proxy, and then for an answer through it, in milliseconds. */
const TCP_MS = 5000;
const HEAD_MS = 10_000;

/** Tries a proxy: a connection to it, then `HEAD url` through it. Without a `url` the connection has to do. */
export async function probeProxy(
  { policy, names, head }: ProbeParts,
  proxy: ProxyAddress,
  url: string | undefined,
): Promise<ProbeFinding> {
  const found = await findAddresses(policy, names, proxy.hostname);
  if (!found.ok || !(await isListening(found.value, proxy.port))) return 'unreachable';
  return url === undefined ? 'well' : await head(proxy, url, HEAD_MS);
}

/** True when one of the addresses takes a connection within the time for all of them. */
async function isListening(addresses: readonly string[], port: number): Promise<boolean> {
  const dialled = await Promise.all(addresses.map((address) => dialAddress(address, port, TCP_MS)));
  for (const each of dialled) if (each.ok) each.value.destroy();
  return dialled.some(({ ok }) => ok);
}
