import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setImmediate as setImmediately } from 'node:timers/promises';

import { askedIn, sendChat } from '../generation/deck-gateway.ts';
import { ADMIN_KEY, startManagement, type ManagementGateway, type Sent } from '../management/management-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider, TEST_KEY } from '../support/test-gateway.ts';

const [SQLITE] = ENGINES;
const ANSWER = 'It rains in the mountains, and it is dry at the sea.';
const REQUEST_ID = '0123456789abcdef0123456789abcdef';

/** What stands in the events of a stream. */
const eventsIn = (text: string): readonly string[] =>
  text
    .split('\n\n')
    .filter((each) => each !== '')
    .map((each) => each.replace(/^data: /, ''));

describe('the kit interface', () => {
  let made: TestStore;
  let upstream: ScriptedUpstream;
  let gateway: ManagementGateway;
  const asCaller = (route: string, body?: unknown, headers: Sent['headers'] = {}) =>
    gateway.ask(route, { token: TEST_KEY, headers, ...(body !== undefined && { body }) });
  const generate = (body: object) => asCaller('POST /api/generate', body);

  before(async () => {
    made = await (SQLITE ?? assert.fail()).make();
    upstream = await startUpstream(() => undefined);
    const settings = { providers: [provider('openrouter', `${upstream.url}/api/v1`, 'sk-or-canary')] };
    gateway = await startManagement(made.store, {}, settings);
  });
  beforeEach(() => {
    upstream.seen.length = 0;
    upstream.answer = (request, response) => sendChat(request, response, ANSWER);
  });
  after(async () => {
    await gateway.close();
    await made.close();
    await upstream.close();
  });

  it('answers a question whole, in the envelope, through the pipeline', async () => {
    const body = { provider: 'openrouter', model: 'some/model', prompt: 'How is the weather?', max_tokens: 40 };
    const { status, json, headers } = await asCaller(
      'POST /api/generate',
      { ...body, metadata: { ticket: 7 } },
      { 'x-request-id': REQUEST_ID },
    );
    assert.equal(status, 200);
    const { success, data, request_id: requestId, timestamp } = json;
    assert.deepEqual([success, requestId, headers.get('x-request-id')], [true, REQUEST_ID, REQUEST_ID]);
    assert.equal(new Date(timestamp).toISOString(), timestamp);
    assert.deepEqual(data, {
      content: ANSWER,
      model: 'some/model',
      provider: 'openrouter',
      finish_reason: 'stop',
      usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
      metadata: { ticket: 7 },
    });
    const [seen] = upstream.seen;
    assert.equal(seen?.headers.authorization, 'Bearer sk-or-canary');
    const asked = askedIn(seen ?? assert.fail());
    assert.deepEqual([asked.model, asked.max_tokens ?? asked.max_completion_tokens], ['some/model', 40]);
  });

  it('asks the provider’s usual model where none is named, and finds the provider where a model says it', async () => {
    const usual = await generate({ provider: 'openrouter', prompt: 'Hello' });
    assert.equal(usual.json.data.model, 'qwen/qwen3-coder');
    const found = await generate({ model: 'openrouter/some/model', messages: [{ role: 'user', content: 'Hello' }] });
    assert.deepEqual([found.json.data.provider, found.json.data.model], ['openrouter', 'some/model']);
  });

  it('streams chunks as they come, and says when there are no more', async () => {
    const { status, text, headers } = await generate({ provider: 'openrouter', prompt: 'Hello', stream: true });
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^text\/event-stream/);
    const events = eventsIn(text);
    assert.equal(events.at(-1), '[DONE]');
    const chunks = events.slice(0, -1).map((each) => JSON.parse(each));
    assert.ok(chunks.length > 3, String(chunks.length));
    assert.equal(chunks.map(({ content }) => content).join(''), ANSWER);
    const last = chunks.at(-1);
    assert.deepEqual([last.done, last.finish_reason, last.usage.total_tokens], [true, 'stop', 150]);
    assert.ok(chunks.slice(0, -1).every(({ done }) => done === false));
  });

  it('sends the first chunk before the answer is whole', async () => {
    const held = Promise.withResolvers<ServerResponse>();
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"id":"a","model":"m","choices":[{"index":0,"delta":{"content":"First"}}]}\n\n');
      held.resolve(response);
    };
    const response = await fetch(`${gateway.url}/api/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'openrouter', prompt: 'Hello', stream: true }),
    });
    const reader = (response.body ?? assert.fail()).pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader.read()).value ?? '', /First/);
    const toProvider = await held.promise;
    const closed = once(toProvider, 'close');
    await reader.cancel();
    await closed;
    assert.equal(toProvider.writableFinished, false);
  });

  it('lets a call whose answer is whole come to its own end, and writes it down as a success', async () => {
    const { records } = gateway.gateway;
    const before = records.length;
    const held = Promise.withResolvers<ServerResponse>();
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const choices = [{ index: 0, delta: { content: 'All' }, finish_reason: 'stop' }];
      response.write(`data: ${JSON.stringify({ id: 'a', model: 'm', choices })}\n\ndata: [DONE]\n\n`);
      held.resolve(response);
    };
    const { text } = await generate({ provider: 'openrouter', prompt: 'Hello', stream: true });
    assert.equal(eventsIn(text).at(-1), '[DONE]');
    (await held.promise).end();
    while (records.length === before) await setImmediately();
    const { route, state, stream } = records.at(-1) ?? assert.fail();
    assert.deepEqual([route, state, stream], ['/api/generate', 'success', true]);
  });

  it('ends a stream that breaks with an error, and without [DONE]', async () => {
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"id":"a","model":"m","choices":[{"index":0,"delta":{"content":"Half"}}]}\n\n');
      setImmediate(() => response.destroy());
    };
    const { status, text } = await generate({ provider: 'openrouter', prompt: 'Hello', stream: true });
    assert.equal(status, 200);
    const { error } = JSON.parse(eventsIn(text).at(-1) ?? '') as { error: { code: string; details: object } };
    assert.equal(error.code, 'STREAM_ERROR');
    assert.doesNotMatch(text, /\[DONE\]/);
  });

  for (const stream of [false, true]) {
    it(`tells what the provider refuses by its cause, ${stream ? 'before a stream' : 'whole'}`, async () => {
      upstream.answer = (_, response) =>
        sendJson(response, 400, { error: { message: 'temperature is too hot', type: 'invalid_request_error' } });
      const { status, json } = await generate({ provider: 'openrouter', prompt: 'Hello', stream });
      assert.deepEqual([status, json.success, json.error.code], [400, false, 'GENERATION_ERROR']);
      assert.deepEqual([json.error.details.cause, json.error.details.retryable], ['invalid_request', false]);
      assert.match(json.error.message, /temperature is too hot/);
    });
  }

  it('names what is missing or wrong in a question', async () => {
    const missing = await generate({ provider: 'openrouter' });
    assert.deepEqual([missing.status, missing.json.error.code], [400, 'MISSING_PARAMETER']);
    assert.deepEqual(missing.json.error.details, { parameter: 'prompt' });
    const modelless = await generate({ prompt: 'Hello' });
    assert.deepEqual([modelless.status, modelless.json.error.details], [400, { parameter: 'model' }]);
    const wrong = await generate({ provider: 'openrouter', prompt: 'Hello', max_tokens: 'many' });
    assert.deepEqual([wrong.status, wrong.json.error.code], [400, 'INVALID_REQUEST']);
    assert.deepEqual(wrong.json.error.details, { path: 'max_tokens' });
    const garbled = await asCaller('POST /api/generate', '{"prompt"');
    assert.deepEqual([garbled.status, garbled.json.error.code], [400, 'INVALID_REQUEST']);
    assert.equal(upstream.seen.length, 0);
  });

  it('says which providers there are to those who name another', async () => {
    for (const route of [
      'POST /api/generate',
      'GET /api/providers/nobody',
      'GET /api/providers/nobody/health',
      'GET /api/providers/nobody/models',
      'POST /api/providers/nobody/test',
    ]) {
      const body = route.startsWith('POST') ? { provider: 'nobody', prompt: 'Hello' } : undefined;
      const { status, json } = await asCaller(route, body);
      assert.deepEqual([status, json.error.code], [404, 'PROVIDER_NOT_FOUND'], route);
      assert.match(json.error.message, /openrouter/, route);
    }
  });

  it('lists providers, shows one, and keeps their keys to itself', async () => {
    const { json, text } = await asCaller('GET /api/providers');
    const listed = json.data.providers.find(({ name }: { name: string }) => name === 'openrouter');
    assert.equal(json.data.count, json.data.providers.length);
    assert.deepEqual(
      [listed.type, listed.authenticated, listed.healthy, listed.default_model],
      ['openrouter', true, true, 'qwen/qwen3-coder'],
    );
    assert.doesNotMatch(text, /canary/);
    assert.deepEqual((await asCaller('GET /api/providers/openrouter')).json.data, listed);
  });

  it('lists the models of a provider by the names that it knows them by', async () => {
    upstream.answer = (_, response) => sendJson(response, 200, { data: [{ id: 'some/model', name: 'Some model' }] });
    const { status, json } = await asCaller('GET /api/providers/openrouter/models');
    assert.deepEqual([status, json.data.count], [200, json.data.models.length]);
    assert.ok(json.data.models.length > 0);
    for (const { id, name } of json.data.models) assert.doesNotMatch(`${id} ${name}`, /^openrouter\//);
    const simulated = await asCaller('GET /api/providers/simulator/models');
    assert.ok(simulated.json.data.models.some(({ id }: { id: string }) => id === 'echo'));
  });

  it('looks at a provider now, and shows in the list what it found', async () => {
    upstream.answer = (_, response) => sendJson(response, 500, { error: { message: 'broken' } });
    const down = await asCaller('GET /api/providers/openrouter/health');
    assert.deepEqual([down.status, down.json.data.status, down.json.data.healthy], [200, 'unhealthy', false]);
    assert.equal((await asCaller('GET /api/providers/openrouter')).json.data.healthy, false);
    upstream.answer = (_, response) => sendJson(response, 200, { data: [] });
    assert.equal((await asCaller('GET /api/providers/openrouter/health')).json.data.status, 'healthy');
    assert.equal((await asCaller('GET /api/providers/openrouter')).json.data.healthy, true);
  });

  it('tests a provider by asking it', async () => {
    const { status, json } = await asCaller('POST /api/providers/openrouter/test', { prompt: 'Say hello.' });
    assert.equal(status, 200);
    assert.deepEqual(
      [json.data.status, json.data.prompt, json.data.response, json.data.usage.total_tokens],
      ['success', 'Say hello.', ANSWER, 150],
    );
    assert.equal(askedIn(upstream.seen[0] ?? assert.fail()).temperature, 0.7);
    upstream.answer = (_, response) => sendJson(response, 401, { error: { message: 'who are you' } });
    const refused = await asCaller('POST /api/providers/openrouter/test');
    assert.deepEqual([refused.status, refused.json.error.code], [502, 'TEST_FAILED']);
    assert.equal(refused.json.error.details.cause, 'authentication');
  });

  it('tells its status to those it knows, and its version to everybody', async () => {
    const { status, json } = await asCaller('GET /status');
    assert.deepEqual([status, json.data.status, json.data.uptime >= 0], [200, 'ok', true]);
    assert.ok(json.data.providers.some(({ name }: { name: string }) => name === 'openrouter'));
    const { json: version } = await gateway.ask('GET /version');
    assert.deepEqual([version.success, version.data], [true, { version: version.version, api: 'v1' }]);
    assert.equal((await gateway.ask('GET /status')).status, 401);
  });

  it('401 and 403: keys and roles decide', async () => {
    const body = { provider: 'openrouter', prompt: 'Hello' };
    for (const token of [undefined, 'pb_unknown']) {
      const { status, json, headers } = await gateway.ask('POST /api/generate', { body, ...(token && { token }) });
      assert.deepEqual([status, json.success, json.error.code], [401, false, 'UNAUTHORIZED']);
      assert.match(headers.get('www-authenticate') ?? '', /^Bearer/);
    }
    const viewer = await gateway.signIn('viewer');
    assert.equal((await gateway.ask('GET /api/providers', { token: viewer })).status, 200);
    const refused = await gateway.ask('POST /api/generate', { token: viewer, body });
    assert.deepEqual([refused.status, refused.json.error.code], [403, 'INSUFFICIENT_PERMISSIONS']);
    assert.equal((await gateway.ask('POST /api/generate', { token: ADMIN_KEY, body })).status, 200);
    assert.equal(upstream.seen.length, 1);
  });

  it('405 names the methods that a path takes', async () => {
    for (const [route, allowed] of [
      ['GET /api/generate', /POST/],
      ['DELETE /api/providers', /GET/],
      ['GET /api/providers/openrouter/test', /POST/],
      ['POST /status', /GET/],
    ] as const) {
      const { status, json, headers } = await asCaller(route);
      assert.deepEqual([status, json?.error?.code], [405, 'METHOD_NOT_ALLOWED'], route);
      assert.match(headers.get('allow') ?? '', allowed, route);
    }
  });

  it('leaves the paths of other interfaces to them', async () => {
    const { status, json } = await gateway.ask('GET /api/nothing-here', { token: ADMIN_KEY });
    assert.deepEqual([status, json.error.code, json.path], [404, 'NOT_FOUND', '/api/nothing-here']);
    assert.equal((await gateway.ask('GET /api/admin/providers', { token: ADMIN_KEY })).status, 200);
    assert.equal((await gateway.ask('GET /api/v1/providers', { token: ADMIN_KEY })).json.providers.length > 0, true);
    assert.equal((await gateway.ask('GET /health')).json.status, 'ok');
  });
});
