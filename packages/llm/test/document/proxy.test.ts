import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';

import * as llm from '../../src/index.ts';
import { proxyExchange, type ProxyOptions } from '../../src/node.ts';
import { startHttpProxy, startSocksProxy } from '../../src/testing/local-proxies.ts';
import { startSimulatorServer } from '../../src/testing/simulator-server.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** A client whose provider lives at a name that only the proxy knows. */
async function behind(options: ProxyOptions): Promise<llm.Client> {
  const server = await startSimulatorServer();
  const exchange = proxyExchange({ tunnel: true, ...options });
  open.push(server, exchange);
  const { port } = new URL(server.url);
  return llm.createClient({
    providers: [{ ...llm.PROVIDERS.openai, baseUrl: `http://api.provider.example:${port}/v1` }],
    credentials: { openai: 'key' },
    exchange,
    attemptsMax: 1,
  });
}

const resolve = (): string => '127.0.0.1';

describe('Connection Problems', () => {
  it('goes through the proxy of the environment', async () => {
    const proxy = await startHttpProxy({ resolve, login: 'user:p@ss' });
    open.push(proxy);
    const client = await behind({ env: { HTTP_PROXY: `http://user:p%40ss@localhost:${proxy.port}` } });
    assert.equal((await client.generate({ model: 'openai/echo', prompt: 'one' })).text, 'one');
    assert.equal((await client.stream({ model: 'openai/echo', prompt: 'one two' }).result()).text, 'one two');
    assert.match(proxy.asked[0] ?? '', /^api\.provider\.example:\d+$/);
  });

  it('goes through a SOCKS 5 proxy, which looks names up', async () => {
    const proxy = await startSocksProxy({ resolve });
    open.push(proxy);
    const client = await behind({ proxy: `socks5://localhost:${proxy.port}` });
    assert.equal((await client.stream({ model: 'openai/echo', prompt: 'one two' }).result()).text, 'one two');
    assert.match(proxy.asked[0] ?? '', /^api\.provider\.example:/);
  });

  it('asks directly what NO_PROXY names', async () => {
    const proxy = await startHttpProxy({ resolve });
    open.push(proxy);
    const client = await behind({
      env: { HTTP_PROXY: `http://localhost:${proxy.port}`, NO_PROXY: '.provider.example' },
    });
    // Nobody but the proxy knows the name.
    await assert.rejects(client.generate({ model: 'openai/echo', prompt: 'x' }), (error: unknown) => {
      assert.ok(error instanceof llm.LlmError);
      assert.equal(error.failure.kind, 'network');
      assert.match(error.failure.code ?? '', /^(?:ENOTFOUND|EAI_AGAIN)$/);
      return true;
    });
    assert.deepEqual(proxy.asked, []);
  });

  it('names the proxy when that is the problem', async () => {
    const client = await behind({ proxy: 'http://me:canary@localhost:1' });
    await assert.rejects(client.generate({ model: 'openai/echo', prompt: 'x' }), (error: unknown) => {
      assert.ok(error instanceof llm.LlmError);
      assert.equal(error.failure.code, 'PROXY_ECONNREFUSED');
      assert.ok(!JSON.stringify(error.failure).includes('canary'));
      return true;
    });
  });
});

describe('Connection Pool Exhaustion', () => {
  it('keeps no more connections to a host than it is told to', async () => {
    let [now, most] = [0, 0];
    const server = createServer((_request, response) => {
      setImmediate(() => response.end('ok'));
    });
    server.on('connection', (socket) => {
      now += 1;
      most = Math.max(most, now);
      socket.on('close', () => (now -= 1));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const exchange = proxyExchange({ connectionsMax: 3 });
    open.push({ close: async () => void server.close() }, exchange);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const ask = async (): Promise<void> => {
      const sent = await exchange.send({ method: 'GET', url, headers: {} }, new AbortController().signal);
      assert.ok(sent.ok);
      for await (const _ of sent.value.body);
    };
    await Promise.all(Array.from({ length: 30 }, ask));
    assert.ok(most >= 1 && most <= 3, `${most} connections`);
  });
});
