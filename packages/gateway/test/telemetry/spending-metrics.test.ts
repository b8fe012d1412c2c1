import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createMetrics } from '../../src/telemetry/metrics.ts';
import { parseExposition } from '../support/parse-exposition.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';

const metrics = createMetrics([]);
metrics.record(sampleCall({ attempts: [sampleAttempt({ costNanoUsd: 2_500_000, costState: 'known', proxyId: 7 })] }));
metrics.record(
  sampleCall({
    status: 502,
    softBudget: 'key',
    attempts: [
      sampleAttempt({ costNanoUsd: 0, costState: 'known', state: 'failed' }),
      sampleAttempt({ costState: 'unknown' }),
    ],
  }),
);
metrics.record(sampleCall({ status: 429, state: 'failed', attempts: [], refusedBy: 'key budget' }));
const families = parseExposition(metrics.render());
/** The samples of a metric that are plain numbers or counts, with the values of their labels. */
const samplesOf = (name: string): readonly (readonly [string, number])[] =>
  (families.get(name)?.samples ?? [])
    .filter((each) => !/_(bucket|sum)$/.test(each.name))
    .map(({ labels, value }) => [Object.values(labels).join(' '), value]);

describe('the metrics of spending', () => {
  it('add up what is known, and count what nobody knows the price of', () => {
    assert.deepEqual(samplesOf('patchbay_cost_usd_total'), [['openai', 0.0025]]);
    assert.deepEqual(samplesOf('patchbay_unpriced_attempts_total'), [['openai', 1]]);
  });

  it('tell which limits refused calls and whose soft budgets are spent', () => {
    assert.deepEqual(samplesOf('patchbay_limit_refusals_total'), [['key budget', 1]]);
    assert.deepEqual(samplesOf('patchbay_soft_budget_calls_total'), [['key', 1]]);
  });
});

describe('the metrics that guides name', () => {
  it('count calls by provider and status', () => {
    assert.deepEqual(samplesOf('aigateway_requests_total'), [
      ['openai 200', 1],
      ['openai 502', 1],
      [' 429', 1],
    ]);
    assert.deepEqual(samplesOf('aigateway_request_duration_seconds'), [
      ['openai', 2],
      ['', 1],
    ]);
  });

  it('count attempts and those through proxies', () => {
    assert.deepEqual(samplesOf('ai_provider_requests_total'), [
      ['openai success', 2],
      ['openai error', 1],
    ]);
    assert.deepEqual(samplesOf('aigateway_proxy_requests_total'), [['7 success', 1]]);
    assert.deepEqual(samplesOf('ai_provider_request_duration_seconds'), [['openai', 3]]);
  });
});
