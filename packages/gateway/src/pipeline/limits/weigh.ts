import type { Clock } from '@patchbay/llm/model/clock';

import type { Amounts, Limit } from '../../coordination/limiter.ts';
import type { PriceOf } from '../../telemetry/cost.ts';
import type { ModelDirectory } from '../ports.ts';
import type { Asked } from './asked.ts';
import { hasBudget, limitsOf, type Bound } from './bounds.ts';
import { estimateOf, type Estimate } from './estimate.ts';

/** What calls are weighed with. */
export interface WeighParts {
  readonly directory: ModelDirectory;
  readonly priceOf: PriceOf;
  readonly clock: Clock;
}

/** A call and what binds it. */
export interface Bounded {
  readonly bounds: readonly Bound[];
  readonly asked: Asked;
  readonly userId: string | undefined;
}

/** What a call asks of its limits. */
export interface Weighed {
  readonly limits: readonly Limit[];
  readonly amounts: Amounts;
  /** Whose budget allows only calls with a known price, where this one has none. */
  readonly unpricedFor: Bound | undefined;
}

/** Weighs a call; `spent`: billionths of a dollar that the log knows of, for each bound. */
export function weigh(parts: WeighParts, bounded: Bounded, spent: readonly number[]): Weighed {
  const nowMs = parts.clock.nowMs();
  const { bounds } = bounded;
  const limits = bounds.flatMap((bound, index) => limitsOf(bound, nowMs, spent[index] ?? 0));
  const { amounts, isPriced } = estimateWith(parts, bounded, limits, nowMs);
  const strict = bounds.find((bound) => bound.limits.unknownPrice === 'refuse' && hasBudget(bound.limits));
  return { limits, amounts, unpricedFor: isPriced ? undefined : strict };
}

/** A model that cannot be found is no matter of limits: whoever looks for it next says so. */
function estimateWith(
  { directory, priceOf }: WeighParts,
  { bounds, asked, userId }: Bounded,
  limits: readonly Limit[],
  nowMs: number,
): Estimate {
  if (!bounds.some((bound) => hasBudget(bound.limits)))
    return { ...estimateOf(asked, [], limits, { priceOf, nowMs }), isPriced: true };
  const found = asked.model === '' ? undefined : directory.resolve(asked.model, userId);
  if (found !== undefined && 'failure' in found) return { amounts: { tokens: 0, nanoUsd: 0 }, isPriced: true };
  return estimateOf(asked, found?.targets ?? [], limits, { priceOf, nowMs });
}
