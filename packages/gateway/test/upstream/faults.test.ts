import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { NetworkUpstream } from '../../src/relay/http1/http1-upstream.ts';
import { HeardExchange } from '../support/heard-exchange.ts';
import { loopbackUpstream } from '../support/loopback-upstream.ts';
import { startRawServer, type RawConnection, type RawServer } from '../support/raw-server.ts';

const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
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

const begin = (url = `http://127.0.0.1:${server.port}/v1`, within = upstream): HeardExchange =>
  HeardExchange.begin(within, { method: 'POST', url, headers: {}, body: '{}' });

/** A request that has arrived, and the connection it came over. */
async function asked(): Promise<[HeardExchange, RawConnection]> {
  const exchange = begin();
  const connection = await server.connection();
  await connection.request();
  return [exchange, connection];
}

/** Asserts that a new exchange is answered, over a new connection: nothing of the broken one is left. */
async function stillWorks(): Promise<void> {
  const [exchange, connection] = await asked();
  await connection.say(OK);
  assert.equal(await exchange.over(), 'end');
}

describe('a failure of the network', { timeout: 30_000 }, () => {
  it('is a connection that is refused', async () => {
    const gone = await startRawServer();
    await gone.close();
    const exchange = begin(`http://127.0.0.1:${gone.port}/`);
    assert.deepEqual(exchange.events, []);
    assert.equal(await exchange.over(), 'network ECONNREFUSED');
    assert.deepEqual(exchange.events, ['failure']);
  });

  it('is a name that is not found', async () => {
    const names = (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const exchange = begin('http://nowhere.example/', loopbackUpstream({ names }));
    assert.equal(await exchange.over(), 'network ENOTFOUND');
  });

  for (const [when, said, events] of [
    ['before the answer', '', ['connected']],
    ['in the head', 'HTTP/1.1 200 OK\r\nx', ['connected']],
    ['after an announcement', 'HTTP/1.1 100 Continue\r\n\r\n', ['connected']],
    ['in a body with a length', OK.slice(0, -1), ['connected', 'headers', 'data']],
    ['in a chunk', `${CHUNKED}5\r\nhel`, ['connected', 'headers', 'data']],
    ['between chunks', `${CHUNKED}5\r\nhello\r\n`, ['connected', 'headers', 'data']],
    ['before the last line of chunks', `${CHUNKED}1\r\na\r\n0\r\n`, ['connected', 'headers', 'data']],
  ] as const)
    for (const how of ['end', 'resetAndDestroy'] as const)
      it(`is a connection that is ${how === 'end' ? 'closed' : 'reset'} ${when}`, async () => {
        const [exchange, connection] = await asked();
        await connection.say(said);
        // A reset overtakes what has not been read yet.
        await Promise.all(events.map((event) => exchange.heard(event)));
        connection.socket[how]();
        assert.equal(await exchange.over(), 'network ECONNRESET');
        assert.deepEqual(exchange.events, [...events, 'failure']);
        await connection.closed;
        await stillWorks();
      });

  it('is a reset in a body that lasts until the connection closes, but no failure is its end', async () => {
    for (const [how, outcome] of [
      ['resetAndDestroy', 'network ECONNRESET'],
      ['end', 'end'],
    ] as const) {
      const [exchange, connection] = await asked();
      await connection.say('HTTP/1.1 200 OK\r\n\r\nhello');
      await exchange.heard('data');
      connection.socket[how]();
      assert.equal(await exchange.over(), outcome);
      assert.equal(exchange.body.toString(), 'hello');
      await connection.closed;
    }
  });

  it('is a server that hangs up before the whole request is sent', async () => {
    const exchange = HeardExchange.begin(upstream, {
      method: 'POST',
      url: `http://127.0.0.1:${server.port}/`,
      headers: {},
      body: 'x'.repeat(30_000_000),
    });
    const connection = await server.connection();
    // It says its last word, but neither reads nor closes.
    connection.socket.pause();
    connection.socket.end('HTTP/1.1 200 OK\r\n');
    assert.equal(await exchange.over(), 'network ECONNRESET');
    assert.deepEqual(exchange.events, ['connected', 'failure']);
  });

  it('says what happened without addresses', async () => {
    const [exchange, connection] = await asked();
    connection.socket.resetAndDestroy();
    await exchange.over();
    assert.doesNotMatch(exchange.failure?.message ?? '', /127|http:|\d{4}/);
  });
});

describe('an answer that is not HTTP/1.1', { timeout: 30_000 }, () => {
  for (const [what, said, events] of [
    ['in its first bytes', 'SSH-2.0-OpenSSH_9.9\r\n', ['connected']],
    ['in its head', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok', ['connected']],
    ['with bare line feeds', 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok', ['connected']],
    ['with a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', ['connected']],
    ['in its chunks', `${CHUNKED}2\r\nok0\r\n\r\n`, ['connected', 'headers', 'data']],
  ] as const)
    it(`is a failure of the protocol ${what}, and the connection is closed`, async () => {
      const [exchange, connection] = await asked();
      await connection.say(said);
      assert.equal(await exchange.over(), 'protocol MALFORMED_RESPONSE');
      assert.deepEqual(exchange.events, [...events, 'failure']);
      await connection.closed;
      await stillWorks();
    });
});

describe('an address that may not be dialled', { timeout: 30_000 }, () => {
  for (const host of ['127.0.0.1', 'localhost'])
    it(`is a failure of permission, told after the begin, for ${host}`, async () => {
      const exchange = begin(`http://${host}:${server.port}/`, loopbackUpstream({ allow: [] }));
      assert.deepEqual(exchange.events, []);
      assert.equal(await exchange.over(), 'permission EGRESS_DENIED');
      assert.deepEqual(exchange.events, ['failure']);
      assert.equal(server.connections.length, 0);
    });

  it('is not told to one who has left', async () => {
    const exchange = begin(undefined, loopbackUpstream({ allow: [] }));
    exchange.control.abort();
    await stillWorks();
    assert.deepEqual(exchange.events, []);
  });
});

describe('a handler that throws', { timeout: 30_000 }, () => {
  for (const [callback, events] of [
    ['onHeaders', ['connected', 'failure']],
    ['onData', ['connected', 'headers', 'failure']],
    ['onEnd', ['connected', 'headers', 'data', 'failure']],
  ] as const)
    it(`in ${callback} ends its own exchange and no other`, async () => {
      const throwing = new HeardExchange();
      throwing[callback] = () => {
        throw new RangeError('a fault of ours');
      };
      upstream.dispatch({ method: 'GET', url: `http://127.0.0.1:${server.port}/`, headers: {} }, throwing);
      const connection = await server.connection();
      await connection.request();
      const [other, otherConnection] = await asked();
      await connection.say(callback === 'onEnd' ? OK : OK.slice(0, -1));
      assert.equal(await throwing.over(), 'internal RangeError');
      assert.deepEqual(throwing.events, events);
      assert.doesNotMatch(throwing.failure?.message ?? '', /a fault of ours/);
      assert.match(throwing.failure?.detail ?? '', /a fault of ours/);
      if (callback !== 'onEnd') await connection.closed;
      await otherConnection.say(OK);
      assert.equal(await other.over(), 'end');
    });
});
