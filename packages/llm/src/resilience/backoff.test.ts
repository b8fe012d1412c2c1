import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backoffMs } from './backoff.ts';

const ALMOST_ONE = 1 - Number.EPSILON / 2;

describe('backoffMs', () => {
  it('doubles its bound with each attempt up to the maximum', () => {
    const bounds = [0, 1, 2, 3, 4, 5, 6, 1000, Infinity].map((attempt) =>
      Math.round(backoffMs({ attempt, random: () => ALMOST_ONE })),
    );
    assert.deepEqual(bounds, [250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000]);
  });

  it('waits anywhere from nothing to the bound', () => {
    const waits = [0, 0.25, 0.5].map((chance) => backoffMs({ attempt: 1, random: () => chance, baseMs: 100 }));
    assert.deepEqual(waits, [0, 50, 100]);
  });

  it('never waits shorter than the floor, even beyond the maximum', () => {
    assert.equal(backoffMs({ attempt: 0, random: () => 0, floorMs: 90 }), 90);
    assert.equal(backoffMs({ attempt: 0, random: () => 0.5, maxMs: 100, floorMs: 60_000 }), 60_000);
    assert.equal(backoffMs({ attempt: 9, random: () => 0.5, maxMs: 100, floorMs: 10 }), 50);
  });
});
