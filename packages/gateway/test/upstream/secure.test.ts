import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';

import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';
import { selfSigned } from '@patchbay/llm/testing/self-signed';

import type { NetworkUpstream } from '../../src/relay/http1/http1-upstream.ts';
import { HeardExchange } from '../support/heard-exchange.ts';
import { loopbackUpstream } from '../support/loopback-upstream.ts';
import { startRawServer, type RawServer } from '../support/raw-server.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const TRUSTED = selfSigned('localhost');
const UNKNOWN = selfSigned('localhost');
const MISNAMED = selfSigned('other.example');

const usual = getCACertificates('default');
before(() => setDefaultCACertificates([TRUSTED.cert, MISNAMED.cert]));
after(() => setDefaultCACertificates(usual));

interface Echo {
  readonly server: Server;
  readonly port: number;
  readonly sockets: readonly TLSSocket[];
  /** Of each connection, whether it resumed a session. */
  readonly resumed: readonly boolean[];
}

/** A real server that answers with what it was sent. */
async function startEcho(): Promise<Echo> {
  const sockets: TLSSocket[] = [];
  const resumed: boolean[] = [];
  const server = createServer(TRUSTED, (request, response) => {
    if (request.url === '/last') response.setHeader('connection', 'close');
    request.pipe(response);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    sockets.push(socket);
    resumed.push(socket.isSessionReused());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, sockets, resumed };
}

const begin = (upstream: NetworkUpstream, url: string, body: UpstreamRequest['body'] = 'x'): HeardExchange =>
  HeardExchange.begin(upstream, { method: 'POST', url, headers: {}, body });

async function echoes(upstream: NetworkUpstream, url: string, body: Buffer = Buffer.from('hello')): Promise<void> {
  const exchange = begin(upstream, url, body);
  assert.equal(await exchange.over(), 'end');
  assert.ok(exchange.body.equals(body));
  assert.deepEqual(exchange.events, ['connected', 'headers', 'data', 'end']);
}

describe('a secure connection', { timeout: 30_000 }, () => {
  let echo: Echo;
  let upstream: NetworkUpstream;
  beforeEach(async () => {
    echo = await startEcho();
    upstream = loopbackUpstream();
  });
  afterEach(async () => {
    upstream.close();
    echo.server.closeAllConnections();
    echo.server.close();
    await once(echo.server, 'close');
  });

  it('carries requests and answers of any size, one after another', async () => {
    const url = `https://localhost:${echo.port}/`;
    for (const bytes of [5, 16_000, 100_000, 5_000_000]) await echoes(upstream, url, randomBytes(bytes));
    assert.equal(echo.sockets.length, 1);
    assert.equal(echo.sockets[0]?.alpnProtocol, 'http/1.1');
    assert.equal(echo.sockets[0]?.servername, 'localhost');
  });

  it('carries as many exchanges at once as there are connections', async () => {
    const url = `https://localhost:${echo.port}/`;
    await Promise.all(Array.from({ length: 8 }, () => echoes(upstream, url, randomBytes(300_000))));
    assert.equal(echo.sockets.length, 8);
  });

  it('resumes the session of the one before', async () => {
    const url = `https://localhost:${echo.port}/last`;
    for (let turn = 0; turn < 3; turn += 1) await echoes(upstream, url);
    assert.deepEqual(echo.resumed, [false, true, true]);
  });

  it('goes to the address of a name that answers, and still reads into our memory', async () => {
    // Nothing listens on the first one.
    const names = (): Promise<readonly string[]> => Promise.resolve(['127.0.0.2', '127.0.0.1']);
    const several = loopbackUpstream({ names, allow: ['localhost'] });
    await echoes(several, `https://localhost:${echo.port}/`, randomBytes(50_000));
    several.close();
  });

  it('is paused and resumed as a plain one', async () => {
    const server = await startRawServer({ tls: TRUSTED });
    const exchange = begin(upstream, `https://localhost:${server.port}/`);
    exchange.control.pause();
    const connection = await server.connection();
    await connection.request();
    const body = randomBytes(48_000_000);
    await connection.say(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
    void connection.say(body);
    const roundTrips = async (): Promise<void> => {
      for (let trip = 0; trip < 20; trip += 1) await echoes(upstream, `https://localhost:${echo.port}/`);
    };
    await roundTrips();
    assert.deepEqual(exchange.events, ['connected']);
    exchange.control.resume();
    await exchange.heard('data');
    exchange.control.pause();
    await new Promise((resolve) => setImmediate(resolve));
    const { bytes } = exchange;
    await roundTrips();
    assert.equal(exchange.bytes, bytes);
    assert.ok(connection.socket.writableLength > 0);
    exchange.control.resume();
    assert.equal(await exchange.over(), 'end');
    assert.ok(exchange.body.equals(body));
    await server.close();
  });

  it('is closed by an abort in the middle', async () => {
    const server = await startRawServer({ tls: TRUSTED });
    const exchange = begin(upstream, `https://localhost:${server.port}/`);
    const connection = await server.connection();
    await connection.request();
    await connection.say(OK.slice(0, -1));
    await exchange.heard('data');
    exchange.control.abort();
    await connection.closed;
    assert.deepEqual(exchange.events, ['connected', 'headers', 'data']);
    await server.close();
  });
});

describe('a server that is not the one it should be', { timeout: 30_000 }, () => {
  let server: RawServer | undefined;
  let upstream: NetworkUpstream;
  beforeEach(() => {
    upstream = loopbackUpstream();
  });
  afterEach(async () => {
    upstream.close();
    await server?.close();
  });

  // The second turn is there because a session that is resumed is not asked for its name again.
  for (const [what, tls, code] of [
    ['nobody has vouched for', UNKNOWN, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['has the name of another', MISNAMED, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      'has the name of another, in an older TLS',
      { ...MISNAMED, maxVersion: 'TLSv1.2' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
  ] as const)
    it(`hears nothing when it ${what}`, async () => {
      server = await startRawServer({ tls });
      for (let turn = 0; turn < 2; turn += 1) {
        const exchange = begin(upstream, `https://localhost:${server.port}/`);
        assert.equal(await exchange.over(), `network ${code}`);
        assert.deepEqual(exchange.events, ['failure']);
        assert.match(exchange.failure?.message ?? '', /^Secure connection to the provider failed/);
      }
      for (const { received } of server.connections) assert.equal(received, '');
    });

  it('is a failure when it does not speak TLS', async () => {
    server = await startRawServer({ onConnection: (each) => void each.say(`${OK}${OK}`) });
    const exchange = begin(upstream, `https://localhost:${server.port}/`);
    assert.match(await exchange.over(), /^network E/);
    assert.deepEqual(exchange.events, ['failure']);
    assert.doesNotMatch(server.connections[0]?.received ?? '', /HTTP/);
  });

  it('is a failure when it speaks TLS and should not', async () => {
    server = await startRawServer({ tls: TRUSTED });
    const exchange = begin(upstream, `http://localhost:${server.port}/`);
    // It may hang up with an alert or without a word.
    assert.match(await exchange.over(), /^(?:protocol MALFORMED_RESPONSE|network ECONNRESET)$/);
    assert.deepEqual(exchange.events, ['connected', 'failure']);
  });
});
