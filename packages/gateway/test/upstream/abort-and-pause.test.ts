import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { NetworkUpstream } from '../../src/relay/http1/http1-upstream.ts';
import { HeardExchange } from '../support/heard-exchange.ts';
import { loopbackUpstream } from '../support/loopback-upstream.ts';
import { startRawServer, type RawConnection, type RawServer } from '../support/raw-server.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
/** More than all buffers of the system between two sockets hold. */
const MUCH_BYTES = 48_000_000;

let server: RawServer;
/** Answers every request at once: while an exchange with it runs, others have had their chance. */
let prompt: RawServer;
let upstream: NetworkUpstream;

async function answerAll(connection: RawConnection): Promise<void> {
  for (;;) {
    await connection.request();
    await connection.say(OK);
  }
}

beforeEach(async () => {
  server = await startRawServer();
  prompt = await startRawServer({ onConnection: (each) => void answerAll(each).catch(() => {}) });
  upstream = loopbackUpstream();
});
afterEach(async () => {
  upstream.close();
  await server.close();
  await prompt.close();
});

const begin = ({ port }: RawServer = server): HeardExchange =>
  HeardExchange.begin(upstream, { method: 'POST', url: `http://127.0.0.1:${port}/v1`, headers: {}, body: '{}' });

async function roundTrips(count: number): Promise<void> {
  for (let trip = 0; trip < count; trip += 1) assert.equal(await begin(prompt).over(), 'end');
}

describe('abort', { timeout: 30_000 }, () => {
  it('before the connection is there ends everything', async () => {
    const exchange = begin();
    exchange.control.abort();
    exchange.control.abort();
    await roundTrips(5);
    assert.deepEqual(exchange.events, []);
    for (const { closed, received } of server.connections) {
      await closed;
      assert.equal(received, '');
    }
  });

  it('while a name is looked up dials nothing', async () => {
    const looked = Promise.withResolvers<readonly string[]>();
    const names = loopbackUpstream({ names: () => looked.promise, allow: ['slow.example'] });
    const url = `http://slow.example:${server.port}/`;
    const exchange = HeardExchange.begin(names, { method: 'GET', url, headers: {} });
    exchange.control.abort();
    looked.resolve(['127.0.0.1']);
    await roundTrips(5);
    assert.deepEqual([exchange.events, server.connections.length], [[], 0]);
  });

  for (const [when, said, events] of [
    ['while the answer is waited for', '', ['connected']],
    ['in the head', 'HTTP/1.1 200 OK\r\nx', ['connected']],
    ['in the body', OK.slice(0, -1), ['connected', 'headers', 'data']],
  ] as const)
    it(`${when} closes the connection, and nothing follows`, async () => {
      const exchange = begin();
      const connection = await server.connection();
      await connection.request();
      await connection.say(said);
      await Promise.all(events.map((event) => exchange.heard(event)));
      exchange.control.abort();
      void connection.say('k');
      await connection.closed;
      await roundTrips(3);
      assert.deepEqual(exchange.events, events);
      exchange.control.abort();
      exchange.control.pause();
      exchange.control.resume();
    });

  for (const callback of ['onConnected', 'onHeaders', 'onData'] as const)
    it(`within ${callback} closes the connection, and nothing follows`, async () => {
      const exchange = new (class extends HeardExchange {
        override onConnected(): void {
          super.onConnected();
          if (callback === 'onConnected') aborts();
        }
        override onHeaders(...given: Parameters<HeardExchange['onHeaders']>): void {
          super.onHeaders(...given);
          if (callback === 'onHeaders') aborts();
        }
        override onData(chunk: Buffer): void {
          super.onData(chunk);
          if (callback === 'onData') aborts();
        }
      })();
      const url = `http://127.0.0.1:${server.port}/`;
      const control = upstream.dispatch({ method: 'GET', url, headers: {} }, exchange);
      const aborts = (): void => control.abort();
      const connection = await server.connection();
      await connection.say(OK);
      await connection.closed;
      await roundTrips(3);
      const whole = ['connected', 'headers', 'data'];
      const last = { onConnected: 1, onHeaders: 2, onData: 3 }[callback];
      assert.deepEqual(exchange.events, whole.slice(0, last));
    });

  it('after the end does nothing to the connection, which serves another', async () => {
    const exchange = begin();
    const connection = await server.connection();
    await connection.request();
    await connection.say(OK);
    await exchange.over();
    const next = begin();
    await connection.request();
    exchange.control.abort();
    exchange.control.pause();
    await connection.say(OK);
    assert.equal(await next.over(), 'end');
    assert.deepEqual(exchange.events, ['connected', 'headers', 'data', 'end']);
  });
});

describe('pause', { timeout: 30_000 }, () => {
  it('stops reading, so that the server is held back, and resume goes on', async () => {
    const exchange = begin();
    const connection = await server.connection();
    await connection.request();
    const body = Buffer.alloc(MUCH_BYTES, 'abcdefghij\n');
    await connection.say(`HTTP/1.1 200 OK\r\ncontent-length: ${MUCH_BYTES}\r\n\r\n`);
    await exchange.heard('headers');
    exchange.control.pause();
    exchange.control.pause();
    void connection.say(body);
    await roundTrips(50);
    assert.equal(exchange.bytes, 0);
    assert.ok(connection.socket.writableLength > 0);
    exchange.control.resume();
    await exchange.heard('data');
    exchange.control.pause();
    const bytes = exchange.bytes;
    await roundTrips(50);
    assert.equal(exchange.bytes, bytes);
    assert.ok(connection.socket.writableLength > 0);
    exchange.control.resume();
    exchange.control.resume();
    assert.equal(await exchange.over(), 'end');
    assert.ok(exchange.body.equals(body));
  });

  it('holds from the beginning', async () => {
    const exchange = begin();
    exchange.control.pause();
    const connection = await server.connection();
    await connection.request();
    await connection.say(OK);
    await roundTrips(20);
    assert.deepEqual(exchange.events, ['connected']);
    exchange.control.resume();
    assert.equal(await exchange.over(), 'end');
  });

  it('does not outlive its exchange', async () => {
    const pausing = new (class extends HeardExchange {
      override onData(chunk: Buffer): void {
        super.onData(chunk);
        control.pause();
      }
    })();
    const url = `http://127.0.0.1:${server.port}/`;
    const control = upstream.dispatch({ method: 'GET', url, headers: {} }, pausing);
    const connection = await server.connection();
    await connection.request();
    await connection.say(OK);
    assert.equal(await pausing.over(), 'end');
    const next = begin();
    await connection.request();
    await connection.say(OK);
    assert.equal(await next.over(), 'end');
    assert.equal(server.connections.length, 1);
  });

  it('does not hide the end of the connection once it is over', async () => {
    const exchange = begin();
    const connection = await server.connection();
    await connection.request();
    await connection.say(OK.slice(0, -1));
    await exchange.heard('data');
    exchange.control.pause();
    connection.socket.end();
    await roundTrips(5);
    exchange.control.resume();
    assert.equal(await exchange.over(), 'network ECONNRESET');
  });
});
