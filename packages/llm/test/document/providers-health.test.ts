import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';
import { systemClock, type Clock } from '../../src/model/clock.ts';
import { chatAnswer, json, startFake, type Answer, type FakeProvider } from './fake-provider.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Faked {
  readonly provider: kit.ClientProvider;
  readonly server: FakeProvider;
}

async function faked(
  answer: Answer,
  more: Partial<kit.ProviderConfig> = {},
  clock: Clock = systemClock,
): Promise<Faked> {
  const server = await startFake(answer);
  open.push(server);
  const config = { type: 'openai', apiKey: 'k', baseUrl: server.url, maxRetries: 0, ...more };
  return { provider: new kit.ClientProvider(config, { clock }), server };
}

/** A clock whose hand the test moves. */
function handClock(): Clock & { move(ms: number): void; tick(): void } {
  let nowMs = 1_000;
  const tasks = new Set<() => void>();
  return {
    ...systemClock,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    every: (_, task) => {
      tasks.add(task);
      return () => tasks.delete(task);
    },
    move: (ms) => void (nowMs += ms),
    tick: () => {
      for (const task of tasks) task();
    },
  };
}

const MODELS = { data: [{ id: 'gpt-4o' }, { id: 'gpt-4o-mini', name: 'Mini' }] };

describe('Test credentials directly', () => {
  it('asks for the models with the right header', async () => {
    const openai = await faked((response) => json(response, 200, MODELS));
    const anthropic = await faked((response) => json(response, 200, MODELS), { type: 'anthropic' });
    for (const { provider } of [openai, anthropic]) {
      const result = await provider.testConnectivity();
      assert.equal(result.status, 'success');
      assert.equal(result.phase, 'completed');
    }
    assert.equal(openai.server.requests[0]?.path, '/models');
    assert.equal(openai.server.requests[0]?.headers['authorization'], 'Bearer k');
    assert.equal(anthropic.server.requests[0]?.method, 'GET');
    assert.equal(anthropic.server.requests[0]?.path, '/v1/models?limit=1000');
    assert.equal(anthropic.server.requests[0]?.headers['x-api-key'], 'k');
    assert.equal(anthropic.server.requests[0]?.headers['anthropic-version'], '2023-06-01');
  });

  it('says what is wrong, where, and whether to try again', async () => {
    const refusing =
      (status: number): Answer =>
      (response) =>
        json(response, status, { error: { message: 'no' } });
    const oauth = { oauthCredentials: [{ accessToken: 'ended' }] };
    const cases: readonly (readonly [Answer, Partial<kit.ProviderConfig>, kit.TestStatus, kit.TestPhase, boolean])[] = [
      [refusing(401), {}, 'auth_failed', 'authentication', false],
      [refusing(401), oauth, 'oauth_failed', 'authentication', false],
      [refusing(404), {}, 'config_failed', 'model_fetch', false],
      [refusing(429), {}, 'rate_limited', 'model_fetch', true],
      [refusing(500), {}, 'server_error', 'model_fetch', true],
      [() => {}, { timeout: 40 }, 'timeout_failed', 'connectivity', true],
      [(response) => void response.destroy(), {}, 'connectivity_failed', 'connectivity', true],
    ];
    for (const [answer, more, status, phase, retryable] of cases) {
      const { provider } = await faked(answer, more);
      if (more.oauthCredentials) await provider.authenticate({ method: 'oauth', apiKey: 'ended' });
      const result = await provider.testConnectivity();
      assert.deepEqual([result.status, result.phase, result.retryable], [status, phase, retryable], result.message);
      assert.ok(result.error instanceof kit.ProviderError);
    }
    const { provider } = await faked(refusing(401));
    await provider.logout();
    provider.configure({ ...provider.getConfig(), type: 'xai', oauthCredentials: [{ refreshToken: 'nowhere' }] });
    const result = await provider.testConnectivity();
    assert.equal(result.status, 'token_failed', result.message);
  });

  it('remembers for thirty seconds, unless told not to', async () => {
    const clock = handClock();
    const { provider, server } = await faked((response) => json(response, 200, MODELS), {}, clock);
    const both = await Promise.all([provider.testConnectivity(), provider.testConnectivity()]);
    assert.equal(both[0], both[1]);
    clock.move(29_999);
    await provider.testConnectivity();
    assert.equal(server.requests.length, 1);
    await provider.testConnectivity({ bypassCache: true });
    assert.equal(server.requests.length, 2);
    clock.move(30_000);
    await provider.testConnectivity();
    assert.equal(server.requests.length, 3);
    provider.configure({ ...provider.getConfig(), apiKey: 'other' });
    await provider.testConnectivity();
    assert.equal(server.requests.at(-1)?.headers['authorization'], 'Bearer other');
  });

  it('tries a model', async () => {
    const { provider } = await faked((response, { body }) =>
      body.includes('gpt-good')
        ? json(response, 200, chatAnswer('OK'))
        : json(response, 404, { error: { message: 'no model' } }),
    );
    const good = await kit.testModel(provider, 'gpt-good');
    assert.deepEqual([good.status, good.model], ['success', 'gpt-good']);
    const bad = await kit.testModel(provider);
    assert.deepEqual([bad.status, bad.model, bad.statusCode], ['config_failed', 'gpt-4o', 404]);
  });

  it('knows other words for the same', () => {
    assert.equal(kit.readTestStatus('auth-failed'), 'auth_failed');
    assert.equal(kit.readTestStatus('authentication'), 'auth_failed');
    assert.equal(kit.readTestStatus('network'), 'connectivity_failed');
    assert.equal(kit.readTestStatus('timeout'), 'timeout_failed');
    assert.equal(kit.readTestStatus('rate_limited'), 'rate_limited');
    assert.equal(kit.readTestStatus('fine'), undefined);
  });
});

