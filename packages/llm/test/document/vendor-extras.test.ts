import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';
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

function make(type: string, { url }: FakeProvider, more: Partial<kit.ProviderConfig> = {}): kit.Provider {
  const factory = kit.newProviderFactory({ env: {} });
  kit.registerDefaultProviders(factory);
  const path = type === 'anthropic' || type === 'gemini' ? '' : '/v1';
  return factory.createProvider(type, { apiKey: 'k', baseUrl: url + path, maxRetries: 0, ...more });
}

describe('OpenRouter: credit balance management', () => {
  const keyOf = (data: object, credits?: object): Answer =>
    function answer(response, { path }) {
      if (path === '/api/v1/key') return json(response, 200, { data });
      return credits === undefined
        ? json(response, 403, { error: { message: 'Only management keys can fetch credits', code: 403 } })
        : json(response, 200, { data: credits });
    };
  const look = (server: FakeProvider, options: kit.BalanceOptions = {}) =>
    kit.checkOpenRouterBalance('sk-or-key', { baseUrl: `${server.url}/api/v1`, ...options });

  it('tells what a key may still spend, and warns below ten dollars', async () => {
    const server = await fake(keyOf({ usage: 91.5, limit: 100, limit_remaining: 8.5, is_free_tier: false }));
    const warned: kit.OpenRouterBalance[] = [];
    const balance = await look(server, { onLow: (low) => void warned.push(low) });
    assert.deepEqual(balance, { remaining: 8.5, limit: 100, usage: 91.5, isFreeTier: false, isLow: true });
    assert.deepEqual(warned, [balance]);
    assert.equal(server.requests[0]?.headers['authorization'], 'Bearer sk-or-key');
    assert.equal((await look(server, { alertBelow: 5, onLow: () => assert.fail() })).isLow, false);
  });

  it('asks what the account has where the key has no bound, and does not know where it may not', async () => {
    const key = { usage: 1, limit: null, limit_remaining: null, is_free_tier: true };
    const rich = await fake(keyOf(key, { total_credits: 50, total_usage: 20 }));
    assert.deepEqual(await look(rich), { remaining: 30, usage: 1, isFreeTier: true, isLow: false });
    const silent = await fake(keyOf(key));
    assert.deepEqual(await look(silent), { usage: 1, isFreeTier: true, isLow: false });
  });

  it('tells models that cost nothing from others', () => {
    const pricing = { inputTokenPrice: 0, outputTokenPrice: 0, unit: 'USD per million tokens' };
    const named = (id: string, more: Partial<kit.Model> = {}): kit.Model => ({
      id,
      name: id,
      provider: 'openrouter',
      ...more,
    });
    const models = [
      named('a/b:free'),
      named('c/d', { pricing }),
      named('e/f'),
      named('g/h', { pricing: { ...pricing, outputTokenPrice: 1 } }),
    ];
    assert.deepEqual(kit.freeModels(models), models.slice(0, 2));
  });

  it('throws what every call throws', async () => {
    const server = await fake((response) => json(response, 401, { error: { message: 'No auth credentials found' } }));
    await assert.rejects(look(server), { name: 'ProviderError', code: 'authentication', provider: 'openrouter' });
  });
});

describe('Gemini: looking at a token', () => {
  const look = (server: FakeProvider) =>
    kit.validateGoogleToken('ya29.token', { tokenInfoUrl: `${server.url}/tokeninfo`, retry: 'none' });

  it('tells whether it is good, how long, for what and whose', async () => {
    const ends = Math.floor(Date.now() / 1000) + 3000;
    const server = await fake((response) =>
      json(response, 200, { exp: String(ends), scope: 'openid email', email: 'a@example.com', sub: '7' }),
    );
    assert.deepEqual(await look(server), {
      valid: true,
      expiresAt: new Date(ends * 1000),
      scopes: ['openid', 'email'],
      userInfo: { id: '7', email: 'a@example.com' },
    });
    const [asked] = server.requests;
    assert.deepEqual([asked?.method, asked?.path, asked?.body], ['POST', '/tokeninfo', 'access_token=ya29.token']);
  });

  it('is no error where it is over, and one where nobody answers', async () => {
    const over = await fake((response) => json(response, 400, { error: 'invalid_token' }));
    assert.deepEqual(await look(over), { valid: false, scopes: [], userInfo: {} });
    const late = await fake((response) => json(response, 200, { exp: '1000', scope: '' }));
    assert.equal((await look(late)).valid, false);
    const broken = await fake((response) => json(response, 503, {}));
    await assert.rejects(look(broken), { name: 'ProviderError', code: 'server_error' });
  });
});

