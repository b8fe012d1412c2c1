import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

import { sendSse, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

// What servers that nearly speak OpenAI's format send, and what official clients of other dialects make of it.

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const call = (city: string): string =>
  chunk({ tool_calls: [{ index: 0, id: '', type: 'function', function: { name: 'weather', arguments: { city } } }] });
/** Signs of life in every shape, two calls of one number without ids, and a stop that does not tell of them. */
const ODD = `data:\n\n: PROCESSING\n\n${chunk({ role: 'assistant', content: 'So.' }, '')}data: : keepalive\n\n${call('Rome')}data: \n\n${call('Oslo')}${chunk({}, 'STOP')}data: [DONE] \n\n`;
/** An error without the word, behind a first one. */
const BROKEN = `${chunk({ content: 'So.' })}data: ${JSON.stringify({ object: 'error', message: 'No machine is left.', type: 'ServiceUnavailable', code: 503 })}\n\ndata: [DONE]\n\n`;
const CITIES = [{ city: 'Rome' }, { city: 'Oslo' }];

let upstream: ScriptedUpstream;
let gateway: TestGateway;
before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startGateway([provider('vllm', upstream.url, 'k'), provider('mistral', upstream.url, 'k')]);
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

/** A server that knows chats alone. */
const sending =
  (sse: string): ScriptedUpstream['answer'] =>
  ({ path }, response) => {
    if (path.endsWith('/chat/completions')) sendSse(response, sse);
    else response.writeHead(404).end('{"detail":"Not Found"}');
  };

describe('an odd stream reaches', () => {
  before(() => {
    upstream.answer = sending(ODD);
  });

  it('Anthropic’s client with both calls', async () => {
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
    const message = await anthropic.messages
      .stream({ model: 'vllm/m', max_tokens: 9, messages: [{ role: 'user', content: 'go' }] })
      .finalMessage();
    const calls = message.content.filter((block) => block.type === 'tool_use');
    assert.deepEqual([calls.map(({ input }) => input), message.stop_reason], [CITIES, 'tool_use']);
    assert.equal(new Set(calls.map(({ id }) => id)).size, 2);
    await gateway.nextRecord();
  });

  it('OpenAI’s client of Responses with both calls', async () => {
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
    const { output } = await openai.responses.stream({ model: 'vllm/m', input: 'go' }).finalResponse();
    const calls = output.filter((item) => item.type === 'function_call');
    assert.deepEqual(
      calls.map((item) => JSON.parse(item.arguments) as unknown),
      CITIES,
    );
    assert.equal(new Set(calls.map((item) => item.call_id)).size, 2);
    await gateway.nextRecord();
  });

  it('Google’s client with both calls', async () => {
    const google = new GoogleGenAI({ apiKey: TEST_KEY, httpOptions: { baseUrl: gateway.url } });
    const calls = [];
    for await (const { functionCalls = [] } of await google.models.generateContentStream({
      model: 'vllm/m',
      contents: 'go',
    }))
      calls.push(...functionCalls);
    assert.deepEqual(
      calls.map(({ args }) => args),
      CITIES,
    );
    await gateway.nextRecord();
  });
});

it('an error without the word is an error to Anthropic’s client, and in the log', async () => {
  upstream.answer = sending(BROKEN);
  const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
  const stream = anthropic.messages.stream({
    model: 'vllm/m',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'go' }],
  });
  await assert.rejects(stream.finalMessage(), /No machine is left/);
  const { state, attempts } = await gateway.nextRecord();
  assert.deepEqual([state, attempts.at(-1)?.failureKind], ['failed', 'overloaded']);
});

it('half a character becomes a mark where the dialect changes, and is told', async () => {
  upstream.answer = sending(`${chunk({ content: 'fine' }, 'stop')}data: [DONE]\n\n`);
  const response = await post(gateway, '/v1/messages', {
    model: 'vllm/m',
    max_tokens: 9,
    stream: true,
    messages: [{ role: 'user', content: 'cut \ud83d here' }],
  });
  assert.equal(response.status, 200);
  await response.text();
  assert.match(response.headers.get('x-patchbay-losses') ?? '', /messages;approximated/);
  assert.match(String(upstream.seen.at(-1)?.body), /cut \ufffd here/);
  await gateway.nextRecord();
});

describe('Mistral, which takes ids of nine letters and digits alone,', () => {
  const asked = async (id: string): Promise<string> => {
    upstream.answer = sending(`${chunk({ content: 'fine' }, 'stop')}data: [DONE]\n\n`);
    const call = { id, type: 'function', function: { name: 'weather', arguments: '{}' } };
    const response = await post(gateway, '/v1/chat/completions', {
      model: 'mistral/m',
      stream: true,
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: id, content: 'rain' },
      ],
    });
    assert.equal(response.status, 200);
    await response.text();
    await gateway.nextRecord();
    return String(upstream.seen.at(-1)?.body);
  };

  it('is told of the calls of others by such ids', async () => {
    const body = await asked('call_9f8e7d6c5b4a');
    const ids = body.match(/(?<="(?:id|tool_call_id)":")[^"]*/g) ?? [];
    assert.equal(ids.length, 2);
    assert.equal(new Set(ids).size, 1);
    assert.match(ids[0] ?? '', /^[a-zA-Z0-9]{9}$/);
  });

  it('has its own calls in the caller’s own bytes', async () => {
    assert.match(await asked('D681PevKs'), /"tool_call_id":"D681PevKs"/);
  });
});
