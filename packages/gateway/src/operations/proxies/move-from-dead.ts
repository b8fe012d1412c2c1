import type { Clock } from '@patchbay/llm/model/clock';

import type { MovedAccounts } from '../../diagnosis/ports.ts';
import { afterProbe, type ProbeFinding } from '../../egress/proxy-health.ts';
import type { RegistryPort, Rows } from '../ports.ts';
import { serveNow } from '../serve-now.ts';
import { recalculateRows } from './assignments.ts';

/** What a dead proxy is set aside with. */
export interface MovingParts {
  readonly rows: Pick<Rows, 'transaction'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly probe: (proxyId: string) => Promise<ProbeFinding>;
  /** What follows the rows of proxies and of accounts. */
  readonly pool: RegistryPort;
}

/**
 * Tries a proxy once more and, where it takes no connection, takes it out until it does and gives its accounts others.
 * `undefined` where it answers after all, or is gone: then nothing is changed.
 */
export async function moveFromDead(
  { rows, clock, probe, pool }: MovingParts,
  proxyId: string,
): Promise<MovedAccounts | undefined> {
  const finding = await probe(proxyId);
  if (finding !== 'unreachable') return undefined;
  const moved = await rows.transaction(async (within) => {
    const row = await within.proxies.get(proxyId);
    if (row === undefined) return undefined;
    const nowMs = clock.nowMs();
    const { consecutiveFailures, successRate, avgLatencyMs, maxFailures } = row;
    const known = { status: 'degraded', consecutiveFailures, successRate, avgLatencyMs } as const;
    const health = afterProbe(known, finding, { maxFailures, nowMs });
    await within.proxies.note([{ id: row.id, lastCheckedAtMs: nowMs, health }]);
    return recalculateRows(within);
  });
  if (moved === undefined) return undefined;
  await serveNow({ registry: pool });
  return {
    moves: moved.moves.map(({ account, to }) => ({
      accountId: account.id,
      from: account.proxyId,
      to: Number(to.id),
    })),
    stranded: moved.stranded.length,
  };
}
