import type { Lease } from '@patchbay/llm/credentials/pool';

import type { Upstream } from '../relay/upstream.ts';
import type { ProviderRuntime } from './ports.ts';

/** The way out of one account to its provider: through its proxy, where it has one. */
export function upstreamFor({ ways, upstream, record }: ProviderRuntime, { facts }: Pick<Lease, 'facts'>): Upstream {
  const { proxyId } = facts;
  return ways === undefined || proxyId === undefined ? upstream : ways.upstreamOf(proxyId, record.id);
}
