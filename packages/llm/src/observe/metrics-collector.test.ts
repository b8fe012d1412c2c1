import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { NO_USAGE } from '../model/usage.ts';
import { steppedClock } from '../testing/stepped-clock.ts';
import { fixedCostCalculator } from './cost-calculator.ts';
import { METRIC_EVENT_TYPES, type MetricEvent } from './metric-event.ts';
import { createMetricsCollector } from './metrics-collector.ts';

const START_MS = 1_000_000;

function made(costs?: ReturnType<typeof fixedCostCalculator>) {
  const clock = steppedClock(START_MS);
  return { clock, collector: createMetricsCollector({ clock, ...(costs && { costs }) }) };
}

const event = (type: MetricEvent['type'], facts: Partial<MetricEvent> = {}): MetricEvent => ({
  type,
  provider: 'openai',
  model: 'gpt',
  ...facts,
});

describe('createMetricsCollector', () => {
  it('counts requests, in all, by provider and by model', () => {
    const { collector } = made();
    collector.recordEvents([
      event('request'),
      event('success', {
        latencyMs: 100,
        usage: { ...NO_USAGE, inputTokens: 10, outputTokens: 20, cacheReadTokens: 4 },
      }),
      event('request', { provider: 'anthropic', model: 'claude' }),
      event('error', { provider: 'anthropic', model: 'claude', errorType: 'overloaded', status: 529, latencyMs: 300 }),
      event('request', { attempt: 2 }),
      event('success', { latencyMs: 200, costNanoUsd: 1_500_000 }),
    ]);
    const { requests, successes, errors, successRate, retries, latency, tokens, errorTotals, ...all } =
      collector.getSnapshot();
    assert.deepEqual([requests, successes, errors, retries], [3, 2, 1, 1]);
    assert.equal(successRate, 2 / 3);
    assert.deepEqual([latency.count, latency.min, latency.max, latency.mean], [3, 100, 300, 200]);
    assert.deepEqual([tokens.input, tokens.output, tokens.cached, tokens.total], [10, 20, 4, 30]);
    assert.deepEqual([tokens.costNanoUsd, tokens.cost, tokens.currency], [1_500_000, 0.0015, 'USD']);
    assert.deepEqual(errorTotals, {
      total: 1,
      byType: { overloaded: 1 },
      byStatus: { '529': 1 },
      byProvider: { anthropic: 1 },
      byModel: { 'anthropic/claude': 1 },
      consecutive: 0,
      last: 'overloaded',
    });
    assert.deepEqual(Object.keys(all.models), ['openai/gpt', 'anthropic/claude']);
    assert.equal(collector.getProviderMetrics('openai')?.requests, 2);
    assert.equal(collector.getModelMetrics('anthropic', 'claude')?.consecutiveErrors, 1);
    assert.equal(collector.getProviderMetrics('nobody'), undefined);
  });

  it('knows sixteen events and counts each', () => {
    const { collector } = made();
    for (const type of METRIC_EVENT_TYPES) collector.recordEvent(event(type));
    const { events } = collector.getSnapshot();
    assert.equal(METRIC_EVENT_TYPES.length, 16);
    assert.deepEqual(events, Object.fromEntries(METRIC_EVENT_TYPES.map((type) => [type, 1])));
  });

  it('tells percentiles of the last thousand samples, on the line between neighbours', () => {
    const { collector } = made();
    for (let at = 0; at < 500; at += 1) collector.recordEvent(event('success', { latencyMs: 1_000_000 }));
    for (let latencyMs = 1; latencyMs <= 1000; latencyMs += 1) collector.recordEvent(event('success', { latencyMs }));
    const { latency } = collector.getSnapshot();
    assert.equal(latency.count, 1500);
    assert.equal(latency.max, 1000);
    assert.deepEqual([latency.p50, latency.p75], [500.5, 750.25]);
    const near = [latency.p90 - 900.1, latency.p95 - 950.05, latency.p99 - 990.01];
    assert.ok(
      near.every((each) => Math.abs(each) < 1e-9),
      near.join(),
    );
  });

  it('measures streams', () => {
    const { collector } = made();
    const usage = { ...NO_USAGE, outputTokens: 100 };
    collector.recordEvents([
      event('stream_start', { firstOutputMs: 500 }),
      event('stream_chunk'),
      event('stream_chunk'),
      event('success', { latencyMs: 2500, firstOutputMs: 500, usage }),
      event('stream_end'),
      event('stream_abort'),
    ]);
    const { streaming } = collector.getSnapshot();
    assert.deepEqual([streaming.started, streaming.ended, streaming.aborted, streaming.chunks], [1, 1, 1, 2]);
    assert.equal(streaming.timeToFirstToken.p50, 500);
    assert.equal(streaming.tokensPerSecond.p50, 50);
  });

  it('prices what comes without a price, and leaves alone what has one', () => {
    const { collector } = made(fixedCostCalculator({ 'openai/gpt': { input: 0.5, output: 1, cached: 0.1 } }));
    const usage = { ...NO_USAGE, inputTokens: 3000, cacheReadTokens: 1000, outputTokens: 500 };
    collector.recordEvent(event('success', { usage }));
    assert.equal(collector.getSnapshot().tokens.cost, 1 + 0.1 + 0.5);
    collector.recordEvent(event('success', { usage, costNanoUsd: 0 }));
    collector.recordEvent(event('success', { usage, model: 'of unknown price' }));
    assert.equal(collector.getSnapshot().tokens.cost, 1.6);
    assert.throws(() => fixedCostCalculator({ gpt: { input: -1, output: 1 } }), /A price of gpt is -1/);
  });

  it('tells subscribers and counts what they lose when they are slow', async () => {
    const { collector } = made();
    const slow = collector.subscribe(2);
    const errors = collector.subscribeFiltered({ types: ['error'], errorTypes: ['timeout'], latencyMinMs: 10 });
    collector.recordEvents([
      event('request'),
      event('error', { errorType: 'timeout', latencyMs: 9 }),
      event('error', { errorType: 'timeout', latencyMs: 10 }),
      event('error', { errorType: 'network', latencyMs: 11 }),
    ]);
    assert.equal(slow.overflow, 2);
    assert.deepEqual(
      slow.take().map(({ type }) => type),
      ['request', 'error'],
    );
    const heard: MetricEvent[] = [];
    const reading = (async () => {
      for await (const each of errors) heard.push(each);
    })();
    collector.recordEvent(event('error', { errorType: 'timeout', latencyMs: 12, atMs: 5 }));
    collector.close();
    await reading;
    assert.deepEqual(
      heard.map(({ latencyMs, atMs }) => [latencyMs, atMs]),
      [
        [10, START_MS],
        [12, 5],
      ],
    );
    collector.recordEvent(event('request'));
    assert.equal(collector.getSnapshot().requests, 1);
  });

  it('ends a subscription whose reader leaves', async () => {
    const { collector } = made();
    const subscription = collector.subscribe();
    collector.recordEvents([event('request'), event('request')]);
    for await (const _ of subscription) break;
    collector.recordEvent(event('request'));
    assert.equal(subscription.take().length, 1, 'nothing came after the reader had left');
  });

  it('calls hooks at once, whatever they throw, until they are taken away', () => {
    const { collector } = made();
    const heard: string[] = [];
    collector.registerHook(() => {
      throw new Error('A hook broke.');
    });
    const stop = collector.registerHook(({ type }) => heard.push(type));
    collector.recordEvent(event('health_check'));
    stop();
    collector.recordEvent(event('initialization'));
    assert.deepEqual(heard, ['health_check']);
  });

  it('forgets on request, but not who listens', async () => {
    const { collector, clock } = made();
    const subscription = collector.subscribe();
    collector.recordEvent(event('request'));
    await clock.step(10);
    collector.reset();
    await clock.step(5);
    assert.deepEqual([collector.getSnapshot().requests, collector.getSnapshot().uptimeMs], [0, 5]);
    assert.ok(!collector.exportPrometheus().includes('openai'));
    collector.recordEvent(event('request'));
    assert.equal(subscription.take().length, 2);
  });

  it('counts a thousand models apart and the rest together', () => {
    const { collector } = made();
    for (let at = 0; at < 1005; at += 1) collector.recordEvent(event('request', { model: `m${at}` }));
    const { models } = collector.getSnapshot();
    assert.equal(Object.keys(models).length, 1001);
    assert.equal(models['other']?.requests, 5);
  });

  it('writes Prometheus text under the documented names, whatever a provider is called', () => {
    const { collector } = made();
    const provider = 'my "own"\\\nprovider';
    collector.recordEvent(event('success', { provider, latencyMs: 1500 }));
    collector.recordEvent(event('error', { provider, latencyMs: 70 }));
    const text = collector.exportPrometheus();
    const label = 'provider="my \\"own\\"\\\\\\nprovider"';
    const lines = text.split('\n');
    for (const line of [
      '# TYPE ai_provider_requests_total counter',
      `ai_provider_requests_total{${label},status="success"} 1`,
      `ai_provider_requests_total{${label},status="error"} 1`,
      '# TYPE ai_provider_request_duration_seconds histogram',
      `ai_provider_request_duration_seconds_bucket{${label},le="0.1"} 1`,
      `ai_provider_request_duration_seconds_bucket{${label},le="2.5"} 2`,
      `ai_provider_request_duration_seconds_bucket{${label},le="+Inf"} 2`,
      `ai_provider_request_duration_seconds_sum{${label}} 1.57`,
      `ai_provider_request_duration_seconds_count{${label}} 2`,
    ])
      assert.ok(lines.includes(line), `${line}\n${text}`);
    const sample = /^[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (?:[\d.e+-]+|\+Inf)$/;
    const comment = /^# (?:HELP [a-z_]+ [^\n]+|TYPE [a-z_]+ (?:counter|histogram))$/;
    for (const line of lines.slice(0, -1)) assert.ok(sample.test(line) || comment.test(line), line);
    assert.equal(lines.at(-1), '');
  });
});
