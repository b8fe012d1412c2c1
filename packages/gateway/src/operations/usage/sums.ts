import type { UsageSums } from '@patchbay/contract/resources/usage';
import type { Catalog } from '@patchbay/llm/catalog/catalog';
import { costOf } from '@patchbay/llm/catalog/cost';
import { NO_USAGE } from '@patchbay/llm/model/usage';

import type { UsageRow } from '../../storage/ports.ts';
import type { UsageParts } from './parts.ts';

const NANO_PER_USD = 1e9;

/** Sums over hours, with what they cost by the prices of today. Calls of unknown price are counted, not taken for free. */
export const sumsOf = async (
  { catalog, clock }: Pick<UsageParts, 'catalog' | 'clock'>,
  rows: readonly UsageRow[],
): Promise<UsageSums> => addUp(await catalog(), clock.nowMs(), rows);

/** The same where the catalogue is at hand. */
export function addUp(catalog: Catalog, nowMs: number, rows: readonly UsageRow[]): UsageSums {
  const total = (member: (row: UsageRow) => number): number => rows.reduce((sum, row) => sum + member(row), 0);
  const requests = total(({ attempts }) => attempts);
  const costs = rows.map((row) => ({ row, nanoUsd: nanoUsdOf(catalog, nowMs, row) }));
  const nanoUsd = costs.reduce((sum, each) => sum + (each.nanoUsd ?? 0), 0);
  return {
    requests,
    errors: requests - total(({ successes }) => successes),
    inputTokens: total(({ inputTokens }) => inputTokens),
    outputTokens: total(({ outputTokens }) => outputTokens),
    costUsd: nanoUsd / NANO_PER_USD,
    callsOfUnknownPrice: costs.reduce((sum, each) => sum + (each.nanoUsd === undefined ? each.row.successes : 0), 0),
    averageLatencyMs: requests === 0 ? 0 : Math.round(total(({ latencyMs }) => latencyMs) / requests),
  };
}

function nanoUsdOf(catalog: Catalog, nowMs: number, row: UsageRow): number | undefined {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = row;
  const price = catalog.priceOf(row.providerId, row.model, nowMs);
  const usage = { ...NO_USAGE, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens };
  const cost = costOf(usage, price);
  return cost.state === 'known' ? cost.nanoUsd : undefined;
}
