import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { provider, post, startGateway, type TestGateway } from './support/test-gateway.ts';
import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';

const CHAT = { model: 'openai/gpt-test', messages: [{ role: 'user', content: 'hi' }] };
const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-test',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
};
const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const GOOD_STREAM = `${chunk({ role: 'assistant', content: '' })}${chunk({ content: 'hello' })}${chunk({}, 'stop')}data: [DONE]\n\n`;

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startGateway([provider('openai', `${upstream.url}/v1`, 'key-one', 'key-two', 'key-three')]);
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

it('moves to the next account when the first is rate-limited', async () => {
  upstream.seen.length = 0;
  upstream.answer = (_, response, number) =>
    number === 0
      ? sendJson(
          response,
          429,
          { error: { message: 'slow down', code: 'rate_limit_exceeded' } },
          { 'retry-after': '30' },
        )
      : sendJson(response, 200, ANSWER);
  const response = await post(gateway, '/v1/chat/completions', CHAT);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), ANSWER);
  const record = await gateway.nextRecord();
  assert.deepEqual(
    record.attempts.map(({ state }) => state),
    ['failed', 'success'],
  );
  assert.notEqual(record.attempts[0]?.accountId, record.attempts[1]?.accountId);
});

it('moves on when a stream fails before its first output event, and the client sees one clean stream', async () => {
  upstream.seen.length = 0;
  upstream.answer = (_, response, number) =>
    sendSse(
      response,
      number === 0
        ? `${chunk({ role: 'assistant', content: '' }).replace('"content":""', '"refusal":null')}data: {"error":{"message":"boom","type":"server_error"}}\n\n`
        : GOOD_STREAM,
    );
  const response = await post(gateway, '/v1/chat/completions', { ...CHAT, stream: true });
  assert.equal(await response.text(), GOOD_STREAM);
  assert.equal((await gateway.nextRecord()).attempts.length, 2);
});

it('ends with an error event and without the last word when the upstream is cut after output', async () => {
  upstream.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: 'half' }), () => setTimeout(() => response.destroy(), 20));
  };
  const response = await post(gateway, '/v1/chat/completions', { ...CHAT, stream: true });
  const text = await response.text();
  assert.ok(text.startsWith(chunk({ role: 'assistant', content: 'half' })), text);
  assert.match(text, /data: \{"error":/);
  assert.ok(!text.includes('[DONE]'));
  const record = await gateway.nextRecord();
  assert.equal(record.state, 'failed');
  assert.equal(record.attempts.length, 1);
  assert.equal(record.attempts[0]?.usage?.estimated, true);
});

it('says in Anthropic’s own words that a translated stream was cut', async () => {
  upstream.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: 'half' }), () => setTimeout(() => response.destroy(), 20));
  };
  const response = await post(gateway, '/v1/messages', { ...CHAT, max_tokens: 10, stream: true });
  const text = await response.text();
  assert.match(text, /event: error\ndata: \{"type":"error"/);
  assert.ok(!text.includes('message_stop'));
  await gateway.nextRecord();
});

for (const [path, more] of [
  ['/v1/chat/completions', {}],
  ['/v1/messages', { max_tokens: 10 }],
] as const)
  it(`ends with an error event where ${path} hears half an event last`, async () => {
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${chunk({ role: 'assistant', content: 'one' })}${chunk({ content: 'two' }).slice(0, 40)}`);
    };
    const response = await post(gateway, path, { ...CHAT, ...more, stream: true });
    const events = (await response.text()).split('\n\n').flatMap((each) => /^data: (.*)$/m.exec(each)?.[1] ?? []);
    const last = JSON.parse(events.at(-1) ?? '') as { error: { message: string } };
    assert.match(last.error.message, /ended before the answer was complete/);
    for (const each of events) assert.ok(JSON.parse(each));
    const { attempts } = await gateway.nextRecord();
    assert.equal(attempts.at(-1)?.failureKind, 'network');
  });

it('closes the upstream when the client leaves, and records what was used as an estimate', async () => {
  upstream.seen.length = 0;
  upstream.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: 'first' }));
  };
  const leaving = new AbortController();
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer pb_test_key_for_the_gateway_suite' },
    body: JSON.stringify({ ...CHAT, stream: true }),
    signal: leaving.signal,
  });
  await response.body?.getReader().read();
  leaving.abort();
  await upstream.seen[0]?.closedEarly;
  const record = await gateway.nextRecord();
  assert.equal(record.state, 'cancelled');
  assert.equal(record.attempts[0]?.state, 'cancelled');
  assert.equal(record.attempts[0]?.usage?.estimated, true);
});

it('closes the upstream when a client that does not stream leaves', async () => {
  upstream.seen.length = 0;
  const arrived = Promise.withResolvers<void>();
  upstream.answer = () => arrived.resolve();
  const leaving = new AbortController();
  const asking = fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer pb_test_key_for_the_gateway_suite' },
    body: JSON.stringify(CHAT),
    signal: leaving.signal,
  });
  await arrived.promise;
  leaving.abort();
  await assert.rejects(asking);
  await upstream.seen[0]?.closedEarly;
  const { state, attempts } = await gateway.nextRecord();
  assert.equal(state, 'cancelled');
  assert.equal(attempts[0]?.usage?.estimated, true);
  assert.ok((attempts[0]?.usage?.inputTokens ?? 0) > 0);
});
