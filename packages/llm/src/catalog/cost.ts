import { tokenCount, uncachedInputTokens, type Usage } from '../model/usage.ts';
import { assertNever } from '../model/assert-never.ts';
import type { Price, PriceList, RateName, Rates } from './price.ts';

/** Audio of one call, where the provider counts it apart. Parts of the input not cached and of the output. */
export interface AudioUsage {
  readonly audioInputTokens?: number;
  readonly audioOutputTokens?: number;
}

/**
 * What one call costs. `nanoUsd` is a whole number of billionths of a dollar. `assumed` names the rates that the price
 * list lacked although tokens of their kind were used; the nearest rate stood in for them, see `STAND_INS`.
 */
export type Cost =
  | { readonly state: 'known'; readonly nanoUsd: number; readonly assumed: readonly RateName[] }
  | { readonly state: 'unknown' };

/** Which rate takes the place of a missing one. Reasoning is output unless the vendor says otherwise: no assumption. */
export const STAND_INS: Readonly<Partial<Record<RateName, RateName>>> = {
  cacheRead: 'input',
  cacheWrite: 'input',
  cacheWrite1h: 'cacheWrite',
  audioInput: 'input',
  audioOutput: 'output',
};

/** Rates have six decimals and are per million tokens, so a trillionth of a dollar a token is a whole number. */
const PICO_PER_USD_PER_MILLION = 1e6;
const PICO_PER_USD = 1e12;
const PICO_PER_NANO = 1000n;

/**
 * What a call with this usage costs. A free model costs 0, an unknown price makes an unknown cost. The arithmetic is exact;
 * only the sum is rounded, half up, to a billionth of a dollar. Charges other than tokens and requests are not in it.
 */
export function costOf(usage: Usage & AudioUsage, price: Price): Cost {
  switch (price.state) {
    case 'free':
      return { state: 'known', nanoUsd: 0, assumed: [] };
    case 'unknown':
      return { state: 'unknown' };
    case 'priced':
      return costOfPriced(usage, price);
    default:
      return assertNever(price);
  }
}

function costOfPriced(usage: Usage & AudioUsage, price: PriceList): Cost {
  const rates = ratesFor(tokenCount(usage.inputTokens), price);
  const charges = chargesOf(usage, rates).filter(({ tokens }) => tokens > 0);
  let pico = BigInt(Math.round(price.usdPerRequest * PICO_PER_USD));
  for (const { tokens, rate } of charges) {
    pico += BigInt(tokens) * BigInt(Math.round(rateOrStandIn(rates, rate) * PICO_PER_USD_PER_MILLION));
  }
  const nanoUsd = Number((pico + PICO_PER_NANO / 2n) / PICO_PER_NANO);
  return {
    state: 'known',
    nanoUsd,
    assumed: charges.map(({ rate }) => rate).filter((rate) => rates[rate] === undefined),
  };
}

function ratesFor(inputTokens: number, { usdPerMillionTokens, longPrompts }: PriceList): Rates {
  const long = longPrompts.findLast(({ aboveInputTokens }) => inputTokens > aboveInputTokens);
  return long?.usdPerMillionTokens ?? usdPerMillionTokens;
}

/** Every token of the call exactly once, under the rate it is charged at. */
function chargesOf(usage: Usage & AudioUsage, rates: Rates): readonly { tokens: number; rate: RateName }[] {
  const uncached = tokenCount(uncachedInputTokens(usage));
  const audioInput = Math.min(tokenCount(usage.audioInputTokens), uncached);
  const cacheWrite = tokenCount(usage.cacheWriteTokens);
  const cacheWrite1h = Math.min(tokenCount(usage.cacheWrite1hTokens), cacheWrite);
  const output = tokenCount(usage.outputTokens);
  const audioOutput = Math.min(tokenCount(usage.audioOutputTokens), output);
  const reasoning = Math.min(tokenCount(usage.reasoningTokens), output - audioOutput);
  const answer: RateName = reasoning > 0 && rates.thinkingOutput !== undefined ? 'thinkingOutput' : 'output';
  const separate = answer === 'output' && rates.reasoning !== undefined ? reasoning : 0;
  return [
    { rate: 'input', tokens: uncached - audioInput },
    { rate: 'audioInput', tokens: audioInput },
    { rate: 'cacheRead', tokens: tokenCount(usage.cacheReadTokens) },
    { rate: 'cacheWrite', tokens: cacheWrite - cacheWrite1h },
    { rate: 'cacheWrite1h', tokens: cacheWrite1h },
    { rate: answer, tokens: output - audioOutput - separate },
    { rate: 'reasoning', tokens: separate },
    { rate: 'audioOutput', tokens: audioOutput },
  ];
}

function rateOrStandIn(rates: Rates, name: RateName): number {
  const standIn = STAND_INS[name];
  return rates[name] ?? (standIn === undefined ? 0 : rateOrStandIn(rates, standIn));
}
