import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CountingWindow } from './counting-window.ts';

describe('a counting window', () => {
  it('counts each key by itself until its window ends', () => {
    let nowMs = 0;
    const window = new CountingWindow(1000, () => nowMs);
    assert.deepEqual(window.add('a'), { count: 1, endsAtMs: 1000 });
    nowMs = 400;
    assert.deepEqual(window.add('b'), { count: 1, endsAtMs: 1400 });
    assert.deepEqual(window.add('a'), { count: 2, endsAtMs: 1000 });
    nowMs = 1000;
    assert.equal(window.look('a'), undefined);
    assert.deepEqual(window.add('a'), { count: 1, endsAtMs: 2000 });
    assert.deepEqual(window.look('b'), { count: 1, endsAtMs: 1400 });
  });

  it('forgets what it is told to', () => {
    const window = new CountingWindow(1000, () => 0);
    window.add('a');
    window.forget('a');
    assert.equal(window.look('a'), undefined);
  });

  it('forgets the oldest of more keys than it holds', () => {
    const window = new CountingWindow(1000, () => 0);
    for (let key = 0; key <= 10_000; key += 1) window.add(String(key));
    assert.equal(window.look('0'), undefined);
    assert.equal(window.look('1')?.count, 1);
    assert.equal(window.look('10000')?.count, 1);
  });
});
