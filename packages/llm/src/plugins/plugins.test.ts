import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ExtensionRegistry, orderExtensions, type Extension } from './extensions.ts';
import { InterceptorChain } from './interceptors.ts';
import { PluginError } from './plugin-error.ts';
import { PluginManager, type Plugin } from './plugin-manager.ts';

interface Options {
  readonly prompt: string;
}
interface Chunk {
  readonly content: string;
}

describe('PluginManager', () => {
  const adding = (name: string): Plugin<Options, Chunk> => ({
    name,
    preRequest: ({ prompt }) => ({ prompt: prompt + name }),
    postResponse: ({ content }) => ({ content: content + name }),
  });

  it('asks plugins in the order of registering, each with what the one before left', async () => {
    const manager = new PluginManager<Options, Chunk>();
    await manager.register(adding('a'));
    await manager.register({ name: 'silent' });
    await manager.register(adding('b'));
    assert.deepEqual(manager.names, ['a', 'silent', 'b']);
    assert.deepEqual(await manager.executePreRequest({ prompt: '-' }), { options: { prompt: '-ab' } });
    assert.deepEqual(await manager.executePostResponse({ content: '-' }, { prompt: '' }), { content: '-ab' });
  });

  it('stops at the first answer', async () => {
    const manager = new PluginManager<Options, Chunk>();
    await manager.register(adding('a'));
    await manager.register({ name: 'cache', preRequest: () => ({ answer: [{ content: 'known' }] }) });
    await manager.register({ name: 'never', preRequest: () => assert.fail() });
    const asked = await manager.executePreRequest({ prompt: '-' });
    assert.deepEqual(asked, { options: { prompt: '-a' }, answer: [{ content: 'known' }] });
  });

  it('starts with the configuration and ends the last first, each once', async () => {
    const heard: unknown[] = [];
    const manager = new PluginManager<Options, Chunk>();
    for (const name of ['a', 'b'])
      await manager.register(
        { name, init: (config) => void heard.push([name, config]), close: () => void heard.push(`${name} closed`) },
        { ttl: name },
      );
    await manager.close();
    await manager.close();
    assert.deepEqual(heard, [['a', { ttl: 'a' }], ['b', { ttl: 'b' }], 'b closed', 'a closed']);
  });

  it('names the plugin that fails, and the step', async () => {
    const manager = new PluginManager<Options, Chunk>();
    const broken = (): never => {
      throw new TypeError('x is not a function');
    };
    const failing = (step: string) => (error: unknown) =>
      error instanceof PluginError &&
      error.plugin === 'odd' &&
      error.step === step &&
      error.message === `The plugin "odd" failed in ${step}: x is not a function` &&
      error.cause instanceof TypeError;
    await assert.rejects(manager.register({ name: 'odd', init: broken }), failing('init'));
    assert.deepEqual(manager.names, []);
    const closed: string[] = [];
    await manager.register({ name: 'first', close: () => void closed.push('first') });
    await manager.register({ name: 'odd', preRequest: broken, postResponse: broken, close: broken });
    await assert.rejects(manager.executePreRequest({ prompt: '' }), failing('preRequest'));
    await assert.rejects(manager.executePostResponse({ content: '' }, { prompt: '' }), failing('postResponse'));
    await assert.rejects(manager.register({ name: 'odd' }), /The plugin "odd" failed in register: Another one/);
    await assert.rejects(manager.close(), failing('close'));
    assert.deepEqual(closed, ['first']);
  });
});

describe('InterceptorChain', () => {
  it('puts the first added outermost', async () => {
    const heard: string[] = [];
    const around = (name: string) => async (input: string, next: (input: string) => Promise<string>) => {
      heard.push(`${name} in`);
      const output = await next(input + name);
      heard.push(`${name} out`);
      return `${output}${name}`;
    };
    const [one, two] = [around('1'), around('2')];
    const chain = new InterceptorChain<string, string>().add(one).add(two);
    assert.equal(await chain.run('-', async (input) => `[${input}]`), '[-12]21');
    assert.deepEqual(heard, ['1 in', '2 in', '2 out', '1 out']);
    assert.ok(chain.remove(one) && !chain.remove(one));
    assert.equal(await chain.run('-', async (input) => input), '-22');
  });
});

