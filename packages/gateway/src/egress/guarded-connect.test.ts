import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { guardedConnect, type Connect } from './guarded-connect.ts';
import { createEgressPolicy } from './policy.ts';

/** One server on loopback, and how often something connected to it. */
const server = createServer((_, response) => response.setHeader('content-length', 7).end('reached'));
let connections = 0;
let port = 0;

interface Route {
  readonly allow?: readonly string[];
  readonly origins?: readonly string[];
  /** Address of every name; absent: the real name service. */
  readonly addresses?: readonly string[];
}

/** What `GET host` brings over a connection of its own; the name is read as the one in a URL is. */
async function get(host: string, { allow = [], origins = [], addresses }: Route = {}): Promise<string> {
  const policy = createEgressPolicy(allow, origins);
  const names = addresses && (() => Promise.resolve(addresses));
  return await talk(
    guardedConnect(policy, systemClock, names),
    new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, ''),
  );
}

/** Everything the server says to one request; rejects with the socket's error. */
async function talk(connect: Connect, hostname: string): Promise<string> {
  const buffer = Buffer.alloc(4096);
  let text = '';
  const onread = { buffer, callback: (bytes: number) => (text += buffer.toString('latin1', 0, bytes)) !== '' };
  const socket = connect({ hostname, port, secure: false, session: undefined, onread });
  socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  await once(socket, 'close');
  return text.slice(text.indexOf('\r\n\r\n') + 4);
}

const denied = (what: string) => (error: Error & { code?: string }) =>
  error.code === 'EGRESS_DENIED' && error.message.includes(what) && error.message.includes('EGRESS_ALLOW');

describe('guarded connect', () => {
  before(async () => {
    server.on('connection', () => (connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '0.0.0.0', '[::1]'])
    it(`denies the literal address ${host} and dials nothing`, async () => {
      const before = connections;
      await assert.rejects(get(host), denied('is not a public address'));
      assert.equal(connections, before);
    });

  for (const host of ['localhost', 'LOCALHOST', 'localhost.', 'any.localhost'])
    it(`denies the name ${host}, which is loopback, and dials nothing`, async () => {
      const before = connections;
      await assert.rejects(get(host), denied('has no public address'));
      assert.equal(connections, before);
    });

  it('denies a name of the public internet that leads to a private address', async () => {
    const before = connections;
    await assert.rejects(get('rebind.example', { addresses: ['127.0.0.1'] }), denied('rebind.example'));
    assert.equal(connections, before);
  });

  it('dials a literal address that was named, alone or by its network', async () => {
    assert.equal(await get('127.0.0.1', { allow: ['127.0.0.1'] }), 'reached');
    assert.equal(await get('127.0.0.1', { allow: ['127.0.0.0/8'] }), 'reached');
  });

  it('dials the host of a base URL from the settings', async () => {
    assert.equal(await get('127.0.0.1', { origins: ['http://127.0.0.1:1234/v1'] }), 'reached');
    assert.equal(await get('localhost', { origins: ['http://localhost:1234/v1'] }), 'reached');
  });

  it('dials a named host wherever it leads', async () => {
    assert.equal(await get('localhost', { allow: ['localhost'] }), 'reached');
    assert.equal(await get('gpu-box', { allow: ['gpu-box'], addresses: ['127.0.0.1'] }), 'reached');
  });

  it('dials only those addresses of a name that are allowed', async () => {
    const addresses = ['10.255.255.1', '127.0.0.1'];
    assert.equal(await get('mixed.example', { allow: ['127.0.0.1'], addresses }), 'reached');
  });

  it('does not take the name of one host for another', async () => {
    await assert.rejects(get('127.0.0.1', { allow: ['localhost'] }), denied('127.0.0.1'));
    await assert.rejects(get('localhost', { allow: ['gpu-box'] }), denied('localhost'));
  });

  it('passes on why a name was not found', async () => {
    const connect = guardedConnect(createEgressPolicy([], []), systemClock, () =>
      Promise.reject(Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' })),
    );
    await assert.rejects(talk(connect, 'nowhere.example'), { code: 'ENOTFOUND' });
  });
});
