import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { NetworkUpstream } from '../../src/relay/http1/http1-upstream.ts';
import { HeardExchange } from '../support/heard-exchange.ts';
import { loopbackUpstream } from '../support/loopback-upstream.ts';
import { startRawServer, type RawServer } from '../support/raw-server.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

let server: RawServer;
let upstream: NetworkUpstream;

beforeEach(async () => {
  server = await startRawServer();
  upstream = loopbackUpstream();
});
afterEach(async () => {
  upstream.close();
  await server.close();
});

const begin = (request: Partial<UpstreamRequest> = {}, path = '/v1'): HeardExchange =>
  HeardExchange.begin(upstream, {
    method: 'POST',
    url: `http://127.0.0.1:${server.port}${path}`,
    headers: {},
    ...request,
  });

/** What one request is on the wire, as latin1. */
async function onWire(request: Partial<UpstreamRequest>, path?: string): Promise<string> {
  const exchange = begin(request, path);
  const connection = await server.connection();
  const text = await connection.request();
  await connection.say(OK.replace('\r\n', '\r\nconnection: close\r\n'));
  assert.equal(await exchange.over(), 'end');
  assert.equal(connection.received, text);
  return text;
}

/** Asserts that a request is refused before anything is dialled. */
async function refused(request: Partial<UpstreamRequest>, path?: string): Promise<void> {
  const exchange = begin(request, path);
  assert.deepEqual(exchange.events, []);
  assert.equal(await exchange.over(), 'invalid-request ILLEGAL_REQUEST');
  assert.deepEqual(exchange.events, ['failure']);
  // What is answered now was asked now: nothing of the refused request has gone out, on this connection or another.
  assert.match(await onWire({}, '/next'), /^POST \/next HTTP\/1\.1\r\n/);
  assert.equal(server.connections.length, 1);
}

describe('a request on the wire', { timeout: 30_000 }, () => {
  it('has its line, host, headers, length and body', async () => {
    const headers = { authorization: 'Bearer canary', 'x-text': 'a\tb \xfc', 'x-none': '' };
    assert.equal(
      await onWire({ headers, body: '{"a":"ü"}' }, '/v1/chat?x=%0a&y=[1]'),
      `POST /v1/chat?x=%0a&y=[1] HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nconnection: keep-alive\r\n` +
        'authorization: Bearer canary\r\nx-text: a\tb \xfc\r\nx-none: \r\ncontent-length: 10\r\n\r\n' +
        Buffer.from('{"a":"ü"}').toString('latin1'),
    );
  });

  it('has the length 0 when it is posted without a body', async () => {
    const tail = `host: 127.0.0.1:${server.port}\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n`;
    assert.equal(await onWire({}), `POST /v1 HTTP/1.1\r\n${tail}`);
    assert.equal(await onWire({ body: '' }), `POST /v1 HTTP/1.1\r\n${tail}`);
    assert.equal(await onWire({ body: new Uint8Array() }), `POST /v1 HTTP/1.1\r\n${tail}`);
  });

  it('has no length when it gets', async () => {
    const tail = `host: 127.0.0.1:${server.port}\r\nconnection: keep-alive\r\n\r\n`;
    assert.equal(await onWire({ method: 'GET' }, ''), `GET / HTTP/1.1\r\n${tail}`);
  });

  it('has the bytes of its body, which may be a part of other bytes', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    const text = await onWire({ body: all.subarray(100, 200) });
    assert.equal(text.split('\r\n\r\n')[1], Buffer.from(all.subarray(100, 200)).toString('latin1'));
  });

  for (const bytes of [16_000, 16_500, 70_000, 5_000_000])
    it(`arrives whole with ${bytes} bytes, also over a connection that is used again`, async () => {
      const body = randomBytes(bytes);
      const exchanges = [begin({ body })];
      const connection = await server.connection();
      for (const turn of [0, 1]) {
        const text = await connection.request();
        assert.ok(Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1').equals(body));
        await connection.say(OK);
        assert.equal(await exchanges[turn]?.over(), 'end');
        if (turn === 0) exchanges.push(begin({ body }));
      }
    });
});

describe('a request that would be another on the wire', { timeout: 30_000 }, () => {
  for (const path of [
    '/a b',
    '/a\r\nx: y',
    '/a\nb',
    '/a\rb',
    '/a\0',
    '/a\x7f',
    '/ü',
    '/\u2028',
    '/a HTTP/1.1\r\n\r\nGET /',
    '/a#b',
    '?x',
    '#x',
    '\\x',
  ])
    it(`is refused with the path ${JSON.stringify(path)}`, () => refused({}, path));

  for (const value of [
    'a\r\nx-admin: 1',
    'a\nb',
    'a\rb',
    '\r\n\r\n',
    'a\0',
    '\x01',
    '\x1b',
    '\x7f',
    '\u0100',
    '\u010a',
    '€',
    '😀',
  ])
    it(`is refused with the header value ${JSON.stringify(value)}`, () => refused({ headers: { 'x-a': value } }));

  for (const name of ['', 'x a', 'x:', 'x\r\ny', 'x\n', 'x\0', 'x\ty', '(x)', 'X-A', 'ü', 'ĺ', '"x"', 'x-a:b'])
    it(`is refused with the header name ${JSON.stringify(name)}`, () => refused({ headers: { [name]: '1' } }));

  for (const name of [
    'host',
    'content-length',
    'transfer-encoding',
    'connection',
    'keep-alive',
    'upgrade',
    'expect',
    'te',
    'trailer',
    'proxy-connection',
  ])
    it(`is refused with the header ${name}, which belongs to the connection`, () =>
      refused({ headers: { [name]: '1' } }));

  for (const url of [
    '',
    '/v1',
    'example.com/v1',
    'http://',
    'http:///v1',
    'ftp://127.0.0.1/v1',
    'http://127.0.0.1:99999/v1',
    'http://user:word@127.0.0.1/v1',
    'http://127.0.0.1?x=/v1',
    'http://a b/v1',
    'http://127.0.0.1\\@example.com/v1',
    'http://127.0.0.1\r\n/v1',
    ' http://127.0.0.1/v1',
  ])
    it(`is refused with the address ${JSON.stringify(url)}`, () => refused({ url }));

  it('is refused without showing its values', async () => {
    const exchange = begin({ headers: { authorization: 'Bearer canary-\u0100' } });
    await exchange.over();
    assert.match(exchange.failure?.message ?? '', /authorization/);
    assert.doesNotMatch(JSON.stringify(exchange.failure), /canary/);
  });

  it('leaves a free connection as it is', async () => {
    const exchange = begin();
    const connection = await server.connection();
    await connection.request();
    await connection.say(OK);
    await exchange.over();
    assert.equal(await begin({}, '/a b').over(), 'invalid-request ILLEGAL_REQUEST');
    const next = begin();
    await connection.request();
    await connection.say(OK);
    assert.equal(await next.over(), 'end');
    assert.equal(server.connections.length, 1);
  });
});
