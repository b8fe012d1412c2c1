import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';

import { systemClock } from '@patchbay/llm/model/clock';
import {
  startHttpProxy,
  startSocksProxy,
  type LocalProxy,
  type LocalProxyOptions,
} from '@patchbay/llm/testing/local-proxies';
import { selfSigned } from '@patchbay/llm/testing/self-signed';

import { connectThrough } from '../../src/egress/connect-through.ts';
import type { NameService } from '../../src/egress/name-cache.ts';
import { createEgressPolicy } from '../../src/egress/policy.ts';
import { readProxyUrl } from '../../src/egress/proxy-url.ts';
import { DeadlineWheel } from '../../src/relay/deadline-wheel.ts';
import { upstreamsThrough, type ProxiedUpstreams } from '../../src/relay/upstreams-through.ts';
import { HeardExchange } from '../support/heard-exchange.ts';
import { movableClock } from '../support/loopback-upstream.ts';
import { startRawServer, type RawConnection } from '../support/raw-server.ts';

const TARGET = selfSigned('target.example');
const PROXY = selfSigned('localhost');
const STRANGER = selfSigned('target.example');
const LOGIN = 'us%er:canary:p@ss';
const WRITTEN = 'us%25er:canary%3Ap%40ss@';
const CANARY = /canary/;

/** Addresses of the names of these tests; where the public one really is, the proxies know. */
const ADDRESSES: Readonly<Record<string, string>> = { 'target.example': '93.184.216.34', localhost: '127.0.0.1' };
const PUBLIC: NameService = (hostname) => {
  const address = ADDRESSES[hostname];
  return address === undefined ? Promise.reject(new Error('no such name')) : Promise.resolve([address]);
};
const resolve = (hostname: string): string => (hostname === 'target.example' ? '127.0.0.1' : hostname);

interface Way {
  readonly allow?: readonly string[];
  readonly names?: NameService;
  readonly clock?: typeof systemClock;
}

const open: ProxiedUpstreams[] = [];
function upstreams({ allow = ['127.0.0.1', 'localhost'], names = PUBLIC, clock = systemClock }: Way = {}) {
  const connect = connectThrough({ policy: createEgressPolicy(allow, []), clock, names });
  const made = upstreamsThrough(connect, new DeadlineWheel(clock));
  open.push(made);
  return made;
}

function addressOf(url: string) {
  const address = readProxyUrl(url);
  assert.ok(address);
  return address;
}

/** One exchange through the proxy at this URL. */
function ask(proxyUrl: string, url: string, way: Way & { readonly body?: Buffer } = {}): HeardExchange {
  const upstream = upstreams(way).through(addressOf(proxyUrl));
  return HeardExchange.begin(upstream, { method: 'POST', url, headers: {}, body: way.body ?? Buffer.from('hello') });
}

