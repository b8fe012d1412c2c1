import type { Catalog } from '../catalog/catalog.ts';
import { costOf } from '../catalog/cost.ts';
import type { Price } from '../catalog/price.ts';
import type { Clock } from '../model/clock.ts';
import type { Usage } from '../model/usage.ts';

/** What a call cost. */
export interface CostAmount {
  /** Exact: whole billionths of a dollar. */
  readonly nanoUsd: number;
  readonly usd: number;
  readonly currency: 'USD';
}

/** Says what tokens cost; `undefined` where the price is not known, which is not the same as nothing. */
export interface CostCalculator {
  calculate(provider: string, model: string, usage: Usage): CostAmount | undefined;
}

const amountOf = (nanoUsd: number): CostAmount => ({ nanoUsd, usd: nanoUsd / 1e9, currency: 'USD' });

/** Everything costs nothing: for programs that keep their books elsewhere. */
export const nullCostCalculator: CostCalculator = { calculate: () => amountOf(0) };

/** Prices of the catalogue as they are at the time of asking. */
export const catalogCostCalculator = (catalog: Catalog, clock: Clock): CostCalculator => ({
  calculate: (provider, model, usage) => priced(usage, catalog.priceOf(provider, model, clock.nowMs())),
});

/** Dollars per 1 000 tokens. */
export interface ThousandPrices {
  readonly input: number;
  readonly output: number;
  /** Tokens read from a prompt cache. Default: as `input`. */
  readonly cached?: number;
}

/** Prices that the program itself knows, by `provider/model` or by model alone. Throws `RangeError` below 0. */
export function fixedCostCalculator(prices: Readonly<Record<string, ThousandPrices>>): CostCalculator {
  const known = new Map(Object.entries(prices).map(([name, price]) => [name, perMillion(name, price)]));
  return {
    calculate(provider, model, usage) {
      const price = known.get(`${provider}/${model}`) ?? known.get(model);
      return price && priced(usage, price);
    },
  };
}

function perMillion(name: string, { input, output, cached }: ThousandPrices): Price {
  const rate = (usd: number): number => {
    if (!(usd >= 0 && usd < Infinity)) throw new RangeError(`A price of ${name} is ${usd}. Give dollars, 0 or more.`);
    return usd * 1000;
  };
  return {
    state: 'priced',
    usdPerMillionTokens: {
      input: rate(input),
      output: rate(output),
      ...(cached !== undefined && { cacheRead: rate(cached) }),
    },
    longPrompts: [],
    usdPerRequest: 0,
  };
}

function priced(usage: Usage, price: Price): CostAmount | undefined {
  const cost = costOf(usage, price);
  return cost.state === 'known' ? amountOf(cost.nanoUsd) : undefined;
}
