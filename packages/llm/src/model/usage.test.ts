import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_USAGE, tokenCount, uncachedInputTokens } from './usage.ts';

describe('tokenCount', () => {
  it('keeps whole numbers', () => {
    for (const count of [0, 1, 200_000, 1_000_000_000]) assert.equal(tokenCount(count), count);
  });

  it('makes every other value safe', () => {
    for (const value of [-1, -0.5, Number.NaN, Infinity, -Infinity, '7', '', null, undefined, true, {}, [7], 7n])
      assert.ok(Object.is(tokenCount(value), 0), typeof value);
    assert.equal(tokenCount(7.9), 7);
    assert.equal(tokenCount(0.9), 0);
    assert.equal(tokenCount(1e300), 1_000_000_000);
  });
});

describe('uncachedInputTokens', () => {
  it('is what was neither read from nor written to a cache, and never below 0', () => {
    assert.equal(uncachedInputTokens({ ...NO_USAGE, inputTokens: 10, cacheReadTokens: 3, cacheWriteTokens: 2 }), 5);
    assert.equal(uncachedInputTokens({ ...NO_USAGE, inputTokens: 1, cacheReadTokens: 3 }), 0);
  });
});
