import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';
import type { Provider, ProviderConfig } from '../../src/kit.ts';
import { systemClock } from '../../src/model/clock.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { startSimulatorServer } from '../../src/testing/simulator-server.ts';
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

async function fake(answer: Answer): Promise<FakeProvider> {
  const server = await startFake(answer);
  open.push(server);
  return server;
}

/** A hundred times as fast wherever somebody waits. */
const hasty = { ...systemClock, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 100, signal) };

function factoryOf(options: kit.ProviderFactoryOptions = {}): kit.ProviderFactory {
  const factory = kit.newProviderFactory({ env: {}, ...options });
  kit.registerDefaultProviders(factory);
  return factory;
}

const make = (config: ProviderConfig, options?: kit.ProviderFactoryOptions): Provider =>
  factoryOf(options).createProvider(config.type, config);

const textOf = (chunks: readonly kit.ChatCompletionChunk[]): string => chunks.map(({ content }) => content).join('');

describe('Authentication Failures', () => {
  it('verifies the format of keys before a call does', () => {
    assert.equal(kit.checkKeyFormat('openai', 'sk-proj-0123456789abcdef').ok, true);
    assert.equal(kit.checkKeyFormat('anthropic', 'sk-ant-0123456789abcdef').ok, true);
    assert.equal(kit.checkKeyFormat('groq', '0123456789').ok, true);
    const wrong = kit.checkKeyFormat('anthropic', 'sk-0123456789abcdefghij');
    assert.ok(!wrong.ok);
    assert.match(wrong.failure.message, /sk-ant-.*sk-01234\.\.\.ghij/);
    assert.equal(kit.checkKeyFormat('gemini', 'short').ok, false);
    assert.equal(kit.maskKey('123456789012'), '************');
    assert.equal(kit.maskKey('sk-0123456789'), 'sk-01234...6789');
  });

  it('presents keys as their providers want them', async () => {
    const server = await fake((response, { path }) =>
      path.startsWith('/v1/messages')
        ? json(response, 200, {
            id: 'msg_1',
            type: 'message',
            role: 'assistant',
            model: 'claude-sonnet-4-5',
            content: [{ type: 'text', text: 'hi' }],
            stop_reason: 'end_turn',
            usage: { input_tokens: 3, output_tokens: 1 },
          })
        : json(response, 200, chatAnswer('hi')),
    );
    const openai = make({ type: 'openai', apiKey: 'sk-test', baseUrl: `${server.url}/v1` });
    const anthropic = make({ type: 'anthropic', apiKey: 'sk-ant-test', baseUrl: server.url });
    assert.equal(textOf(await drain(await openai.generateChatCompletion({ prompt: 'hello' }))), 'hi');
    assert.equal(textOf(await drain(await anthropic.generateChatCompletion({ prompt: 'hello' }))), 'hi');
    const [first, second] = server.requests;
    assert.equal(first?.path, '/v1/chat/completions');
    assert.equal(first?.headers['authorization'], 'Bearer sk-test');
    assert.equal(second?.path, '/v1/messages');
    assert.equal(second?.headers['x-api-key'], 'sk-ant-test');
    assert.equal(second?.headers['anthropic-version'], '2023-06-01');
  });

  it('names invalid credentials by their code', async () => {
    const server = await fake((response) =>
      json(response, 401, { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } }),
    );
    const provider = make({ type: 'openai', apiKey: 'sk-wrong', baseUrl: server.url });
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x' }), (error: unknown) => {
      assert.ok(error instanceof kit.ProviderError);
      assert.equal(error.code, 'authentication');
      assert.equal(error.isRetryable(), false);
      assert.match(error.message, /^openai authentication error: .*\(invalid_credentials\)$/);
      return true;
    });
    assert.equal(server.requests.length, 1);
  });
});

