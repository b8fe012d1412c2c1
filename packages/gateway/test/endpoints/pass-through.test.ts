import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { startRawServer } from '../support/raw-server.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startGateway([
    provider('openai', `${upstream.url}/v1`, 'canary-openai'),
    provider('anthropic', `${upstream.url}/v1`, 'canary-anthropic'),
  ]);
});
after(async () => {
  await gateway.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
  upstream.answer = (_, response) => sendJson(response, 200, { ok: true });
});

interface Asked extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
}

const pass = (path: string, { headers, ...init }: Asked = {}): Promise<Response> =>
  fetch(`${gateway.url}/pass/${path}`, {
    redirect: 'manual',
    ...init,
    headers: { authorization: `Bearer ${TEST_KEY}`, ...headers },
  });

/** One request whose target is written as it is, which `fetch` would tidy up. */
async function raw(target: string, head = ''): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.end(
    `GET ${target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TEST_KEY}\r\nConnection: close\r\n${head}\r\n`,
  );
  let text = '';
  socket.on('data', (data) => (text += data.toString('latin1')));
  await once(socket, 'close');
  return text;
}

describe('a request passes', () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    it(`with its method, path, query and body: ${method}`, async () => {
      const body = method === 'GET' || method === 'OPTIONS' ? undefined : Buffer.from([0, 255, 1, 13, 10]);
      const answer = Buffer.from([9, 8, 0, 255]);
      upstream.answer = (_, response) => {
        response.writeHead(207, { 'content-type': 'application/x-own', 'x-own': 'a' });
        response.end(answer);
      };
      const response = await pass('openai/files/a%20b?x=%41&y=[1]&z', {
        method,
        ...(body !== undefined && { body }),
        headers: { 'content-type': 'application/x-mine', 'x-mine': 'b' },
      });
      assert.equal(response.status, 207);
      assert.deepEqual(
        [response.headers.get('content-type'), response.headers.get('x-own')],
        ['application/x-own', 'a'],
      );
      assert.ok(Buffer.from(await response.arrayBuffer()).equals(answer));
      const [seen] = upstream.seen;
      assert.equal(seen?.path, '/v1/files/a%20b?x=%41&y=[1]&z');
      assert.deepEqual([seen?.headers['x-mine'], seen?.headers['content-type']], ['b', 'application/x-mine']);
      assert.ok(seen?.body.equals(body ?? Buffer.alloc(0)));
      const record = await gateway.nextRecord();
      assert.deepEqual(
        [record.route, record.status, record.state, record.express, record.attempts.length],
        ['/pass/{provider}', 207, 'success', true, 1],
      );
      assert.deepEqual([record.attempts[0]?.providerId, record.attempts[0]?.status], ['openai', 207]);
    });

  it('as HEAD, with the length of what it does not bring', async () => {
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '12345' });
      response.end();
    };
    const response = await pass('openai/files/1', { method: 'HEAD' });
    assert.equal(response.headers.get('content-length'), '12345');
    assert.equal(await response.text(), '');
    await gateway.nextRecord();
  });

  it('from official SDKs that know nothing of it', async () => {
    const openai = new OpenAI({ baseURL: `${gateway.url}/pass/openai`, apiKey: TEST_KEY, maxRetries: 0 });
    upstream.answer = (_, response) => sendJson(response, 200, { object: 'list', data: [{ id: 'batch_1' }] });
    const batches = await openai.batches.list();
    assert.equal(batches.data[0]?.id, 'batch_1');
    assert.equal(upstream.seen[0]?.path, '/v1/batches');
    const anthropic = new Anthropic({ baseURL: `${gateway.url}/pass/anthropic`, apiKey: TEST_KEY, maxRetries: 0 });
    upstream.answer = (_, response) => sendJson(response, 200, { data: [{ id: 'claude' }], has_more: false });
    const models = await anthropic.models.list();
    assert.equal(models.data[0]?.id, 'claude');
    const seen = upstream.seen.at(-1);
    assert.deepEqual([seen?.path, seen?.headers['x-api-key']], ['/v1/models', 'canary-anthropic']);
    await gateway.nextRecord();
    await gateway.nextRecord();
  });

  it('with the version of the provider’s API where the caller names none', async () => {
    await pass('anthropic/models');
    await pass('anthropic/models', { headers: { 'anthropic-version': '2026-10-21' } });
    assert.deepEqual(
      upstream.seen.map(({ headers }) => headers['anthropic-version']),
      ['2023-06-01', '2026-10-21'],
    );
    await gateway.nextRecord();
    await gateway.nextRecord();
  });

  it('in both directions as it comes', async () => {
    const server = await startRawServer();
    const raws = await startGateway([provider('openai', `http://127.0.0.1:${server.port}`, 'canary')]);
    try {
      const { hostname, port } = new URL(raws.url);
      const client = connect(Number(port), hostname);
      let answered = '';
      client.on('data', (data) => (answered += data.toString('latin1')));
      client.write(
        `POST /pass/openai/x HTTP/1.1\r\nHost: a\r\nx-api-key: ${TEST_KEY}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n`,
      );
      const connection = await server.connection();
      const until = async (text: () => string, end: string): Promise<void> => {
        while (!text().endsWith(end)) await new Promise((resolve) => setImmediate(resolve));
      };
      await until(() => connection.received, '3\r\none\r\n');
      assert.match(connection.received, /^POST \/x HTTP\/1\.1\r\n/);
      assert.match(connection.received, /\r\nauthorization: Bearer canary\r\n.*transfer-encoding: chunked\r\n\r\n/s);
      await connection.say('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n');
      await until(() => answered, 'half\r\n');
      client.write('3\r\ntwo\r\n0\r\n\r\n');
      await until(() => connection.received, '3\r\ntwo\r\n0\r\n\r\n');
      await connection.say('4\r\nmore\r\n0\r\n\r\n');
      await until(() => answered, '0\r\n\r\n');
      client.destroy();
      assert.equal((await raws.nextRecord()).state, 'success');
    } finally {
      await raws.close();
      await server.close();
    }
  });
});

