import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createServer as createPlainServer,
  request as requestPlain,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createSafeServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';

import { startHttpProxy, startSocksProxy, type LocalProxy } from '../testing/local-proxies.ts';
import { selfSigned } from '../testing/self-signed.ts';
import { proxyExchange, type ProxiedExchange, type ProxyOptions } from './proxied-exchange.ts';

const TARGET = selfSigned('target.example');
const PROXY = selfSigned('localhost');
const LOGIN = 'us%er:canary:p@ss';
const WRITTEN = 'us%25er:canary%3Ap%40ss@';
/** Names only the proxy knows. */
const resolve = (hostname: string): string => (hostname.endsWith('.example') ? '127.0.0.1' : hostname);
const NEVER = new AbortController().signal;

const ports = { plain: 0, safe: 0 };
const servers: Server[] = [];
const open: { close(): Promise<void> }[] = [];

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const echo: RequestListener = (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  request.pipe(response);
};

before(async () => {
  ports.plain = await listen(createPlainServer(echo));
  ports.safe = await listen(createSafeServer(TARGET, echo) as unknown as Server);
});
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function started(kind: 'http' | 'https' | 'socks5', login?: string): Promise<LocalProxy> {
  const options = { resolve, ...(login !== undefined && { login }), ...(kind === 'https' && { tls: PROXY }) };
  const proxy = await (kind === 'socks5' ? startSocksProxy : startHttpProxy)(options);
  open.push(proxy);
  return proxy;
}

function exchange(options: ProxyOptions): ProxiedExchange {
  const made = proxyExchange({ ca: TARGET.cert + PROXY.cert, ...options });
  open.push(made);
  return made;
}

async function ask(through: ProxiedExchange, url: string, body = 'hello'): Promise<string> {
  const sent = await through.send({ method: 'POST', url, headers: {}, body }, NEVER);
  assert.ok(sent.ok, JSON.stringify(sent));
  assert.equal(sent.value.headers['content-type'], 'text/event-stream');
  const chunks: Uint8Array[] = [];
  for await (const chunk of sent.value.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('proxyExchange', { timeout: 60_000 }, () => {
  for (const kind of ['http', 'https', 'socks5'] as const) {
    it(`goes through an ${kind} proxy, with a login, to plain and secure addresses`, async () => {
      const proxy = await started(kind, LOGIN);
      const through = exchange({ proxy: `${kind}://${WRITTEN}localhost:${proxy.port}`, tunnel: true });
      const body = 'x'.repeat(300_000);
      assert.equal(await ask(through, `https://target.example:${ports.safe}/`, body), body);
      assert.equal(await ask(through, `http://target.example:${ports.plain}/`, body), body);
      assert.deepEqual(proxy.asked, [`target.example:${ports.safe}`, `target.example:${ports.plain}`]);
    });

    it(`says that an ${kind} proxy refuses the login, without the password`, async () => {
      const proxy = await started(kind, LOGIN);
      const through = exchange({ proxy: `${kind}://me:canary@localhost:${proxy.port}`, tunnel: true });
      const request = { method: 'GET', url: `https://target.example:${ports.safe}/`, headers: {} };
      const sent = await through.send(request, NEVER);
      assert.ok(!sent.ok);
      assert.equal(sent.failure.kind, 'network');
      assert.match(sent.failure.code ?? '', /^PROXY_/);
      assert.match(sent.failure.message, new RegExp(`^The proxy ${kind}://localhost:${proxy.port} refuses the user`));
      assert.ok(!JSON.stringify(sent).includes('canary'));
      assert.deepEqual(proxy.asked, []);
    });
  }

  it('asks an HTTP proxy to forward plain addresses, unless told to ask for a tunnel', async () => {
    const forwarded: (string | undefined)[] = [];
    const port = await listen(
      createPlainServer((request, response) => {
        forwarded.push(request.url);
        const target = requestPlain({ port: ports.plain, method: request.method ?? 'GET' }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        });
        request.pipe(target);
      }),
    );
    const through = exchange({ env: { http_proxy: `http://localhost:${port}` } });
    assert.equal(await ask(through, `http://target.example:${ports.plain}/v1`), 'hello');
    assert.deepEqual(forwarded, [`http://target.example:${ports.plain}/v1`]);
  });

  it('asks directly what no rule sends elsewhere', async () => {
    const proxy = await started('http');
    const env = { ALL_PROXY: `http://localhost:${proxy.port}`, NO_PROXY: '127.0.0.1' };
    assert.equal(await ask(exchange({ env }), `http://127.0.0.1:${ports.plain}/`), 'hello');
    assert.equal(proxy.connections, 0);
  });

  it('names the proxy that is not there', async () => {
    const proxy = await started('http');
    await proxy.close();
    open.pop();
    const sent = await exchange({ proxy: `http://localhost:${proxy.port}` }).send(
      { method: 'GET', url: 'https://target.example/', headers: {} },
      NEVER,
    );
    assert.ok(!sent.ok);
    assert.equal(sent.failure.code, 'PROXY_ECONNREFUSED');
    assert.ok(sent.failure.message.includes(`the proxy http://localhost:${proxy.port} (ECONNREFUSED)`));
  });

  it('stops when the caller leaves', async () => {
    const proxy = await started('http');
    const leaving = new AbortController();
    const through = exchange({ proxy: `http://localhost:${proxy.port}` });
    const sending = through.send({ method: 'GET', url: 'https://target.example:1/', headers: {} }, leaving.signal);
    leaving.abort();
    const sent = await sending;
    assert.ok(!sent.ok && sent.failure.kind === 'cancelled');
  });

  it('says what to install when undici is missing', async () => {
    const hooks = `import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        if (name === 'undici') throw Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' });
        return next(name, context);
      } });`;
    const program = `const { proxyExchange } = await import(${JSON.stringify(new URL('proxied-exchange.ts', import.meta.url).href)});
      const sent = await proxyExchange({ proxy: 'http://localhost:1' }).send(
        { method: 'GET', url: 'https://a.example/', headers: {} }, new AbortController().signal);
      console.log(JSON.stringify(sent));`;
    const child = spawn(
      process.execPath,
      ['--conditions=patchbay-src', '--input-type=module', '-e', `${hooks}${program}`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    const sent = JSON.parse(output) as { readonly failure?: { readonly code: string; readonly message: string } };
    assert.equal(sent.failure?.code, 'undici_missing');
    assert.match(sent.failure.message, /npm install undici/);
  });
});
