import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import type { JsonObject } from '@patchbay/llm/model/json';
import { arrayOf, isObject, objectOf, parseJson } from '@patchbay/llm/wire/read';
import OpenAI from 'openai';

import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

// Providers that refuse what the vendors refuse, and clients that send it.

const objects = (value: unknown): readonly JsonObject[] => arrayOf(value).filter(isObject);

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((each) => other.includes(each));

/** What Anthropic refuses of a request; `undefined` when it takes it. */
function wrongForAnthropic({ messages }: JsonObject): string | undefined {
  let calls: readonly unknown[] = [];
  for (const [at, { role, content }] of objects(messages).entries()) {
    if (role !== (at % 2 === 0 ? 'user' : 'assistant')) return `messages.${at}: roles must alternate`;
    const blocks = objects(content);
    if (content === '' || blocks.some(({ type, text }) => type === 'text' && `${text as string}`.trim() === ''))
      return `messages.${at}: text content blocks must be non-empty`;
    const results = blocks.filter(({ type }) => type === 'tool_result').map((block) => block['tool_use_id']);
    const first = blocks.slice(0, results.length);
    if (first.some(({ type }) => type !== 'tool_result')) return `messages.${at}: results must come first`;
    if (role === 'user' && !isSame(results, calls))
      return `messages.${at}: tool_use ids were found without tool_result blocks, or the reverse`;
    calls = blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => id);
  }
  return calls.length > 0 ? 'the last tool_use has no tool_result' : undefined;
}

/** What OpenAI refuses of a request. */
function wrongForOpenAi({ messages }: JsonObject): string | undefined {
  let open = new Set<unknown>();
  for (const { role, content, tool_call_id: id, tool_calls: calls } of objects(messages)) {
    if (role === 'tool' && !open.delete(id)) return 'messages with role tool must be a response to tool_calls';
    if (role === 'tool' && objects(content).some(({ type }) => type !== 'text')) return 'tool messages are text';
    if (role !== 'tool' && open.size > 0) return 'tool_calls must be followed by tool messages';
    if (role === 'assistant') open = new Set(objects(calls).map((call) => call['id']));
  }
  return open.size > 0 ? 'tool_calls must be followed by tool messages' : undefined;
}

/** What Gemini refuses of a request. */
function wrongForGemini({ contents }: JsonObject): string | undefined {
  let names: readonly unknown[] = [];
  for (const { role, parts } of objects(contents)) {
    if (role !== 'user' && role !== 'model') return 'Please use a valid role: user, model.';
    const named = (member: string): readonly unknown[] =>
      objects(parts).flatMap((part) => objectOf(part[member])?.['name'] ?? []);
    if (!isSame(named('functionResponse'), names))
      return 'Please ensure that the number of function response parts is equal to that of function call parts.';
    names = named('functionCall');
  }
  return names.length > 0 ? 'function call without a response' : undefined;
}

const CLAUDE_ANSWER = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'text', text: 'fine' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 },
};
const CHAT_ANSWER = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'fine' }, finish_reason: 'stop' }],
};
const GEMINI_ANSWER = { candidates: [{ content: { role: 'model', parts: [{ text: 'fine' }] }, finishReason: 'STOP' }] };

const judged = (wrong: string | undefined, response: ServerResponse, answer: object): void =>
  wrong === undefined
    ? sendJson(response, 200, answer)
    : sendJson(response, 400, { type: 'error', error: { type: 'invalid_request_error', message: wrong } });

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;

const sent = (): JsonObject => objectOf(parseJson(upstream.seen.at(-1)?.body.toString() ?? '')) ?? {};

const judge: ScriptedUpstream['answer'] = (request, response) => {
  const body = objectOf(parseJson(request.body.toString())) ?? {};
  if (request.path.endsWith('/messages')) judged(wrongForAnthropic(body), response, CLAUDE_ANSWER);
  else if (request.path.includes('enerateContent')) judged(wrongForGemini(body), response, GEMINI_ANSWER);
  else judged(wrongForOpenAi(body), response, CHAT_ANSWER);
};

before(async () => {
  upstream = await startUpstream(judge);
  gateway = await startGateway(
    ['anthropic', 'openai', 'gemini', 'deepseek'].map((id) => provider(id, upstream.url, 'k')),
  );
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
  google = new GoogleGenAI({ apiKey: TEST_KEY, httpOptions: { baseUrl: gateway.url } });
});
beforeEach(() => {
  upstream.answer = judge;
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

const call = (id: string) => ({ id, type: 'function' as const, function: { name: 'read', arguments: '{}' } });
/** A result of nothing, a call without a result, empty words, instructions in between, the user twice. */
const BROKEN: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'go' },
  { role: 'user', content: 'on' },
  { role: 'assistant', content: '', tool_calls: [call('1'), call('2')] },
  { role: 'tool', tool_call_id: '2', content: 'two' },
  { role: 'tool', tool_call_id: 'gone', content: 'old' },
  { role: 'system', content: 'Mind the time.' },
  { role: 'user', content: '' },
];

