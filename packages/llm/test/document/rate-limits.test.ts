import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as llm from '../../src/index.ts';
import { systemClock } from '../../src/model/clock.ts';
import { steppedClock } from '../../src/testing/stepped-clock.ts';
import { chatAnswer, drain, json, startFake, type Answer, type FakeProvider } from './fake-provider.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function fake(answer: Answer): Promise<FakeProvider> {
  const server = await startFake(answer);
  open.push(server);
  return server;
}

const refusal = { error: { message: 'Rate limit exceeded', type: 'rate_limit_error', code: 'rate_limit_exceeded' } };

/** Lets what waits for sockets go on. */
const settled = (): Promise<void> => systemClock.sleep(50);

describe('Rate Limit Errors', () => {
  it('configures limits of requests and tokens, and waits before the provider has to refuse', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('hello')));
    const clock = steppedClock(Date.UTC(2026, 10, 21));
    const factory = llm.newProviderFactory({ env: {}, clock });
    llm.registerDefaultProviders(factory);
    const provider = factory.createProvider('openai', {
      apiKey: 'your-api-key',
      baseUrl: `${server.url}/v1`,
      rateLimit: { requestsPerMinute: 2, tokensPerMinute: 90_000, enabled: true },
    });
    const asked = [1, 2, 3].map(async () =>
      drain(await provider.generateChatCompletion({ prompt: 'x', model: 'gpt-4o' })),
    );
    await Promise.all(asked.slice(0, 2));
    await settled();
    assert.equal(server.requests.length, 2);
    await clock.step(61_000);
    await asked[2];
    assert.equal(server.requests.length, 3);
  });

  it('takes several keys for higher throughput', async () => {
    const server = await fake((response, { headers }) =>
      headers['authorization'] === 'Bearer key-1'
        ? json(response, 429, refusal)
        : json(response, 200, chatAnswer('ok')),
    );
    const client = llm.createClient({
      providers: [{ ...llm.PROVIDERS.openai, baseUrl: `${server.url}/v1` }],
      credentials: { openai: ['key-1', 'key-2', 'key-3'] },
    });
    const answer = await client.generate({ model: 'openai/gpt-4o', prompt: 'x' });
    assert.equal(answer.text, 'ok');
    assert.deepEqual(
      answer.attempts.map(({ outcome }) => outcome),
      ['failed', 'answered'],
    );
  });

  it('retries with exponential backoff: 1 s, 2 s, 4 s, a minute at most', async () => {
    const waits: number[] = [];
    const clock = { ...systemClock, sleep: async (ms: number) => void waits.push(ms) };
    const limited = new llm.ProviderError({
      code: 'rate_limit',
      message: 'Rate limit exceeded',
      provider: 'openai',
      operation: 'generate',
      retryAfter: 0,
    });
    let calls = 0;
    const failing = async (): Promise<never> => {
      calls += 1;
      throw limited;
    };
    await assert.rejects(llm.retryWithBackoff(failing, 8, { clock }), limited);
    assert.equal(calls, 9);
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    await assert.rejects(
      llm.retryWithBackoff(() => Promise.reject(new TypeError('a bug')), 3, { clock }),
      /a bug/,
    );
    assert.equal(waits.length, 8, 'what is no limit is not repeated');
    assert.equal(await llm.retryWithBackoff(async () => 'result', 3, { clock }), 'result');
  });

  it('reads what providers say of their limits', () => {
    const headers = new Headers({ 'X-RateLimit-Remaining-Requests': '0', 'X-RateLimit-Reset-Requests': '6m0s' });
    const info = llm.parseRateLimitHeaders('openai', headers, { model: 'gpt-4o', nowMs: 1_000_000 });
    assert.deepEqual(info, {
      provider: 'openai',
      model: 'gpt-4o',
      readAtMs: 1_000_000,
      requests: { remaining: 0, resetAtMs: 1_360_000 },
    });
    const tracker = llm.newRateLimitTracker(steppedClock(1_000_000));
    tracker.update(info);
    assert.equal(tracker.canMakeRequest('gpt-4o', 10), false);
    assert.equal(tracker.getWaitTime('gpt-4o'), 360_000);
    assert.deepEqual(llm.parseRateLimitHeaders('openai', { 'RETRY-AFTER': '2', other: undefined }).retryAfterMs, 2000);
  });

  it('obeys them when it is told to', async () => {
    const server = await fake((response) =>
      json(response, 200, chatAnswer('ok'), {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '30s',
      }),
    );
    const client = llm.createClient({
      providers: [{ ...llm.PROVIDERS.openai, baseUrl: `${server.url}/v1` }],
      credentials: { openai: 'key' },
      limits: llm.createLimiter({ readHeaders: llm.readRateLimits, waitMaxMs: 0 }),
    });
    await client.generate({ model: 'openai/gpt-4o', prompt: 'x' });
    await assert.rejects(client.generate({ model: 'openai/gpt-4o', prompt: 'x' }), (error: unknown) => {
      assert.ok(error instanceof llm.LlmError);
      assert.equal(error.failure.code, llm.LIMITER_CODE);
      assert.match(error.message, /The limit that openai itself tells is reached\. Try again in \d+ s/);
      return true;
    });
    assert.equal(server.requests.length, 1);
  });

  it('lets a new key go on when only the client had refused', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('ok')));
    const limits = llm.createLimiter({ limits: { openai: { tokensPerMinute: 50 } }, waitMaxMs: 0 });
    const client = llm.createClient({
      providers: [{ ...llm.PROVIDERS.openai, baseUrl: `${server.url}/v1` }],
      credentials: { openai: 'key' },
      limits,
    });
    await assert.rejects(
      client.generate({ model: 'openai/gpt-4o', prompt: 'x'.repeat(1000) }),
      /less than this one call/,
    );
    // The refusal was ours: the account is none the worse for it.
    assert.equal((await client.generate({ model: 'openai/gpt-4o', prompt: 'x' })).text, 'ok');
  });
});

describe('Custom rate limiters', () => {
  it('lets ten requests a second through', async () => {
    const clock = steppedClock();
    const limiter = llm.newTokenBucketRateLimiter(10, clock);
    for (let at = 0; at < 10; at += 1) assert.equal(limiter.allow(), true);
    assert.equal(limiter.allow(), false);
    let went = 0;
    const makeRequest = async (): Promise<void> => {
      await limiter.wait();
      went += 1;
    };
    const waiting = Array.from({ length: 5 }, makeRequest);
    await clock.step(300);
    assert.equal(went, 3);
    await clock.step(200);
    await Promise.all(waiting);
    const leaving = AbortSignal.abort(new Error('left'));
    await assert.rejects(limiter.wait(leaving), /left/);
  });
});
