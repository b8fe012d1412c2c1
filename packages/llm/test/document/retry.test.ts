import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as llm from '../../src/index.ts';
import { systemClock } from '../../src/model/clock.ts';
import { chatAnswer, json, startFake, type Answer, type FakeProvider } from './fake-provider.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function fake(answer: Answer): Promise<FakeProvider> {
  const server = await startFake(answer);
  open.push(server);
  return server;
}

/** A clock whose waits of a second and more, but not the budgets of calls, are over at once and written down. */
function hasty(): { readonly clock: llm.Clock; readonly waits: number[] } {
  const waits: number[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms >= 60_000) return systemClock.sleep(ms, signal);
    waits.push(Math.round(ms));
    return Promise.resolve();
  };
  return { waits, clock: { ...systemClock, sleep } };
}

describe('HTTP client', () => {
  const refusing = (times: number, status: number, headers: Record<string, string> = {}): Answer => {
    let left = times;
    return (response) => {
      left -= 1;
      if (left >= 0) return json(response, status, { error: 'later' }, headers);
      return json(response, 200, { fine: true });
    };
  };
  const get = (server: FakeProvider) => ({ method: 'GET', url: `${server.url}/`, headers: {} });

  it('retries 429, 500, 502, 503 and 504 after 1 s, 2 s and 4 s', async () => {
    for (const status of [429, 500, 502, 503, 504]) {
      const server = await fake(refusing(3, status));
      const { clock, waits } = hasty();
      const client = llm.newHttpClient({ clock, random: () => 0.5 });
      const answer = await client.send(get(server));
      assert.deepEqual([answer.status, answer.json()], [200, { fine: true }]);
      assert.deepEqual(waits, [1000, 2000, 4000]);
      const { requests, retries, failures, latency } = client.getMetrics();
      assert.deepEqual([requests, retries, failures, latency.count], [1, 3, 0, 1]);
      assert.ok(latency.p95 > 0);
    }
  });

  it('keeps Retry-After, up to the longest wait', async () => {
    const { clock, waits } = hasty();
    const client = llm.newHttpClient({ clock, random: () => 0.5, retry: { maxMs: 30_000 } });
    await client.send(get(await fake(refusing(1, 429, { 'retry-after': '7' }))));
    await client.send(get(await fake(refusing(1, 429, { 'retry-after': '3600' }))));
    assert.deepEqual(waits, [7000, 30_000]);
  });

  it('gives the last answer when its tries are used up, and does not repeat mistakes', async () => {
    const { clock } = hasty();
    const server = await fake(refusing(99, 503));
    assert.equal((await llm.newHttpClient({ clock, retry: 'conservative', timeout: 0 }).send(get(server))).status, 503);
    assert.equal(server.requests.length, 3);
    const wrong = await fake(refusing(99, 400));
    assert.equal((await llm.newHttpClient({ clock }).send(get(wrong))).status, 400);
    assert.equal(wrong.requests.length, 1);
    const once = await fake(refusing(99, 503));
    assert.equal((await llm.newHttpClient({ clock, retry: 'none' }).send(get(once))).status, 503);
    assert.equal(once.requests.length, 1);
  });

  it('retries the network and says what is wrong with it', async () => {
    const gone = await startFake(() => undefined);
    await gone.close();
    const { clock, waits } = hasty();
    await assert.rejects(
      llm.newHttpClient({ clock, random: () => 0.5 }).send(get(gone)),
      (error: unknown) => error instanceof llm.ProviderError && error.code === 'network',
    );
    assert.equal(waits.length, 3);
    assert.throws(() => llm.newHttpClient({ retry: { factor: 0 } }), /retry\.factor/);
  });

  it('gives up after its timeout, and when the caller leaves', async () => {
    const server = await fake(() => undefined);
    await assert.rejects(
      llm.newHttpClient({ timeout: 20 }).send(get(server)),
      (error: unknown) => error instanceof llm.ProviderError && error.code === 'timeout',
    );
    const leaving = new AbortController();
    const sending = llm.newHttpClient().send(get(server), leaving.signal);
    leaving.abort();
    await assert.rejects(sending, llm.ProviderError);
  });

  it('passes every try through its interceptors, the first outermost', async () => {
    const server = await fake(refusing(1, 503));
    const { clock } = hasty();
    const client = llm.newHttpClient({ clock });
    const heard: string[] = [];
    client.addInterceptor(async (request, next) => {
      heard.push('outer');
      return next({ ...request, headers: { ...request.headers, 'x-added': 'yes' } });
    });
    client.addInterceptor(async (request, next) => {
      const result = await next(request);
      heard.push(`inner ${result.ok ? result.value.status : result.failure.kind}`);
      return result;
    });
    await client.send(get(server));
    assert.deepEqual(heard, ['outer', 'inner 503', 'outer', 'inner 200']);
    assert.equal(server.requests[1]?.headers['x-added'], 'yes');
  });
});

describe('Retry policies', () => {
  it('have the documented numbers', () => {
    const { default: usual, none, aggressive, conservative } = llm.RETRY_POLICIES;
    const numbers = ({ retriesMax, baseMs, maxMs, factor, jitterShare, jitter }: llm.RetryPolicy) => [
      retriesMax,
      baseMs,
      maxMs,
      factor,
      jitterShare,
      jitter,
    ];
    assert.deepEqual(numbers(usual), [3, 1000, 30_000, 2, 0.1, 'equal']);
    assert.deepEqual(numbers(aggressive), [5, 500, 10_000, 1.5, 0.2, 'equal']);
    assert.deepEqual(numbers(conservative), [2, 2000, 60_000, 3, 0.05, 'equal']);
    assert.equal(none.retriesMax, 0);
    for (const status of [429, 500, 502, 503, 504, 507, 511]) assert.ok(llm.RETRYABLE_STATUSES.includes(status));
  });

  it('are an option of the client', async () => {
    let left = 2;
    const server = await fake((response) => {
      left -= 1;
      return left >= 0 ? json(response, 503, { error: { message: 'Busy.' } }) : json(response, 200, chatAnswer('ok'));
    });
    const { clock, waits } = hasty();
    const client = llm.createClient({
      providers: [{ ...llm.PROVIDERS.openai, baseUrl: `${server.url}/v1` }],
      credentials: { openai: 'key' },
      retry: 'aggressive',
      clock,
      random: () => 0.5,
    });
    assert.equal((await client.generate({ model: 'openai/gpt-4o', prompt: 'x' })).text, 'ok');
    assert.deepEqual(waits, [500, 750]);
    assert.equal(server.requests.length, 3);
  });
});
