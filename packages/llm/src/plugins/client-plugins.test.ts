import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { createClient } from '../client/create-client.ts';
import type { StreamEvent } from '../model/event.ts';
import { replay } from '../model/fold.ts';
import type { GenerationRequest } from '../model/request.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { startSimulatorServer, type SimulatorServer } from '../testing/simulator-server.ts';
import { steppedClock } from '../testing/stepped-clock.ts';
import { createMiddlewareChain } from './middleware-chain.ts';
import type { Middleware } from './middleware.ts';
import { phases } from './phases.ts';
import { pluginMiddleware } from './plugin-middleware.ts';
import { PluginManager } from './plugin-manager.ts';
import { CACHE_NOTE, createResponseCache, type ResponseCacheOptions } from './response-cache.ts';

let server: SimulatorServer;
before(async () => (server = await startSimulatorServer()));
after(() => server.close());

const clientWith = (...plugins: readonly Middleware[]) =>
  createClient({
    providers: [{ ...PROVIDERS.openai, baseUrl: server.url }],
    credentials: { openai: 'key' },
    attemptsMax: 1,
    plugins,
  });

/** Middleware that says when a request passes it, and when its answer does. */
const marking = (name: string, heard: string[]): Middleware =>
  phases({
    name,
    request: (request) => (heard.push(`${name} in`), request),
    response: (response) => (heard.push(`${name} out`), response),
    event: (event) => (event.type === 'finish' ? (heard.push(`${name} out`), event) : event),
  });

describe('createMiddlewareChain', () => {
  it('lets requests pass in order and answers in reverse, whole and streamed', async () => {
    const heard: string[] = [];
    const chain = createMiddlewareChain(marking('a', heard), marking('c', heard)).addBefore('c', marking('b', heard));
    chain.addAfter('c', marking('d', heard)).add(marking('e', heard));
    const client = clientWith(chain);
    const inOrder = ['a in', 'b in', 'c in', 'd in', 'e in', 'e out', 'd out', 'c out', 'b out', 'a out'];
    await client.generate({ model: 'openai/echo', prompt: 'x' });
    assert.deepEqual(heard.splice(0), inOrder);
    await client.stream({ model: 'openai/echo', prompt: 'x' }).result();
    assert.deepEqual(heard.splice(0), inOrder);
    assert.ok(chain.remove('c') && !chain.remove('c'));
    assert.deepEqual(chain.names, ['a', 'b', 'd', 'e']);
    chain.clear();
    await client.generate({ model: 'openai/echo', prompt: 'x' });
    assert.deepEqual(heard, []);
  });

  it('says what is wrong with a name', () => {
    const chain = createMiddlewareChain({ name: 'one' });
    assert.throws(() => chain.add({ name: 'one' }), /has a "one" already/);
    assert.throws(() => chain.addAfter('two', { name: 'three' }), /has no "two"\. It has: one\./);
  });
});

describe('phases', () => {
  it('changes requests and answers, and shares notes of one call', async () => {
    const louder = phases({
      name: 'louder',
      request: (request, { metadata }) => (metadata.set('seen', request.messages.length), request),
      response: (response, { metadata }) => ({ ...response, id: `${String(metadata.get('seen'))} messages` }),
    });
    const answer = await clientWith(louder).generate({ model: 'openai/echo', prompt: 'x' });
    assert.equal(answer.id, '1 messages');
  });

  it('hears of failures and cannot hide its own', async () => {
    const heard: string[] = [];
    const hearing = phases({
      name: 'hearing',
      failure: ({ kind }, { failure }) => void heard.push(kind, failure?.kind ?? ''),
    });
    await assert.rejects(clientWith(hearing).generate({ model: 'openai/500', prompt: 'x' }));
    assert.deepEqual(heard, ['upstream', 'upstream']);
    const broken = phases({
      name: 'broken',
      request() {
        throw new Error('No.');
      },
    });
    await assert.rejects(
      clientWith(broken).generate({ model: 'openai/echo', prompt: 'x' }),
      /^PluginError: The plugin "broken" failed in request: No\.$/,
    );
  });
});

