import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';
import { createMetricsCollector } from '../../src/observe/metrics-collector.ts';
import { createBackend } from '../../src/backend.ts';
import { ask } from '../backend/backend-of.ts';
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

function factoryOf(options: kit.ProviderFactoryOptions = {}): kit.ProviderFactory {
  const factory = kit.newProviderFactory({ env: {}, ...options });
  kit.registerDefaultProviders(factory);
  return factory;
}

const hello: Answer = (response, { body }) => {
  if (!body.includes('"stream":true')) return json(response, 200, chatAnswer('hello'));
  beginSse(response, ['hel', 'lo']);
  return endSse(response);
};

const REQUEST = new kit.CoreRequestBuilder().withMessage({ role: 'user', content: 'Hi' }).build();

/** Shouts: what is asked for by `metadata.volume`, and said by the answer. */
const LOUD: kit.CoreProviderExtension = {
  name: 'loud',
  version: '1.0.0',
  description: 'Answers in capitals.',
  standardToProvider: ({ metadata, ...request }) => ({ ...request, temperature: Number(metadata?.['volume'] ?? 0) }),
  providerToStandard: (response) => {
    const [{ message, ...choice }] = response.choices;
    return {
      ...response,
      choices: [{ ...choice, message: { ...message, content: message.content?.toUpperCase() ?? '' } }],
    };
  },
  providerToStandardChunk: (chunk) => ({ ...chunk, content: chunk.content.toUpperCase() }),
  validateOptions: ({ volume = 0 }) => (typeof volume === 'number' ? [] : ['volume must be a number.']),
  getCapabilities: () => ['chat', 'streaming', 'shouting'],
};

describe('Standard core API', () => {
  const settings = (server: FakeProvider) => ({ apiKey: 'k', baseUrl: `${server.url}/v1`, maxRetries: 0 });

  it('asks every provider by standard requests, and needs no extension for it', async () => {
    const server = await fake(hello);
    const factory = factoryOf();
    const core = factory.createCoreProvider('openai', settings(server));
    const { choices } = await core.generateStandardCompletion(REQUEST);
    assert.equal(choices[0].message.content, 'hello');
    const chunks = await drain(await core.generateStandardStream(REQUEST));
    assert.equal(chunks.map(({ content }) => content).join(''), 'hello');
    assert.deepEqual(core.getStandardCapabilities(), ['chat', 'streaming']);
    assert.deepEqual([core.name(), core.type(), core.getCoreExtension()], ['openai', 'openai', undefined]);
    assert.deepEqual([factory.supportsCoreApi('openai'), factory.supportsCoreApi('nobodys')], [true, false]);
    assert.throws(() => factory.createCoreProvider('nobodys'), { code: 'invalid_config' });
  });

  it('lets an extension of the type write the request and read the answer, whole and in pieces', async () => {
    const server = await fake(hello);
    const factory = factoryOf();
    factory.coreExtensions.register('openai', LOUD);
    const core = factory.createCoreProvider('openai', settings(server));
    const request = { ...REQUEST, metadata: { volume: 1.5 } };
    const { choices } = await core.generateStandardCompletion(request);
    assert.equal(choices[0].message.content, 'HELLO');
    assert.match(server.requests[0]?.body ?? '', /"temperature":1.5/);
    const chunks = await drain(await core.generateStandardStream(request));
    assert.equal(chunks.map(({ content }) => content).join(''), 'HELLO');
    assert.deepEqual([core.getCoreExtension(), core.description()], [LOUD, 'Answers in capitals.']);
    assert.deepEqual(core.getStandardCapabilities(), ['chat', 'streaming', 'shouting']);
    assert.equal(factory.createCoreProvider('groq', settings(server)).getCoreExtension(), undefined);
  });

  it('asks nobody what the extension finds wrong', async () => {
    const server = await fake(hello);
    const factory = factoryOf();
    factory.coreExtensions.register('openai', LOUD);
    const core = factory.createCoreProvider('openai', settings(server));
    const wrong = { ...REQUEST, metadata: { volume: 'high' } };
    assert.deepEqual(core.validateStandardRequest(wrong), ['volume must be a number.']);
    const refusal = { code: 'invalid_request', message: 'openai: volume must be a number.' };
    await assert.rejects(core.generateStandardCompletion(wrong), refusal);
    await assert.rejects(core.generateStandardStream(wrong), refusal);
    assert.equal(server.requests.length, 0);
  });

  it('has one extension a type', () => {
    const registry = kit.newCoreExtensionRegistry();
    registry.register('openai', LOUD);
    registry.register('anthropic', LOUD);
    assert.throws(() => registry.register('openai', LOUD), {
      code: 'invalid_config',
      message: /extension loud already/,
    });
    assert.deepEqual(registry.list(), ['anthropic', 'openai']);
  });

  it('makes providers for those who ask for models or for answers alone', async () => {
    const server = await fake((response, { path }) =>
      path.endsWith('/models')
        ? json(response, 200, { object: 'list', data: [{ id: 'gpt-4o', object: 'model' }] })
        : json(response, 200, chatAnswer('hello')),
    );
    const models = await factoryOf().createModelProvider('openai', settings(server)).getModels();
    assert.deepEqual(
      models.map(({ id }) => id),
      ['gpt-4o'],
    );
    const chat = factoryOf().createChatProvider('openai', settings(server));
    assert.equal((await drain(await chat.generateChatCompletion({ prompt: 'x' })))[0]?.content, 'hello');
  });
});

