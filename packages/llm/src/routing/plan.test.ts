import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { planTargets } from './plan.ts';

const A = { providerId: 'a', model: 'm' };
const B = { providerId: 'b', model: 'm' };
const C = { providerId: 'c', model: 'm' };

describe('a plan', () => {
  it('keeps the order of targets that admit calls', () => {
    assert.deepEqual(
      planTargets([A, B, C], () => true),
      [A, B, C],
    );
  });

  it('puts those that do not behind them, and leaves none out', () => {
    assert.deepEqual(
      planTargets([A, B, C], (target) => target !== A),
      [B, C, A],
    );
    assert.deepEqual(
      planTargets([A, B], () => false),
      [A, B],
    );
  });

  it('asks nothing where there is no choice', () => {
    assert.deepEqual(
      planTargets([A], () => assert.fail('asked')),
      [A],
    );
  });
});
