import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { NetworkUpstream } from '../../src/relay/http1/http1-upstream.ts';
import { HeardExchange } from '../support/heard-exchange.ts';
import { loopbackUpstream, movableClock } from '../support/loopback-upstream.ts';
import { startRawServer, type RawConnection, type RawServer } from '../support/raw-server.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

let server: RawServer;
let upstream: NetworkUpstream;
const clock = movableClock();

beforeEach(async () => {
  server = await startRawServer();
  upstream = loopbackUpstream({ clock });
});
afterEach(async () => {
  upstream.close();
  await server.close();
});

const begin = (body = ''): HeardExchange =>
  HeardExchange.begin(upstream, { method: 'POST', url: `http://127.0.0.1:${server.port}/v1`, headers: {}, body });

/** A first exchange that is answered with `answer`, on a connection of its own. */
async function first(answer: string): Promise<RawConnection> {
  const exchange = begin();
  const connection = await server.connection();
  await connection.request();
  await connection.say(answer);
  assert.equal(await exchange.over(), 'end');
  return connection;
}

/** Asserts that the next exchange goes over this connection. */
async function reuses(connection: RawConnection): Promise<void> {
  const count = server.connections.length;
  const exchange = begin();
  await connection.request();
  await connection.say(OK);
  assert.equal(await exchange.over(), 'end');
  assert.equal(exchange.body.toString(), 'ok');
  assert.equal(server.connections.length, count);
}

/** Asserts that this connection is closed and that the next exchange goes over another. */
async function leaves(connection: RawConnection): Promise<void> {
  await connection.closed;
  const exchange = begin();
  const other = await server.connection();
  assert.notEqual(other, connection);
  await other.request();
  await other.say(OK);
  assert.equal(await exchange.over(), 'end');
}

