import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { afterEach, describe, it } from 'node:test';

import { createBackend, loadBackendSettings, parseBackendSettings } from '../../src/backend.ts';
import { listen } from '../../src/node.ts';
import { beginSse, endSse, startFake } from '../document/fake-provider.ts';
import { ask, backendOver, eventsOf, providerAt } from './backend-of.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

describe('a backend behind node:http', () => {
  it('answers, streams, and hears of callers who leave', async () => {
    const server = await startFake((response, { body }) => {
      beginSse(response, ['one', ' two']);
      if (!body.includes('stay')) endSse(response);
    });
    const listening = await listen(backendOver(providerAt(server.url)), { port: 0 });
    open.push(listening, server);
    const health = await fetch(`${listening.url}/health`);
    assert.equal(health.status, 200);
    const generate = (prompt: string, signal?: AbortSignal): Promise<Response> =>
      fetch(`${listening.url}/api/generate`, {
        method: 'POST',
        body: JSON.stringify({ prompt, stream: true }),
        ...(signal && { signal }),
      });
    const events = await eventsOf(await generate('x'));
    assert.equal(events.at(-1), '[DONE]');
    const leaving = new AbortController();
    const left = await generate('stay', leaving.signal);
    await left.body?.getReader().read();
    leaving.abort();
    assert.equal(await server.requests[1]?.closed, 'left');
  });

  it('answers 400 to what no request can be', async () => {
    const listening = await listen(backendOver(providerAt('http://127.0.0.1:9')), { port: 0 });
    open.push(listening);
    const socket = connect(Number(new URL(listening.url).port), '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n');
    const [first] = (await once(socket, 'data')) as [Buffer];
    assert.match(String(first), /^HTTP\/1\.1 400/);
    socket.destroy();
  });

  it('lets running answers end before it closes, up to its bound', async () => {
    const server = await startFake((response) => beginSse(response, ['one']));
    const listening = await listen(backendOver(providerAt(server.url)), { port: 0, shutdownTimeoutMs: 10 });
    open.push(server);
    const body = JSON.stringify({ prompt: 'x', stream: true });
    const response = await fetch(`${listening.url}/api/generate`, { method: 'POST', body });
    const reader = response.body?.getReader();
    await reader?.read();
    await listening.close();
    await assert.rejects(async () => {
      while (!(await reader?.read())?.done);
    });
  });
});

const YAML = `
server:
  port: 9090
  read_timeout: 5s
  shutdown_timeout: 10
  version: 3.2.1
auth:
  enabled: true
  api_key_env: BACKEND_KEY
  public_paths: [/health]
logging:
  level: debug
  format: text
cors:
  enabled: true
  allowed_origins: ["https://app.example"]
providers:
  simulator:
    model: echo
extensions:
  cache:
    enabled: false
    config: { ttl: 3 }
`;

describe('settings of a backend', () => {
  it('are read from a file and serve as they are', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'backend-'));
    const file = path.join(folder, 'config.yaml');
    await writeFile(file, YAML);
    const settings = await loadBackendSettings(file, { env: { BACKEND_KEY: 'key-of-the-backend' } });
    await rm(folder, { recursive: true });
    const { port, readTimeoutMs, shutdownTimeoutMs, host } = settings.server;
    assert.deepEqual([host, port, readTimeoutMs, shutdownTimeoutMs], ['127.0.0.1', 9090, 5000, 10_000]);
    assert.deepEqual(settings.extensionConfigs, { cache: { enabled: false, config: { ttl: 3 } } });
    assert.deepEqual([settings.logLevel, settings.logFormat], ['debug', 'text']);
    const backend = createBackend({ ...settings, extensions: [{ name: 'cache' }] });
    assert.equal((await ask(backend, 'GET /version')).status, 401);
    const { data } = await ask(
      backend,
      'POST /api/generate',
      { prompt: 'one two' },
      { authorization: 'Bearer key-of-the-backend' },
    );
    assert.deepEqual([data['content'], data['provider']], ['one two', 'simulator']);
  });

  it('name every mistake', async () => {
    const wrong = `
server: { port: 99999, read_timeout: soon }
auth: { enabled: true }
logging: { format: xml }
cors: { allowed_origins: everywhere }
extensions: [cache]
providers: { simulator: {} }
`;
    await assert.rejects(parseBackendSettings(wrong, { env: {} }), ({ message }: Error) => {
      for (const path of [
        'server.port',
        'server.read_timeout',
        'auth.api_password',
        'logging.format',
        'cors.allowed_origins',
        'extensions',
      ])
        assert.ok(message.includes(path), path);
      return true;
    });
    await assert.rejects(loadBackendSettings('/nowhere/config.yaml', { env: {} }), /does not exist/);
    await assert.rejects(parseBackendSettings('server: { host: "${NOPE}" }', { env: {} }), /NOPE/);
  });
});
