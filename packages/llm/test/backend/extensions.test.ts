import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { createBackend, type BackendExtension, type GeneratedAnswer } from '../../src/backend.ts';
import { EXTENSION_PRIORITY } from '../../src/plugins/extensions.ts';
import { chatAnswer, json, startFake, type FakeProvider } from '../document/fake-provider.ts';
import { ask, backendOver, providerAt } from './backend-of.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function answering(): Promise<FakeProvider> {
  const server = await startFake((response) => json(response, 200, chatAnswer('Hello.')));
  open.push(server);
  return server;
}

describe('extensions of a backend', () => {
  it('run by dependency, then priority, change what goes in and out, and end in reverse', async () => {
    const server = await answering();
    const heard: string[] = [];
    const extension = (name: string, more: Partial<BackendExtension>): BackendExtension => ({
      name,
      initialize: (config) => void heard.push(`${name} ${JSON.stringify(config)}`),
      shutdown: () => void heard.push(`${name} ends`),
      beforeGenerate: (request) => ({
        ...request,
        options: { ...request.options, prompt: `${request.options.prompt} ${name}` },
      }),
      afterGenerate: (_, answer) => ({ ...answer, content: `${answer.content} ${name}` }),
      ...more,
    });
    const backend = backendOver(providerAt(server.url), {
      extensions: [
        extension('log', { priority: EXTENSION_PRIORITY.logging }),
        extension('guard', { priority: EXTENSION_PRIORITY.security, dependencies: ['words'] }),
        extension('words', {}),
        extension('off', {}),
      ],
      extensionConfigs: { guard: { config: { level: 1 } }, off: { enabled: false } },
    });
    const { data } = await ask(backend, 'POST /api/generate', { prompt: 'x' });
    assert.equal(data['content'], 'Hello. log guard words');
    assert.match(server.requests[0]?.body ?? '', /"x words guard log"/);
    const status = await ask(backend, 'GET /status');
    assert.deepEqual(status.data['extensions'], ['words', 'guard', 'log']);
    await backend.close();
    assert.deepEqual(heard, ['words {}', 'guard {"level":1}', 'log {}', 'log ends', 'guard ends', 'words ends']);
  });

  it('stand around whole answers, the first outermost, and may answer themselves', async () => {
    const server = await answering();
    const kept = new Map<string, GeneratedAnswer>();
    const backend = backendOver(providerAt(server.url), {
      extensions: [
        {
          name: 'cache',
          priority: EXTENSION_PRIORITY.cache,
          async intercept(request, next) {
            const key = request.options.prompt ?? '';
            const answer = kept.get(key) ?? (await next(request));
            kept.set(key, answer);
            return answer;
          },
        },
      ],
    });
    const first = await ask(backend, 'POST /api/generate', { prompt: 'x' });
    const second = await ask(backend, 'POST /api/generate', { prompt: 'x' });
    assert.deepEqual(second.data, first.data);
    assert.equal(server.requests.length, 1);
  });

  it('have routes of their own, and are named where those fail', async () => {
    const backend = backendOver(providerAt('http://127.0.0.1:9'), {
      extensions: [
        {
          name: 'hello',
          registerRoutes(router) {
            router.route('GET', '/hello/{who}', ({ params }) => ({ hello: params['who'] }));
            router.route('GET', '/broken', () => Promise.reject(new Error('Out of order.')));
          },
        },
      ],
    });
    assert.deepEqual((await ask(backend, 'GET /hello/M%C3%BCller')).data, { hello: 'Müller' });
    const { status, error } = await ask(backend, 'GET /broken');
    assert.deepEqual([status, error['code']], [500, 'EXTENSION_ERROR']);
    assert.deepEqual(error['details'], { extension: 'hello', step: '/broken' });
  });

  it('that fail end the request with EXTENSION_ERROR, and nobody is asked', async () => {
    const server = await answering();
    const backend = backendOver(providerAt(server.url), {
      extensions: [{ name: 'strict', beforeGenerate: () => Promise.reject(new Error('No swearing.')) }],
    });
    const { error, message } = await ask(backend, 'POST /api/generate', { prompt: 'x' });
    assert.equal(error['code'], 'EXTENSION_ERROR');
    assert.match(message, /"strict" failed in beforeGenerate: No swearing\./);
    assert.equal(server.requests.length, 0);
  });

  it('that cannot start are named by start and by every request, until they can', async () => {
    let isThere = false;
    const backend = backendOver(providerAt('http://127.0.0.1:9'), {
      extensions: [
        {
          name: 'store',
          initialize() {
            if (!isThere) throw new Error('No disk.');
          },
        },
      ],
    });
    await assert.rejects(backend.start(), { name: 'PluginError', message: /"store" failed in initialize: No disk\./ });
    assert.equal((await ask(backend, 'GET /health')).error['code'], 'EXTENSION_ERROR');
    isThere = true;
    assert.equal((await ask(backend, 'GET /health')).status, 200);
  });

  it('whose dependencies go in a circle, or whose address is taken, cannot start', async () => {
    const over = (...extensions: BackendExtension[]) => backendOver(providerAt('http://127.0.0.1:9'), { extensions });
    const circle = over({ name: 'a', dependencies: ['b'] }, { name: 'b', dependencies: ['a'] });
    await assert.rejects(circle.start(), /go in a circle: a → b → a/);
    const taken = over({ name: 'a', registerRoutes: (router) => router.route('GET', '/health', () => ({})) });
    await assert.rejects(taken.start(), /GET \/health is taken/);
    const strange = backendOver(providerAt('http://127.0.0.1:9'), { extensionConfigs: { nobody: {} } });
    await assert.rejects(strange.start(), /"nobody".*no extension of this name/);
  });

  it('need providers to work for', () => {
    assert.throws(() => createBackend({}), /A backend needs providers/);
  });
});