describe('Monitoring setup', () => {
  it('looks after providers and counts how they were', async () => {
    const clock = handClock();
    let isUp = true;
    const { provider } = await faked((response) =>
      isUp ? json(response, 200, MODELS) : json(response, 503, { error: { message: 'down' } }),
    );
    const heard: boolean[] = [];
    const looked: (() => void)[] = [];
    const monitor = kit.newHealthMonitor({
      providers: [provider],
      clock,
      onCheck: (name, { healthy }) => {
        assert.equal(name, 'openai');
        heard.push(healthy);
        looked.shift()?.();
      },
    });
    assert.equal(monitor.getHealth('openai'), undefined);
    await monitor.start();
    isUp = false;
    const again = Promise.withResolvers<void>();
    looked.push(again.resolve);
    clock.tick();
    await again.promise;
    monitor.stop();
    clock.tick();
    assert.deepEqual(heard, [true, false]);
    const record = monitor.getHealth('openai');
    assert.deepEqual(
      { checks: record?.checkCount, good: record?.successCount, bad: record?.failureCount },
      { checks: 2, good: 1, bad: 1 },
    );
    assert.match(record?.errorMessage ?? '', /down/);
    const { healthStatus } = provider.getMetrics();
    assert.equal(healthStatus.healthy, false);
    assert.equal(healthStatus.statusCode, 503);
    isUp = true;
    await monitor.check();
    assert.equal(provider.getMetrics().healthStatus.healthy, true);
    assert.equal(monitor.getHealth('openai')?.errorMessage, undefined);
  });
});

describe('Standard core API', () => {
  const ask = new kit.CoreRequestBuilder().withModel('gpt-4o').withMessage({ role: 'user', content: 'hi' });

  it('checks what is put together', () => {
    const tools = [{ name: 'look', inputSchema: { type: 'object' } }];
    const built = ask.withMaxTokens(5).withTemperature(1).withTools(tools).withToolChoice({ mode: 'auto' }).build();
    assert.equal(built.messages.length, 1);
    assert.equal(built.maxTokens, 5);
    const wrong = new kit.CoreRequestBuilder().withTemperature(3).withMaxTokens(-1).withToolChoice({ mode: 'auto' });
    assert.throws(() => wrong.build(), {
      code: 'invalid_request',
      message: /At least one message.*temperature.*maxTokens.*tool choice/,
    });
  });

  it('puts a streamed answer together, calls and usage included', async () => {
    const { provider } = await faked((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const deltas = [
        { content: 'Hel' },
        { content: 'lo' },
        { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'look', arguments: '{"x"' } }] },
        { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
        { tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'see', arguments: '{}' } }] },
      ];
      const about = { id: 'c1', object: 'chat.completion.chunk', created: 7, model: 'gpt-4o' };
      for (const delta of deltas)
        response.write(
          `data: ${JSON.stringify({ ...about, choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`,
        );
      response.write(
        `data: ${JSON.stringify({ ...about, choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] })}\n\n`,
      );
      response.write(
        `data: ${JSON.stringify({ ...about, choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } })}\n\n`,
      );
      response.end('data: [DONE]\n\n');
    });
    const answer = await kit.generateStandardCompletion(provider, ask.withStreaming().build());
    assert.deepEqual(answer, {
      id: 'c1',
      model: 'gpt-4o',
      object: 'chat.completion',
      created: 7,
      choices: [
        {
          index: 0,
          finishReason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'Hello',
            toolCalls: [
              { id: 'a', type: 'function', function: { name: 'look', arguments: '{"x":1}' } },
              { id: 'b', type: 'function', function: { name: 'see', arguments: '{}' } },
            ],
          },
        },
      ],
      usage: { promptTokens: 3, completionTokens: 4, totalTokens: 7 },
    });
  });

  it('keeps a whole answer as it is', async () => {
    const { provider } = await faked((response) => json(response, 200, chatAnswer('whole')));
    const answer = await kit.generateStandardCompletion(provider, ask.build());
    assert.equal(answer.choices[0].message.content, 'whole');
    assert.equal(answer.usage?.totalTokens, 5);
  });
});