describe('Rate Limit Errors', () => {
  it('keeps below the configured limits', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('ok')));
    const provider = make(
      {
        type: 'openai',
        apiKey: 'sk-test',
        baseUrl: server.url,
        maxRetries: 0,
        timeout: 0,
        rateLimit: { requestsPerDay: 2, enabled: true },
      },
      { clock: hasty },
    );
    for (const prompt of ['one', 'two']) await drain(await provider.generateChatCompletion({ prompt }));
    await assert.rejects(provider.generateChatCompletion({ prompt: 'three' }), { code: 'rate_limit' });
    assert.equal(server.requests.length, 2);
  });

  it('moves on to the next key when one is exhausted', async () => {
    const server = await fake((response, { headers }) =>
      headers['authorization'] === 'Bearer key-3'
        ? json(response, 200, chatAnswer('from the third'))
        : json(response, 429, { error: { message: 'Rate limit exceeded' } }),
    );
    const provider = make({ type: 'openai', apiKeys: ['key-1', 'key-2', 'key-3'], baseUrl: server.url });
    const chunks = await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    assert.equal(textOf(chunks), 'from the third');
    const keys = server.requests.map(({ headers }) => headers['authorization']);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('tries again as often as configured and then says how long to wait', async () => {
    let calls = 0;
    const server = await fake((response) => {
      calls += 1;
      json(response, 503, { error: { message: 'Busy' } });
    });
    const config = { type: 'openai', apiKey: 'sk-test', baseUrl: server.url, timeout: 0 };
    const provider = make({ ...config, maxRetries: 2 }, { clock: hasty });
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x' }), { code: 'server_error' });
    assert.equal(calls, 3);
    const limited = await fake((response) => json(response, 429, { error: { message: 'Rate limit exceeded' } }));
    const once = make({ ...config, baseUrl: limited.url, maxRetries: 0 });
    await assert.rejects(once.generateChatCompletion({ prompt: 'x' }), {
      code: 'rate_limit',
      retryAfter: 60,
      statusCode: 429,
    });
    assert.equal(limited.requests.length, 1);
  });
});

describe('Timeout Issues', () => {
  it('says request timeout when the provider is silent for too long', async () => {
    const server = await fake(() => {});
    const provider = make({ type: 'openai', apiKey: 'k', baseUrl: server.url, timeout: 300, maxRetries: 0 });
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x' }), (error: unknown) => {
      assert.ok(error instanceof kit.ProviderError);
      assert.equal(error.code, 'timeout');
      assert.equal(error.isRetryable(), true);
      assert.match(error.message, /request timeout/);
      return true;
    });
    for (const { closed } of server.requests) assert.equal(await closed, 'left');
  });

  it('says context deadline exceeded when the caller set a deadline', async () => {
    const server = await fake(() => {});
    const provider = make({ type: 'openai', apiKey: 'k', baseUrl: server.url });
    const expected = { code: 'timeout', message: /context deadline exceeded/ };
    await assert.rejects(
      provider.generateChatCompletion({ prompt: 'x' }, { signal: AbortSignal.timeout(40) }),
      expected,
    );
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x', timeout: 40 }), expected);
    for (const { closed } of server.requests) assert.equal(await closed, 'left');
  });

  it('gives partial results of a streamed answer at once', async () => {
    const rest = Promise.withResolvers<void>();
    const server = await fake(async (response) => {
      beginSse(response, ['Hello']);
      await rest.promise;
      endSse(response);
    });
    const provider = make({ type: 'openai', apiKey: 'k', baseUrl: server.url });
    const stream = await provider.generateChatCompletion({ prompt: 'Long prompt...', stream: true });
    const first = await stream.next();
    assert.equal(first.content, 'Hello');
    assert.equal(first.done, false);
    rest.resolve();
    const last = await stream.next();
    assert.equal(last.done, true);
    assert.deepEqual(last.usage, { promptTokens: 3, completionTokens: 2, totalTokens: 5 });
    assert.equal(last.choices?.[0]?.finishReason, 'stop');
    await assert.rejects(stream.next(), { name: 'EndOfStreamError', code: 'EOF' });
    await stream.close();
    await stream.close();
  });
});

