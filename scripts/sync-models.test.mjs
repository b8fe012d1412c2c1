import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { curate, ORIGINS } from './lib/curate-models.mjs';
import { matches } from './lib/read-genai-prices.mjs';
import { asText, difference, docsPage } from './sync-models.mjs';

const TEXT_MODEL = {
  name: 'One',
  release_date: '2026-01-01',
  reasoning: false,
  tool_call: true,
  modalities: { input: ['text'], output: ['text'] },
  limit: { context: 1000, output: 100 },
};

/** Rows of `provider` made of these two sources; every other provider gets one model nobody asks for. */
function rowsOf(provider, { dev = {}, prices = [], corrections = [], asOf = '2026-11-21' }) {
  const filler = { models: { filler: { ...TEXT_MODEL, id: 'filler' } } };
  const all = Object.fromEntries(Object.values(ORIGINS).map((origin) => [origin.dev, filler]));
  const models = Object.fromEntries(Object.entries(dev).map(([id, model]) => [id, { ...TEXT_MODEL, ...model, id }]));
  const priced = [{ id: ORIGINS[provider].prices, models: prices }];
  return curate({ dev: { ...all, [ORIGINS[provider].dev]: { models } }, prices: priced, corrections, asOf })[provider];
}

const entry = (id, prices, extra) => ({ id, match: { equals: id }, prices, ...extra });

describe('the curated catalogue', () => {
  it('takes facts and prices from models.dev', () => {
    const rows = rowsOf('zai', {
      dev: {
        one: {
          cost: { input: 2, output: 8, cache_read: 0.2 },
          reasoning: true,
          reasoning_options: [{ type: 'toggle' }],
        },
      },
    });
    assert.deepEqual(rows.one, {
      name: 'One',
      released: '2026-01-01',
      context: 1000,
      outputLimit: 100,
      input: 'text',
      output: 'text',
      can: 'tools reasoning',
      toggle: true,
      price: { input: 2, output: 8, cacheRead: 0.2 },
    });
  });

  it('completes a price only from a source that agrees on it', () => {
    const more = { input_mtok: 2, output_mtok: 8, cache_read_mtok: 0.2 };
    const dev = { one: { cost: { input: 2, output: 8 } } };
    assert.equal(rowsOf('zai', { dev, prices: [entry('one', more)] }).one.price.cacheRead, 0.2);
    assert.equal(
      rowsOf('zai', { dev, prices: [entry('one', { ...more, output_mtok: 9 })] }).one.price.cacheRead,
      undefined,
    );
  });

  it('reads a zero as a gap, except where the name says free', () => {
    const dev = {
      zero: { cost: { input: 0, output: 0 } },
      'acme/one:free': { cost: { input: 0, output: 0 } },
      none: {},
    };
    const rows = rowsOf('openrouter', { dev });
    assert.equal(rows.zero.price, undefined);
    assert.equal(rows['acme/one:free'].price, 'free');
    assert.equal(rows.none.price, undefined);
    assert.equal(rowsOf('zai', { dev }).zero.price, undefined);
    assert.equal(rowsOf('zai', { dev: { half: { cost: { input: 0, output: 5 } } } }).half.price, undefined);
  });

  it('keeps an output of 0 for embeddings alone', () => {
    const cost = { input: 0.1, output: 0 };
    const rows = rowsOf('zai', { dev: { 'embedding-3': { cost }, router: { cost } } });
    assert.deepEqual(rows['embedding-3'].price, { input: 0.1, output: 0 });
    assert.equal(rows['embedding-3'].outputLimit, undefined);
    assert.equal(rows.router.price, undefined);
  });

  it('leaves out cache rates that cannot be', () => {
    const dev = { one: { cost: { input: 1, output: 2, cache_read: 1.5, cache_write: 0.08 } } };
    assert.deepEqual(rowsOf('zai', { dev }).one.price, { input: 1, output: 2 });
  });

  it('prices an hour of cache of Claude as Anthropic says, for long prompts too', () => {
    const tier = { input: 6, output: 22.5, cache_write: 7.5, tier: { size: 200_000 } };
    const dev = { 'claude-x': { cost: { input: 3, output: 15, cache_write: 3.75, tiers: [tier] } } };
    const { price } = rowsOf('azure', { dev })['claude-x'];
    assert.equal(price.cacheWrite1h, 6);
    assert.deepEqual(price.above, [[200_000, { input: 6, output: 22.5, cacheWrite: 7.5, cacheWrite1h: 12 }]]);
  });

  it('keeps prices of later days and of hours, and drops those that are past', () => {
    const period = (input, constraint) => ({
      prices: { input_mtok: input, output_mtok: 2 },
      ...(constraint && { constraint }),
    });
    const prices = [
      period(9),
      period(1, { type: 'start_date', start_date: '2026-01-01' }),
      period(3, { type: 'start_date', start_date: '2027-01-01' }),
      period(4, { type: 'time_of_date', start_time: '01:00:00Z', end_time: '04:30:00Z' }),
    ];
    const dev = { one: { cost: { input: 1, output: 2 } } };
    assert.deepEqual(rowsOf('zai', { dev, prices: [entry('one', prices)] }).one.price, {
      input: 1,
      output: 2,
      changes: [
        { from: '2027-01-01', input: 3, output: 2 },
        { hours: ['01:00', '04:30'], input: 4, output: 2 },
      ],
    });
  });

  it('takes models that only genai-prices knows from vendors, with their other names', () => {
    const match = {
      or: [{ equals: 'old' }, { equals: 'old-2025-01-01' }, { starts_with: 'elder' }, { equals: 'acme/old' }],
    };
    const prices = [entry('old', { input_mtok: 1, output_mtok: 2 }, { match, name: 'Old', context_window: 8 })];
    const row = { name: 'Old', context: 8, aliases: ['elder'], price: { input: 1, output: 2 } };
    assert.deepEqual(rowsOf('openai', { prices }).old, row);
    assert.equal(rowsOf('together', { dev: { one: {} }, prices }).old, undefined);
    assert.equal(rowsOf('openai', { dev: { one: {} }, prices: [{ ...prices[0], deprecated: true }] }).old, undefined);
  });

  it('charges an answer that may hold images as if it were one', () => {
    const prices = [entry('draw', { input_mtok: 5, output_mtok: 10, output_image_mtok: 32 })];
    assert.deepEqual(rowsOf('openai', { prices }).draw.price, { input: 5, output: 32 });
  });

  it('reads the price of reasoning at Qwen as that of the whole answer', () => {
    const dev = { 'qwen-plus': { cost: { input: 0.4, output: 1.2, reasoning: 4 } } };
    assert.deepEqual(rowsOf('qwen', { dev })['qwen-plus'].price, { input: 0.4, output: 1.2, thinkingOutput: 4 });
  });

  it('lets corrections win, and refuses one that no longer has a model', () => {
    const corrections = [{ provider: 'zai', models: ['one'], price: 'free', why: '', source: '', checked: '' }];
    const row = rowsOf('zai', { dev: { one: {} }, corrections }).one;
    assert.deepEqual([row.price, 'why' in row], ['free', false]);
    assert.throws(() => rowsOf('zai', { dev: { two: {} }, corrections }), /zai has no model one/);
  });

  it('refuses sources that know nothing of a provider', () => {
    assert.throws(
      () => curate({ dev: {}, prices: [], corrections: [], asOf: '2026-01-01' }),
      /knows the provider anthropic/,
    );
  });
});