describe('Ollama: running models', () => {
  it('are told with their memory and their end', async () => {
    const server = await fake((response, { path }) =>
      path === '/api/ps'
        ? json(response, 200, {
            models: [
              {
                name: 'llama3.1:8b',
                model: 'llama3.1:8b',
                size: 6_654_289_920,
                digest: '46e0c10c039e',
                expires_at: '2030-01-02T03:04:05.678Z',
                size_vram: 6_000_000_000,
              },
              { name: 'kept', expires_at: '0001-01-01T00:00:00Z' },
            ],
          })
        : json(response, 200, { version: '0.12.6' }),
    );
    const host = kit.newOllamaHost({ baseUrl: `${server.url}/v1` });
    assert.deepEqual(await host.getRunningModels(), [
      {
        name: 'llama3.1:8b',
        model: 'llama3.1:8b',
        size: 6_654_289_920,
        digest: '46e0c10c039e',
        expiresAt: new Date('2030-01-02T03:04:05.678Z'),
        sizeVram: 6_000_000_000,
      },
      { name: 'kept', model: 'kept', size: 0, digest: '', sizeVram: 0 },
    ]);
    assert.equal(await host.version(), '0.12.6');
  });

  it('are fetched, shown, copied and removed', async () => {
    const server = await fake((response, { path }) =>
      path === '/api/show' ? json(response, 200, { details: { family: 'llama' } }) : void response.end(),
    );
    const host = kit.newOllamaHost({ baseUrl: server.url, apiKey: 'k' });
    await host.pullModel('a');
    assert.deepEqual(await host.showModel('a'), { details: { family: 'llama' } });
    await host.copyModel('a', 'b');
    await host.deleteModel('a');
    assert.deepEqual(
      server.requests.map(({ method, path, body }) => [method, path, JSON.parse(body)]),
      [
        ['POST', '/api/pull', { model: 'a', stream: false }],
        ['POST', '/api/show', { model: 'a' }],
        ['POST', '/api/copy', { source: 'a', destination: 'b' }],
        ['DELETE', '/api/delete', { model: 'a' }],
      ],
    );
    assert.equal(server.requests[0]?.headers['authorization'], 'Bearer k');
    const gone = await fake((response) => json(response, 404, { error: 'model "x" not found' }));
    await assert.rejects(kit.newOllamaHost({ baseUrl: gone.url }).showModel('x'), { code: 'not_found' });
  });
});

describe('Tools that providers run themselves', () => {
  it('OpenAI: are offered in the format that has them', async () => {
    const server = await fake((response) =>
      json(response, 200, {
        id: 'resp_1',
        object: 'response',
        created_at: 1_700_000_000,
        model: 'gpt-4o',
        status: 'completed',
        output: [
          { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'news' } },
          {
            type: 'message',
            id: 'm',
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text: 'Rain.', annotations: [] }],
          },
        ],
        usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
      }),
    );
    const provider = make('openai', server, { defaultModel: 'gpt-4o' });
    const found = await provider.invokeServerTool('web_search', { input: 'The news?', search_context_size: 'low' });
    const [asked] = server.requests;
    assert.equal(asked?.path, '/v1/responses');
    const { tools } = JSON.parse(asked?.body ?? '{}') as { tools: unknown };
    assert.deepEqual(tools, [{ type: 'web_search', search_context_size: 'low' }]);
    assert.equal(found.content, 'Rain.');
    assert.match(JSON.stringify(found.results), /web_search_call/);
    assert.deepEqual(found.usage, { promptTokens: 5, completionTokens: 2, totalTokens: 7 });
    const { requestCount, successCount, tokensUsed } = provider.getMetrics();
    assert.deepEqual([requestCount, successCount, tokensUsed], [1, 1, 7]);
  });

  it('Anthropic: come with their version', async () => {
    const server = await fake((response) =>
      json(response, 200, {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-4-5',
        content: [
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'news' } },
          { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
          { type: 'text', text: 'Rain.' },
        ],
        stop_reason: 'end_turn',
        usage: { input_tokens: 5, output_tokens: 2 },
      }),
    );
    const { content, results } = await make('anthropic', server).invokeServerTool('web_search', {
      input: 'The news?',
      max_uses: 2,
    });
    const { tools } = JSON.parse(server.requests[0]?.body ?? '{}') as { tools: unknown };
    assert.deepEqual(tools, [{ type: 'web_search_20250305', name: 'web_search', max_uses: 2 }]);
    assert.deepEqual([content, results.length], ['Rain.', 2]);
  });

  it('Gemini: are members by their names', async () => {
    const server = await fake((response) =>
      json(response, 200, {
        candidates: [{ content: { role: 'model', parts: [{ text: 'Rain.' }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 },
      }),
    );
    const { content } = await make('gemini', server).invokeServerTool('google_search', { input: 'The news?' });
    const { tools } = JSON.parse(server.requests[0]?.body ?? '{}') as { tools: unknown };
    assert.deepEqual([content, tools], ['Rain.', [{ googleSearch: {} }]]);
  });

  it('fail as every call does', async () => {
    const server = await fake((response) => json(response, 401, { error: { message: 'Wrong key.' } }));
    const provider = make('openai', server, { defaultModel: 'gpt-4o' });
    await assert.rejects(provider.invokeServerTool('web_search', { input: 'x' }), {
      name: 'ProviderError',
      code: 'authentication',
    });
    assert.deepEqual([provider.getMetrics().requestCount, provider.getMetrics().errorCount], [1, 1]);
  });

  it('are those of the format that the model is asked in', async () => {
    const factory = kit.newProviderFactory({ env: {} });
    kit.registerDefaultProviders(factory);
    const config = { providerConfig: { GOOGLE_CLOUD_PROJECT: 'p' }, defaultModel: 'gemini-3-pro' };
    await assert.rejects(factory.createProvider('vertex', config).invokeServerTool('web_search'), {
      code: 'invalid_request',
      message: /no tool called web_search\. There are: google_search, code_execution, url_context\.$/,
    });
  });

  it('are refused by name where there is no such tool', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('x')));
    await assert.rejects(make('openai', server).invokeServerTool('tea'), {
      code: 'invalid_request',
      message: /no tool called tea\. There are: web_search, code_interpreter/,
    });
    await assert.rejects(make('groq', server).invokeServerTool('web_search'), { code: 'invalid_request' });
    await assert.rejects(kit.newFallbackProvider([make('openai', server)]).invokeServerTool('web_search'), {
      code: 'invalid_request',
    });
    assert.equal(server.requests.length, 0);
  });
});

