import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';
import type { Provider } from '../../src/kit.ts';
import { systemClock, type Clock } from '../../src/model/clock.ts';
import type { MetricEvent } from '../../src/observe/metric-event.ts';
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

interface Faked {
  readonly provider: Provider;
  readonly server: FakeProvider;
}

/** A provider at a real server that answers as the test says. */
async function faked(name: string, answer: Answer, more: Partial<kit.ProviderConfig> = {}): Promise<Faked> {
  const server = await startFake(answer);
  open.push(server);
  const factory = kit.newProviderFactory({ env: {} });
  kit.registerDefaultProviders(factory);
  const config = { name, apiKey: 'k', baseUrl: server.url, maxRetries: 0, ...more };
  return { provider: factory.createProvider('openai', config), server };
}

const answering = (name: string): Promise<Faked> =>
  faked(name, (response) => json(response, 200, chatAnswer(`from ${name}`)));
const failing = (name: string, status = 500): Promise<Faked> =>
  faked(name, (response) => json(response, status, { error: { message: `${name} is down` } }));

const ask = async (provider: Provider, options: kit.GenerateOptions = { prompt: 'x' }) => {
  const chunks = await drain(await provider.generateChatCompletion(options));
  return { text: chunks.map(({ content }) => content).join(''), metadata: chunks.at(-1)?.metadata };
};

/** Streams a word, then waits for the end of the test. */
const streaming = (words: readonly string[], gate: Promise<unknown> = Promise.resolve()): Answer =>
  async function answer(response) {
    await gate;
    beginSse(response, words);
  };

