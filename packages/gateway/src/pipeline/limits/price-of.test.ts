import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { loadCatalog } from '@patchbay/llm/catalog/load-catalog';
import type { Price } from '@patchbay/llm/catalog/price';
import { CredentialPool } from '@patchbay/llm/credentials/pool';
import { systemClock } from '@patchbay/llm/model/clock';
import type { JsonObject } from '@patchbay/llm/model/json';
import { PROVIDERS } from '@patchbay/llm/providers/registry';

import type { Callables, ProviderRuntime } from '../ports.ts';
import { createPriceOf } from './price-of.ts';

const catalog = await loadCatalog();
const NOW_MS = Date.parse('2026-11-21T00:00:00Z');

const runtime = (id: string, baseUrl: string): ProviderRuntime => ({
  record: { ...PROVIDERS.openai, id },
  baseUrl,
  pool: new CredentialPool({ credentials: [], clock: systemClock }),
  upstream: { dispatch: () => assert.fail() },
});

/** What a model of the row `mine` costs, whose administrator wrote this of it. */
function priceOf(model: string, baseUrl: string, pricingInfo?: JsonObject): Price {
  const listed = { identifier: model, name: model, contextLength: 1, status: 'active' };
  const callables = {
    version: 1,
    runtimes: new Map([['mine', runtime('mine', baseUrl)]]),
    models: new Map([['mine', new Map([[model, { ...listed, ...(pricingInfo && { pricingInfo }) }]])]]),
    providersOf: () => [],
    mappedTo: () => undefined,
  } as unknown as Callables;
  const held = { now: () => catalog, whenRead: Promise.resolve(catalog) };
  return createPriceOf({ callables: () => callables, catalog: held, records: Object.values(PROVIDERS) })(
    'mine',
    model,
    NOW_MS,
  );
}
const ratesOf = (price: Price): object => (price.state === 'priced' ? price.usdPerMillionTokens : price);

const OPENAI = 'https://api.openai.com/v1';
const LISTED = catalog.priceOf('openai', 'gpt-5', NOW_MS);

describe('the price of a model of a row', () => {
  it('is that of the provider at the same host', () => {
    assert.equal(LISTED.state, 'priced');
    assert.deepEqual(priceOf('gpt-5', OPENAI), LISTED);
  });

  it('is what an administrator wrote for 1,000 tokens', () => {
    const written = { inputTokenPrice: 0.002, outputTokenPrice: 0.0000035, currency: 'USD' };
    assert.deepEqual(ratesOf(priceOf('gpt-5', OPENAI, written)), { input: 2, output: 0.0035 });
  });

  it('keeps the other rates of the catalogue where a row only repeats it', () => {
    const repeated = { inputTokenPrice: 0.00125, outputTokenPrice: 0.01 };
    assert.deepEqual(priceOf('gpt-5', OPENAI, repeated), LISTED);
  });

  it('is free where an administrator says so, and unknown in another currency or where nobody says', () => {
    assert.deepEqual(priceOf('gpt-5', OPENAI, { inputTokenPrice: 0, outputTokenPrice: 0 }), { state: 'free' });
    const yen = { inputTokenPrice: 1, outputTokenPrice: 1, currency: 'JPY' };
    assert.deepEqual(priceOf('gpt-5', OPENAI, yen), { state: 'unknown' });
    assert.deepEqual(priceOf('house-model', 'http://127.0.0.1:1'), { state: 'unknown' });
  });
});

it('follows the registry, the catalogue and the time, though it remembers', () => {
  const models = (pricingInfo?: JsonObject): Callables['models'] =>
    new Map([
      [
        'mine',
        new Map([
          [
            'm',
            { identifier: 'm', name: 'm', contextLength: 1, status: 'active', ...(pricingInfo && { pricingInfo }) },
          ],
        ]),
      ],
    ]);
  let callables = { version: 1, runtimes: new Map(), models: models() } as unknown as Callables;
  const held: { read?: typeof catalog } = {};
  const told = createPriceOf({
    callables: () => callables,
    catalog: { now: () => held.read, whenRead: Promise.resolve(catalog) },
    records: [],
  });
  assert.equal(told('mine', 'm', NOW_MS).state, 'unknown');
  callables = { ...callables, version: 2, models: models({ inputTokenPrice: 1, outputTokenPrice: 1 }) };
  assert.equal(told('mine', 'm', NOW_MS).state, 'priced');
  assert.equal(told('openai', 'gpt-5', NOW_MS).state, 'unknown');
  held.read = catalog;
  assert.deepEqual(told('openai', 'gpt-5', NOW_MS), LISTED);
  assert.equal(told('openai', 'gpt-5', NOW_MS), told('openai', 'gpt-5', NOW_MS + 1));
  assert.notEqual(told('openai', 'gpt-5', 0), told('openai', 'gpt-5', NOW_MS));
});
