import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as llm from '../../src/index.ts';
import { steppedClock } from '../../src/testing/stepped-clock.ts';
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

async function providerOf(answer: Answer): Promise<{ readonly provider: llm.Provider; readonly server: FakeProvider }> {
  const server = await startFake(answer);
  open.push(server);
  const factory = llm.newProviderFactory({ env: {} });
  llm.registerDefaultProviders(factory);
  const config = { apiKey: 'your-api-key', baseUrl: `${server.url}/v1`, defaultModel: 'gpt-4o', maxRetries: 0 };
  return { server, provider: factory.createProvider('openai', config) };
}

const textOf = (chunks: readonly llm.ChatCompletionChunk[]): string => chunks.map(({ content }) => content).join('');
const streamed: Answer = (response) => {
  beginSse(response, ['one', ' two']);
  endSse(response);
};

describe('Plugin development', () => {
  it('starts plugins, shows them requests and answers in order, and ends them', async () => {
    const { provider, server } = await providerOf(streamed);
    const heard: string[] = [];
    const manager = llm.newPluginManager();
    const plugin = (name: string): llm.ChatPlugin => ({
      name,
      init: (config) => void heard.push(`${name} init ${JSON.stringify(config)}`),
      preRequest: (options) => ({ ...options, prompt: `${options.prompt} ${name}` }),
      postResponse: (chunk) =>
        chunk.done ? void heard.push(`${name} done`) : { ...chunk, content: `${chunk.content}${name}` },
      close: () => void heard.push(`${name} closed`),
    });
    await manager.register(plugin('a'), { level: 1 });
    await manager.register(plugin('b'));
    const chunks = await drain(
      await llm.withPlugins(provider, manager).generateChatCompletion({ prompt: 'x', stream: true }),
    );
    assert.equal(textOf(chunks), 'oneab twoab');
    assert.match(server.requests[0]?.body ?? '', /"x a b"/);
    await manager.close();
    assert.deepEqual(heard, ['a init {"level":1}', 'b init {}', 'a done', 'b done', 'b closed', 'a closed']);
  });

  it('names the plugin in the error of one that fails, and asks nobody', async () => {
    const { provider, server } = await providerOf(streamed);
    const manager = llm.newPluginManager();
    await manager.register({
      name: 'strict',
      preRequest() {
        throw new Error('No swearing.');
      },
    });
    await assert.rejects(
      llm.withPlugins(provider, manager).generateChatCompletion({ prompt: 'x' }),
      (error: unknown) =>
        error instanceof llm.PluginError && error.message === 'The plugin "strict" failed in preRequest: No swearing.',
    );
    assert.equal(server.requests.length, 0);
  });

  it('closes the connection when a plugin fails in the middle of an answer', async () => {
    const { provider, server } = await providerOf((response) => beginSse(response, ['one', ' two']));
    const manager = llm.newPluginManager();
    await manager.register({ name: 'odd', postResponse: () => Promise.reject(new Error('No.')) });
    const stream = await llm.withPlugins(provider, manager).generateChatCompletion({ prompt: 'x', stream: true });
    await assert.rejects(stream.next(), /"odd" failed in postResponse/);
    assert.equal(await server.requests[0]?.closed, 'left');
  });

  it('remains the provider that it was', async () => {
    const { provider } = await providerOf(streamed);
    const wrapped = llm.withPlugins(provider, llm.newPluginManager());
    assert.deepEqual([wrapped.name(), wrapped.getDefaultModel()], ['openai', 'gpt-4o']);
    assert.equal(wrapped.isAuthenticated(), true);
    await drain(await wrapped.generateChatCompletion({ prompt: 'x', stream: true }));
    assert.equal(wrapped.getMetrics().successCount, 1);
  });
});

describe('Cache Misses', () => {
  it('gives the answer to the same options again until it is too old', async () => {
    const { provider, server } = await providerOf(streamed);
    const clock = steppedClock();
    const manager = llm.newPluginManager();
    await manager.register(llm.newCachePlugin({ ttl: 1000, clock }));
    const cached = llm.withPlugins(provider, manager);
    const ask = async (prompt: string): Promise<readonly llm.ChatCompletionChunk[]> =>
      drain(await cached.generateChatCompletion({ prompt, stream: true }));
    const first = await ask('x');
    assert.deepEqual(await ask('x'), first);
    assert.equal(server.requests.length, 1);
    await ask('y');
    assert.equal(server.requests.length, 2);
    await clock.step(1000);
    await ask('x');
    assert.equal(server.requests.length, 3);
  });

  it('does not remember what failed, broke or was left', async () => {
    const { provider, server } = await providerOf((response, { body }) => {
      if (body.includes('refuse')) return json(response, 500, { error: { message: 'Broken.' } });
      beginSse(response, ['one', ' two']);
      if (body.includes('break')) setImmediate(() => response.destroy());
    });
    const manager = llm.newPluginManager();
    await manager.register(llm.newCachePlugin());
    const cached = llm.withPlugins(provider, manager);
    for (let at = 0; at < 2; at += 1) {
      await assert.rejects(cached.generateChatCompletion({ prompt: 'refuse' }));
      await assert.rejects(async () => drain(await cached.generateChatCompletion({ prompt: 'break', stream: true })));
      const left = await cached.generateChatCompletion({ prompt: 'leave', stream: true });
      await left.next();
      await left.close();
    }
    assert.equal(server.requests.length, 6);
  });

  it('makes room for newer answers', async () => {
    const { provider, server } = await providerOf((response) => json(response, 200, chatAnswer('ok')));
    const manager = llm.newPluginManager();
    await manager.register(llm.newCachePlugin({ maxEntries: 1 }));
    const cached = llm.withPlugins(provider, manager);
    for (const prompt of ['x', 'y', 'y', 'x']) await drain(await cached.generateChatCompletion({ prompt }));
    assert.equal(server.requests.length, 3);
  });
});