describe('what stays here', () => {
  it('is every credential of the caller, wherever it stands', async () => {
    await pass(`openai/x?key=canary-key&a=1&api_key=canary-2&b=${TEST_KEY}&c=2`, {
      headers: {
        'x-api-key': 'canary-3',
        'api-key': 'canary-4',
        'x-goog-api-key': 'canary-5',
        cookie: 'canary=6',
        'proxy-authorization': 'canary-7',
        'openai-organization': 'canary-8',
        'x-my-own': `prefix ${TEST_KEY}`,
      },
    });
    const [seen] = upstream.seen;
    assert.match(String(seen?.headers.authorization), /^Bearer canary-openai$/);
    assert.equal(seen?.path, '/v1/x?a=1&c=2');
    assert.doesNotMatch(JSON.stringify({ ...seen?.headers, authorization: '' }), /canary|pb_test/);
    await gateway.nextRecord();
  });

  it('is whatever belongs to a connection, tells where it came from or asks for another place', async () => {
    const names = {
      'keep-alive': 'timeout=5',
      te: 'trailers',
      'x-forwarded-for': '10.0.0.1',
      'x-forwarded-host': 'a',
      forwarded: 'for=a',
      'x-real-ip': '10.0.0.1',
      'cf-connecting-ip': '10.0.0.1',
      'x-original-url': '/admin',
      'x-rewrite-url': '/admin',
      'x-http-method-override': 'DELETE',
      'x-patchbay-strict': 'true',
      'x-request-id': 'mine',
      origin: 'https://a.example',
      'x-hop': '1',
    };
    const call = httpRequest(`${gateway.url}/pass/openai/x`, {
      headers: { authorization: `Bearer ${TEST_KEY}`, connection: 'keep-alive, X-Hop', 'x-stays': 'yes', ...names },
    }).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    const headers = upstream.seen[0]?.headers ?? {};
    assert.equal(headers['x-stays'], 'yes');
    assert.deepEqual(
      Object.keys(names).filter((name) => name in headers),
      [],
    );
    assert.equal(headers.host, new URL(upstream.url).host);
    await gateway.nextRecord();
  });

  it('is the account’s key, even where the provider repeats it in a refusal', async () => {
    upstream.answer = ({ headers }, response) => {
      response.setHeader('x-echo', String(headers.authorization));
      sendJson(response, 403, `you sent ${headers.authorization}`);
    };
    const response = await pass('openai/x');
    const text = `${await response.text()} ${JSON.stringify([...response.headers])}`;
    assert.equal(response.status, 403);
    assert.match(text, /you sent Bearer \[secret\]/);
    assert.doesNotMatch(text, /canary/);
    assert.doesNotMatch(JSON.stringify([await gateway.nextRecord(), gateway.errors]), /canary|pb_test/);
  });

  it('is what belongs to the provider’s connection and site', async () => {
    upstream.answer = (_, response) => {
      response.setHeader('set-cookie', 'a=b');
      response.setHeader('strict-transport-security', 'max-age=1');
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('openai-organization', 'org-ours');
      sendJson(response, 200, {});
    };
    const response = await pass('openai/x');
    for (const name of [
      'set-cookie',
      'strict-transport-security',
      'access-control-allow-origin',
      'openai-organization',
    ])
      assert.equal(response.headers.get(name), null, name);
    await gateway.nextRecord();
  });
});

