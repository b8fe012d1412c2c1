import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { NO_USAGE } from '@patchbay/llm/model/usage';

import { parseExposition, type Exposition } from '../support/parse-exposition.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import type { CallRecord } from '../../src/telemetry/call-record.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

function after(...calls: readonly CallRecord[]): Exposition {
  const metrics = createMetrics([]);
  for (const call of calls) metrics.record(call);
  return parseExposition(metrics.render());
}

const total = (families: Exposition, name: string): number =>
  (families.get(name)?.samples ?? []).reduce((sum, { value }) => sum + value, 0);

describe('metrics', () => {
  it('are a valid exposition before the first call', () => {
    const families = after();
    assert.deepEqual(
      [...families].map(([name, { type }]) => `${type} ${name}`),
      [
        'counter patchbay_requests_total',
        'counter patchbay_attempts_total',
        'counter patchbay_tokens_total',
        'histogram patchbay_request_duration_seconds',
        'histogram patchbay_time_to_first_token_seconds',
        'counter patchbay_grammar_violations_total',
        'counter patchbay_losses_total',
        'counter patchbay_cost_usd_total',
        'counter patchbay_unpriced_attempts_total',
        'counter patchbay_limit_refusals_total',
        'counter patchbay_soft_budget_calls_total',
        'counter aigateway_requests_total',
        'histogram aigateway_request_duration_seconds',
        'counter aigateway_proxy_requests_total',
        'counter ai_provider_requests_total',
        'histogram ai_provider_request_duration_seconds',
      ],
    );
  });

  it('count calls by route, last provider, state and status', () => {
    const two = [sampleAttempt({ state: 'failed' }), sampleAttempt({ number: 2, providerId: 'groq' })];
    const families = after(sampleCall(), sampleCall(), sampleCall({ attempts: two }), sampleCall({ attempts: [] }));
    assert.deepEqual(families.get('patchbay_requests_total')?.samples, [
      sample('patchbay_requests_total', 2, 'openai'),
      sample('patchbay_requests_total', 1, 'groq'),
      sample('patchbay_requests_total', 1, ''),
    ]);
  });

  it('count attempts by provider, account, state and failure', () => {
    const attempts = [
      sampleAttempt({ state: 'failed', failureKind: 'rate-limit' }),
      sampleAttempt({ number: 2, accountId: 'openai-2' }),
    ];
    assert.deepEqual(
      after(sampleCall({ attempts }))
        .get('patchbay_attempts_total')
        ?.samples.map(({ labels, value }) => [labels.account, labels.state, labels.failure, value]),
      [
        ['openai-1', 'failed', 'rate-limit', 1],
        ['openai-2', 'success', '', 1],
      ],
    );
  });

  it('add tokens up by kind and leave out kinds that never occur', () => {
    const usage = { ...NO_USAGE, inputTokens: 10, outputTokens: 5, cacheReadTokens: 4 };
    const call = sampleCall({ attempts: [sampleAttempt({ usage })] });
    assert.deepEqual(
      after(call, call)
        .get('patchbay_tokens_total')
        ?.samples.map(({ labels, value }) => [labels.kind, value]),
      [
        ['input', 20],
        ['output', 10],
        ['cache_read', 8],
      ],
    );
  });

  it('count streams that left the grammar of events, by format and rule', () => {
    const violations = [
      { format: 'gemini', rule: 'after-end' },
      { format: 'gemini', rule: 'part-not-open' },
    ] as const;
    const call = sampleCall({ attempts: [sampleAttempt({ violations })] });
    assert.deepEqual(
      after(call, call, sampleCall())
        .get('patchbay_grammar_violations_total')
        ?.samples.map(({ labels, value }) => [labels.format, labels.rule, value]),
      [
        ['gemini', 'after-end', 2],
        ['gemini', 'part-not-open', 2],
      ],
    );
  });

  it('count what translations could not carry, by what became of it', () => {
    const losses = ['seed: `seed` (dropped)', 'a (moved): b (dropped)', 'system: instructions (moved)'];
    assert.deepEqual(
      after(sampleCall({ losses }), sampleCall())
        .get('patchbay_losses_total')
        ?.samples.map(({ labels, value }) => [labels.provider, labels.instead, value]),
      [
        ['openai', 'dropped', 2],
        ['openai', 'moved', 1],
      ],
    );
  });

  it('sort durations into buckets that include their bound', () => {
    const durations = [10, 11, 300_000, 300_001];
    const samples = after(...durations.map((durationMs) => sampleCall({ durationMs }))).get(
      'patchbay_request_duration_seconds',
    )?.samples;
    const at = (le: string): number | undefined => samples?.find(({ labels }) => labels.le === le)?.value;
    assert.deepEqual([at('0.01'), at('0.025'), at('120'), at('300'), at('+Inf')], [1, 2, 2, 3, 4]);
    const sum = samples?.find(({ name }) => name.endsWith('_sum'))?.value ?? 0;
    assert.ok(Math.abs(sum - 600.022) < 1e-6, `${sum}`);
  });

  it('observe the first token of each attempt that had one', () => {
    const { firstTokenMs: _, ...silent } = sampleAttempt({ state: 'failed' });
    const families = after(sampleCall({ attempts: [silent, sampleAttempt({ number: 2 })] }));
    const count = families
      .get('patchbay_time_to_first_token_seconds')
      ?.samples.find(({ name }) => name.endsWith('_count'));
    assert.equal(count?.value, 1);
  });

  it('have no label that a caller can choose', () => {
    const metrics = createMetrics([]);
    metrics.record(sampleCall({ requestedModel: 'canary', requestId: 'canary', keyId: 'canary', losses: ['canary'] }));
    assert.doesNotMatch(metrics.render(), /canary/);
  });

  it('fold series beyond a thousand into one, and lose none of the counts', () => {
    const metrics = createMetrics([]);
    for (let number = 0; number < 3000; number += 1) {
      const accountId = `account-${number}`;
      metrics.record(sampleCall({ attempts: [sampleAttempt({ accountId, providerId: 'other' })] }));
    }
    const families = parseExposition(metrics.render());
    const samples = families.get('patchbay_attempts_total')?.samples ?? [];
    assert.equal(samples.length, 1001);
    assert.equal(total(families, 'patchbay_attempts_total'), 3000);
    assert.deepEqual(samples.at(-1), {
      name: 'patchbay_attempts_total',
      labels: { provider: 'other', account: 'other', state: 'other', failure: 'other' },
      value: 2000,
    });
  });

  it('survive label values with quotes, backslashes and line ends', () => {
    const accountId = 'a"} 1\nforged{x="\\n\\';
    const families = after(sampleCall({ attempts: [sampleAttempt({ accountId })] }));
    assert.equal(families.get('patchbay_attempts_total')?.samples[0]?.labels.account, accountId);
    assert.equal(families.size, 16);
  });

  it('keep their sums when a number is none', () => {
    const bad = { ...NO_USAGE, inputTokens: Number.NaN, outputTokens: -5 };
    const families = after(
      sampleCall({ durationMs: Number.NaN, attempts: [sampleAttempt({ usage: bad, firstTokenMs: Number.NaN })] }),
      sampleCall(),
    );
    assert.equal(total(families, 'patchbay_tokens_total'), 42);
    const count = families
      .get('patchbay_request_duration_seconds')
      ?.samples.find(({ name }) => name.endsWith('_count'));
    assert.equal(count?.value, 1);
  });

  it('look gauges up when they are asked for', () => {
    let now = 1;
    const read = (): number => now;
    const metrics = createMetrics([
      { name: 'patchbay_in_flight', help: 'Calls that run now.', type: 'gauge', read },
      { name: 'patchbay_build_info', help: 'Version.', type: 'gauge', labels: { version: '1.0"0' }, read: () => 1 },
      { name: 'endless', help: 'No bound.', type: 'gauge', read: () => Number.NEGATIVE_INFINITY },
    ]);
    const value = (): number | undefined =>
      parseExposition(metrics.render()).get('patchbay_in_flight')?.samples[0]?.value;
    assert.equal(value(), 1);
    now = 2;
    assert.equal(value(), 2);
    const families = parseExposition(metrics.render());
    assert.deepEqual(families.get('patchbay_build_info')?.samples[0]?.labels, { version: '1.0"0' });
    assert.equal(families.get('endless')?.samples[0]?.value, Number.NEGATIVE_INFINITY);
  });
});

const sample = (name: string, value: number, provider: string) => ({
  name,
  labels: { route: '/v1/chat/completions', provider, state: 'success', status: '200' },
  value,
});
