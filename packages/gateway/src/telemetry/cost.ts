import { costOf } from '@patchbay/llm/catalog/cost';
import type { Price } from '@patchbay/llm/catalog/price';
import type { Usage } from '@patchbay/llm/model/usage';

import type { AttemptRecord, CallRecord, CallSink } from './call-record.ts';

/** What a provider's model costs at a moment (milliseconds since 1970). */
export type PriceOf = (providerId: string, model: string, atMs: number) => Price;

/** What is known of a cost, as records hold it. */
export type WrittenCost = Pick<AttemptRecord, 'costNanoUsd' | 'costState'>;

/** The cost of so much usage; a rate that was assumed makes it an assumed one. */
export function writtenCost(usage: Usage, price: Price): WrittenCost {
  const cost = costOf(usage, price);
  if (cost.state === 'unknown') return { costState: 'unknown' };
  return { costNanoUsd: cost.nanoUsd, costState: cost.assumed.length > 0 ? 'assumed' : 'known' };
}

const DOLLAR_DECIMALS = 9;

/** What an answer cost, in dollars, as its header says it; `unknown` where nobody knows the price. */
export const costHeader = ({ costNanoUsd }: WrittenCost): Readonly<Record<string, string>> => ({
  'x-patchbay-cost': costNanoUsd === undefined ? 'unknown' : (costNanoUsd / 1e9).toFixed(DOLLAR_DECIMALS),
});

/** Writes down what every attempt cost that used anything; one that says so already is left as it is. */
export function writeCosts({ attempts }: Pick<CallRecord, 'attempts'>, priceOf: PriceOf): void {
  for (const attempt of attempts) {
    if (attempt.usage === undefined || attempt.costState !== undefined) continue;
    const price = priceOf(attempt.providerId, attempt.model, attempt.startedAtMs);
    Object.assign(attempt, writtenCost(attempt.usage, price));
  }
}

/** A sink whose records say what they cost. */
export const pricedSink = (sink: CallSink, priceOf: PriceOf): CallSink => ({
  record(call) {
    writeCosts(call, priceOf);
    sink.record(call);
  },
});