describe('Connection Problems', () => {
  it('says connection refused and keeps what Node said', async () => {
    const server = await startFake(() => {});
    await server.close();
    const provider = make({ type: 'openai', apiKey: 'k', baseUrl: server.url, maxRetries: 0 });
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x' }), (error: unknown) => {
      assert.ok(error instanceof kit.ProviderError);
      assert.equal(error.code, 'network');
      assert.match(error.message, /connection refused/);
      assert.match(error.message, /ECONNREFUSED/);
      assert.equal((error.cause as { code?: string }).code, 'ECONNREFUSED');
      return true;
    });
  });

  it('says no such host for a name that nobody has', async () => {
    const provider = make({ type: 'openai', apiKey: 'k', baseUrl: 'http://nobody.invalid/v1', maxRetries: 0 });
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x' }), {
      code: 'network',
      message: /no such host/,
    });
  });

  it('takes custom endpoints and refuses what is no address', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('ok')));
    const provider = make({ type: 'openai', apiKey: 'k', baseUrl: `${server.url}/custom/v1/` });
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    assert.equal(server.requests[0]?.path, '/custom/v1/chat/completions');
    assert.throws(() => make({ type: 'openai', baseUrl: 'api.openai.com' }), {
      code: 'invalid_config',
      message: /baseUrl must be a whole address/,
    });
  });
});

describe('Provider-Specific Errors', () => {
  it('says model not found, and lets each call name its model', async () => {
    const server = await fake((response, { body }) => {
      const { model } = JSON.parse(body) as { model: string };
      if (model === 'gpt-3.5-turbo') json(response, 200, chatAnswer('ok'));
      else json(response, 404, { error: { message: `No ${model} here`, code: 'model_not_found' } });
    });
    const config = { type: 'openai', apiKey: 'k', baseUrl: server.url, defaultModel: 'gpt-4-turbo-preview' };
    const provider = make(config);
    await assert.rejects(provider.generateChatCompletion({ prompt: 'Hello world' }), {
      code: 'not_found',
      message: /model not found/,
    });
    await drain(await provider.generateChatCompletion({ model: 'gpt-3.5-turbo', prompt: 'Hello world' }));
    const bare = make({ type: 'openai', apiKey: 'k', baseUrl: server.url });
    await assert.rejects(bare.generateChatCompletion({ prompt: 'x' }), { message: /gpt-4o/ });
    const asked = server.requests.map(({ body }) => (JSON.parse(body) as { model: string }).model);
    assert.deepEqual(asked, ['gpt-4-turbo-preview', 'gpt-3.5-turbo', 'gpt-4o']);
    assert.throws(() => bare.configure({ ...bare.getConfig(), type: 'nobody' }), { code: 'invalid_config' });
  });

  it('sends headers of the config, which win over its own', async () => {
    const server = await fake((response) => json(response, 403, { error: { message: 'project not found' } }));
    const headers = {
      'anthropic-version': '2024-01-01',
      'anthropic-client': 'claude-code',
      'x-goog-user-project': 'your-project-id',
    };
    for (const type of ['anthropic', 'gemini']) {
      const provider = make({ type, apiKey: 'k', baseUrl: server.url, headers, maxRetries: 0 });
      await assert.rejects(provider.generateChatCompletion({ prompt: 'x' }), { code: 'authentication' });
    }
    const [anthropic, gemini] = server.requests;
    assert.equal(anthropic?.headers['anthropic-version'], '2024-01-01');
    assert.equal(anthropic?.headers['anthropic-client'], 'claude-code');
    assert.equal(gemini?.headers['x-goog-user-project'], 'your-project-id');
    assert.equal(gemini?.headers['x-goog-api-key'], 'k');
    assert.match(gemini?.path ?? '', /^\/v1beta\/models\/gemini-2\.5-flash:generateContent/);
  });
});