describe('Virtual providers of a factory', () => {
  const failing: Answer = (response) => json(response, 500, { error: { message: 'down' } });
  const block = ({ url }: FakeProvider, name: string) => ({
    type: 'openai',
    name,
    api_key: 'k',
    base_url: `${url}/v1`,
    max_retries: 0,
  });

  it('are made by their types like any other, of blocks and of providers', async () => {
    const [bad, good] = [await fake(failing), await fake(hello)];
    const factory = factoryOf();
    assert.ok(kit.VIRTUAL_TYPES.every((type) => factory.getSupportedProviders().includes(type)));
    const collector = createMetricsCollector();
    factory.setMetricsCollector(collector);
    const second = factory.createProviderFromConfig(block(good, 'second'));
    for (const type of ['fallback', 'racing', 'loadbalance', 'cheapest']) {
      const settings = type === 'loadbalance' ? { retry_next: true } : {};
      const providerConfig = { ...settings, providers: [block(bad, 'first'), second] };
      const stream = await factory.createProvider(type, { providerConfig }).generateChatCompletion({ prompt: 'x' });
      const chunks = await drain(stream);
      assert.equal(chunks.map(({ content }) => content).join(''), 'hello', type);
    }
    assert.ok(collector.getSnapshot().events.provider_switch >= 1);
  });

  it('name one another in a file, whatever the order', async () => {
    const [bad, good] = [await fake(failing), await fake(hello)];
    const yaml = `
providers:
  safe:
    type: fallback
    provider_config: { providers: [quick, second] }
  quick:
    type: racing
    provider_config:
      providers: [first]
      strategy: weighted
      timeout_ms: 2000
      virtual_models: { any: { display_name: Any, providers: [{ name: first, model: gpt-4o }] } }
  first: ${JSON.stringify(block(bad, 'first'))}
  second: ${JSON.stringify(block(good, 'second'))}
`;
    const config = await kit.parseConfig(yaml, { env: {} });
    const { safe, quick } = kit.createProviders(factoryOf(), config);
    const stream = await safe?.generateChatCompletion({ prompt: 'x' });
    const [chunk] = stream === undefined ? [] : await drain(stream);
    assert.deepEqual([chunk?.content, chunk?.metadata?.['fallback_provider']], ['hello', 'second']);
    assert.equal((await quick?.getModels())?.[0]?.name, 'Any');
    const backend = createBackend({ config });
    const { data } = await ask(backend, 'POST /api/generate', { provider: 'safe', prompt: 'x' });
    assert.equal(data['content'], 'hello');
  });

  it('name providers that a backend was given beside the file', async () => {
    const good = await fake(hello);
    const given = factoryOf().createProviderFromConfig(block(good, 'given'));
    const config = await kit.parseConfig(
      'providers: { safe: { type: fallback, provider_config: { providers: [given] } } }',
      { env: {} },
    );
    const backend = createBackend({ providers: { given }, config });
    const { data } = await ask(backend, 'POST /api/generate', { provider: 'safe', prompt: 'x' });
    assert.equal(data['content'], 'hello');
    assert.throws(() => createBackend({ config }), {
      code: 'invalid_config',
      message: /No provider is called "given"/,
    });
  });

  const mistakes: readonly (readonly [string, string, object, RegExp])[] = [
    ['a setting that the kind has not', 'fallback', { strategy: 'first' }, /fallback has no setting strategy/],
    ['a setting of the wrong kind', 'racing', { timeout_ms: 'soon' }, /timeout_ms of racing must be a number/],
    ['a strategy that there is not', 'racing', { strategy: 'slowest' }, /strategy must be one of/],
    ['a name that nobody has', 'fallback', { providers: ['nobody'] }, /No provider is called "nobody"/],
    ['what is no list', 'fallback', { providers: 'openai' }, /providers must be a list/],
  ];
  for (const [what, type, providerConfig, message] of mistakes)
    it(`refuse ${what}`, () => {
      const config = { providerConfig: { ...providerConfig } };
      assert.throws(() => factoryOf().createProvider(type, config), { code: 'invalid_config', message });
    });

  it('refuse to go round in a circle', async () => {
    const yaml =
      'providers:\n  a: { type: fallback, provider_config: { providers: [b] } }\n  b: { type: fallback, provider_config: { providers: [a] } }\n';
    const config = await kit.parseConfig(yaml, { env: {} });
    assert.throws(() => kit.createProviders(factoryOf(), config), { message: /a → b → a goes round in a circle/ });
  });
});
