import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CLEARED, filterCount, filtersOf } from './filters.ts';

const NOW_MS = Date.parse('2026-01-02T00:00:00Z');

describe('filters of the log', () => {
  it('are what the address says, by the names of the API', () => {
    const address = {
      provider: 'groq',
      account: 'a1',
      outcome: '5xx',
      span: '1h',
      cost: '0.5',
      call: 'x',
      slow: '900',
    };
    assert.deepEqual(filtersOf(address, NOW_MS), {
      from: '2026-01-01T23:00:00.000Z',
      provider_id: 'groq',
      account_id: 'a1',
      min_latency_ms: '900',
      status: '5xx',
      min_cost_nano_usd: '500000000',
    });
    assert.equal(filterCount(address), 6);
  });

  it('are none where the address says nothing that is one', () => {
    assert.deepEqual(filtersOf({ outcome: 'constructor', span: 'forever', cost: 'much', search: '  ' }, NOW_MS), {});
    assert.equal(filterCount(CLEARED), 0);
  });

  it('let a time that was written go before a span', () => {
    assert.equal(
      filtersOf({ span: '1h', from: '2026-01-01T00:00:00.000Z' }, NOW_MS)['from'],
      '2026-01-01T00:00:00.000Z',
    );
  });
});
