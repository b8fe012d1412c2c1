import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as llm from '../../src/index.ts';
import { chatAnswer, drain, json, startFake, type Answer } from './fake-provider.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function providerOf(answer: Answer): Promise<llm.Provider> {
  const server = await startFake(answer);
  open.push(server);
  const factory = llm.newProviderFactory({ env: {} });
  llm.registerDefaultProviders(factory);
  const config = { apiKey: 'your-api-key', baseUrl: `${server.url}/v1`, defaultModel: 'gpt-4o', maxRetries: 0 };
  return factory.createProvider('openai', config);
}

/** A logger that keeps its lines. */
function kept(): { readonly logger: llm.Logger; readonly lines: (readonly [string, string, llm.LogFields])[] } {
  const lines: (readonly [string, string, llm.LogFields])[] = [];
  const at = (level: string) => (message: string, fields: llm.LogFields) => void lines.push([level, message, fields]);
  return { lines, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

describe('Extending the SDK', () => {
  it('wraps a provider in logging', async () => {
    const { logger, lines } = kept();
    const provider = llm.withLogging({ logger })(await providerOf((response) => json(response, 200, chatAnswer('ok'))));
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    const fields = { provider: 'openai', model: 'gpt-4o' };
    assert.deepEqual(lines, [
      ['info', 'Request started', fields],
      ['info', 'Request succeeded', fields],
    ]);
  });

  it('logs what failed, without the key that the provider repeats', async () => {
    const { logger, lines } = kept();
    const message = 'Incorrect API key provided: sk-canary0123456789.';
    const provider = llm.withLogging({ logger })(
      await providerOf((response) => json(response, 401, { error: { message, code: 'invalid_api_key' } })),
    );
    await assert.rejects(provider.generateChatCompletion({ prompt: 'x' }));
    assert.deepEqual(
      lines.map(([level, text]) => [level, text]),
      [
        ['info', 'Request started'],
        ['error', 'Request failed'],
      ],
    );
    assert.ok(!JSON.stringify(lines).includes('canary'));
  });

  it('puts several around one another, the first outermost', async () => {
    const heard: string[] = [];
    const marking =
      (name: string): llm.MiddlewareFunc =>
      (inner) =>
        new Proxy(inner, {
          get: (target, member) => {
            if (member !== 'generateChatCompletion') return Reflect.get(target, member, target) as unknown;
            return (...asked: Parameters<llm.Provider['generateChatCompletion']>) => {
              heard.push(name);
              return target.generateChatCompletion(...asked);
            };
          },
        });
    const plain = await providerOf((response) => json(response, 200, chatAnswer('ok')));
    const provider = llm.applyMiddleware(plain, marking('outer'), marking('inner'));
    await drain(await provider.generateChatCompletion({ prompt: 'x' }));
    assert.deepEqual(heard, ['outer', 'inner']);
  });

  it('stands around the calls of a client, by name and in order', async () => {
    const heard: string[] = [];
    const chain = llm.newMiddlewareChain(
      llm.phases({
        name: 'metadata',
        request: (request, context) => {
          context.metadata.set('tenant', 'blue');
          return request;
        },
      }),
    );
    chain.addAfter(
      'metadata',
      llm.phases({
        name: 'note',
        response: (response, { metadata, provider, retries, requestId }) => {
          heard.push(`${String(metadata.get('tenant'))} ${provider} ${retries} ${requestId !== ''}`);
          return response;
        },
      }),
    );
    const client = llm.createClient({ plugins: [chain] });
    await client.generate({ model: 'simulator/echo', prompt: 'x' });
    assert.deepEqual(heard, ['blue simulator 0 true']);
  });
});
