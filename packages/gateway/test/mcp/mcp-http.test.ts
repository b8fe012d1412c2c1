import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { after, before, describe, it } from 'node:test';

import {
  ADMIN_KEY,
  startManagement,
  VIEWER_KEY,
  type Answered,
  type ManagementGateway,
} from '../management/management-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { TEST_KEY, TEST_SETTINGS } from '../support/test-gateway.ts';

const [SQLITE] = ENGINES;
const TOO_LONG = Buffer.alloc(10 * 1024 * 1024 + 1, 'x');
const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };

let made: TestStore;
let gateway: ManagementGateway;
before(async () => {
  made = await (SQLITE ?? assert.fail()).make();
  gateway = await startManagement(made.store, { corsOrigins: ['https://console.example'] });
});
after(async () => {
  await gateway.close();
  await made.close();
});

const post = (body: unknown, headers: Record<string, string> = {}, token = ADMIN_KEY): Promise<Answered> =>
  gateway.ask('POST /mcp', { body, headers, token });

const begin = (protocolVersion: string): object => ({
  ...PING,
  method: 'initialize',
  params: { protocolVersion, capabilities: {}, clientInfo: { name: 'x', version: '1' } },
});

describe('POST /mcp', () => {
  it('answers one request with one JSON object, under its id', async () => {
    const { status, json, headers } = await post({ ...PING, id: 'a' });
    assert.deepEqual([status, json], [200, { jsonrpc: '2.0', id: 'a', result: {} }]);
    assert.equal(headers.get('mcp-session-id'), null);
  });

  it('answers with one event where only a stream is accepted, and not where neither is', async () => {
    const { headers, text } = await post(PING, { accept: 'text/event-stream' });
    assert.equal(headers.get('content-type'), 'text/event-stream');
    assert.equal(text, 'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
    assert.equal((await post(PING, { accept: 'text/html' })).status, 406);
  });

  it('takes notifications and answers with 202 and nothing', async () => {
    const { status, text } = await post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    assert.deepEqual([status, text], [202, '']);
  });

  it('answers the requests of a batch in their order', async () => {
    const { json } = await post([PING, { jsonrpc: '2.0', method: 'notifications/initialized' }, { ...PING, id: 2 }]);
    assert.deepEqual(
      json,
      [1, 2].map((id) => ({ jsonrpc: '2.0', id, result: {} })),
    );
    assert.equal((await post(Array.from({ length: 21 }, () => PING))).status, 400);
    assert.equal((await post([])).status, 400);
  });

  it('agrees on a version that both know, and offers its newest otherwise', async () => {
    const agreed = async (version: string): Promise<string> => (await post(begin(version))).json.result.protocolVersion;
    assert.equal(await agreed('2025-06-18'), '2025-06-18');
    assert.equal(await agreed('2024-11-05'), '2025-11-25');
    assert.equal((await post(PING, { 'mcp-protocol-version': '2025-03-26' })).status, 200);
    assert.equal((await post(PING, { 'mcp-protocol-version': '1999-01-01' })).status, 400);
  });

  it('says what is wrong with what is no message', async () => {
    const codeOf = async (body: unknown): Promise<unknown> => {
      const { status, json } = await post(body);
      return [status, json.error.code];
    };
    assert.deepEqual(await codeOf('{'), [400, -32700]);
    assert.deepEqual(await codeOf({ id: 1, method: 'ping' }), [400, -32600]);
    assert.deepEqual(await codeOf({ ...PING, method: 'resources/list' }), [200, -32601]);
    assert.deepEqual(await codeOf({ ...PING, method: 'constructor' }), [200, -32601]);
    const listed = { ...PING, method: 'tools/call', params: { name: 'list_models', arguments: [1] } };
    assert.deepEqual(await codeOf(listed), [200, -32602]);
    assert.equal((await post(PING, { 'content-type': 'text/plain' })).status, 415);
  });

  it('ends the connection of a body that is too long, however its length is told', async () => {
    for (const headers of [{}, { 'content-length': String(TOO_LONG.length) }]) {
      const asked = request(`${gateway.url}/mcp`, {
        method: 'POST',
        headers: { 'x-api-key': ADMIN_KEY, 'content-type': 'application/json', ...headers },
      });
      // The gateway may hang up before everything is sent.
      asked.on('error', () => undefined);
      asked.write(TOO_LONG.subarray(0, 10));
      asked.end(TOO_LONG.subarray(10));
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.resume();
      assert.deepEqual([response.statusCode, response.headers.connection], [413, 'close']);
    }
  });
});

describe('who may', () => {
  it('signs in as on the other management routes', async () => {
    const [none, wrong, callsOnly] = await Promise.all([
      gateway.ask('POST /mcp', { body: PING }),
      post(PING, {}, 'pb_wrong'),
      post(PING, {}, TEST_KEY),
    ]);
    assert.deepEqual([none.status, wrong.status, callsOnly.status], [401, 401, 403]);
    assert.equal(none.headers.get('www-authenticate'), 'Bearer realm="patchbay"');
    assert.match(callsOnly.json.error.message, /calls of models only/);
    assert.equal((await post(PING, {}, await gateway.signIn('user'))).status, 200);
    const { json } = await post({ ...PING, method: 'tools/list' }, {}, VIEWER_KEY);
    assert.deepEqual(
      json.result.tools.map(({ name }: { name: string }) => name),
      ['list_models'],
    );
  });

  it('keeps pages of other origins out, also with a good credential', async () => {
    assert.equal((await post(PING, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await post(PING, { origin: 'https://console.example' })).status, 200);
    assert.equal((await post(PING, { origin: gateway.url })).status, 200);
  });

  it('lets this machine in without a credential where AUTH_MODE says so', async () => {
    const open = await (SQLITE ?? assert.fail()).make();
    const other = await startManagement(open.store, { openLoopback: true });
    assert.equal((await other.ask('POST /mcp', { body: PING })).status, 200);
    assert.equal((await other.ask('POST /mcp', { body: PING, headers: { via: '1.1 a' } })).status, 401);
    await other.close();
    await open.close();
  });
});

describe('API_RATE_LIMIT_MAX', () => {
  it('counts requests of the tools with the others of an address', async () => {
    const fresh = await (SQLITE ?? assert.fail()).make();
    const limits = { ...TEST_SETTINGS.management.limits, max: 2 };
    const strict = await startManagement(fresh.store, { limits });
    const statuses: number[] = [];
    for (const route of ['POST /mcp', 'GET /api/auth/me', 'POST /mcp'])
      statuses.push(
        (await strict.ask(route, { token: ADMIN_KEY, ...(route === 'POST /mcp' && { body: PING }) })).status,
      );
    assert.deepEqual([statuses[0], statuses[2]], [200, 429]);
    await strict.close();
    await fresh.close();
  });
});

describe('other methods', () => {
  it('are refused with 405, for there are no sessions', async () => {
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const { status, headers } = await gateway.ask(`${method} /mcp`, { token: ADMIN_KEY });
      assert.deepEqual([status, headers.get('allow')], [405, 'POST, OPTIONS'], method);
    }
    assert.equal((await gateway.ask('OPTIONS /mcp')).status, 204);
  });
});
