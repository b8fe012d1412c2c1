import type { Lease } from '@patchbay/llm/credentials/pool';
import type { Usage } from '@patchbay/llm/model/usage';

import type { Upstream } from '../relay/upstream.ts';
import type { ProviderRuntime } from './ports.ts';

/** The way out of one account to its provider: through its proxy, where it has one. */
export function upstreamFor({ ways, upstream, record }: ProviderRuntime, { facts }: Pick<Lease, 'facts'>): Upstream {
  const { proxyId } = facts;
  return ways === undefined || proxyId === undefined ? upstream : ways.upstreamOf(proxyId, record.id);
}

/** Counts what a call used for the proxy that it went through, if any. */
export function countProxied({ ways, record }: ProviderRuntime, { facts }: Pick<Lease, 'facts'>, usage?: Usage): void {
  if (usage === undefined || facts.proxyId === undefined) return;
  ways?.countTokens(facts.proxyId, record.id, usage.inputTokens + usage.outputTokens);
}