describe('OpenAI: cutting a conversation to the context', () => {
  const turn = (role: 'user' | 'assistant', content: string): kit.ChatMessage => ({ role, content });
  const long = 'word '.repeat(94);

  it('keeps the instructions and the newest messages', () => {
    const system: kit.ChatMessage = { role: 'system', content: 'Be brief.' };
    const messages = [system, turn('user', long), turn('assistant', long), turn('user', 'And now?')];
    assert.equal(kit.estimateTokens(long), 100);
    assert.deepEqual(kit.truncateMessages(messages, 110), [system, messages[2], messages[3]]);
    assert.deepEqual(kit.truncateMessages(messages, 1000), messages);
    assert.deepEqual(kit.truncateMessages(messages, 1), [system, messages[3]]);
  });

  it('leaves no answer of a tool without its call', () => {
    const call: kit.ChatMessage = {
      role: 'assistant',
      content: long,
      toolCalls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }],
    };
    const result: kit.ChatMessage = { role: 'tool', toolCallId: 'c', content: 'Rain.' };
    const messages = [turn('user', 'Look.'), call, result, turn('user', 'Thanks.')];
    assert.deepEqual(kit.truncateMessages(messages, 20), [messages[3]]);
    assert.ok(kit.estimateTokens([call]) > 100);
    assert.equal(kit.estimateTokens([{ role: 'user', parts: [{ type: 'image' }] }]), 1000);
  });
});

describe('What providers are able to do besides', () => {
  it('is found out at run time', async () => {
    const server = await fake((response) => json(response, 200, { object: 'list', data: [] }));
    const provider: object = make('openai', server, { oauthCredentials: [{ id: 'team', accessToken: 'secret-one' }] });
    assert.ok(kit.detectsAuthMethod(provider) && kit.isTestable(provider) && kit.isCredentialProvider(provider));
    assert.deepEqual([provider.isOAuthConfigured(), provider.isApiKeyConfigured()], [true, true]);
    assert.equal((await provider.testConnectivity()).status, 'success');
    provider.updateCredential({ id: 'team', accessToken: 'secret-two' });
    provider.updateCredential({ id: 'mine', accessToken: 'secret-three' });
    assert.deepEqual(
      provider.getCredentials().map(({ id }) => id),
      ['team', 'mine'],
    );
    assert.doesNotMatch(JSON.stringify(provider.getCredentials()), /secret-/);
    assert.equal(kit.isTestable({ name: () => 'none' }), false);
  });
});
