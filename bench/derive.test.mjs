import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { regression } from './baseline.mjs';
import { derive, standing } from './derive.mjs';
import { median, percentile } from './statistics.mjs';

describe('judging figures', () => {
  it('computes ratios from the same run and leaves out what was not measured', () => {
    const rows = derive({
      'json patchbay': { perSecond: 12_000, cpuPer10k: 0.8 },
      'json portkey': { perSecond: 1_000, cpuPer10k: 8 },
    });
    const values = Object.fromEntries(rows.map(({ id, value }) => [id, value]));
    assert.deepEqual(values, {
      'json-per-second': 12_000,
      'json-cpu': 0.8,
      'json-vs-portkey': 12,
      'json-cpu-vs-portkey': 10,
    });
  });

  it('compares with the bars in the direction that is better', () => {
    assert.equal(standing({ value: 6, better: 'higher', first: 5, goal: 12 }), 'first bar met');
    assert.equal(standing({ value: 4, better: 'higher', first: 5, goal: 12 }), 'below the bar');
    assert.equal(standing({ value: 0.4, better: 'lower', first: 1.5, goal: 0.5 }), 'goal met');
  });

  it('points out only what got worse by more than a tenth', () => {
    assert.equal(regression({ value: 91, better: 'higher' }, 100), undefined);
    assert.equal(regression({ value: 80, better: 'higher' }, 100)?.worseBy, 0.2);
    assert.equal(regression({ value: 80, better: 'lower' }, 100), undefined);
    assert.equal(regression({ value: 120, better: 'lower' }, 100)?.worseBy, 0.2);
    assert.equal(regression({ value: 3, better: 'lower' }, 0)?.worseBy, Infinity);
  });

  it('takes medians and percentiles of unsorted samples', () => {
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(percentile([3, 1, 2, 4], 0.5), 3);
    assert.equal(percentile([], 0.5), undefined);
  });
});
