import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';
import { beginSse, chatAnswer, drain, json, startFake, type Answer, type FakeProvider } from './fake-provider.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function providerOf(
  answer: Answer,
  type = 'openai',
): Promise<{ readonly provider: kit.Provider; readonly server: FakeProvider }> {
  const server = await startFake(answer);
  open.push(server);
  const factory = kit.newProviderFactory({ env: {} });
  kit.registerDefaultProviders(factory);
  const config = { apiKey: 'your-api-key', baseUrl: `${server.url}/v1`, defaultModel: 'gpt-4o', maxRetries: 0 };
  return { server, provider: factory.createProvider(type, config) };
}

const sentBy = ({ requests }: FakeProvider, at = 0): Record<string, unknown> =>
  JSON.parse(requests[at]?.body ?? '{}') as Record<string, unknown>;

async function errorOf(work: Promise<unknown>): Promise<kit.ProviderError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof kit.ProviderError, String(error));
  return error;
}

describe('Stack Trace Analysis', () => {
  it('an error has a stack that leads to its caller, and what is behind it as its cause', async () => {
    const { provider } = await providerOf((response) => json(response, 500, { error: { message: 'Broken.' } }));
    async function theProgram(): Promise<void> {
      await provider.generateChatCompletion({ prompt: 'x' });
    }
    const error = await errorOf(theProgram());
    assert.match(error.stack ?? '', /theProgram/);
    assert.ok(error.cause !== undefined);
  });
});

describe('Memory Leak Detection', () => {
  it('a stream that is closed early leaves no connection open', async () => {
    const { provider, server } = await providerOf((response) => beginSse(response, ['one', ' two']));
    for (let times = 0; times < 5; times += 1) {
      const stream = await provider.generateChatCompletion({ prompt: 'x', stream: true });
      await stream.next();
      await stream.close();
    }
    const ends = await Promise.all(server.requests.map(({ closed }) => closed));
    assert.deepEqual(
      ends,
      Array.from({ length: 5 }, () => 'left'),
    );
  });
});

describe('Optimization Techniques', () => {
  it('many prompts are asked at once, and each gets its own answer', async () => {
    let waiting: (() => void)[] = [];
    const { provider } = await providerOf(async (response, { body }) => {
      // Nobody is answered before all have asked: they are asked side by side or never end.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length < 4) return;
        for (const each of waiting) each();
        waiting = [];
      });
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      json(response, 200, chatAnswer(`to ${messages.at(-1)?.content}`));
    });
    const prompts = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(
      prompts.map(async (prompt) => (await drain(await provider.generateChatCompletion({ prompt })))[0]?.content),
    );
    assert.deepEqual(answers, ['to a', 'to b', 'to c', 'to d']);
  });

  it('fewer tokens, a lower temperature and a smaller model are asked for', async () => {
    const { provider, server } = await providerOf((response) => json(response, 200, chatAnswer('ok')));
    await drain(
      await provider.generateChatCompletion({ prompt: 'x', model: 'gpt-4o-mini', maxTokens: 100, temperature: 0.3 }),
    );
    const { model, temperature, max_tokens: plain, max_completion_tokens: newer } = sentBy(server);
    assert.deepEqual([model, temperature, plain ?? newer], ['gpt-4o-mini', 0.3, 100]);
  });
});

describe('Default values', () => {
  it('are 30 seconds and 3 retries, and what is explicit stays, also where it is 0', () => {
    assert.deepEqual(kit.DEFAULTS, { timeout: 30_000, maxRetries: 3, temperature: 0.7, maxTokens: 1000 });
    const { timeout, maxRetries } = kit.withDefaults({ type: 'openai' });
    assert.deepEqual([timeout, maxRetries], [30_000, 3]);
    assert.equal(kit.withDefaults({ type: 'openai', maxRetries: 0 }).maxRetries, 0);
  });

  it('are not sent unasked', async () => {
    const { provider, server } = await providerOf((response) => json(response, 200, chatAnswer('ok')));
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    const sent = sentBy(server);
    for (const name of ['temperature', 'max_tokens', 'max_completion_tokens']) assert.equal(sent[name], undefined);
  });
});

describe('OpenAI: context length exceeded', () => {
  it('is an error of its own, which no retry mends', async () => {
    const message = "This model's maximum context length is 8192 tokens.";
    const { provider, server } = await providerOf((response) =>
      json(response, 400, { error: { message, type: 'invalid_request_error', code: 'context_length_exceeded' } }),
    );
    const error = await errorOf(provider.generateChatCompletion({ prompt: 'x' }));
    assert.deepEqual([error.code, error.isRetryable(), server.requests.length], ['context_length', false, 1]);
  });
});

describe('OpenRouter: model selection', () => {
  it('sends names with the vendor in front as they are', async () => {
    const { provider, server } = await providerOf((response) => json(response, 200, chatAnswer('ok')), 'openrouter');
    await drain(await provider.generateChatCompletion({ prompt: 'x', model: 'anthropic/claude-3-opus' }));
    assert.equal(sentBy(server)['model'], 'anthropic/claude-3-opus');
  });
});
