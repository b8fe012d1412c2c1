import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, it } from 'node:test';

import { startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

const CLIENTS = 200;
const MEMORY_MAX = 32 * 1024 * 1024;
const EVENT = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: 'x'.repeat(8000) } }] })}\n\n`;

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let endless = 0;

before(async () => {
  upstream = await startUpstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    endless += 1;
    const more = (): void => {
      while (!response.destroyed && response.write(EVENT));
    };
    response.on('drain', more);
    response.on('close', () => (endless -= 1));
    more();
  });
  gateway = await startGateway([provider('openai', `${upstream.url}/v1`, 'key')], { clientStallMs: 1500 });
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

function neverReading(): Socket {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  const body = JSON.stringify({ model: 'openai/m', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TEST_KEY}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  socket.on('error', () => undefined);
  return socket;
}

it('spends little on clients that never read and cuts them, together with their upstreams', async () => {
  await (await neverReadingOnce()).closed;
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const sockets = Array.from({ length: CLIENTS }, neverReading);
  while (endless < CLIENTS) await new Promise((resolve) => setTimeout(resolve, 10));
  const grown = process.memoryUsage().rss - before;
  while (endless > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const socket of sockets) socket.destroy();
  assert.ok(grown <= MEMORY_MAX, `${CLIENTS} clients cost ${(grown / 2 ** 20).toFixed(1)} MiB`);
  const records = gateway.records.slice(-CLIENTS);
  assert.equal(records.length, CLIENTS);
  for (const { state, attempts } of records) {
    assert.equal(state, 'cancelled');
    assert.equal(attempts[0]?.usage?.estimated, true);
  }
});

/** One such client warms every path up, so that the measurement counts clients and not code. */
async function neverReadingOnce(): Promise<{ closed: Promise<unknown> }> {
  const record = gateway.nextRecord();
  const socket = neverReading();
  await once(socket, 'connect');
  return { closed: record.then(() => socket.destroy()) };
}

it('goes on serving others', async () => {
  const response = await post(gateway, '/v1/chat/completions', {
    model: 'simulator/echo',
    messages: [{ role: 'user', content: 'still here' }],
  });
  assert.match(await response.text(), /still here/);
});
