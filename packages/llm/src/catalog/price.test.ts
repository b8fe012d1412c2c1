import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PriceData } from './catalog-data.ts';
import { priceAt } from './price.ts';

const at = (text: string): number => Date.parse(text);

function inputAt(data: PriceData, time: string): number | undefined {
  const price = priceAt(data, at(time));
  return price.state === 'priced' ? price.usdPerMillionTokens.input : undefined;
}

describe('a price', () => {
  it('has three states', () => {
    assert.deepEqual(priceAt(undefined, 0), { state: 'unknown' });
    assert.deepEqual(priceAt('free', 0), { state: 'free' });
    assert.deepEqual(priceAt({ input: 1, output: 2 }, 0), {
      state: 'priced',
      usdPerMillionTokens: { input: 1, output: 2 },
      longPrompts: [],
      usdPerRequest: 0,
    });
  });

  it('gives long prompts the rates of short ones where it states no dearer', () => {
    const price = priceAt({ input: 1, output: 2, cacheRead: 0.1, above: [[200_000, { input: 2, output: 3 }]] }, 0);
    assert.deepEqual(price.state === 'priced' && price.longPrompts, [
      { aboveInputTokens: 200_000, usdPerMillionTokens: { input: 2, output: 3, cacheRead: 0.1 } },
    ]);
  });

  it('changes at midnight UTC of the day it names', () => {
    const data = { input: 0.75, output: 3.75, changes: [{ from: '2027-01-01', input: 1.5, output: 7.5 }] };
    assert.equal(inputAt(data, '2026-12-31T23:59:59.999Z'), 0.75);
    assert.equal(inputAt(data, '2027-01-01T00:00:00Z'), 1.5);
  });

  it('is dearer in its hours of its days, the last minute excluded', () => {
    const data: PriceData = {
      input: 0.66,
      output: 1.98,
      changes: [{ hours: ['01:00', '04:00'], days: [1, 2, 3, 4, 5], input: 1.32, output: 3.96 }],
    };
    // 2026-11-20 is a Friday.
    assert.equal(inputAt(data, '2026-11-20T00:59:59Z'), 0.66);
    assert.equal(inputAt(data, '2026-11-20T01:00:00Z'), 1.32);
    assert.equal(inputAt(data, '2026-11-20T03:59:59Z'), 1.32);
    assert.equal(inputAt(data, '2026-11-20T04:00:00Z'), 0.66);
    assert.equal(inputAt(data, '2026-11-21T02:00:00Z'), 0.66);
    assert.equal(inputAt(data, '2026-11-22T02:00:00Z'), 0.66);
    assert.equal(inputAt(data, '2026-11-23T02:00:00Z'), 1.32);
  });

  it('knows hours that pass midnight, and lets the last change that holds win', () => {
    const data: PriceData = {
      input: 1,
      output: 1,
      changes: [
        { from: '2026-01-01', input: 2, output: 2 },
        { hours: ['22:00', '06:00'], input: 3, output: 3 },
      ],
    };
    assert.equal(inputAt(data, '2026-06-01T23:00:00Z'), 3);
    assert.equal(inputAt(data, '2026-06-01T05:59:00Z'), 3);
    assert.equal(inputAt(data, '2026-06-01T06:00:00Z'), 2);
    assert.equal(inputAt(data, '2025-06-01T12:00:00Z'), 1);
  });
});
