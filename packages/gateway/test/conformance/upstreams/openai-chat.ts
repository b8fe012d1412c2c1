import assert from 'node:assert/strict';

import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { isObject, objectOf, parseJson, textOf } from '@patchbay/llm/wire/read';

import {
  askedOf,
  dataOf,
  memberOf,
  newReading,
  noteCall,
  noteResult,
  objectsOf,
  textsOf,
  type Reading,
  shown,
} from '../asked.ts';
import type { Answer } from '../scenario.ts';
import { callId, halvesOf, JSON_TYPE, piecesOf, SSE_TYPE, type UpstreamSide } from './upstream.ts';

const FINISH = { end: 'stop', length: 'length', tools: 'tool_calls', declined: 'content_filter' } as const;
const HEAD = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'gpt-5.1' };

/** https://platform.openai.com/docs/api-reference/chat */
export const openAiChatUpstream: UpstreamSide = {
  id: 'openai-chat',
  model: 'gpt-5.1',
  speaks: { format: 'openai-chat', path: '/chat/completions' },
  lacks: {
    signature: 'Chat Completions has no signatures of reasoning.',
    resultError: 'A tool message has no mark of failure.',
  },
  read(body, path) {
    assert.equal(path, '/chat/completions');
    const reading = newReading();
    let open: string[] = [];
    for (const message of objectsOf(body['messages'])) {
      if (message['role'] !== 'tool') assert.deepEqual(open, [], 'every call is answered before anyone else speaks');
      if (message['role'] === 'tool') open = open.filter((id) => id !== message['tool_call_id']);
      readMessage(reading, message);
      if (message['role'] === 'assistant') open = objectsOf(message['tool_calls']).map(({ id }) => shown(id));
    }
    const format = objectOf(body['response_format']);
    if (format !== undefined) assert.equal(format['type'], 'json_schema');
    const schema = format === undefined ? undefined : memberOf(format, 'json_schema')['schema'];
    return askedOf(reading, {
      tools: objectsOf(body['tools']).map((tool) => {
        assert.equal(tool['type'], 'function');
        const { name, description, parameters } = memberOf(tool, 'function');
        return { name: shown(name), description: shown(description), parameters: objectOf(parameters) ?? {} };
      }),
      schema,
      stops: [body['stop'] ?? []].flat() as string[],
      maxTokens: body['max_completion_tokens'],
      thinks: body['reasoning_effort'] !== undefined,
    });
  },
  whole: (answer, id) => ({
    type: JSON_TYPE,
    body: JSON.stringify({
      ...HEAD,
      object: 'chat.completion',
      choices: [{ index: 0, message: messageOf(answer, id), finish_reason: FINISH[answer.finish], logprobs: null }],
      usage: usageOf(answer),
    }),
  }),
  stream: (answer, id) => ({
    type: SSE_TYPE,
    body: `${[
      chunk({ role: 'assistant', content: '' }),
      ...halvesOf(answer.thought?.text ?? '').map((piece) => chunk({ reasoning_content: piece })),
      ...halvesOf(answer.text ?? '').map((content) => chunk({ content })),
      ...halvesOf(answer.refusal ?? '').map((refusal) => chunk({ refusal })),
      ...(answer.calls ?? []).flatMap(({ name, input }, index) => [
        chunk({ tool_calls: [{ index, id: callId(id, index), type: 'function', function: { name, arguments: '' } }] }),
        ...piecesOf(input).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
      ]),
      chunk({}, FINISH[answer.finish]),
      data({ ...HEAD, object: 'chat.completion.chunk', choices: [], usage: usageOf(answer) }),
    ].join('')}data: [DONE]\n\n`,
  }),
  refuse: ({ kind, message }) => ({
    error: { message, type: 'invalid_request_error', param: null, code: CODES[kind] ?? null },
  }),
  begin: (text) => ({ type: SSE_TYPE, begun: chunk({ role: 'assistant', content: text }) }),
  broken: (text, message) => ({
    type: SSE_TYPE,
    body:
      chunk({ role: 'assistant', content: text }) +
      data({ error: { message, type: 'server_error', code: null, param: null } }),
  }),
};

const CODES: Readonly<Record<string, string>> = {
  authentication: 'invalid_api_key',
  'rate-limit': 'rate_limit_exceeded',
  'quota-exhausted': 'insufficient_quota',
  'not-found': 'model_not_found',
  'context-overflow': 'context_length_exceeded',
};

function readMessage(reading: Reading, message: JsonObject): void {
  const { role, content } = message;
  if (role === 'system' || role === 'developer') reading.system.push(...textsOf(content));
  else if (role === 'user') readUser(reading, content);
  else if (role === 'tool') noteResult(reading, message['tool_call_id'], textsOf(content).join('\n'), false);
  else {
    assert.equal(role, 'assistant');
    reading.answers.push(...textsOf(content).filter((text) => text !== ''));
    for (const call of objectsOf(message['tool_calls'])) {
      const made = memberOf(call, 'function');
      noteCall(reading, call['id'], made['name'], parseJson(textOf(made['arguments']) ?? ''));
    }
  }
}

function readUser(reading: Reading, content: Json | undefined): void {
  reading.user.push(...textsOf(content));
  for (const part of objectsOf(content)) {
    if (part['type'] === 'image_url') reading.pictures.push(dataOf(memberOf(part, 'image_url')['url'], 'image/png'));
    else if (part['type'] === 'file')
      reading.documents.push(dataOf(memberOf(part, 'file')['file_data'], 'application/pdf'));
    else assert.equal(part['type'], 'text');
  }
}

function messageOf({ text, thought, refusal, calls }: Answer, id: string): JsonObject {
  const toolCalls = (calls ?? []).map(({ name, input }, index) => ({
    id: callId(id, index),
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
  return {
    role: 'assistant',
    content: text ?? null,
    refusal: refusal ?? null,
    ...(thought && { reasoning_content: thought.text }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
}

const usageOf = ({ usage }: Answer): JsonObject => ({
  prompt_tokens: usage.input,
  completion_tokens: usage.output,
  total_tokens: usage.input + usage.output,
  prompt_tokens_details: { cached_tokens: usage.cacheRead },
});

const data = (value: JsonObject): string => {
  assert.ok(isObject(value));
  return `data: ${JSON.stringify(value)}\n\n`;
};

const chunk = (delta: JsonObject, finish: string | null = null): string =>
  data({ ...HEAD, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });
