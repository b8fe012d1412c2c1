import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';

import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from './support/test-gateway.ts';

const ANSWER = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'here' }, finish_reason: 'stop' }],
};
const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const STREAM = `${chunk({ role: 'assistant', content: 'here' })}${chunk({}, 'stop')}data: [DONE]\n\n`;
const TIMEOUTS = { connectMs: 300, headersMs: 300, firstTokenMs: 300, idleMs: 300, totalMs: 10_000 };

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startGateway(
    [
      provider('openai', `${upstream.url}/v1`, 'key-one', 'key-two'),
      provider('groq', `http://127.0.0.1:${await closedPort()}/v1`, 'key-groq'),
    ],
    { timeouts: TIMEOUTS, aliases: new Map([['fast', ['groq/gone', 'openai/m']]]) },
  );
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

/** A port that nobody listens on: connections to it are refused. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const ask = (body: object): Promise<Response> =>
  post(gateway, '/v1/chat/completions', { model: 'openai/m', messages: [{ role: 'user', content: 'hi' }], ...body });

const phases = async (): Promise<unknown> =>
  (await gateway.nextRecord()).attempts.map(
    ({ state, failureKind, failurePhase }) => failurePhase ?? failureKind ?? state,
  );

it('moves on from an upstream that takes the request and says nothing', async () => {
  upstream.seen.length = 0;
  upstream.answer = (_, response, number) => (number === 0 ? undefined : sendJson(response, 200, ANSWER));
  assert.deepEqual(await (await ask({})).json(), ANSWER);
  assert.deepEqual(await phases(), ['headers', 'success']);
  await upstream.seen[0]?.closedEarly;
});

it('moves on from a stream that begins and brings no token', async () => {
  upstream.seen.length = 0;
  upstream.answer = (_, response, number) => {
    if (number > 0) return sendSse(response, STREAM);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': keep-alive\n\n');
    return undefined;
  };
  assert.equal(await (await ask({ stream: true })).text(), STREAM);
  assert.deepEqual(await phases(), ['first-token', 'success']);
});

it('moves to an alias’s next target when a connection is refused', async () => {
  upstream.answer = (_, response) => sendJson(response, 200, ANSWER);
  assert.equal((await ask({ model: 'fast' })).status, 200);
  const { attempts } = await gateway.nextRecord();
  assert.equal(attempts[0]?.providerId, 'groq');
  assert.equal(attempts[0]?.failureKind, 'network');
  assert.equal(attempts.at(-1)?.providerId, 'openai');
  assert.equal(attempts.at(-1)?.state, 'success');
});

it('asks a target that failed again and again only when nothing else answers', async () => {
  upstream.answer = (_, response) => sendJson(response, 200, ANSWER);
  for (let call = 0; call < 5; call += 1) {
    assert.equal((await ask({ model: 'fast' })).status, 200);
    await gateway.nextRecord();
  }
  assert.equal((await ask({ model: 'fast' })).status, 200);
  const { attempts } = await gateway.nextRecord();
  assert.deepEqual(
    attempts.map(({ providerId }) => providerId),
    ['openai'],
  );
});

it('ends a stream that falls silent after output with an error event', async () => {
  upstream.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: 'half' }));
  };
  const text = await (await ask({ stream: true })).text();
  assert.match(text, /half/);
  assert.match(text, /data: \{"error":/);
  assert.ok(!text.includes('[DONE]'));
  assert.deepEqual(await phases(), ['idle']);
});

it('says 504 in the caller’s dialect when every account stays silent', async () => {
  upstream.answer = () => undefined;
  const response = await post(gateway, '/v1/messages', {
    model: 'openai/m',
    max_tokens: 5,
    messages: [{ role: 'user', content: 'hi' }],
  });
  assert.equal(response.status, 504);
  assert.equal(((await response.json()) as { error: { type: string } }).error.type, 'timeout_error');
  await gateway.nextRecord();
});
