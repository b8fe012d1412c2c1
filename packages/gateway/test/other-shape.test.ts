import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

const COMPLETION = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello there' }, finish_reason: 'length' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};
const chunk = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const STREAM = `: hi\n\n${chunk({ role: 'assistant', content: 'hello ' }, null)}${chunk({ content: 'there' }, 'length')}data: [DONE]\n\n`;

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;

before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startGateway([provider('openai', `${upstream.url}/v1`, 'key')]);
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

const REQUEST = { model: 'openai/m', max_tokens: 5, messages: [{ role: 'user' as const, content: 'hi' }] };

it('streams a whole answer to clients that asked for a stream', async () => {
  upstream.answer = (_, response) => sendJson(response, 200, COMPLETION);
  const chat = await openai.chat.completions.stream(REQUEST).finalChatCompletion();
  assert.equal(chat.choices[0]?.message.content, 'hello there');
  assert.equal(chat.choices[0]?.finish_reason, 'length');
  const message = await anthropic.messages.stream(REQUEST).finalMessage();
  assert.deepEqual(
    message.content.map((block) => block.type === 'text' && block.text),
    ['hello there'],
  );
  assert.equal(message.stop_reason, 'max_tokens');
});

it('gathers a stream for clients that asked for a whole answer', async () => {
  upstream.answer = (_, response) => sendSse(response, STREAM);
  const chat = await openai.chat.completions.create(REQUEST);
  assert.equal(chat.choices[0]?.message.content, 'hello there');
  const message = await anthropic.messages.create(REQUEST);
  assert.equal(message.stop_reason, 'max_tokens');
});

it('knows a stream although its content type says otherwise', async () => {
  upstream.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(STREAM);
  };
  const message = await anthropic.messages.stream(REQUEST).finalMessage();
  assert.deepEqual(
    message.content.map((block) => block.type === 'text' && block.text),
    ['hello there'],
  );
});

it('calls an answer that is neither a fault of the provider', async () => {
  upstream.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html>maintenance</html>');
  };
  await assert.rejects(anthropic.messages.create(REQUEST), (error: unknown) => {
    assert.ok(error instanceof Anthropic.APIError);
    assert.equal(error.status, 502);
    return true;
  });
});
