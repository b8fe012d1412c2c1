import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Result } from '@patchbay/llm/model/failure';

import type { ProxyHealth } from './proxy-health.ts';
import type { PooledProxy } from './proxy-pool.ts';
import { storedProxyAddress } from './proxy-url.ts';

/** A proxy as its row says. */
export interface StoredProxy extends Omit<PooledProxy, 'address' | 'health'>, Omit<ProxyHealth, 'status'> {
  readonly url: string;
  readonly password?: string | Secret;
  readonly healthStatus: string;
}

export interface OpeningParts<Row> {
  readonly openPassword: (row: Row) => Promise<Result<Secret | undefined>>;
  /** Told, by a sentence without secrets, of each row that cannot be used. */
  readonly onProblem: (sentence: string) => void;
}

/** Rows as the pool takes them. One that cannot be read is left out, so that its accounts have no way out at all. */
export async function pooledProxies<Row extends StoredProxy>(
  rows: readonly Row[],
  { openPassword, onProblem }: OpeningParts<Row>,
): Promise<readonly PooledProxy[]> {
  const proxies: PooledProxy[] = [];
  for (const row of rows) {
    const password = await openPassword(row);
    const address = password.ok ? storedProxyAddress(row.url, password.value) : undefined;
    if (address !== undefined) proxies.push(pooled(row, address));
    else onProblem(password.ok ? `The URL of proxy ${row.id} is none of a proxy.` : password.failure.message);
  }
  return proxies;
}

function pooled(row: StoredProxy, address: PooledProxy['address']): PooledProxy {
  const { id, isActive, maxFailures, usageCount, healthStatus } = row;
  const { consecutiveFailures, successRate, avgLatencyMs, markedDownAtMs } = row;
  const status = healthStatus === 'down' || healthStatus === 'degraded' ? healthStatus : 'healthy';
  const health = { status, consecutiveFailures, successRate, avgLatencyMs, markedDownAtMs } as const;
  return { id, address, isActive, maxFailures, usageCount, health };
}