async function listen(server: Server | ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const KINDS: readonly (readonly [string, string, typeof startHttpProxy, LocalProxyOptions])[] = [
  ['an http proxy', 'http', startHttpProxy, {}],
  ['an https proxy', 'https', startHttpProxy, { tls: PROXY }],
  ['a socks5 proxy', 'socks5', startSocksProxy, {}],
];

describe('through a proxy', { timeout: 60_000 }, () => {
  const echo = createServer((request, response) => request.pipe(response));
  const safeEcho = createTlsServer(TARGET, (request, response) => request.pipe(response));
  const strange = createTlsServer(STRANGER, (request, response) => request.pipe(response));
  const ports = { plain: 0, safe: 0, strange: 0 };
  let proxy: LocalProxy;
  let usual: string[] = [];
  before(async () => {
    usual = getCACertificates('default');
    setDefaultCACertificates([TARGET.cert, PROXY.cert]);
    Object.assign(ports, { plain: await listen(echo), safe: await listen(safeEcho), strange: await listen(strange) });
  });
  after(() => {
    setDefaultCACertificates(usual);
    for (const server of [echo, safeEcho, strange]) {
      server.closeAllConnections();
      server.close();
    }
  });
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
  });

  for (const [what, scheme, start, options] of KINDS)
    describe(`that is ${what}`, () => {
      let url = '';
      beforeEach(async () => {
        proxy = await start({ ...options, login: LOGIN, resolve });
        url = `${scheme}://${WRITTEN}localhost:${proxy.port}`;
      });
      afterEach(() => proxy.close());

      it('plain and secure exchanges of any size arrive whole, both ways, over kept connections', async () => {
        for (const target of [`http://target.example:${ports.plain}/`, `https://target.example:${ports.safe}/`]) {
          const upstream = upstreams().through(addressOf(url));
          const before = proxy.connections;
          for (const bytes of [5, 20_000, 5_000_000]) {
            const body = randomBytes(bytes);
            const exchange = HeardExchange.begin(upstream, { method: 'POST', url: target, headers: {}, body });
            assert.equal(await exchange.over(), 'end');
            assert.ok(exchange.body.equals(body));
          }
          assert.equal(proxy.connections, before + 1);
        }
      });

      it('a name is sent as it is, so that the proxy resolves it, and the login is not told to the target', async () => {
        const server = await startRawServer({ onConnection: (each) => void each.request().then(() => each.say(OK)) });
        const exchange = ask(url, `http://target.example:${server.port}/`);
        assert.equal(await exchange.over(), 'end');
        assert.deepEqual(proxy.asked, [`target.example:${server.port}`]);
        assert.doesNotMatch(server.connections[0]?.received ?? '', /canary|authorization|proxy/i);
        await server.close();
      });

      it('a wrong login is a fault of the proxy, and no error holds a password', async () => {
        const wrong = `${scheme}://user:canary-wrong@localhost:${proxy.port}`;
        const exchange = ask(wrong, `http://target.example:${ports.plain}/`);
        assert.equal(await exchange.over(), 'network PROXY_AUTH_REFUSED');
        assert.doesNotMatch(inspect(exchange.failure, { depth: 9 }), CANARY);
        assert.deepEqual(proxy.asked, []);
      });

      it('a target that refuses is the fault of the target', async () => {
        const closed = await startRawServer();
        await closed.close();
        const exchange = ask(url, `http://target.example:${closed.port}/`);
        assert.match(await exchange.over(), /^network (?:ECONNREFUSED|EHOSTUNREACH)$/);
      });

      it('a target that nobody has vouched for hears nothing', async () => {
        const exchange = ask(url, `https://target.example:${ports.strange}/`);
        assert.equal(await exchange.over(), 'network DEPTH_ZERO_SELF_SIGNED_CERT');
      });

      it('an abort before the tunnel is there, and one in the middle, close the connection to the proxy', async () => {
        const silent = await startRawServer();
        const early = ask(`${scheme}://localhost:${silent.port}`, `http://target.example:${ports.plain}/`);
        const { closed } = await silent.connection();
        early.control.abort();
        await closed;
        const target = await startRawServer({ tls: TARGET });
        const exchange = ask(url, `https://target.example:${target.port}/`);
        const connection = await target.connection();
        await connection.request();
        await connection.say('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf');
        await exchange.heard('data');
        exchange.control.abort();
        await connection.closed;
        assert.deepEqual(exchange.events, ['connected', 'headers', 'data']);
        await Promise.all([silent.close(), target.close()]);
      });

      it('a pause holds the target back, and what it said arrives whole after it', async () => {
        const target = await startRawServer({ tls: TARGET });
        const exchange = ask(url, `https://target.example:${target.port}/`);
        const connection = await target.connection();
        await connection.request();
        const body = randomBytes(32_000_000);
        await connection.say(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
        await exchange.heard('headers');
        exchange.control.pause();
        void connection.say(body);
        for (let turn = 0; turn < 5; turn += 1) await ask(url, `https://target.example:${ports.safe}/`).over();
        assert.ok(connection.socket.writableLength > 0);
        assert.ok(exchange.bytes < body.length);
        exchange.control.resume();
        assert.equal(await exchange.over(), 'end');
        assert.ok(exchange.body.equals(body));
        await target.close();
      });

      it('a body that lasts until the connection ends arrives whole, plain and secure', async () => {
        for (const tls of [undefined, TARGET]) {
          const body = randomBytes(300_000);
          const target = await startRawServer({
            ...(tls && { tls }),
            onConnection: (each) =>
              void each.request().then(() => {
                each.socket.write('HTTP/1.1 200 OK\r\n\r\n');
                each.socket.end(body);
              }),
          });
          const exchange = ask(url, `http${tls === undefined ? '' : 's'}://target.example:${target.port}/`);
          assert.equal(await exchange.over(), 'end');
          assert.ok(exchange.body.equals(body));
          await target.close();
        }
      });

      it('a target that hangs up is heard as it is without a proxy', async () => {
        const server = await startRawServer({ onConnection: (each) => void each.socket.destroy() });
        const exchange = ask(url, `http://target.example:${server.port}/`);
        assert.match(await exchange.over(), /^network (?:ECONNRESET|EHOSTUNREACH)$/);
        await server.close();
      });
    });

  describe('that misbehaves', () => {
    const faultOf = async (scheme: string, serve: (connection: RawConnection) => void): Promise<string> => {
      const server = await startRawServer({ onConnection: serve });
      const exchange = ask(`${scheme}://user:canary@127.0.0.1:${server.port}`, `http://target.example:1/`);
      const how = await exchange.over();
      assert.deepEqual(exchange.events, ['failure']);
      assert.doesNotMatch(inspect(exchange.failure, { depth: 9 }), CANARY);
      await server.close();
      return how;
    };
    const saying =
      (...answers: readonly (string | Buffer)[]) =>
      (connection: RawConnection): void => {
        let at = 0;
        connection.socket.on('data', () => void (at < answers.length && connection.say(answers[at++] as Buffer)));
      };
    const REFUSALS = {
      407: 'network PROXY_AUTH_REFUSED',
      403: 'network PROXY_REFUSED',
      405: 'network PROXY_REFUSED',
      301: 'network PROXY_REFUSED',
      502: 'network EHOSTUNREACH',
      503: 'network EHOSTUNREACH',
      504: 'timeout ETIMEDOUT',
    };
    for (const [status, fault] of Object.entries(REFUSALS))
      it(`is named when it answers ${status}`, async () => {
        assert.equal(await faultOf('http', saying(`HTTP/1.1 ${status} No\r\n\r\n<html>`)), fault);
      });

    const REPLIES = ['PROXY_REFUSED', 'PROXY_REFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED'];
    for (const [index, code] of REPLIES.entries())
      it(`is named when its SOCKS reply is ${index + 1}`, async () => {
        const reply = Buffer.of(5, index + 1, 0, 1, 0, 0, 0, 0, 0, 0);
        assert.equal(await faultOf('socks5', saying(Buffer.of(5, 0), reply)), `network ${code}`);
      });

    const GARBAGE: readonly (readonly [string, string, readonly (string | Buffer)[]])[] = [
      ['answers CONNECT with something else', 'http', ['SSH-2.0-OpenSSH_9.2\r\n']],
      ['answers CONNECT with a status that is none', 'http', ['HTTP/1.1 OK\r\n\r\n']],
      ['never ends its head', 'http', [`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}`]],
      ['answers SOCKS with HTTP', 'socks5', ['HTTP/1.1 400 Bad Request\r\n\r\n']],
      ['chooses a login that was not offered', 'socks5', [Buffer.of(5, 1)]],
      ['answers the login in another language', 'socks5', [Buffer.of(5, 2), Buffer.of(9, 0)]],
      ['replies with an address of no kind', 'socks5', [Buffer.of(5, 0), Buffer.of(5, 0, 0, 7, 0, 0)]],
    ];
    for (const [what, scheme, answers] of GARBAGE)
      it(`is named when it ${what}`, async () => {
        assert.equal(await faultOf(scheme, saying(...answers)), 'network PROXY_MALFORMED');
      });

    it('is named when it wants a login that we have not', async () => {
      assert.equal(await faultOf('socks5', saying(Buffer.of(5, 0xff))), 'network PROXY_AUTH_REFUSED');
    });

    it('is named when it hangs up before the tunnel is there', async () => {
      assert.equal(
        await faultOf('http', ({ socket }) => void socket.on('data', () => socket.end())),
        'network PROXY_CLOSED',
      );
    });

    it('is named when it is not there', async () => {
      const gone = await startRawServer();
      await gone.close();
      for (const scheme of ['http', 'https', 'socks5']) {
        const exchange = ask(`${scheme}://u:canary@127.0.0.1:${gone.port}`, 'https://target.example:1/');
        assert.equal(await exchange.over(), 'network PROXY_ECONNREFUSED');
        assert.deepEqual(exchange.events, ['failure']);
      }
    });

    it('is named when its certificate is not its own', async () => {
      const server = await startHttpProxy({ tls: STRANGER });
      const exchange = ask(`https://localhost:${server.port}`, 'http://target.example:1/');
      assert.equal(await exchange.over(), 'network PROXY_DEPTH_ZERO_SELF_SIGNED_CERT');
      await server.close();
    });

    for (const scheme of ['http', 'https', 'socks5'])
      it(`is named when it hangs, as ${scheme}`, async () => {
        // Time passes only once it has heard us.
        const passed = Promise.withResolvers<void>();
        const server = await startRawServer({
          onConnection: ({ socket }) => void socket.on('data', () => passed.resolve()),
        });
        const clock = { ...systemClock, sleep: () => passed.promise };
        const exchange = ask(`${scheme}://127.0.0.1:${server.port}`, 'http://target.example:1/', { clock });
        assert.equal(await exchange.over(), 'timeout PROXY_TIMEOUT');
        assert.equal(exchange.failure?.phase, 'connect');
        await server.close();
      });

    it('may send its answer in single bytes, and the target’s first ones right behind it', async () => {
      const server = await startRawServer({
        onConnection: (connection) =>
          connection.socket.once('data', () => {
            for (const byte of 'HTTP/1.1 200 OK\r\nx: y\r\n\r') void connection.say(byte);
            void connection.say('\nfrom the target');
          }),
      });
      const policy = createEgressPolicy(['127.0.0.1'], []);
      const connect = connectThrough({ policy, clock: systemClock, names: PUBLIC })(
        addressOf(`http://127.0.0.1:${server.port}`),
      );
      const events: string[] = [];
      // A buffer that is too small for it takes it in several turns.
      const onread = {
        buffer: Buffer.alloc(10),
        callback: (bytes: number, read: Uint8Array) => events.push(Buffer.from(read.subarray(0, bytes)).toString()) > 0,
      };
      const tunnel = connect({ hostname: 'target.example', port: 1, secure: false, session: undefined, onread });
      tunnel.on('connect', () => events.push('connect'));
      const [connection] = [await server.connection()];
      await once(tunnel, 'connect');
      connection?.socket.end();
      await once(tunnel, 'close');
      assert.deepEqual(events, ['connect', 'from the t', 'arget']);
      await server.close();
    });
  });

  describe('the guard', () => {
    beforeEach(async () => {
      proxy = await startHttpProxy({ resolve });
    });
    afterEach(() => proxy.close());
    const url = (): string => `http://127.0.0.1:${proxy.port}`;

    it('refuses a proxy at a private address that was not named, and dials nothing', async () => {
      const exchange = ask(url(), 'http://target.example/', { allow: [] });
      assert.equal(await exchange.over(), 'network PROXY_EGRESS_DENIED');
      assert.match(exchange.failure?.message ?? '', /EGRESS_ALLOW/);
      const named = ask(`http://localhost:${proxy.port}`, 'http://target.example/', { allow: [] });
      assert.equal(await named.over(), 'network PROXY_EGRESS_DENIED');
      assert.equal(proxy.connections, 0);
    });

    for (const host of ['10.0.0.1', '169.254.169.254', '[::1]', '[::ffff:10.0.0.1]', '2130706434'])
      it(`refuses the literal target ${host} and does not even dial the proxy`, async () => {
        const exchange = ask(url(), `http://${host}/`);
        assert.equal(await exchange.over(), 'permission EGRESS_DENIED');
        assert.equal(proxy.connections, 0);
      });

    for (const [what, host, names] of [
      ['has only private addresses', 'rebind.example', () => Promise.resolve(['10.0.0.1', '192.168.0.1'])],
      ['is loopback', 'x.localhost', undefined],
      ['nobody knows and only a network of one’s own could', 'db.internal', undefined],
      ['is a single word that nobody knows', 'metadata', undefined],
    ] as const)
      it(`refuses a name that ${what}, and asks the proxy for nothing`, async () => {
        const exchange = ask(url(), `http://${host}/`, { allow: ['127.0.0.1'], ...(names && { names }) });
        assert.equal(await exchange.over(), 'permission EGRESS_DENIED');
        assert.deepEqual(proxy.greetings.join(''), '');
      });

    it('leaves a public name that we cannot resolve to the proxy', async () => {
      const names = (): Promise<never> => Promise.reject(new Error('no name service here'));
      assert.equal(await ask(url(), `http://target.example:${ports.plain}/`, { names }).over(), 'end');
      const silent = (): Promise<never> => new Promise(() => {});
      const policy = createEgressPolicy(['127.0.0.1'], []);
      const clock = {
        ...systemClock,
        sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms === 1000 ? 0 : ms, signal),
      };
      const connect = connectThrough({ policy, clock, names: silent });
      const made = upstreamsThrough(connect, new DeadlineWheel(clock));
      open.push(made);
      const request = { method: 'POST', url: `http://target.example:${ports.plain}/`, headers: {}, body: 'x' };
      assert.equal(await HeardExchange.begin(made.through(addressOf(url())), request).over(), 'end');
    });

    it('lets a target pass that was named', async () => {
      const host = `127.0.0.1:${ports.plain}`;
      assert.equal(await ask(url(), `http://${host}/`).over(), 'end');
      assert.deepEqual(proxy.asked, [host]);
    });
  });

  describe('upstreams', () => {
    beforeEach(async () => {
      proxy = await startHttpProxy({ resolve });
    });
    afterEach(() => proxy.close());
    const request = () => ({ method: 'POST', url: `http://target.example:${ports.plain}/`, headers: {}, body: 'x' });

    it('share no connection between two logins of one proxy, and one between equal ones', async () => {
      const made = upstreams();
      for (const login of ['a:1', 'a:2', 'a:1', 'b:1', 'b:1']) {
        const upstream = made.through(addressOf(`http://${login}@127.0.0.1:${proxy.port}`));
        assert.equal(await HeardExchange.begin(upstream, request()).over(), 'end');
      }
      assert.equal(made.size, 3);
      assert.equal(proxy.connections, 3);
    });

    it('go when nobody has used them for a minute, not while one is used, and come again', async () => {
      const clock = movableClock();
      const made = upstreams({ clock });
      const upstream = made.through(addressOf(`http://127.0.0.1:${proxy.port}`));
      const server = await startRawServer();
      const begin = () => HeardExchange.begin(upstream, { ...request(), url: `http://target.example:${server.port}/` });
      const answer = async (exchange: HeardExchange): Promise<void> => {
        const connection = server.connections.at(-1);
        await connection?.say(OK);
        assert.equal(await exchange.over(), 'end');
      };
      const stillThereAfter = (ms: number): void => {
        clock.advance(ms);
        assert.equal(made.size, 1);
      };
      const first = begin();
      await (await server.connection()).request();
      stillThereAfter(600_000);
      const second = begin();
      await (await server.connection()).request();
      await answer(second);
      // The first one still runs.
      stillThereAfter(60_000);
      first.control.abort();
      stillThereAfter(30_000);
      const third = begin();
      await (await server.connection()).request();
      stillThereAfter(600_000);
      await answer(third);
      stillThereAfter(59_000);
      clock.advance(1_000);
      assert.equal(made.size, 0);
      assert.equal(await HeardExchange.begin(upstream, request()).over(), 'end');
      assert.equal(made.size, 1);
      await server.close();
    });
  });
});

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