describe('an answer passes', () => {
  for (const status of [400, 401, 404, 429, 500, 503])
    it(`with the provider’s own words and without another try: ${status}`, async () => {
      const words = `{ "error" : {"message":"no","type":"own"} }`;
      upstream.answer = (_, response) => sendJson(response, status, words, { 'x-own': 'a', 'retry-after': '7' });
      const response = await pass('openai/x');
      assert.deepEqual(
        [response.status, response.headers.get('x-own'), response.headers.get('retry-after'), await response.text()],
        [status, 'a', '7', words],
      );
      assert.equal(upstream.seen.length, 1);
      const record = await gateway.nextRecord();
      assert.deepEqual([record.status, record.state, record.attempts[0]?.status], [status, 'failed', status]);
    });

  it('compressed, where it comes so unasked', async () => {
    const packed = gzipSync('hello');
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
      response.end(packed);
    };
    const response = await pass('openai/x', { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(upstream.seen[0]?.headers['accept-encoding'], 'identity');
    assert.equal(await response.text(), 'hello');
    await gateway.nextRecord();
  });

  it('as a redirect that leads here or to another site, and to nowhere else', async () => {
    for (const [location, leads] of [
      ['/v1/files/2', '/pass/openai/files/2'],
      ['https://storage.example.net/a', 'https://storage.example.net/a'],
      ['/admin', null],
    ] as const) {
      upstream.answer = (_, response) => void response.writeHead(302, { location }).end();
      const response = await pass('openai/files/1');
      assert.deepEqual([response.status, response.headers.get('location')], [302, leads]);
      await gateway.nextRecord();
    }
  });

  it('as events at once, and its usage is recorded', async () => {
    const go = Promise.withResolvers<void>();
    upstream.answer = async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      await go.promise;
      response.write('data: {"a":');
      response.end('1,"usage":{"input_tokens":3,"output_tokens":4}}\n\n');
    };
    const response = await pass('openai/x');
    go.resolve();
    assert.equal(await response.text(), 'data: {"a":1,"usage":{"input_tokens":3,"output_tokens":4}}\n\n');
    const record = await gateway.nextRecord();
    assert.deepEqual([record.stream, record.attempts[0]?.usage?.outputTokens], [true, 4]);
  });

  it('and is cut where the provider’s is', async () => {
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n', () => setTimeout(() => response.destroy(), 20));
    };
    const response = await pass('openai/x');
    await assert.rejects(response.text());
    const record = await gateway.nextRecord();
    assert.deepEqual([record.state, record.attempts[0]?.failureKind], ['failed', 'network']);
  });
});

