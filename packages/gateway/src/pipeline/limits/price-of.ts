import type { Catalog } from '@patchbay/llm/catalog/catalog';
import type { Price } from '@patchbay/llm/catalog/price';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import type { PriceOf } from '../../telemetry/cost.ts';
import type { HeldCatalog } from '../held-catalog.ts';
import type { CallablesNow, ProviderRuntime } from '../ports.ts';

export interface PriceParts {
  readonly callables: CallablesNow;
  readonly catalog: HeldCatalog;
  /** Every provider the product knows: their hosts tell which of them a row is a deployment of. */
  readonly records: readonly ProviderRecord[];
}

const UNKNOWN: Price = { state: 'unknown' };
/** Rates have at most six decimals. */
const RATE_DECIMALS = 6;
const TOKENS_PER_PRICED_UNIT = 1000;

/** How long a price is remembered, in milliseconds: some change with the hour of the day. */
const REMEMBERED_MS = 60_000;
/** Prices remembered at a time: callers choose the names of models. */
const REMEMBERED_MAX = 1000;

/** Tells prices: an administrator's word on a model first, then the catalogue. */
export function createPriceOf(parts: PriceParts): PriceOf {
  const { callables, catalog } = parts;
  const look = lookUpWith(parts);
  const remembered = new Map<string, Price>();
  let version = 0;
  let minute = 0;
  let known: Catalog | undefined;
  return (providerId, model, atMs) => {
    const now = Math.floor(atMs / REMEMBERED_MS);
    const isStale = callables().version !== version || now !== minute || catalog.now() !== known;
    if (isStale || remembered.size >= REMEMBERED_MAX) remembered.clear();
    version = callables().version;
    minute = now;
    known = catalog.now();
    // No provider's name holds a slash.
    const name = `${providerId}/${model}`;
    const before = remembered.get(name);
    if (before !== undefined) return before;
    const price = look(providerId, model, atMs);
    remembered.set(name, price);
    return price;
  };
}

function lookUpWith({ callables, catalog, records }: PriceParts): PriceOf {
  const hosts = new Map(records.map(({ id, baseUrl }) => [hostOf(baseUrl), id]));
  return (providerId, model, atMs) => {
    const { runtimes, models } = callables();
    const runtime = runtimes.get(providerId);
    const known = catalog.now();
    const listed = known?.priceOf(catalogIdOf(known, hosts, providerId, runtime), model, atMs) ?? UNKNOWN;
    const written = models.get(providerId)?.get(model)?.pricingInfo;
    return written === undefined ? listed : chosen(priceOfRow(written), listed);
  };
}

function catalogIdOf(
  catalog: Catalog,
  hosts: ReadonlyMap<string, string>,
  providerId: string,
  runtime: ProviderRuntime | undefined,
): string {
  if (runtime === undefined || catalog.providers.includes(providerId)) return providerId;
  return hosts.get(hostOf(runtime.baseUrl)) ?? providerId;
}

const hostOf = (address: string): string => /^https?:\/\/([^/?#]+)/i.exec(address)?.[1]?.toLowerCase() ?? '';

/** What an administrator wrote, in dollars for 1,000 tokens; other currencies are not converted. */
function priceOfRow({ inputTokenPrice, outputTokenPrice, currency = 'USD' }: JsonObject): Price {
  if (typeof inputTokenPrice !== 'number' || typeof outputTokenPrice !== 'number' || currency !== 'USD') return UNKNOWN;
  if (inputTokenPrice === 0 && outputTokenPrice === 0) return { state: 'free' };
  const usdPerMillionTokens = { input: perMillion(inputTokenPrice), output: perMillion(outputTokenPrice) };
  return { state: 'priced', usdPerMillionTokens, longPrompts: [], usdPerRequest: 0 };
}

const perMillion = (price: number): number =>
  Number(((price * 1_000_000) / TOKENS_PER_PRICED_UNIT).toFixed(RATE_DECIMALS));

/** Rows are filled in from the catalogue, which knows more: rates of the cache, of long prompts, of audio. */
function chosen(written: Price, listed: Price): Price {
  if (written.state !== 'priced' || listed.state !== 'priced') return written;
  const [own, theirs] = [written.usdPerMillionTokens, listed.usdPerMillionTokens];
  return own.input === theirs.input && own.output === theirs.output ? listed : written;
}