describe('How to set up multi-provider configuration?', () => {
  it('creates providers side by side', async () => {
    const server = await startSimulatorServer();
    open.push(server);
    const factory = factoryOf();
    const openai = factory.createProvider('openai', { apiKey: 'k', baseUrl: server.url, defaultModel: 'echo' });
    const anthropic = factory.createProvider('anthropic', {
      apiKeys: ['key-1', 'key-2'],
      baseUrl: server.url,
      defaultModel: 'echo',
    });
    for (const provider of [openai, anthropic])
      assert.equal(textOf(await drain(await provider.generateChatCompletion({ prompt: 'same words' }))), 'same words');
    assert.deepEqual(server.requests.map(({ path }) => path).sort(), ['/v1/chat/completions', '/v1/messages']);
  });

  it('knows every provider of the library once the default ones are registered', () => {
    assert.deepEqual(kit.newProviderFactory().getSupportedProviders(), []);
    const known = factoryOf().getSupportedProviders();
    for (const type of Object.keys(PROVIDERS)) assert.ok(known.includes(type), type);
    for (const type of ['openai', 'anthropic', 'gemini', 'qwen', 'cerebras', 'openrouter', 'ollama', 'lmstudio'])
      assert.ok(known.includes(type), type);
    assert.throws(() => factoryOf().createProvider('nope'), {
      code: 'invalid_config',
      message: /Use one of: .*openai/,
    });
    assert.throws(() => kit.newProviderFactory().createProvider('openai'), { message: /registerDefaultProviders/ });
  });

  it('answers through every OpenAI-like provider', async () => {
    const server = await startSimulatorServer();
    open.push(server);
    for (const type of [
      'openai',
      'xai',
      'fireworks',
      'deepseek',
      'mistral',
      'cerebras',
      'qwen',
      'openrouter',
      'groq',
    ]) {
      const provider = make({ type, apiKey: 'k', baseUrl: server.url, defaultModel: 'echo' });
      const stream = await provider.generateChatCompletion({ prompt: `hello ${type}`, stream: true });
      assert.equal(textOf(await drain(stream)), `hello ${type}`, type);
    }
    for (const type of ['ollama', 'lmstudio', 'llamacpp', 'vllm']) {
      const provider = make({ type, baseUrl: server.url, defaultModel: 'echo' });
      assert.equal(provider.isAuthenticated(), true);
      assert.equal(textOf(await drain(await provider.generateChatCompletion({ prompt: type }))), type);
    }
  });
});

describe('How to use Claude with tool calling?', () => {
  const tools = [
    {
      name: 'get_weather',
      description: 'Get weather for a location',
      inputSchema: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
    },
  ];
  const question = { role: 'user', content: "What's the weather in Paris?" } as const;

  it('gives calls whole and in pieces, and takes results back', async () => {
    const server = await startSimulatorServer();
    open.push(server);
    for (const type of ['anthropic', 'openai', 'gemini']) {
      const baseUrl = type === 'gemini' ? server.url.replace(/\/v1$/, '/v1beta') : server.url;
      const provider = make({ type, apiKey: 'k', baseUrl, defaultModel: 'tools' });
      const [whole] = await drain(await provider.generateChatCompletion({ messages: [question], tools }));
      const call = whole?.choices?.[0]?.message?.toolCalls?.[0];
      assert.equal(call?.function.name, 'get_weather');
      const stream = await provider.generateChatCompletion({ messages: [question], tools, stream: true });
      const pieces = (await drain(stream)).flatMap(({ choices }) => choices?.[0]?.delta?.toolCalls ?? []);
      assert.equal(pieces[0]?.function.name, 'get_weather');
      const written = pieces.map((piece) => piece.function.arguments).join('');
      assert.deepEqual(JSON.parse(written), JSON.parse(call?.function.arguments ?? ''));
      const answered = await provider.generateChatCompletion({
        messages: [
          question,
          { role: 'assistant', toolCalls: call ? [call] : [] },
          { role: 'tool', toolCallId: call?.id ?? '', content: 'sunny' },
        ],
        tools,
      });
      assert.equal(textOf(await drain(answered)), 'The tool answered: sunny', type);
    }
  });

  it('passes the choice of tools on, and refuses one that cannot be', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('ok')));
    const provider = make({ type: 'openai', apiKey: 'k', baseUrl: server.url });
    const choices = [
      { mode: 'required' },
      { mode: 'none' },
      { mode: 'specific', functionName: 'get_weather' },
    ] as const;
    for (const toolChoice of choices)
      await drain(await provider.generateChatCompletion({ messages: [question], tools, toolChoice }));
    const sent = server.requests.map(({ body }) => (JSON.parse(body) as { tool_choice: unknown }).tool_choice);
    assert.deepEqual(sent, ['required', 'none', { type: 'function', function: { name: 'get_weather' } }]);
    const refused = { code: 'invalid_request' };
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x', toolChoice: { mode: 'required' } }), refused);
    const other = { mode: 'specific', functionName: 'other' } as const;
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x', tools, toolChoice: other }), refused);
    await assert.rejects(provider.generateChatCompletion({}), refused);
  });
});