describe('conditions on names', () => {
  it('nest, and ignore letter case', () => {
    const condition = {
      or: [{ and: [{ starts_with: 'GLM' }, { contains: 'flash' }] }, { regex: '^x-\\d$' }, { ends_with: '-z' }],
    };
    assert.deepEqual(
      ['glm-5-FLASH', 'x-1', 'a-z', 'glm-5'].map((name) => matches(condition, name)),
      [true, true, true, false],
    );
  });
});

describe('the difference', () => {
  it('names what came, what went and what costs something else', () => {
    const before = {
      a: { gone: { price: 'free' }, same: { name: 'Same' }, dearer: { price: { input: 1 } }, other: { name: 'A' } },
    };
    const after = {
      a: { same: { name: 'Same' }, dearer: { price: { input: 2 } }, other: { name: 'B' } },
      b: { new: {} },
    };
    assert.deepEqual(difference(before, after).split('\n'), [
      'a/dearer: {input:1} -> {input:2}',
      'a/gone: removed, was free',
      'a/other: other facts changed',
      'b/new: added, price unknown',
      '4 models differ.',
      '',
    ]);
    assert.equal(difference(before, before), 'No difference.\n');
  });
});

describe('the catalogue in the repository', () => {
  const text = readFileSync(new URL('../packages/llm/src/catalog/models.json', import.meta.url), 'utf8');

  it('is as the script writes it, one line a model', () => {
    assert.equal(asText(JSON.parse(text)), text);
  });

  it('is what docs/models.md counts', () => {
    assert.equal(readFileSync(new URL('../docs/models.md', import.meta.url), 'utf8'), docsPage(JSON.parse(text)));
  });

  it('keeps providers and models in order', () => {
    const { providers } = JSON.parse(text);
    assert.deepEqual(Object.keys(providers), Object.keys(providers).sort());
    for (const models of Object.values(providers)) assert.deepEqual(Object.keys(models), Object.keys(models).sort());
  });
});