describe('Fallback chain', () => {
  it('asks the next provider when one fails, and says who answered', async () => {
    const [primary, secondary, tertiary] = [
      await failing('primary'),
      await answering('secondary'),
      await answering('tertiary'),
    ];
    const events: MetricEvent[] = [];
    const providers = [primary, secondary, tertiary].map(({ provider }) => provider);
    const fallback = kit.newFallbackProvider({
      providers,
      collector: { recordEvent: (event) => void events.push(event) },
    });
    const { text, metadata } = await ask(fallback);
    assert.equal(text, 'from secondary');
    assert.deepEqual(metadata, { fallback_provider: 'secondary', fallback_index: 1 });
    assert.equal(tertiary.server.requests.length, 0);
    assert.deepEqual(events, [{ type: 'provider_switch', provider: 'secondary' }]);
    assert.equal(fallback.getMetrics().successCount, 1);
  });

  it('says that all failed, and why the last one did', async () => {
    const [one, two] = [await failing('one'), await failing('two', 429)];
    const fallback = kit.newFallbackProvider('chain', [one.provider, two.provider]);
    await assert.rejects(fallback.generateChatCompletion({ prompt: 'x' }), {
      name: 'ProviderError',
      message: /^all providers failed, last error: two: two is down/,
      code: 'rate_limit',
      provider: 'chain',
    });
    assert.equal(fallback.getMetrics().errorCount, 1);
    const nobody = kit.newFallbackProvider([]);
    await assert.rejects(nobody.generateChatCompletion({ prompt: 'x' }), { message: /^no providers available/ });
  });

  it('moves on when a stream breaks before its first output, and not after it', async () => {
    const silent = await faked(
      'silent',
      (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
    );
    const broken = await faked('broken', (response) => {
      beginSse(response, ['half ']);
      setImmediate(() => response.destroy());
    });
    const last = await answering('last');
    const fallback = kit.newFallbackProvider([silent.provider, broken.provider, last.provider]);
    const stream = await fallback.generateChatCompletion({ prompt: 'x', stream: true });
    const first = await stream.next();
    assert.equal(first.content, 'half ');
    assert.equal(first.metadata?.['fallback_provider'], 'broken');
    await assert.rejects(stream.next(), { name: 'ProviderError' });
    assert.equal(last.server.requests.length, 0);
  });

  it('stops when the caller leaves', async () => {
    const left = new AbortController();
    const one = await faked('one', () => left.abort());
    const two = await answering('two');
    const fallback = kit.newFallbackProvider([one.provider, two.provider]);
    await assert.rejects(fallback.generateChatCompletion({ prompt: 'x' }, { signal: left.signal }));
    assert.equal(two.server.requests.length, 0);
  });
});

describe('Round-robin across providers', () => {
  it('takes turns', async () => {
    const [a, b] = [await answering('a'), await answering('b')];
    const balanced = kit.newLoadBalanceProvider([a.provider, b.provider]);
    const answers: string[] = [];
    for (let at = 0; at < 4; at += 1) answers.push((await ask(balanced)).text);
    assert.deepEqual(answers, ['from a', 'from b', 'from a', 'from b']);
  });

  it('spreads by chance and by weight', async () => {
    const [a, b] = [await answering('a'), await answering('b')];
    const providers = [a.provider, b.provider];
    const chances = [0, 0.74, 0.76, 0.99];
    const random = (): number => chances.shift() ?? 0;
    const weighted = kit.newLoadBalanceProvider({ providers, strategy: 'weighted', weights: { a: 3, b: 1 }, random });
    const answers: string[] = [];
    for (let at = 0; at < 4; at += 1) answers.push((await ask(weighted)).text);
    assert.deepEqual(answers, ['from a', 'from a', 'from b', 'from b']);
    const byChance = kit.newLoadBalanceProvider({ providers, strategy: 'random', random: () => 0.6 });
    assert.equal((await ask(byChance)).text, 'from b');
    const strategy = 'fastest' as 'random';
    assert.throws(() => kit.newLoadBalanceProvider({ providers, strategy }), { code: 'invalid_config' });
  });

  it('asks the next one only when told to', async () => {
    const [a, b] = [await failing('a'), await answering('b')];
    const providers = [a.provider, b.provider];
    await assert.rejects(ask(kit.newLoadBalanceProvider({ providers })), { message: /a is down/ });
    const { text, metadata } = await ask(kit.newLoadBalanceProvider({ providers, retryNext: true }));
    assert.equal(text, 'from b');
    assert.deepEqual(metadata, { loadbalance_provider: 'b' });
  });
});

describe('Cost-optimized selection', () => {
  it('asks the cheapest first and the next when it fails', async () => {
    const [dear, cheap, unknown] = [await answering('dear'), await failing('cheap'), await answering('unknown')];
    const prices: Readonly<Record<string, number>> = { dear: 0.03, cheap: 0.001 };
    const providers = [unknown, dear, cheap].map(({ provider }) => provider);
    const cheapest = kit.newCheapestProvider({ providers, estimate: (provider) => prices[provider.name()] });
    const { text, metadata } = await ask(cheapest);
    assert.equal(text, 'from dear');
    assert.deepEqual(metadata, { cheapest_provider: 'dear', estimated_cost_usd: 0.03 });
    assert.equal(cheap.server.requests.length, 1);
  });

  it('knows prices from the catalogue', async () => {
    const dear = await faked('dear', (response) => json(response, 200, chatAnswer('dear')), { defaultModel: 'gpt-4' });
    const cheap = await faked('cheap', (response) => json(response, 200, chatAnswer('cheap')), {
      defaultModel: 'gpt-4o-mini',
    });
    const { text, metadata } = await ask(kit.newCheapestProvider([dear.provider, cheap.provider]));
    assert.equal(text, 'cheap');
    assert.ok(Number(metadata?.['estimated_cost_usd']) > 0);
  });
});

describe('Racing providers', () => {
  it('goes on with the first output and closes the connections of the losers', async () => {
    const fast = await faked('fast', (response) => {
      beginSse(response, ['quick ']);
      setImmediate(() => endSse(response));
    });
    const slow = await faked('slow', () => {});
    const [talking, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const late = await faked('late', async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      talking.resolve();
      await gate.promise;
    });
    const events: MetricEvent[] = [];
    const racing = kit.newRacingProvider('race', {
      providers: [slow.provider, late.provider, fast.provider],
      collector: { recordEvent: (event) => void events.push(event) },
    });
    const stream = await racing.generateChatCompletion({ prompt: 'x', stream: true });
    const chunks = await drain(stream);
    assert.equal(chunks.map(({ content }) => content).join(''), 'quick ');
    for (const { metadata } of chunks) assert.equal(metadata?.['racing_winner'], 'fast');
    assert.equal(typeof chunks[0]?.metadata?.['racing_latency_ms'], 'number');
    for (const { server } of [slow, late]) for (const { closed } of server.requests) assert.equal(await closed, 'left');
    assert.deepEqual(fast.server.requests.length, 1);
    assert.deepEqual(
      events.map(({ type, provider }) => ({ type, provider })),
      [{ type: 'race_complete', provider: 'fast' }],
    );
    gate.resolve();
  });

  it('is won by whoever answers, however many fall', async () => {
    const racing = kit.newRacingProvider([(await failing('a')).provider, (await answering('b')).provider]);
    assert.equal((await ask(racing)).text, 'from b');
    const lost = kit.newRacingProvider([(await failing('a')).provider, (await failing('b')).provider]);
    await assert.rejects(ask(lost), { message: /^all providers failed, last error: / });
  });

  it('closes everybody when time is up or the caller leaves', async () => {
    const [a, b] = [await faked('a', () => {}), await faked('b', () => {})];
    const providers = [a.provider, b.provider];
    const racing = kit.newRacingProvider({ providers, timeoutMs: 60 });
    await assert.rejects(ask(racing), { code: 'timeout', message: /request timeout/ });
    const unbound = kit.newRacingProvider({ providers, timeoutMs: 0 });
    const call = { signal: AbortSignal.timeout(60) };
    await assert.rejects(unbound.generateChatCompletion({ prompt: 'x' }, call), {
      message: /context deadline exceeded/,
    });
    for (const { server } of [a, b]) for (const { closed } of server.requests) assert.equal(await closed, 'left');
  });

  it('waits for the better one where answers are weighted, and remembers who won', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-race-'));
    open.push({ close: () => rm(folder, { recursive: true }) });
    const file = path.join(folder, 'history.json');
    const history = kit.newRaceHistoryFile(file);
    await history.save({ often: { races: 10, wins: 9 }, seldom: { races: 10, wins: 1 } });
    const arrived = Promise.withResolvers<void>();
    const seldom = await faked('seldom', (response) => {
      json(response, 200, chatAnswer('from seldom'));
      arrived.resolve();
    });
    const often = await faked('often', async (response) => {
      await arrived.promise;
      json(response, 200, chatAnswer('from often'));
    });
    const racing = kit.newRacingProvider({
      providers: [seldom.provider, often.provider],
      strategy: 'weighted',
      gracePeriodMs: 5_000,
      history,
    });
    assert.equal((await ask(racing)).text, 'from often');
    await racing.saved();
    const kept = { often: { races: 11, wins: 10 }, seldom: { races: 11, wins: 1 } };
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), kept);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const next = kit.newRacingProvider({ providers: [seldom.provider], strategy: 'weighted', history });
    assert.equal((await ask(next)).text, 'from seldom');
    await next.saved();
    assert.deepEqual((await history.load())['seldom'], { races: 12, wins: 2 });
  });

  it('offers models that stand for several', async () => {
    const [a, b] = [await answering('a'), await answering('b')];
    const racing = kit.newRacingProvider({
      providers: [a.provider, b.provider],
      virtualModels: {
        default: {
          displayName: 'Fastest',
          description: 'whoever is first',
          providers: [{ name: 'b', model: 'gpt-x' }],
        },
        wrong: { providers: [{ name: 'nobody' }] },
      },
    });
    const { text, metadata } = await ask(racing);
    assert.equal(text, 'from b');
    assert.equal(metadata?.['virtual_model'], 'default');
    assert.equal(metadata?.['virtual_model_desc'], 'whoever is first');
    assert.equal((JSON.parse(b.server.requests[0]?.body ?? '') as { model: string }).model, 'gpt-x');
    assert.equal(a.server.requests.length, 0);
    await assert.rejects(ask(racing, { prompt: 'x', model: 'wrong' }), { code: 'invalid_config', message: /"nobody"/ });
  });
});