describe('orderExtensions', () => {
  const order = (...extensions: readonly Extension<object, object>[]): readonly string[] =>
    orderExtensions(extensions).map(({ name }) => name);

  it('goes by priority, then by name, but puts dependencies first', () => {
    assert.deepEqual(
      order({ name: 'log', priority: 900 }, { name: 'b' }, { name: 'a' }, { name: 'guard', priority: 100 }),
      ['guard', 'a', 'b', 'log'],
    );
    assert.deepEqual(
      order({ name: 'guard', priority: 100, dependencies: ['log'] }, { name: 'a' }, { name: 'log', priority: 900 }),
      ['a', 'log', 'guard'],
    );
  });

  it('names a circle and what is missing', () => {
    assert.throws(
      () =>
        order(
          { name: 'x', dependencies: ['a'] },
          { name: 'a', dependencies: ['b'] },
          { name: 'b', dependencies: ['c'] },
          { name: 'c', dependencies: ['a'] },
        ),
      /^PluginError: .*they go in a circle: a → b → c → a\.$/,
    );
    assert.throws(() => order({ name: 'a', dependencies: ['a'] }), /a → a/);
    assert.throws(() => order({ name: 'a', dependencies: ['z'] }), /"a" failed in dependencies: it needs "z"/);
  });
});

describe('ExtensionRegistry', () => {
  const heard: string[] = [];
  const hearing = (name: string, more: Partial<Extension<Options, Chunk>> = {}): Extension<Options, Chunk> => ({
    name,
    initialize: (config) => void heard.push(`${name} up ${JSON.stringify(config)}`),
    shutdown: () => void heard.push(`${name} down`),
    beforeGenerate: ({ prompt }) => ({ prompt: prompt + name }),
    afterGenerate: (_, { content }) => ({ content: content + name }),
    onProviderError: (provider) => void heard.push(`${name} ${provider} failed`),
    onProviderSelected: (provider) => void heard.push(`${name} ${provider} chosen`),
    ...more,
  });

  it('runs what is enabled, in order, and ends it in reverse', async () => {
    heard.length = 0;
    const registry = new ExtensionRegistry<Options, Chunk>();
    for (const each of [hearing('b'), hearing('a', { priority: 100 }), hearing('off')]) registry.register(each);
    assert.throws(() => registry.register(hearing('a')), /"a" failed in register/);
    await registry.initialize({ a: { config: { x: 1 } }, off: { enabled: false } });
    assert.deepEqual(registry.names, ['a', 'b']);
    assert.deepEqual(await registry.beforeGenerate({ prompt: '-' }), { prompt: '-ab' });
    assert.deepEqual(await registry.afterGenerate({ prompt: '' }, { content: '-' }), { content: '-ba' });
    await registry.providerSelected('openai', { prompt: '' });
    await registry.providerFailed('openai', new Error('down'));
    await registry.shutdown();
    assert.deepEqual(heard, [
      'a up {"x":1}',
      'b up {}',
      'a openai chosen',
      'b openai chosen',
      'a openai failed',
      'b openai failed',
      'b down',
      'a down',
    ]);
  });

  it('shuts down again what was up when one cannot start', async () => {
    heard.length = 0;
    const registry = new ExtensionRegistry<Options, Chunk>();
    registry.register(hearing('a', { priority: 1 }));
    registry.register(hearing('odd', { initialize: () => Promise.reject(new Error('no disk')) }));
    await assert.rejects(registry.initialize(), /The plugin "odd" failed in initialize: no disk/);
    assert.deepEqual(heard, ['a up {}', 'a down']);
    assert.deepEqual(registry.names, []);
  });
});