describe('Daily request limit tracking', () => {
  it('counts what a provider did', async () => {
    const server = await fake((response, { body }) =>
      body.includes('fail')
        ? json(response, 400, { error: { message: 'bad' } })
        : json(response, 200, chatAnswer('ok')),
    );
    const provider = make({ type: 'cerebras', apiKey: 'k', baseUrl: server.url });
    await drain(await provider.generateChatCompletion({ prompt: 'one' }));
    await drain(await provider.generateChatCompletion({ prompt: 'two' }));
    await assert.rejects(provider.generateChatCompletion({ prompt: 'fail' }));
    const metrics = provider.getMetrics();
    assert.equal(metrics.requestCount, 3);
    assert.equal(metrics.successCount, 2);
    assert.equal(metrics.errorCount, 1);
    assert.equal(metrics.tokensUsed, 10);
    assert.match(metrics.lastError ?? '', /bad/);
    assert.equal(metrics.averageLatency, metrics.totalLatency / 2);
  });
});

describe('How to add a new provider?', () => {
  class CustomProvider extends kit.BaseProvider {
    async generateChatCompletion(options: kit.GenerateOptions): Promise<kit.ChatCompletionStream> {
      this.incrementRequestCount();
      const startedMs = this.clock.monotonicMs();
      const { baseUrl = '' } = this.getConfig();
      const response = await fetch(baseUrl, { method: 'POST', body: options.prompt ?? '' });
      const content = await response.text();
      if (!response.ok) {
        const error = new Error(content);
        this.recordError(error);
        throw error;
      }
      this.recordSuccess(this.clock.monotonicMs() - startedMs, 7);
      return kit.newChatStream([
        { content, done: false },
        { content: '', done: true },
      ]);
    }
  }

  it('registers it, creates it and counts for it', async () => {
    const server = await fake((response, { body }) => {
      response.statusCode = body === 'fail' ? 500 : 200;
      response.end(body.toUpperCase());
    });
    const factory = factoryOf();
    factory.registerProvider('custom', (config) => new CustomProvider('custom', config));
    const provider = factory.createProvider('custom', { baseUrl: server.url, name: 'mine' });
    assert.equal(provider.name(), 'mine');
    assert.equal(provider.type(), 'custom');
    assert.equal(textOf(await drain(await provider.generateChatCompletion({ prompt: 'loud' }))), 'LOUD');
    await assert.rejects(provider.generateChatCompletion({ prompt: 'fail' }));
    const { requestCount, successCount, errorCount, tokensUsed, lastError } = provider.getMetrics();
    assert.deepEqual(
      { requestCount, successCount, errorCount, tokensUsed },
      { requestCount: 2, successCount: 1, errorCount: 1, tokensUsed: 7 },
    );
    assert.equal(lastError, 'FAIL');
  });
});