describe('a client that leaves', () => {
  it('in the middle of its answer closes the upstream', async () => {
    upstream.answer = (_, response) => {
      response.writeHead(200);
      response.write('a');
    };
    const leaving = new AbortController();
    const response = await pass('openai/x', { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await upstream.seen[0]?.closedEarly;
    assert.equal((await gateway.nextRecord()).state, 'cancelled');
  });

  it('in the middle of its upload closes the upstream', async () => {
    const server = await startRawServer();
    const raws = await startGateway([provider('openai', `http://127.0.0.1:${server.port}`, 'canary')]);
    const { hostname, port } = new URL(raws.url);
    const client = connect(Number(port), hostname);
    client.write(
      `POST /pass/openai/x HTTP/1.1\r\nHost: a\r\nx-api-key: ${TEST_KEY}\r\nContent-Length: 100\r\n\r\nsome`,
    );
    const connection = await server.connection();
    while (!connection.received.endsWith('some')) await new Promise((resolve) => setImmediate(resolve));
    client.destroy();
    await connection.closed;
    assert.equal((await raws.nextRecord()).state, 'cancelled');
    await raws.close();
    await server.close();
  });
});

it('gives the client its answer when that comes before the end of its body', async () => {
  const server = await startRawServer();
  const raws = await startGateway([provider('openai', `http://127.0.0.1:${server.port}`, 'canary')]);
  const { hostname, port } = new URL(raws.url);
  const client = connect(Number(port), hostname);
  let answered = '';
  client.on('data', (data) => (answered += data.toString('latin1')));
  client.write(
    `POST /pass/openai/x HTTP/1.1\r\nHost: a\r\nx-api-key: ${TEST_KEY}\r\nContent-Length: 50000000\r\n\r\n${'a'.repeat(1000)}`,
  );
  const connection = await server.connection();
  await connection.say('HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig');
  while (!answered.endsWith('big')) await new Promise((resolve) => setImmediate(resolve));
  assert.match(answered, /^HTTP\/1\.1 413 /);
  // The rest is taken and thrown away, and the same connection then serves the next request.
  client.write(Buffer.alloc(50_000_000 - 1000));
  client.write(`GET /health HTTP/1.1\r\nHost: a\r\n\r\n`);
  while (!/"?ok|serving|healthy"?/i.test(answered.slice(answered.indexOf('big')))) await once(client, 'data');
  client.destroy();
  await raws.close();
  await server.close();
});

describe('400', () => {
  for (const target of [
    '/pass/openai/../admin',
    '/pass/openai/..',
    '/pass/openai/%2e%2e/admin',
    '/pass/openai/%252e%252e/admin',
    '/pass/openai//evil.example/x',
    '/pass/openai/a%2fb',
    '/pass/openai/a%5cb',
    '/pass/openai/a\\b',
    '/pass/openai/..;/admin',
    '/pass/openai/%zz',
    'http://evil.example/pass/openai/x',
    '//evil.example/pass/openai/x',
  ])
    it(`for ${target}`, async () => {
      const answer = await raw(target);
      assert.match(answer, /^HTTP\/1\.1 (?:400|404) /);
      if (target.startsWith('/pass/')) {
        assert.match(answer, /^HTTP\/1\.1 400 .*"invalid_request_error"/s);
        assert.equal((await gateway.nextRecord()).status, 400);
      }
      assert.equal(upstream.seen.length, 0);
    });

  it('for TRACE', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.end(`TRACE /pass/openai/x HTTP/1.1\r\nHost: a\r\nx-api-key: ${TEST_KEY}\r\nConnection: close\r\n\r\n`);
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    await once(socket, 'close');
    assert.match(text, /^HTTP\/1\.1 400 /);
    assert.equal(upstream.seen.length, 0);
    await gateway.nextRecord();
  });
});

describe('401', () => {
  for (const [what, headers] of [
    ['without a key', { authorization: '' }],
    ['with an unknown key', { authorization: 'Bearer nobody' }],
  ] as const)
    it(`${what}, in the dialect of the provider`, async () => {
      const response = await pass('anthropic/models', { headers });
      assert.equal(response.status, 401);
      assert.equal(((await response.json()) as { type: string }).type, 'error');
      assert.equal(upstream.seen.length, 0);
    });
});

describe('404', () => {
  for (const id of ['groq', 'nobody', 'toString', '__proto__', ''])
    it(`for a provider without an account here: ${id}`, async () => {
      const response = await pass(`${id}/x`);
      assert.equal(response.status, 404);
      assert.equal(upstream.seen.length, 0);
      await gateway.nextRecord();
    });
});

it('hands even the built-in simulator what is meant for it', async () => {
  const response = await pass('simulator/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'hello there' }] }),
  });
  assert.match(await response.text(), /hello there/);
});
