import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { memoryAnswerCache } from './answer-cache.ts';

const cacheOf = (bytesMax: number, ttlMs = 1000) => {
  const time = { nowMs: 0 };
  return { time, cache: memoryAnswerCache({ ttlMs, bytesMax, nowMs: () => time.nowMs }) };
};

describe('a cache of answers', () => {
  it('gives an answer again until its time is over', () => {
    const { time, cache } = cacheOf(10_000);
    cache.set('a', 'key', 'text');
    time.nowMs = 999;
    assert.equal(cache.get('key'), 'text');
    time.nowMs = 1000;
    assert.equal(cache.get('key'), undefined);
  });

  it('lets go of what was asked for least recently once its memory is full', () => {
    const { cache } = cacheOf(1000);
    const text = 'x'.repeat(100);
    for (const key of ['k1', 'k2', 'k3', 'k4']) cache.set('a', key, text);
    assert.equal(cache.get('k1'), text);
    cache.set('a', 'k5', text);
    assert.deepEqual(
      ['k1', 'k2', 'k3', 'k4', 'k5'].map((key) => cache.get(key) !== undefined),
      [true, false, true, true, true],
    );
  });

  it('counts a key once, however often it is set', () => {
    const { cache } = cacheOf(1000);
    for (let turn = 0; turn < 50; turn += 1) cache.set('a', 'same', 'x'.repeat(100));
    cache.set('a', 'other', 'x'.repeat(100));
    assert.ok(cache.get('same') !== undefined && cache.get('other') !== undefined);
  });

  it('keeps nothing that would take a good part of it, and nothing at all without a time', () => {
    const { cache } = cacheOf(1000);
    cache.set('a', 'large', 'x'.repeat(200));
    assert.equal(cache.get('large'), undefined);
    const never = cacheOf(1000, 0).cache;
    never.set('a', 'key', 'text');
    assert.equal(never.get('key'), undefined);
  });

  it('clears one group and says how many that were', () => {
    const { cache } = cacheOf(10_000);
    cache.set('a', 'one', '1');
    cache.set('a', 'two', '2');
    cache.set('b', 'three', '3');
    assert.equal(cache.clear('a'), 2);
    assert.deepEqual([cache.get('one'), cache.get('two'), cache.get('three')], [undefined, undefined, '3']);
    assert.equal(cache.clear('a'), 0);
  });
});
