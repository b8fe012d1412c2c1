import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { periodAt } from './budget-period.ts';

const span = (period: Parameters<typeof periodAt>[0], at: string): readonly string[] => {
  const { name, startsAtMs, endsAtMs } = periodAt(period, Date.parse(at));
  return [name, new Date(startsAtMs).toISOString().slice(0, 16), new Date(endsAtMs).toISOString().slice(0, 16)];
};

describe('the span of a budget', () => {
  it('is a day of UTC, a week from Monday or a month', () => {
    const at = '2024-02-29T23:59:59.999Z';
    assert.deepEqual(span('day', at), ['2024-02-29/day', '2024-02-29T00:00', '2024-03-01T00:00']);
    assert.deepEqual(span('week', at), ['2024-02-26/week', '2024-02-26T00:00', '2024-03-04T00:00']);
    assert.deepEqual(span('month', at), ['2024-02-01/month', '2024-02-01T00:00', '2024-03-01T00:00']);
  });

  it('begins on its first moment', () => {
    assert.equal(span('week', '2024-03-04T00:00:00Z')[0], '2024-03-04/week');
    assert.equal(span('month', '2025-01-01T00:00:00Z')[0], '2025-01-01/month');
  });

  it('has no end where it is never renewed', () => {
    assert.deepEqual(periodAt('never', 1), { name: 'always', startsAtMs: 0, endsAtMs: 0 });
  });
});
