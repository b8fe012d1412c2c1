import type { RequestLog } from '@patchbay/contract/resources/request-log';

/** One line of a bill. Rates are US dollars for a million tokens. */
export interface PriceLine {
  readonly label: string;
  readonly tokens: number;
  readonly usdPerMillion: number;
  readonly nanoUsd: number;
}

/** A bill by the prices of today, and whether it comes to what was written down. */
export interface Bill {
  readonly lines: readonly PriceLine[];
  readonly nanoUsd: number;
  readonly isExact: boolean;
}

type Rates = Readonly<Record<string, unknown>>;

/** What the log tells of a price list. */
export interface ShownPrice {
  readonly state: string;
  readonly [member: string]: unknown;
}

const NANO_PER_USD_PER_MILLION = 1000;

/** How the cost of an attempt comes about; `undefined` where it has no price. */
export function billOf(call: RequestLog, price: ShownPrice | undefined): Bill | undefined {
  if (price?.state !== 'priced') return undefined;
  const input = call.input_tokens ?? 0;
  const rates = ratesFor(price, input);
  const count = (name: string): number => Number(call[name] ?? 0);
  const [read, written] = [count('cache_read_tokens'), count('cache_write_tokens')];
  const rate = (name: string, standIn: string): number => Number(rates[name] ?? rates[standIn] ?? 0);
  const lines = [
    lineOf('Input', Math.max(0, input - read - written), rate('input', 'input')),
    lineOf('Read from the cache', read, rate('cacheRead', 'input')),
    lineOf('Written to the cache', written, rate('cacheWrite', 'input')),
    lineOf('Output', call.output_tokens ?? 0, rate('output', 'output')),
  ].filter(({ tokens }) => tokens > 0);
  const requestNano = Math.round(Number(price['usdPerRequest'] ?? 0) * 1e9);
  const nanoUsd = Math.round(lines.reduce((sum, each) => sum + each.nanoUsd, requestNano));
  return { lines, nanoUsd, isExact: nanoUsd === call.cost_nano_usd };
}

function ratesFor(price: ShownPrice, inputTokens: number): Rates {
  const long = Array.isArray(price['longPrompts']) ? (price['longPrompts'] as readonly Rates[]) : [];
  const dearer = long.findLast((each) => inputTokens > Number(each['aboveInputTokens']));
  return (dearer ?? price)['usdPerMillionTokens'] as Rates;
}

const lineOf = (label: string, tokens: number, usdPerMillion: number): PriceLine => ({
  label,
  tokens,
  usdPerMillion,
  nanoUsd: tokens * usdPerMillion * NANO_PER_USD_PER_MILLION,
});
