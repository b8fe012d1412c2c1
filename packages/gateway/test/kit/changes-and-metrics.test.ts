import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { sendChat } from '../generation/deck-gateway.ts';
import { ADMIN_KEY, startManagement, type ManagementGateway } from '../management/management-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider, TEST_KEY } from '../support/test-gateway.ts';

const [SQLITE] = ENGINES;
const CAPABILITIES = {
  supportsSystemMessages: true,
  maxContextLength: 128_000,
  supportedRoles: ['system', 'user', 'assistant'],
  supportsStreaming: true,
  supportsTools: true,
};
const MODEL = { name: 'A model', contextLength: 8000, capabilities: CAPABILITIES };

describe('the kit interface', () => {
  let made: TestStore;
  let upstream: ScriptedUpstream;
  let gateway: ManagementGateway;
  const asAdmin = (route: string, body?: unknown) =>
    gateway.ask(route, { token: ADMIN_KEY, ...(body !== undefined && { body }) });
  const generate = () =>
    gateway.ask('POST /api/generate', { token: TEST_KEY, body: { provider: 'house', prompt: 'Hello' } });

  before(async () => {
    made = await (SQLITE ?? assert.fail()).make();
    upstream = await startUpstream((_, response) => sendJson(response, 200, { data: [] }));
    gateway = await startManagement(
      made.store,
      {},
      { providers: [provider('openrouter', `${upstream.url}/api/v1`, 'sk-or')], egressAllow: ['127.0.0.1'] },
    );
    const created = await asAdmin('POST /api/admin/providers', {
      identifier: 'house',
      name: 'House',
      apiEndpoint: `${upstream.url}/old`,
      authMethod: 'api_key',
      authConfig: { type: 'api_key', fields: { apiKey: 'canary-old-key-of-the-house' } },
      capabilities: CAPABILITIES,
    });
    assert.equal(created.status, 201, created.text);
    for (const identifier of ['first', 'second'])
      await asAdmin('POST /api/admin/providers/house/models', {
        ...MODEL,
        identifier,
        isDefault: identifier === 'first',
      });
  });
  beforeEach(() => {
    upstream.seen.length = 0;
    // The gateway looks at a provider that was moved: that is no chat.
    upstream.answer = (request, response) =>
      request.method === 'GET' ? sendJson(response, 200, { data: [] }) : sendChat(request, response, 'Hello.');
  });
  after(async () => {
    await gateway.close();
    await made.close();
    await upstream.close();
  });

  it('changes a provider by PUT and POST for the very next call, and what is not said stays', async () => {
    const moved = await asAdmin('PUT /api/providers/house', { base_url: `${upstream.url}/v1`, description: 'Ours' });
    assert.deepEqual([moved.status, moved.json.data.name, moved.json.data.default_model], [200, 'house', 'first']);
    const changed = await asAdmin('POST /api/providers/house', {
      api_key: 'canary-new-key-of-the-house',
      default_model: 'second',
    });
    assert.deepEqual([changed.status, changed.json.data.default_model], [200, 'second'], changed.text);
    assert.equal((await generate()).status, 200);
    const [seen] = upstream.seen.filter(({ method }) => method === 'POST');
    assert.deepEqual(
      [seen?.path, seen?.headers.authorization],
      ['/v1/chat/completions', 'Bearer canary-new-key-of-the-house'],
    );
    assert.match(String(seen?.body), /"second"/);
    const { json: row, text } = await asAdmin('GET /api/admin/providers/house');
    assert.deepEqual([row.name, row.description, row.apiEndpoint], ['House', 'Ours', `${upstream.url}/v1`]);
    for (const each of [text, moved.text, changed.text]) assert.doesNotMatch(each, /canary/);
    const { items } = await made.store.rows.audit.page({ limit: 10, sortBy: 'atMs', sortOrder: 'desc' });
    assert.ok(items.some(({ action, resource }) => action === 'kit.setProvider' && resource === 'provider'));
    assert.ok(items.some(({ action, resource }) => action === 'kit.setProvider' && resource === 'model'));
  });

  it('switches a provider off and on', async () => {
    const off = await asAdmin('PUT /api/providers/house', { enabled: false });
    assert.deepEqual([off.status, off.json.data.enabled], [200, false]);
    assert.equal((await generate()).status, 404);
    const on = await asAdmin('PUT /api/providers/house', { enabled: true });
    assert.deepEqual([on.status, on.json.data.enabled, on.json.data.type], [200, true, 'house']);
    assert.equal((await generate()).status, 200);
  });

  const mistakes: readonly (readonly [string, string, object, RegExp])[] = [
    ['unknown members', 'house', { speed: 3 }, /speed is not known/],
    ['another type', 'house', { type: 'anthropic' }, /type cannot be changed/],
    ['variables', 'house', { api_key: '${HOME}' }, /HOME/],
    ['an address that is none', 'house', { base_url: 'over there' }, /address|URL|http/i],
    ['settings of the whole gateway', 'house', { timeout: 3 }, /whole gateway/],
    ['what accounts are for', 'house', { api_keys: ['a', 'b'] }, /\/api\/v1\/accounts/],
    ['a model that is not listed', 'house', { default_model: 'nobodys' }, /lists no model "nobodys"/],
    ['providers of the settings', 'openrouter', { description: 'x' }, /comes from the settings/],
  ];
  for (const [what, name, body, message] of mistakes)
    it(`refuses ${what} with CONFIG_ERROR`, async () => {
      const { status, json } = await asAdmin(`PUT /api/providers/${name}`, body);
      assert.deepEqual([status, json.error.code], [400, 'CONFIG_ERROR'], json.error.message);
      assert.match(json.error.message, message);
    });

  it('refuses nothing, nobody, and those who may not', async () => {
    const nothing = await asAdmin('PUT /api/providers/house', {});
    assert.deepEqual([nothing.status, nothing.json.error.code], [400, 'INVALID_REQUEST']);
    const nobody = await asAdmin('POST /api/providers/nobody', { enabled: true });
    assert.deepEqual([nobody.status, nobody.json.error.code], [404, 'PROVIDER_NOT_FOUND']);
    const developer = await gateway.signIn('developer');
    for (const method of ['PUT', 'POST']) {
      const asked = { token: developer, body: { enabled: false } };
      assert.equal((await gateway.ask(`${method} /api/providers/house`, asked)).status, 403);
    }
  });

  it('tells what was counted in the last day', async () => {
    const log = made.store.createCallLog({ onError: (error) => assert.fail(String(error)) });
    const [startedAtMs, model] = [Date.now() - 1000, 'first'];
    const attempt = { providerId: 'house', model, startedAtMs };
    log.record(sampleCall({ requestId: 'r1', startedAtMs, attempts: [sampleAttempt(attempt)] }));
    log.record(
      sampleCall({
        requestId: 'r2',
        startedAtMs,
        state: 'failed',
        status: 502,
        attempts: [sampleAttempt({ ...attempt, state: 'failed', status: 500 })],
      }),
    );
    await log.close();
    const { status, json } = await asAdmin('GET /api/metrics');
    assert.deepEqual([status, json.data.requests, json.data.successes, json.data.errors], [200, 2, 1, 1]);
    assert.deepEqual([json.data.success_rate, json.data.cost.calls_of_unknown_price], [0.5, 1]);
    assert.equal(json.data.tokens.total, json.data.tokens.input + json.data.tokens.output);
    assert.deepEqual(json.data.providers.house.requests, 2);
    assert.deepEqual(json.data.models['house/first'], json.data.providers.house);
    const { json: each } = await asAdmin('GET /api/metrics/providers');
    assert.deepEqual([each.data.providers.house.errors, each.data.providers.openrouter], [1, null]);
    const { json: system } = await asAdmin('GET /api/metrics/system');
    assert.deepEqual([system.data.requests, system.data.errors, system.data.counted_for], [2, 1, 86_400]);
    assert.ok(system.data.memory.rss > system.data.memory.heap_used && system.data.uptime >= 0);
  });

  it('tells how many accounts rest, in the place of races', async () => {
    const look = async () => (await asAdmin('GET /api/metrics/racing')).json.data;
    assert.deepEqual(await look(), { races: 0, switches: 0, circuits: { open: 0 }, providers: {} });
    upstream.answer = (_, response) => void response.writeHead(429, { 'retry-after': '60' }).end('{}');
    assert.equal((await generate()).status, 429);
    assert.equal((await look()).circuits.open, 1);
    const viewer = await gateway.signIn('viewer');
    assert.equal((await gateway.ask('GET /api/metrics/racing', { token: viewer })).status, 403);
    assert.equal((await gateway.ask('GET /api/metrics/system', { token: viewer })).status, 200);
    assert.equal((await gateway.ask('GET /api/metrics')).status, 401);
  });
});