describe('a connection', { timeout: 30_000 }, () => {
  for (const [what, answer] of [
    ['with a length', OK],
    ['of length 0', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['with chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx: y\r\n\r\n'],
    ['without content', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['after an announcement', `HTTP/1.1 103 Early Hints\r\nconnection: close\r\n\r\n${OK}`],
    ['of HTTP/1.0 that offers it', `HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok`],
    ['that refuses', 'HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\nno'],
  ] as const)
    it(`is used again after an answer ${what}`, async () => {
      const connection = await first(answer);
      await reuses(connection);
      await reuses(connection);
    });

  for (const [what, answer] of [
    ['that says so', 'HTTP/1.1 200 OK\r\nConnection: Close\r\ncontent-length: 2\r\n\r\nok'],
    ['with chunks that says so', 'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['that promises a second', 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 2\r\n\r\nok'],
    ['that more follows', `${OK}\r\n`],
    ['that another answer follows', `${OK}${OK}`],
    ['without content that content follows', 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok'],
  ] as const)
    it(`is closed after an answer ${what}`, async () => leaves(await first(answer)));

  it('is closed when something comes that nobody asked for', async () => {
    const connection = await first(OK);
    await connection.say(OK);
    await leaves(connection);
  });

  it('is not used again once the server has closed it', async () => {
    const connection = await first(OK);
    connection.socket.end();
    await leaves(connection);
  });

  it('is not used again once the server has reset it', async () => {
    const other = await startRawServer({ onConnection: (each) => void each.request().then(() => each.say(OK)) });
    const connection = await first(OK);
    connection.socket.resetAndDestroy();
    await connection.closed;
    // An exchange with another server lasts longer than the way of a reset.
    const url = `http://127.0.0.1:${other.port}/`;
    assert.equal(await HeardExchange.begin(upstream, { method: 'GET', url, headers: {} }).over(), 'end');
    await leaves(connection);
    await other.close();
  });

  it('is closed after an answer that came before the whole request was sent', async () => {
    const exchange = begin('x'.repeat(30_000_000));
    const connection = await server.connection();
    connection.socket.pause();
    await connection.say(OK);
    assert.equal(await exchange.over(), 'end');
    assert.equal(exchange.body.toString(), 'ok');
    connection.socket.resume();
    await leaves(connection);
    assert.ok(connection.received.length < 30_000_000);
  });

  it('is kept for half a minute without use', async () => {
    const connection = await first(OK);
    clock.advance(29_000);
    await reuses(connection);
    clock.advance(29_000);
    await reuses(connection);
    clock.advance(30_000);
    await leaves(connection);
  });

  it('is kept a second less than the server promises', async () => {
    const connection = await first('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=9\r\ncontent-length: 2\r\n\r\nok');
    clock.advance(4000);
    await leaves(connection);
  });

  it('is kept while it is used, however long', async () => {
    const connection = await first(OK);
    const exchange = begin();
    await connection.request();
    clock.advance(100_000);
    await connection.say(OK);
    assert.equal(await exchange.over(), 'end');
    await reuses(connection);
  });

  it('serves one exchange at a time, and as many are opened as are needed at once', async () => {
    const exchanges = Array.from({ length: 10 }, () => begin());
    const connections = await Promise.all(exchanges.map(() => server.connection()));
    await Promise.all(connections.map((each) => each.request()));
    await Promise.all(connections.map((each, index) => each.say(OK.replace('ok', `0${index}`))));
    assert.deepEqual(
      await Promise.all(exchanges.map((each) => each.over())),
      exchanges.map(() => 'end'),
    );
    assert.deepEqual(
      exchanges.map(({ body }) => body.toString()).sort(),
      exchanges.map((_, index) => `0${index}`),
    );
    const again = exchanges.map(() => begin());
    await Promise.all(connections.map((each) => each.request()));
    await Promise.all(connections.map((each) => each.say(OK)));
    await Promise.all(again.map((each) => each.over()));
    assert.equal(server.connections.length, 10);
  });

  it('is used by the exchange that is begun within the end of another', async () => {
    const next = Promise.withResolvers<HeardExchange>();
    const ending = new (class extends HeardExchange {
      override onEnd(): void {
        next.resolve(begin());
      }
    })();
    upstream.dispatch({ method: 'GET', url: `http://127.0.0.1:${server.port}/`, headers: {} }, ending);
    const connection = await server.connection();
    await connection.request();
    await connection.say(OK);
    const exchange = await next.promise;
    await connection.request();
    await connection.say(OK);
    assert.equal(await exchange.over(), 'end');
    assert.equal(server.connections.length, 1);
  });

  it('belongs to one origin', async () => {
    const connection = await first(OK);
    const url = `http://localhost:${server.port}/`;
    const exchange = HeardExchange.begin(upstream, { method: 'GET', url, headers: {} });
    const other = await server.connection();
    await other.request();
    await other.say(OK);
    assert.equal(await exchange.over(), 'end');
    assert.notEqual(other, connection);
  });
});

describe('closing', { timeout: 30_000 }, () => {
  it('ends connections that are free, and those in use with a failure', async () => {
    const free = await first(OK);
    const [running, waiting] = [begin(), begin()];
    await free.request();
    await free.say(OK.slice(0, -1));
    await running.heard('data');
    const other = await server.connection();
    await other.request();
    upstream.close();
    assert.equal(await running.over(), 'network ECONNABORTED');
    assert.equal(await waiting.over(), 'network ECONNABORTED');
    assert.deepEqual(running.events, ['connected', 'headers', 'data', 'failure']);
    await Promise.all([free.closed, other.closed]);
  });

  it('leaves no deadline behind, neither of closed connections nor of those that could not be opened', async () => {
    const leaving = begin();
    const connection = await server.connection();
    leaving.control.abort();
    await connection.closed;
    const url = 'http://10.0.0.1/';
    assert.match(await HeardExchange.begin(upstream, { method: 'GET', url, headers: {} }).over(), /^permission/);
    await first(OK);
    assert.equal(clock.tasks(), 1);
    upstream.close();
    assert.equal(clock.tasks(), 0);
  });

  it('lets nothing begin any more', async () => {
    await first(OK);
    upstream.close();
    upstream.close();
    const exchange = begin();
    assert.deepEqual(exchange.events, []);
    assert.equal(await exchange.over(), 'network ECONNABORTED');
    assert.equal(server.connections.length, 1);
  });

  it('leaves nothing that keeps the process alive', async () => {
    const script = `
      import { HeardExchange } from '${new URL('../support/heard-exchange.ts', import.meta.url).href}';
      import { loopbackUpstream } from '${new URL('../support/loopback-upstream.ts', import.meta.url).href}';
      const upstream = loopbackUpstream();
      const begin = () => HeardExchange.begin(upstream, { method: 'GET', url: process.argv[1], headers: {} });
      await begin().over();
      await Promise.all([begin().heard('connected'), begin().heard('connected')]);
      upstream.close();`;
    const url = `http://127.0.0.1:${server.port}/`;
    const child = spawn(process.execPath, ['--conditions=patchbay-src', '--input-type=module', '-e', script, url], {
      stdio: 'inherit',
    });
    const connection = await server.connection();
    await connection.request();
    await connection.say(OK);
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await Promise.all(server.connections.map(({ closed }) => closed));
    assert.equal(server.connections.length, 2);
  });
});