describe('Close streams properly', () => {
  it('ends the connection of a stream that is closed or left early', async () => {
    const server = await fake((response) => beginSse(response, ['one ', 'two ']));
    const provider = make({ type: 'openai', apiKey: 'k', baseUrl: server.url });
    const closed = await provider.generateChatCompletion({ prompt: 'x', stream: true });
    await closed.next();
    await closed.close();
    for await (const chunk of await provider.generateChatCompletion({ prompt: 'x', stream: true })) {
      assert.equal(chunk.content, 'one ');
      break;
    }
    const waiting = await provider.generateChatCompletion({ prompt: 'x', stream: true });
    await waiting.next();
    await waiting.next();
    const third = waiting.next();
    await waiting.close();
    await assert.rejects(third, { name: 'EndOfStreamError' });
    for (const { closed: end } of server.requests) assert.equal(await end, 'left');
    assert.equal(server.requests.length, 3);
  });
});

describe('Custom authentication', () => {
  it('takes credentials for one call alone, which win over the stored ones', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('ok')));
    const provider = make({ type: 'openai', apiKey: 'stored', baseUrl: server.url });
    await drain(await provider.generateChatCompletion({ prompt: 'x' }, { credential: 'per-call' }));
    await drain(await provider.generateChatCompletion({ prompt: 'x' }, { credential: { accessToken: 'token' } }));
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    const keys = server.requests.map(({ headers }) => headers['authorization']);
    assert.deepEqual(keys, ['Bearer per-call', 'Bearer token', 'Bearer stored']);
  });

  it('signs in and out, and shows no secret of its config', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('ok')));
    const provider = make({ type: 'openai', baseUrl: server.url });
    assert.equal(provider.isAuthenticated(), false);
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x' }), { code: 'authentication' });
    await provider.authenticate({ method: 'api_key', apiKey: 'sk-canary' });
    assert.equal(provider.isAuthenticated(), true);
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    await provider.authenticate({ method: 'oauth', apiKey: 'token-canary' });
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    assert.ok(!JSON.stringify(provider.getConfig()).includes('canary'));
    await provider.logout();
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x' }), { code: 'authentication' });
    const keys = server.requests.map(({ headers }) => headers['authorization']);
    assert.deepEqual(keys, ['Bearer sk-canary', 'Bearer token-canary']);
  });

  it('renews an ended token once and hands the new ones over before it uses them', async () => {
    const kept: string[] = [];
    const server = await fake((response, { path, headers, body }) => {
      if (path === '/token') {
        assert.match(body, /refresh_token=refresh-1/);
        json(response, 200, {
          access_token: 'access-2',
          refresh_token: 'refresh-2',
          token_type: 'Bearer',
          expires_in: 3600,
        });
      } else if (headers['authorization'] === 'Bearer access-2' && kept.length > 0)
        json(response, 200, chatAnswer('ok'));
      else json(response, 401, { error: { message: 'ended' } });
    });
    const provider = make({
      type: 'qwen',
      baseUrl: server.url,
      oauthCredentials: [
        {
          id: 'team-account',
          clientId: 'client',
          accessToken: 'access-1',
          refreshToken: 'refresh-1',
          expiresAt: 1,
          tokenUrl: `${server.url}/token`,
          onTokenRefresh: (id, access, refresh, expires) => {
            assert.ok(expires.getTime() > Date.now());
            kept.push(`${id} ${access} ${refresh}`);
          },
        },
      ],
    });
    const both = await Promise.all([1, 2].map(() => provider.generateChatCompletion({ prompt: 'x' })));
    for (const stream of both) await drain(stream);
    assert.deepEqual(kept, ['team-account access-2 refresh-2']);
    assert.equal(server.requests.filter(({ path }) => path === '/token').length, 1);
  });
});