/** A clock whose hand the test moves. */
function handClock(): Clock & { move(ms: number): void } {
  let nowMs = 1_000;
  return { ...systemClock, monotonicMs: () => nowMs, move: (ms) => void (nowMs += ms) };
}

describe('Circuit breaker pattern', () => {
  it('opens at three requests with six of ten failed, spares the provider, and closes after three good ones', async () => {
    let status = 200;
    const { provider, server } = await faked('shaky', (response) =>
      status === 200 ? json(response, 200, chatAnswer('ok')) : json(response, status, { error: { message: 'down' } }),
    );
    const clock = handClock();
    const events: string[] = [];
    const breaker = kit.newCircuitBreakerProvider(provider, {
      clock,
      collector: { recordEvent: ({ type }) => void events.push(type) },
    });
    assert.equal(breaker.name(), 'shaky');
    await ask(breaker);
    status = 500;
    await assert.rejects(ask(breaker), { message: /down/ });
    assert.equal(breaker.getState(), 'closed');
    await assert.rejects(ask(breaker), { message: /down/ });
    assert.equal(breaker.getState(), 'open');
    await assert.rejects(ask(breaker), { message: /circuit breaker is open/, retryAfter: 30 });
    assert.equal(server.requests.length, 3);
    clock.move(30_000);
    assert.equal(breaker.getState(), 'half-open');
    await assert.rejects(ask(breaker), { message: /down/ });
    assert.equal(breaker.getState(), 'open');
    clock.move(30_000);
    status = 200;
    for (let at = 0; at < 3; at += 1) await ask(breaker);
    assert.equal(breaker.getState(), 'closed');
    assert.deepEqual(events, ['circuit_open', 'circuit_open', 'circuit_close']);
  });

  it('forgets after a minute and does not count the mistakes of callers', async () => {
    let status = 500;
    const { provider } = await faked('shaky', (response) => json(response, status, { error: { message: 'no' } }));
    const clock = handClock();
    const breaker = kit.newCircuitBreakerProvider(provider, { clock });
    for (let at = 0; at < 2; at += 1) await assert.rejects(ask(breaker));
    clock.move(60_000);
    for (let at = 0; at < 2; at += 1) await assert.rejects(ask(breaker));
    assert.equal(breaker.getState(), 'closed');
    status = 400;
    for (let at = 0; at < 9; at += 1) await assert.rejects(ask(breaker), { code: 'invalid_request' });
    assert.equal(breaker.getState(), 'closed');
    status = 500;
    await assert.rejects(ask(breaker));
    assert.equal(breaker.getState(), 'open');
  });

  it('lets no more than three through while it is half open', async () => {
    const gate = Promise.withResolvers<void>();
    let isDown = true;
    const { provider, server } = await faked('shaky', async (response) => {
      if (isDown) return json(response, 500, { error: { message: 'down' } });
      await gate.promise;
      json(response, 200, chatAnswer('ok'));
    });
    const clock = handClock();
    const breaker = kit.newCircuitBreakerProvider(provider, { clock });
    for (let at = 0; at < 3; at += 1) await assert.rejects(ask(breaker));
    isDown = false;
    clock.move(30_000);
    const probes = [1, 2, 3].map(() => ask(breaker));
    await assert.rejects(ask(breaker), { message: /too many requests/ });
    gate.resolve();
    await Promise.all(probes);
    assert.equal(server.requests.length, 6);
    assert.equal(breaker.getState(), 'closed');
  });
});

describe('Custom middleware', () => {
  it('nests: a breaker around each of a chain', async () => {
    const [down, up] = [await failing('down'), await faked('up', streaming(['hi']))];
    const chain = kit.newFallbackProvider([
      kit.newCircuitBreakerProvider(down.provider),
      kit.newCircuitBreakerProvider(up.provider),
    ]);
    const stream = await chain.generateChatCompletion({ prompt: 'x', stream: true });
    assert.equal((await stream.next()).content, 'hi');
    await stream.close();
    assert.equal(await up.server.requests[0]?.closed, 'left');
  });
});
