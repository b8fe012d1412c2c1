import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';

import { systemClock, type Clock } from '@patchbay/llm/model/clock';

import { drain } from './drain.ts';

/** Time that passes only while somebody sleeps, so that a long wait takes no time. */
function sleepyClock(): Clock {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: (ms) => {
      nowMs += ms;
      return new Promise((resolve) => setImmediate(resolve));
    },
    every: () => () => {},
  };
}

async function serve(test: TestContext, listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.closeAllConnections());
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function answerTo(url: string, agent: Agent): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  return response;
}

function keepAlive(test: TestContext): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  test.after(() => agent.destroy());
  return agent;
}

const nothing = (): void => {};

describe('drain', () => {
  it('announces first and takes no connection afterwards', async (test) => {
    const { server, url } = await serve(test, (_, response) => response.end());
    let listeningWhenAnnounced = false;
    const announce = (): void => {
      listeningWhenAnnounced = server.listening;
    };
    assert.equal(await drain({ server, clock: sleepyClock(), inFlight: () => 0, drainMs: 1000, announce }), true);
    assert.equal(listeningWhenAnnounced, true);
    await assert.rejects(fetch(url));
  });

  it('waits for running calls and says that all of them ended', async (test) => {
    const { server } = await serve(test, nothing);
    let left = 3;
    const inFlight = (): number => (left > 0 ? left-- : 0);
    assert.equal(await drain({ server, clock: sleepyClock(), inFlight, drainMs: 60_000, announce: nothing }), true);
  });

  it('cuts calls that outlive the limit and says so', async (test) => {
    const { server, url } = await serve(test, (_, response) => response.write('never ends'));
    const response = await answerTo(url, keepAlive(test));
    const cut = once(response, 'error');
    assert.equal(
      await drain({ server, clock: sleepyClock(), inFlight: () => 1, drainMs: 60_000, announce: nothing }),
      false,
    );
    assert.equal(((await cut) as [NodeJS.ErrnoException])[0].code, 'ECONNRESET');
  });

  it('does not wait at all when the limit is zero', async (test) => {
    const { server } = await serve(test, nothing);
    const clock: Clock = { ...sleepyClock(), sleep: () => assert.fail('slept') };
    assert.equal(await drain({ server, clock, inFlight: () => 1, drainMs: 0, announce: nothing }), false);
  });

  it('lets a client read the rest of an answer whose call is over', async (test) => {
    const size = 8 * 1024 * 1024;
    let running = 0;
    const { server, url } = await serve(test, (_, response) => {
      running += 1;
      response.end(Buffer.alloc(size));
      running -= 1;
    });
    const response = await answerTo(url, keepAlive(test));
    const drained = drain({ server, clock: systemClock, inFlight: () => running, drainMs: 1000, announce: nothing });
    let received = 0;
    for await (const chunk of response) received += (chunk as Buffer).length;
    assert.equal(received, size);
    assert.equal(await drained, true);
  });

  it('is not held up by a client that never reads or never asks', async (test) => {
    const { server, url } = await serve(test, (_, response) => response.end(Buffer.alloc(8 * 1024 * 1024)));
    const closed: Promise<unknown>[] = [];
    server.on('connection', (socket) => closed.push(once(socket, 'close')));
    const accepted = once(server, 'connection');
    const silent = connect(Number(new URL(url).port), '127.0.0.1');
    test.after(() => silent.destroy());
    await accepted;
    await answerTo(url, keepAlive(test));
    assert.equal(closed.length, 2);
    const parts = { server, clock: sleepyClock(), inFlight: () => 0, drainMs: 60_000, announce: nothing };
    assert.equal(await drain(parts), true);
    await Promise.all(closed);
  });

  it('serves requests that come over open connections while it waits, and asks their clients to leave', async (test) => {
    const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let running = 0;
    const held: (() => void)[] = [];
    const { server, url } = await serve(test, (request, response) => {
      running += 1;
      held.push(() => {
        running -= 1;
        response.end(request.url);
      });
      asked[held.length - 1]?.resolve();
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const closed = once(socket, 'close');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.write('GET /before HTTP/1.1\r\nHost: a\r\n\r\n');
    await asked[0].promise;
    const drained = drain({ server, clock: systemClock, inFlight: () => running, drainMs: 60_000, announce: nothing });
    socket.write('GET /during HTTP/1.1\r\nHost: a\r\n\r\n');
    await asked[1].promise;
    for (const answer of held) answer();
    assert.equal(await drained, true);
    await closed;
    const [before = '', during = ''] = received.split(/(?=HTTP\/1\.1 )/);
    assert.match(before, /200 OK[^]*\/before/);
    assert.match(during, /200 OK[^]*\r\nconnection: close\r\n[^]*\/during/i);
  });
});
