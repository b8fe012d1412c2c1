import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as llm from '../../src/index.ts';
import {
  beginSse,
  chatAnswer,
  drain,
  endSse,
  json,
  startFake,
  type Answer,
  type FakeProvider,
} from './fake-provider.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function watchedProvider(answer: Answer): Promise<{
  readonly provider: llm.Provider;
  readonly collector: llm.MetricsCollector;
  readonly server: FakeProvider;
}> {
  const server = await startFake(answer);
  open.push(server);
  const factory = llm.newProviderFactory({ env: {} });
  llm.registerDefaultProviders(factory);
  const collector = llm.newMetricsCollector({ costs: llm.newCostCalculator({ 'gpt-4o': { input: 1, output: 2 } }) });
  const config = { apiKey: 'your-api-key', baseUrl: `${server.url}/v1`, defaultModel: 'gpt-4o', maxRetries: 0 };
  return { server, collector, provider: llm.withMetrics(factory.createProvider('openai', config), collector) };
}

describe('Monitoring setup', () => {
  it('is told by every provider that a factory makes once it has a collector, and by no other', async () => {
    const server = await startFake((response) => json(response, 200, chatAnswer('ok')));
    open.push(server);
    const factory = llm.newProviderFactory({ env: {} });
    llm.registerDefaultProviders(factory);
    const collector = llm.newMetricsCollector();
    const made = () => factory.createProvider('openai', { apiKey: 'your-api-key', baseUrl: `${server.url}/v1` });
    const before = made();
    factory.setMetricsCollector(collector);
    const watched = made();
    factory.setMetricsCollector(undefined);
    for (const provider of [before, watched, made()])
      await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    assert.match(
      llm.exportPrometheus(collector),
      /ai_provider_requests_total\{provider="openai",status="success"\} 1\n/,
    );
  });

  it('counts requests and durations for Prometheus', async () => {
    const { provider, collector } = await watchedProvider((response, { body }) =>
      body.includes('break')
        ? json(response, 500, { error: { message: 'Broken.' } })
        : json(response, 200, chatAnswer('ok')),
    );
    await drain(await provider.generateChatCompletion({ prompt: 'hello' }));
    await drain(await provider.generateChatCompletion({ prompt: 'hello' }));
    await assert.rejects(provider.generateChatCompletion({ prompt: 'break' }));
    const text = llm.exportPrometheus(collector);
    for (const line of [
      'ai_provider_requests_total{provider="openai",status="success"} 2',
      'ai_provider_requests_total{provider="openai",status="error"} 1',
      'ai_provider_request_duration_seconds_count{provider="openai"} 3',
      'ai_provider_tokens_total{provider="openai",kind="input"} 6',
    ])
      assert.ok(text.split('\n').includes(line), `${line}\n${text}`);
    const { errorTotals, tokens, successRate } = collector.getSnapshot();
    assert.deepEqual(errorTotals.byType, { server_error: 1 });
    assert.deepEqual(errorTotals.byStatus, { '500': 1 });
    // Per 1 000 tokens: 6 of input at 1 and 4 of output at 2 dollars.
    assert.equal(tokens.cost, 0.006 + 0.008);
    assert.equal(successRate, 2 / 3);
  });

  it('costs nothing with the null calculator', () => {
    const calculator = llm.newNullCostCalculator();
    const tokens = { ...NONE, inputTokens: 1e6, outputTokens: 1e6 };
    assert.deepEqual(calculator.calculate('openai', 'gpt-4o', tokens), { nanoUsd: 0, usd: 0, currency: 'USD' });
  });

  it('knows the prices of the catalogue, and does not make up others', async () => {
    const catalog = await llm.loadCatalog();
    const calculator = llm.catalogCostCalculator(catalog, clockAt(Date.UTC(2026, 10, 1)));
    const usage = { ...NONE, inputTokens: 1_000_000, outputTokens: 0 };
    assert.ok((calculator.calculate('openai', 'gpt-4o', usage)?.usd ?? 0) > 0);
    assert.equal(calculator.calculate('openai', 'a-model-nobody-has', usage), undefined);
  });

  it('sums up the calls of a client, providers and models apart', async () => {
    const { server } = await watchedProvider((response) => json(response, 200, chatAnswer('ok')));
    const collector = llm.newMetricsCollector();
    const client = llm.createClient({
      providers: [{ ...llm.PROVIDERS.openai, baseUrl: `${server.url}/v1` }],
      credentials: { openai: 'key' },
      observer: llm.observeMetrics(collector),
    });
    await client.generate({ model: 'openai/gpt-4o', prompt: 'x' });
    assert.equal(collector.getProviderMetrics('openai')?.successes, 1);
    const model = collector.getModelMetrics('openai', 'gpt-4o');
    assert.equal(model?.tokens.total, 5);
    assert.ok((model?.tokens.costNanoUsd ?? 0) > 0, 'the catalogue knows the price');
  });
});

describe('Performance Debugging', () => {
  it('tracks the time to the first chunk and to the end of a stream', async () => {
    const { provider, collector } = await watchedProvider((response) => {
      beginSse(response, ['one', ' two']);
      endSse(response);
    });
    const chunks = await drain(await provider.generateChatCompletion({ prompt: 'x', stream: true }));
    assert.equal(chunks.map(({ content }) => content).join(''), 'one two');
    const { streaming, latency, events } = collector.getSnapshot();
    assert.equal(streaming.timeToFirstToken.count, 1);
    assert.ok(streaming.timeToFirstToken.max <= latency.max);
    assert.equal(streaming.chunks, chunks.length);
    assert.deepEqual([events.stream_start, events.stream_end, events.stream_abort], [1, 1, 0]);
  });

  it('counts a stream that is closed early, and one that breaks', async () => {
    const { provider, collector } = await watchedProvider((response, { body }) => {
      beginSse(response, ['one', ' two']);
      if (body.includes('break')) setImmediate(() => response.destroy());
    });
    const stream = await provider.generateChatCompletion({ prompt: 'x', stream: true });
    await stream.next();
    await stream.close();
    await assert.rejects(async () => drain(await provider.generateChatCompletion({ prompt: 'break', stream: true })));
    const { events } = collector.getSnapshot();
    assert.deepEqual([events.stream_abort, events.error, events.success], [1, 1, 0]);
  });
});

describe('Slow Response Times', () => {
  it('tells who is slow, by filtered subscription', async () => {
    const collector = llm.newMetricsCollector();
    const slow = collector.subscribeFiltered({ types: ['success'], latencyMinMs: 1000 });
    collector.recordEvent({ type: 'success', provider: 'fast', latencyMs: 10 });
    collector.recordEvent({ type: 'success', provider: 'slow', latencyMs: 5000 });
    assert.deepEqual(
      slow.take().map(({ provider }) => provider),
      ['slow'],
    );
  });
});

const NONE = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};

const clockAt = (nowMs: number): llm.Clock => ({
  nowMs: () => nowMs,
  monotonicMs: () => nowMs,
  sleep: () => Promise.resolve(),
  every: () => () => undefined,
});
