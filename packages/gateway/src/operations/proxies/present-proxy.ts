import { PROXY_PROTOCOLS, type Proxy } from '@patchbay/contract/resources/proxy';

import { maskedProxyUrl, readProxyUrl } from '../../egress/proxy-url.ts';
import type { ProxyRecord } from '../../storage/records.ts';
import { timestamp, timestampOrNull } from '../timestamp.ts';

const STATES = ['healthy', 'degraded', 'down'] as const;

/** A proxy as others see it: without its password, under both names of what has two. */
export function presentProxy(row: ProxyRecord): Proxy {
  const url = shownUrl(row.url);
  return {
    id: Number(row.id),
    label: row.label ?? null,
    url,
    proxy_url: url,
    protocol: PROXY_PROTOCOLS.find((each) => each === row.protocol) ?? 'http',
    is_active: row.isActive,
    health_status: STATES.find((each) => each === row.healthStatus) ?? 'healthy',
    max_accounts: row.maxAccounts,
    current_accounts: row.currentAccounts,
    priority: row.priority,
    weight: row.weight,
    consecutive_failures: row.consecutiveFailures,
    failure_count: row.consecutiveFailures,
    max_failures: row.maxFailures,
    success_rate: row.successRate,
    avg_latency_ms: row.avgLatencyMs,
    usage_count: row.usageCount,
    last_used_at: timestampOrNull(row.lastUsedAtMs),
    last_checked_at: timestampOrNull(row.lastCheckedAtMs),
    marked_down_at: timestampOrNull(row.markedDownAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
    version: row.version,
  };
}

/** A URL that was written by hand may hold a password, and need not be one of a proxy. */
export function shownUrl(url: string): string {
  const address = readProxyUrl(url);
  return address === undefined ? url.replace(/^([^/@]*\/\/)?.*@/s, '$1***@') : maskedProxyUrl(address);
}