describe('a conversation that no vendor takes', () => {
  for (const target of ['anthropic/claude-opus-5', 'gemini/gemini-3-pro'])
    it(`of OpenAI’s client is mended for ${target}, and every repair is named`, async () => {
      const { data, response } = await openai.chat.completions
        .create({ model: target, messages: BROKEN })
        .withResponse();
      assert.equal(data.choices[0]?.message.content, 'fine');
      const losses = response.headers.get('x-patchbay-losses') ?? '';
      for (const path of ['messages%5B3%5D;approximated', 'messages%5B5%5D;approximated'])
        assert.ok(losses.includes(path) || losses.includes(decodeURI(path)), losses);
      const body = JSON.stringify(sent());
      for (const words of ['No result of this call is known.', 'earlier tool call (gone)', 'Mind the time.'])
        assert.ok(body.includes(words), body);
    });

  it('of Anthropic’s client is mended for OpenAI, with pictures of results behind all results', async () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } } as const;
    const answer = await anthropic.messages.create({
      model: 'openai/gpt-4o',
      max_tokens: 50,
      messages: [
        { role: 'user', content: 'go' },
        {
          role: 'assistant',
          content: ['a', 'b'].map((id) => ({ type: 'tool_use' as const, id, name: 'shot', input: {} })),
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [image] }] },
        { role: 'assistant', content: 'Hm.' },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'b', content: 'late' }] },
      ],
    });
    assert.deepEqual(
      answer.content.map((block) => block.type === 'text' && block.text),
      ['fine'],
    );
    const roles = objects(sent()['messages']).map(({ role }) => role);
    assert.deepEqual(roles, ['user', 'assistant', 'tool', 'tool', 'user', 'assistant']);
  });

  it('of Google’s client is mended for Anthropic', async () => {
    const answer = await google.models.generateContent({
      model: 'anthropic/claude-opus-5',
      contents: [
        { role: 'user', parts: [{ text: 'go' }] },
        { role: 'model', parts: [{ functionCall: { name: 'read', args: {} } }] },
        { role: 'user', parts: [{ text: 'Never mind.' }] },
        { role: 'user', parts: [{ functionResponse: { name: 'write', response: { output: 'x' } } }] },
      ],
    });
    assert.equal(answer.text, 'fine');
  });
});

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const shaped = (model: string, more: object = {}): OpenAI.ChatCompletionCreateParamsNonStreaming => ({
  model,
  messages: [{ role: 'user', content: 'Where?' }],
  response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: SCHEMA } },
  ...more,
});

describe('a schema of the answer', () => {
  it('goes in Anthropic’s own member to models that have it, and a strict caller is not refused', async () => {
    const response = await post(gateway, '/v1/chat/completions', shaped('anthropic/claude-opus-5'), {
      'x-patchbay-strict': 'true',
    });
    assert.equal(response.status, 200, await response.text());
    assert.deepEqual(objectOf(objectOf(sent()['output_config'])?.['format'])?.['schema'], SCHEMA);
  });

  it('is the input of a forced tool elsewhere, whose call the caller reads as text, whole and streamed', async () => {
    const use = { type: 'tool_use', id: 'toolu_1', name: 'patchbay_final_answer', input: { city: 'Bern' } };
    upstream.answer = (_, response) =>
      sendJson(response, 200, { ...CLAUDE_ANSWER, content: [use], stop_reason: 'tool_use' });
    const model = 'anthropic/claude-sonnet-4-20250514';
    const { data, response } = await openai.chat.completions.create(shaped(model)).withResponse();
    assert.deepEqual(JSON.parse(data.choices[0]?.message.content ?? ''), { city: 'Bern' });
    assert.equal(data.choices[0]?.message.tool_calls, undefined);
    assert.equal(data.choices[0]?.finish_reason, 'stop');
    assert.match(response.headers.get('x-patchbay-losses') ?? '', /outputFormat;approximated/);
    assert.deepEqual(sent()['tool_choice'], { type: 'tool', name: 'patchbay_final_answer' });
    const events = [
      { type: 'message_start', message: { ...CLAUDE_ANSWER, content: [], stop_reason: null } },
      { type: 'content_block_start', index: 0, content_block: { ...use, input: {} } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"city":' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '"Bern"}' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 4 } },
      { type: 'message_stop' },
    ];
    upstream.answer = (_, answer) =>
      sendSse(answer, events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
    const streamed = await openai.chat.completions.stream({ ...shaped(model), stream: true }).finalChatCompletion();
    assert.equal(streamed.choices[0]?.message.content, '{"city":"Bern"}');
    assert.equal(streamed.choices[0]?.finish_reason, 'stop');
    assert.equal(streamed.choices[0]?.message.tool_calls, undefined);
  });

  it('stands beside the caller’s own tools, which may still be called', async () => {
    const read = { type: 'tool_use', id: 'toolu_1', name: 'read', input: {} };
    upstream.answer = (_, response) =>
      sendJson(response, 200, { ...CLAUDE_ANSWER, content: [read], stop_reason: 'tool_use' });
    const tools = [{ type: 'function', function: { name: 'read', parameters: { type: 'object' } } }];
    const answer = await openai.chat.completions.create(shaped('anthropic/claude-sonnet-4-20250514', { tools }));
    assert.equal(answer.choices[0]?.finish_reason, 'tool_calls');
    assert.equal(answer.choices[0]?.message.tool_calls?.length, 1);
    assert.deepEqual(sent()['tool_choice'], { type: 'any' });
  });

  it('is strict for OpenAI where that loses nothing, and stays as it is where it would', async () => {
    const config = (schema: object) => ({ responseMimeType: 'application/json', responseJsonSchema: schema });
    const strictOf = async (schema: object): Promise<unknown> => {
      await google.models.generateContent({ model: 'openai/gpt-4o', contents: 'Where?', config: config(schema) });
      return objectOf(objectOf(sent()['response_format'])?.['json_schema'])?.['strict'];
    };
    assert.equal(await strictOf(SCHEMA), true);
    assert.equal(await strictOf({ ...SCHEMA, required: [] }), undefined);
  });
});
