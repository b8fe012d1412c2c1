import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { PROCESS_KEY, startProcess, type GatewayProcess } from './support/gateway-process.ts';
import { startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';

const CLIENTS = 200;
/** What has been measured is 17 to 25 MiB; without care for spent bytes it was 200. */
const MEMORY_MAX = 32 * 1024 * 1024;
const STALL_MS = 2000;
const EVENT = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: 'x'.repeat(8000) } }] })}\n\n`;

let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let running = 0;
let begun = 0;

function neverReading(): Socket {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined).pause();
  const body = JSON.stringify({ model: 'openai/m', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${PROCESS_KEY}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 25));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await soon();
}

async function highestMemory(condition: () => boolean): Promise<number> {
  let highest = 0;
  while (!condition()) {
    highest = Math.max(highest, await gateway.residentBytes());
    await soon();
  }
  return highest;
}

// Hooks of a block end before the suite does: stopping takes longer than the suite waits for what is left over.
describe('clients that never read', () => {
  before(async () => {
    upstream = await startUpstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      running += 1;
      begun += 1;
      const more = (): void => {
        while (!response.destroyed && response.write(EVENT));
      };
      response.on('drain', more);
      response.on('close', () => (running -= 1));
      more();
    });
    gateway = await startProcess({
      OPENAI_API_KEY: 'account-key',
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      CLIENT_STALL_MS: String(STALL_MS),
    });
  });

  after(async () => {
    await gateway.stop();
    await gateway.remove();
    await upstream.close();
  });

  it('cost little and are cut, together with their upstreams', async () => {
    // A few such clients warm every path up, so that clients are measured and not code.
    const first = Array.from({ length: 20 }, neverReading);
    await Promise.all(first.map((socket) => once(socket, 'connect')));
    await until(() => begun === 20);
    await until(() => running === 0);
    for (const socket of first) socket.destroy();
    const before = await gateway.residentBytes();
    const sockets = Array.from({ length: CLIENTS }, neverReading);
    const highest = await highestMemory(() => begun === 20 + CLIENTS);
    const held = await highestMemory(() => running === 0);
    for (const socket of sockets) socket.destroy();
    const grown = Math.max(highest, held) - before;
    assert.ok(grown <= MEMORY_MAX, `${CLIENTS} clients cost ${(grown / 2 ** 20).toFixed(1)} MiB`);
  });

  it('take nothing from others', async () => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PROCESS_KEY}` },
      body: JSON.stringify({ model: 'simulator/echo', messages: [{ role: 'user', content: 'still here' }] }),
    });
    assert.match(await response.text(), /still here/);
  });
});
