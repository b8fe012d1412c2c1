import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from './support/test-gateway.ts';

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [
    { type: 'thinking', thinking: 'hm', signature: 'c2lnbmVk' },
    { type: 'text', text: 'hello' },
  ],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 },
};
const LOSSY = {
  model: 'anthropic/m',
  messages: [{ role: 'user', content: 'hi' }],
  seed: 7,
  logit_bias: { 50256: -100 },
};

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream((_, response) => sendJson(response, 200, MESSAGE));
  gateway = await startGateway([
    provider('anthropic', `${upstream.url}/v1`, 'key-a'),
    provider('openai', `${upstream.url}/v1`, 'key-o'),
  ]);
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

it('names in a header and in the record what the other dialect could not carry', async () => {
  const response = await post(gateway, '/v1/chat/completions', LOSSY);
  assert.equal(response.status, 200);
  const losses = response.headers.get('x-patchbay-losses') ?? '';
  assert.match(losses, /seed;dropped/);
  assert.match(losses, /logit_bias;dropped/);
  assert.match(losses, /content%5B0%5D\.signature;dropped|content\[0\]\.signature;dropped/);
  const record = await gateway.nextRecord();
  assert.ok(
    record.losses.some((line) => line.startsWith('seed: ')),
    record.losses.join('\n'),
  );
});

it('names in the record what a streamed answer lost, although its headers had left', async () => {
  const answer = upstream.answer;
  const { content, ...message } = MESSAGE;
  const [thought, text] = content;
  upstream.answer = (_, response) =>
    sendSse(
      response,
      [
        { type: 'message_start', message: { ...message, content: [] } },
        { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: thought?.signature } },
        { type: 'content_block_stop', index: 0 },
        { type: 'content_block_start', index: 1, content_block: text },
        { type: 'content_block_stop', index: 1 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
        { type: 'message_stop' },
      ]
        .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
        .join(''),
    );
  const response = await post(gateway, '/v1/chat/completions', { ...LOSSY, stream: true });
  await response.text();
  upstream.answer = answer;
  assert.match(response.headers.get('x-patchbay-losses') ?? '', /seed;dropped/);
  const { losses } = await gateway.nextRecord();
  assert.ok(losses.includes('content[0].signature: reasoning signature (dropped)'), losses.join('\n'));
  assert.ok(losses.some((line) => line.startsWith('seed: ')));
});

it('has no such header where nothing is lost', async () => {
  const response = await post(gateway, '/v1/messages', {
    model: 'anthropic/m',
    max_tokens: 5,
    messages: [{ role: 'user', content: 'hi' }],
  });
  assert.equal(response.headers.get('x-patchbay-losses'), null);
  await gateway.nextRecord();
});

it('refuses with the path, and asks no provider, when the caller is strict', async () => {
  upstream.seen.length = 0;
  const response = await post(gateway, '/v1/chat/completions', LOSSY, { 'x-patchbay-strict': 'true' });
  assert.equal(response.status, 400);
  const { error } = (await response.json()) as { error: { message: string; param: string } };
  assert.match(error.param, /seed|logit_bias/);
  assert.match(error.message, /x-patchbay-strict/);
  assert.equal(upstream.seen.length, 0);
  await gateway.nextRecord();
});

it('joins what one side says in a row, for strict callers too, because nothing is lost by it', async () => {
  upstream.seen.length = 0;
  const messages = ['one', 'two'].map((content) => ({ role: 'user', content }));
  for (const model of ['anthropic/claude-sonnet-4-5', 'anthropic/m']) {
    const response = await post(gateway, '/v1/chat/completions', { model, messages }, { 'x-patchbay-strict': 'true' });
    assert.equal(response.status, 200, await response.text());
    assert.doesNotMatch(response.headers.get('x-patchbay-losses') ?? '', /messages/);
    await gateway.nextRecord();
  }
  const sent = JSON.parse(String(upstream.seen[0]?.body)) as { messages: readonly unknown[] };
  const content = ['one', 'two'].map((text) => ({ type: 'text', text }));
  assert.deepEqual(sent.messages, [{ role: 'user', content }]);
});

it('names an image inside a tool result that OpenAI cannot take there, and moves it', async () => {
  upstream.answer = (_, response) =>
    sendJson(response, 200, {
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'seen' }, finish_reason: 'stop' }],
    });
  upstream.seen.length = 0;
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
  const response = await post(gateway, '/v1/messages', {
    model: 'openai/m',
    max_tokens: 5,
    messages: [
      { role: 'user', content: 'look' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'shot', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [image] }] },
    ],
  });
  assert.equal(response.status, 200, await response.text());
  assert.match(response.headers.get('x-patchbay-losses') ?? '', /;moved/);
  const sent = upstream.seen[0]?.body.toString() ?? '';
  assert.match(sent, /data:image\/png;base64,iVBORw0KGgo=/);
  assert.match(sent, /"tool_call_id":"toolu_1"/);
  await gateway.nextRecord();
});

it('hides the account’s key in a refusal that repeats it, for callers of either dialect', async () => {
  upstream.answer = (_, response) =>
    sendJson(response, 401, {
      error: { message: 'Incorrect API key provided: key-o.', type: 'invalid_request_error' },
    });
  for (const path of ['/v1/chat/completions', '/v1/messages']) {
    const response = await post(gateway, path, {
      model: 'openai/m',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'hi' }],
    });
    const text = await response.text();
    assert.equal(response.status, 401, text);
    assert.match(text, /Incorrect API key provided: \[secret\]/);
    assert.ok(!JSON.stringify(await gateway.nextRecord()).includes('key-o'));
  }
});