describe('createResponseCache', () => {
  function cached(options: Partial<ResponseCacheOptions> = {}) {
    const clock = steppedClock();
    const cache = createResponseCache({ clock, ...options });
    const notes: unknown[] = [];
    const noting = phases({
      name: 'noting',
      response: (response, { metadata }) => (notes.push(metadata.get(CACHE_NOTE)), response),
    });
    const client = clientWith(noting, cache);
    const before = server.requests.length;
    const ask = (prompt: string, more: object = {}) => client.generate({ model: 'openai/echo', prompt, ...more });
    return { clock, cache, client, notes, ask, asked: () => server.requests.length - before };
  }

  it('gives the answer to the very same request again, and to no other', async () => {
    const { ask, asked, notes } = cached();
    const first = await ask('one', { temperature: 0.5, topP: 0.9 });
    const again = await ask('one', { topP: 0.9, temperature: 0.5 });
    assert.deepEqual(again.content, first.content);
    assert.equal(asked(), 1);
    await ask('one', { temperature: 0.6, topP: 0.9 });
    await ask('two', { temperature: 0.5, topP: 0.9 });
    assert.equal(asked(), 3);
    assert.deepEqual(notes, ['miss', 'hit', 'miss', 'miss']);
  });

  it('forgets what is too old', async () => {
    const { ask, asked, clock, cache } = cached({ ttlMs: 1000 });
    await ask('one');
    await clock.step(999);
    await ask('one');
    assert.equal(asked(), 1);
    await clock.step(1);
    await ask('one');
    assert.equal(asked(), 2);
    cache.clear();
    assert.equal(cache.size, 0);
  });

  it('makes room by what was used longest ago', async () => {
    const { ask, asked, cache } = cached({ entriesMax: 2 });
    for (const prompt of ['one', 'two', 'one', 'three']) await ask(prompt);
    assert.equal(cache.size, 2);
    assert.equal(asked(), 3);
    await ask('one');
    assert.equal(asked(), 3);
    await ask('two');
    assert.equal(asked(), 4);
  });

  it('holds no more than its size', async () => {
    const { ask, asked, cache } = cached({ sizeMax: 1000 });
    await ask('x'.repeat(2000));
    assert.equal(cache.size, 0);
    await ask('x'.repeat(2000));
    assert.equal(asked(), 2);
    for (let at = 0; at < 20; at += 1) await ask(`number ${at}`);
    assert.ok(cache.size >= 1 && cache.size < 10, `${cache.size}`);
  });

  it('never remembers a failure', async () => {
    const { client, asked, cache } = cached();
    for (let at = 0; at < 2; at += 1) {
      await assert.rejects(client.generate({ model: 'openai/500', prompt: 'x' }));
      await assert.rejects(client.stream({ model: 'openai/error-after-first-token', prompt: 'x' }).result());
    }
    assert.equal(asked(), 4);
    assert.equal(cache.size, 0);
  });

  it('remembers a stream that was read to its end and streams it again, also for a whole answer', async () => {
    const { client, asked, ask, cache } = cached();
    for await (const _ of client.stream({ model: 'openai/echo', prompt: 'one two' })) break;
    assert.equal(cache.size, 0);
    const first = await client.stream({ model: 'openai/echo', prompt: 'one two' }).result();
    const events: StreamEvent['type'][] = [];
    const again = client.stream({ model: 'openai/echo', prompt: 'one two' });
    for await (const { type } of again) events.push(type);
    assert.equal(events[0], 'response-start');
    assert.equal(events.at(-1), 'finish');
    assert.deepEqual((await again.result()).content, first.content);
    assert.deepEqual((await ask('one two')).content, first.content);
    assert.equal(asked(), 2);
  });

  it('keeps scopes apart, and calls without one away', async () => {
    let scope: string | undefined = 'a';
    const { ask, asked, cache } = cached({ scope: () => scope });
    await ask('one');
    scope = 'b';
    await ask('one');
    assert.equal(asked(), 2);
    scope = undefined;
    await ask('one');
    await ask('one');
    assert.equal(asked(), 4);
    assert.equal(cache.size, 2);
  });
});

describe('pluginMiddleware', () => {
  it('asks plugins before and shows them every event, whole or streamed', async () => {
    const manager = new PluginManager<GenerationRequest, StreamEvent>();
    await manager.register({
      name: 'shout',
      preRequest: (request) => ({ ...request, maxOutputTokens: 7 }),
      postResponse: (event) =>
        event.type === 'part-delta' && event.delta.type === 'text'
          ? { ...event, delta: { type: 'text', text: event.delta.text.toUpperCase() } }
          : undefined,
    });
    const client = clientWith(pluginMiddleware(manager));
    const ask = { model: 'openai/echo', prompt: 'one two' };
    assert.equal((await client.stream(ask).result()).text, 'ONE TWO');
    assert.match(server.requests.at(-1)?.body ?? '', /"max_(?:completion_)?tokens":7/);
    const answer = await client.generate(ask);
    assert.equal(answer.finish.reason, 'stop');
  });

  it('takes the answer of a plugin, so that nobody is asked', async () => {
    const manager = new PluginManager<GenerationRequest, StreamEvent>();
    const known = {
      id: 'a',
      model: 'm',
      createdAtMs: 1,
      content: [{ type: 'text', text: 'known' }],
      finish: { reason: 'stop' },
    } as const;
    await manager.register({ name: 'knowing', preRequest: () => ({ answer: [...replay(known)] }) });
    const client = clientWith(pluginMiddleware(manager));
    const before = server.requests.length;
    assert.equal((await client.generate({ model: 'openai/echo', prompt: 'x' })).text, 'known');
    assert.equal((await client.stream({ model: 'openai/echo', prompt: 'x' }).result()).text, 'known');
    assert.equal(server.requests.length, before);
  });
});
