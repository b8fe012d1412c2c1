import type { ChangeData, PriceData, RatesData } from './catalog-data.ts';

/**
 * Dollars per million tokens. A missing rate is unknown; `costOf` says what it puts in its place.
 * Every rate has at most six decimals, so that costs are exact.
 */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  /** Cache writes that live five minutes, or as long as the provider likes. */
  readonly cacheWrite?: number;
  /** Cache writes that live an hour. */
  readonly cacheWrite1h?: number;
  /** Reasoning tokens, where they cost something else than the rest of the answer. */
  readonly reasoning?: number;
  /** All tokens of an answer that was thought over, where that makes the whole answer dearer. */
  readonly thinkingOutput?: number;
  readonly audioInput?: number;
  readonly audioOutput?: number;
}

/** Name of one rate. */
export type RateName = keyof Rates;

/** A price list at one moment. */
export interface PriceList {
  readonly state: 'priced';
  readonly usdPerMillionTokens: Rates;
  /** Rates of whole calls whose prompt is longer than `aboveInputTokens`, by rising length. Empty where length is no matter. */
  readonly longPrompts: readonly { readonly aboveInputTokens: number; readonly usdPerMillionTokens: Rates }[];
  /** What each request costs besides its tokens; default 0. */
  readonly usdPerRequest: number;
}

/**
 * What a model costs: known, nothing, or unknown. Unknown is never zero: whoever meets it must decide, as budgets do,
 * whether such a call may be made.
 */
export type Price = PriceList | { readonly state: 'free' } | { readonly state: 'unknown' };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;

/** The price in force at `atMs` (milliseconds since 1970, UTC). */
export function priceAt(data: PriceData | 'free' | undefined, atMs: number): Price {
  if (data === undefined) return { state: 'unknown' };
  if (data === 'free') return { state: 'free' };
  const { above = [], request = 0, ...current } = data.changes?.findLast((change) => holds(change, atMs)) ?? data;
  const rates = onlyRates(current);
  return {
    state: 'priced',
    usdPerMillionTokens: rates,
    longPrompts: above.map(([aboveInputTokens, dearer]) => ({
      aboveInputTokens,
      usdPerMillionTokens: { ...rates, ...dearer },
    })),
    usdPerRequest: request,
  };
}

function holds({ from, hours, days }: ChangeData, atMs: number): boolean {
  if (from !== undefined && atMs < Date.parse(`${from}T00:00:00Z`)) return false;
  if (days !== undefined && !days.includes((Math.floor(atMs / DAY_MS) + FIRST_WEEKDAY) % 7)) return false;
  if (hours === undefined) return true;
  const [start, end] = [minuteOfDay(hours[0]), minuteOfDay(hours[1])];
  const now = Math.floor((atMs % DAY_MS) / MINUTE_MS);
  return start <= end ? start <= now && now < end : now >= start || now < end;
}

/** Minutes since midnight of a time such as `16:30`. */
function minuteOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function onlyRates(data: RatesData & Partial<ChangeData & PriceData>): Rates {
  const {
    from: _from,
    hours: _hours,
    days: _days,
    changes: _changes,
    above: _above,
    request: _request,
    ...rates
  } = data;
  return rates;
}
