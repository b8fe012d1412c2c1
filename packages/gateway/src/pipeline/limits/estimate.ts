import { costOf } from '@patchbay/llm/catalog/cost';
import { NO_USAGE } from '@patchbay/llm/model/usage';
import type { Target } from '@patchbay/llm/routing/target';

import type { Amounts, Limit, Measure } from '../../coordination/limiter.ts';
import type { PriceOf } from '../../telemetry/cost.ts';
import type { Asked } from './asked.ts';

/** What is reserved for a call, and whether anybody knows what it costs. */
export interface Estimate {
  readonly amounts: Amounts;
  /** False where one of those who may answer has no known price. */
  readonly isPriced: boolean;
}

/**
 * What to reserve: its input and what it may answer, at the price of the dearest that may answer. A guess about the
 * answer alone never makes a call too large for a limit.
 */
export function estimateOf(
  { inputTokens, outputTokens }: Asked,
  targets: readonly Target[],
  limits: readonly Limit[],
  { priceOf, nowMs }: { readonly priceOf: PriceOf; readonly nowMs: number },
): Estimate {
  const costs = targets.map(({ providerId, model }) => {
    const price = priceOf(providerId, model, nowMs);
    return [
      costOf({ ...NO_USAGE, inputTokens }, price),
      costOf({ ...NO_USAGE, inputTokens, outputTokens }, price),
    ] as const;
  });
  const dearest = (index: 0 | 1): number =>
    Math.max(0, ...costs.map((cost) => (cost[index].state === 'known' ? cost[index].nanoUsd : 0)));
  return {
    amounts: {
      tokens: within(limits, 'tokens', inputTokens, inputTokens + outputTokens),
      nanoUsd: within(limits, 'nano-usd', dearest(0), dearest(1)),
    },
    isPriced: costs.length > 0 && costs.every(([{ state }]) => state === 'known'),
  };
}

function within(limits: readonly Limit[], measure: Measure, least: number, most: number): number {
  const max = Math.min(...limits.filter((each) => each.measure === measure).map((each) => each.max));
  return Math.min(most, Math.max(least, max));
}
