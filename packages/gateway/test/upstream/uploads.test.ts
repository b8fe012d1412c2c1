import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { NetworkUpstream } from '../../src/relay/http1/http1-upstream.ts';
import type { PieceTarget, UpstreamBody } from '../../src/relay/upstream.ts';
import { HeardExchange } from '../support/heard-exchange.ts';
import { loopbackUpstream } from '../support/loopback-upstream.ts';
import { startRawServer, type RawConnection, type RawServer } from '../support/raw-server.ts';
import { startUpstream } from '../support/scripted-upstream.ts';

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

/** A body whose pieces the test says. */
class SaidBody implements UpstreamBody {
  readonly lengthBytes: number | undefined;
  readonly #started = Promise.withResolvers<PieceTarget>();
  #ready = Promise.withResolvers<void>();
  /** How often it was told that it may go on. */
  readies = 0;

  constructor(lengthBytes?: number) {
    this.lengthBytes = lengthBytes;
  }

  get target(): Promise<PieceTarget> {
    return this.#started.promise;
  }

  /** Resolves when it may go on. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  start(target: PieceTarget): void {
    this.#started.resolve(target);
  }

  onReady(): void {
    this.readies += 1;
    this.#ready.resolve();
    this.#ready = Promise.withResolvers();
  }
}

function begin(body: UpstreamBody, request: Partial<UpstreamRequest> = {}, port = server.port): HeardExchange {
  const heard = new (class extends HeardExchange {
    override get control() {
      return control;
    }
  })();
  const url = `http://127.0.0.1:${port}/v1`;
  const control = upstream.dispatch({ method: 'POST', url, headers: {}, ...request }, heard, body);
  return heard;
}

async function received(connection: RawConnection, end: string): Promise<string> {
  while (!connection.received.endsWith(end)) await new Promise((resolve) => setImmediate(resolve));
  return connection.received;
}

describe('a body in pieces', { timeout: 30_000 }, () => {
  it('of a known length leaves as it comes', async () => {
    const body = new SaidBody(10);
    const exchange = begin(body);
    const connection = await server.connection();
    const target = await body.target;
    assert.match(await received(connection, '\r\n\r\n'), /^POST \/v1 HTTP\/1\.1\r\n.*\r\ncontent-length: 10\r\n\r\n$/s);
    target.write(Buffer.from('hello'));
    await received(connection, '\r\n\r\nhello');
    target.write(Buffer.alloc(0));
    target.write(Buffer.from('world'));
    target.end();
    await received(connection, '\r\n\r\nhelloworld');
    await connection.say(OK);
    assert.equal(await exchange.over(), 'end');
  });

  it('of no known length leaves in chunks', async () => {
    const body = new SaidBody();
    const exchange = begin(body, { method: 'PUT' });
    const connection = await server.connection();
    const target = await body.target;
    assert.match(await received(connection, '\r\n\r\n'), /^PUT .*\r\ntransfer-encoding: chunked\r\n\r\n$/s);
    target.write(Buffer.alloc(17, 'a'));
    target.write(Buffer.alloc(0));
    target.write(Buffer.from('b'));
    target.end();
    await received(connection, `\r\n\r\n11\r\n${'a'.repeat(17)}\r\n1\r\nb\r\n0\r\n\r\n`);
    await connection.say(OK);
    assert.equal(await exchange.over(), 'end');
  });

  it('may be empty', async () => {
    for (const [length, end] of [
      [0, 'content-length: 0\r\n\r\n'],
      [undefined, '\r\n\r\n0\r\n\r\n'],
    ] as const) {
      const body = new SaidBody(length);
      const exchange = begin(body);
      if (server.connections.length === 0) await server.connection();
      const connection = server.connections[0] as RawConnection;
      (await body.target).end();
      await received(connection, end);
      await connection.say(OK);
      assert.equal(await exchange.over(), 'end');
    }
  });

  for (const length of [undefined, 8_000_000])
    it(`arrives whole at a real server, ${length === undefined ? 'in chunks' : 'with its length'}`, async () => {
      const real = await startUpstream((_, response) => void response.end('ok'));
      const bytes = randomBytes(8_000_000);
      const body = new SaidBody(length);
      const exchange = begin(body, {}, Number(new URL(real.url).port));
      const target = await body.target;
      for (let at = 0; at < bytes.length; at += 70_001)
        if (!target.write(bytes.subarray(at, at + 70_001))) await body.ready;
      target.end();
      assert.equal(await exchange.over(), 'end');
      assert.ok(real.seen[0]?.body.equals(bytes));
      await real.close();
    });

  it('is held back while the other side does not read, and told to go on when it does', async () => {
    const body = new SaidBody();
    const exchange = begin(body);
    const connection = await server.connection();
    connection.socket.pause();
    const target = await body.target;
    const piece = Buffer.alloc(1_000_000);
    let pieces = 1;
    while (target.write(piece)) pieces += 1;
    assert.equal(body.readies, 0);
    connection.socket.resume();
    await body.ready;
    target.end();
    await received(connection, '\r\n0\r\n\r\n');
    assert.ok(connection.received.length > pieces * piece.length);
    await connection.say(OK);
    assert.equal(await exchange.over(), 'end');
  });

  it('leaves the connection for the next request', async () => {
    const body = new SaidBody(2);
    const first = begin(body);
    const connection = await server.connection();
    const target = await body.target;
    target.write(Buffer.from('ab'));
    target.end();
    await received(connection, 'ab');
    await connection.say(OK);
    assert.equal(await first.over(), 'end');
    const next = new SaidBody(2);
    const second = begin(next);
    const again = await next.target;
    again.write(Buffer.from('cd'));
    again.end();
    await received(connection, 'cd');
    await connection.say(OK);
    assert.equal(await second.over(), 'end');
    assert.equal(server.connections.length, 1);
  });

  it('keeps its connection from others when the answer came before its end', async () => {
    const body = new SaidBody(1000);
    const exchange = begin(body);
    const connection = await server.connection();
    const target = await body.target;
    target.write(Buffer.from('ab'));
    await received(connection, 'ab');
    await connection.say(OK);
    assert.equal(await exchange.over(), 'end');
    await connection.closed;
    assert.equal(target.write(Buffer.from('cd')), true);
    target.end();
    const next = HeardExchange.begin(upstream, { method: 'GET', url: `http://127.0.0.1:${server.port}/`, headers: {} });
    const other = await server.connection();
    assert.match(await other.request(), /^GET \/ /);
    await other.say(OK);
    assert.equal(await next.over(), 'end');
  });

  it('that waits is told to go on when its exchange is over, so that its source is read to the end', async () => {
    const body = new SaidBody();
    const exchange = begin(body);
    const connection = await server.connection();
    connection.socket.pause();
    const target = await body.target;
    while (target.write(Buffer.alloc(1_000_000)));
    const { ready } = body;
    exchange.control.abort();
    await ready;
    assert.equal(target.write(Buffer.alloc(1_000_000)), true);
  });

  for (const [how, pieces] of [
    ['longer', ['abc', 'd']],
    ['shorter', ['ab']],
  ] as const)
    it(`that is ${how} than it was announced ends its connection`, async () => {
      const body = new SaidBody(3);
      const exchange = begin(body);
      const connection = await server.connection();
      const target = await body.target;
      for (const piece of pieces) target.write(Buffer.from(piece));
      target.end();
      assert.equal(await exchange.over(), 'network WRONG_BODY_LENGTH');
      await connection.closed;
      assert.ok(!connection.received.includes('abcd'));
    });
});

describe('methods', { timeout: 30_000 }, () => {
  const send = (method: string): HeardExchange =>
    HeardExchange.begin(upstream, { method, url: `http://127.0.0.1:${server.port}/`, headers: {} });

  for (const [method, head] of [
    ['DELETE', 'connection: keep-alive\r\n\r\n'],
    ['OPTIONS', 'connection: keep-alive\r\n\r\n'],
    ['PUT', 'connection: keep-alive\r\ncontent-length: 0\r\n\r\n'],
    ['PATCH', 'connection: keep-alive\r\ncontent-length: 0\r\n\r\n'],
  ] as const)
    it(`leave as they are: ${method}`, async () => {
      const exchange = send(method);
      const connection = await server.connection();
      const text = await connection.request();
      assert.ok(text.startsWith(`${method} / HTTP/1.1\r\n`) && text.endsWith(head), text);
      await connection.say(OK);
      assert.equal(await exchange.over(), 'end');
    });

  for (const method of ['CONNECT', 'TRACE', 'get', '', 'GET /x', 'GET\r\nx', 'A'.repeat(33)])
    it(`are refused: ${JSON.stringify(method)}`, async () => {
      assert.equal(await send(method).over(), 'invalid-request ILLEGAL_REQUEST');
      assert.equal(server.connections.length, 0);
    });

  for (const head of ['content-length: 1000\r\n', 'transfer-encoding: chunked\r\n'])
    it(`HEAD is answered by a head that announces what is not sent: ${head.trim()}`, async () => {
      const exchange = send('HEAD');
      const connection = await server.connection();
      await connection.request();
      await connection.say(`HTTP/1.1 200 OK\r\n${head}\r\n`);
      assert.equal(await exchange.over(), 'end');
      assert.deepEqual(exchange.events, ['connected', 'headers', 'end']);
      const next = send('GET');
      await connection.request();
      await connection.say(OK);
      assert.equal(await next.over(), 'end');
      assert.equal(next.body.toString(), 'ok');
      assert.equal(server.connections.length, 1);
    });
});
