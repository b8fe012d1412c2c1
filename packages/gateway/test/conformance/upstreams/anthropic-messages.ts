import assert from 'node:assert/strict';

import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { objectOf } from '@patchbay/llm/wire/read';

import {
  askedOf,
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

const FINISH = { end: 'end_turn', length: 'max_tokens', tools: 'tool_use', declined: 'refusal' } as const;
const HEAD = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' };

/** https://platform.claude.com/docs/en/api/messages */
export const anthropicUpstream: UpstreamSide = {
  id: 'anthropic-messages',
  model: 'claude-sonnet-4-5',
  speaks: { format: 'anthropic-messages', path: '/messages' },
  lacks: {},
  read(body, path) {
    assert.equal(path, '/messages');
    assert.equal(typeof body['max_tokens'], 'number');
    const reading = newReading();
    reading.system.push(...textsOf(body['system']));
    let open: string[] = [];
    let last: unknown;
    for (const { role, content } of objectsOf(body['messages'])) {
      assert.ok(role === 'user' || role === 'assistant', `the role ${shown(role)}`);
      assert.notEqual(role, last, 'user and assistant take turns');
      last = role;
      const answered = objectsOf(content).filter(({ type }) => type === 'tool_result');
      assert.deepEqual(
        answered.map((block) => shown(block['tool_use_id'])).toSorted(),
        open.toSorted(),
        'every call is answered in the next message',
      );
      readContent(reading, role, content);
      open = objectsOf(content).flatMap((block) => (block['type'] === 'tool_use' ? [shown(block['id'])] : []));
    }
    return askedOf(reading, {
      tools: objectsOf(body['tools']).map(({ name, description, input_schema: parameters }) => ({
        name: shown(name),
        description: shown(description),
        parameters: objectOf(parameters) ?? {},
      })),
      schema: objectOf(objectOf(body['output_config'])?.['format'])?.['schema'],
      stops: (body['stop_sequences'] ?? []) as string[],
      maxTokens: body['max_tokens'],
      thinks: (objectOf(body['thinking'])?.['type'] ?? 'disabled') !== 'disabled',
    });
  },
  whole: (answer, id) => ({
    type: JSON_TYPE,
    body: JSON.stringify({
      ...HEAD,
      content: blocksOf(answer, id),
      stop_reason: FINISH[answer.finish],
      stop_sequence: null,
      usage: usageOf(answer),
    }),
  }),
  stream: (answer, id) => ({
    type: SSE_TYPE,
    body: [
      start(answer),
      ...blocksOf(answer, id).flatMap((block, index) => [
        event('content_block_start', { index, content_block: startOf(block) }),
        ...deltasOf(block).map((delta) => event('content_block_delta', { index, delta })),
        event('content_block_stop', { index }),
      ]),
      event('message_delta', {
        delta: { stop_reason: FINISH[answer.finish], stop_sequence: null },
        usage: { output_tokens: answer.usage.output },
      }),
      event('message_stop', {}),
    ].join(''),
  }),
  refuse: ({ kind, message }) => ({
    type: 'error',
    error: { type: TYPES[kind] ?? 'invalid_request_error', message },
    request_id: 'req_1',
  }),
  begin: (text) => ({ type: SSE_TYPE, begun: begun(text) }),
  broken: (text, message) => ({
    type: SSE_TYPE,
    body: begun(text) + event('error', { error: { type: 'api_error', message } }),
  }),
};

const TYPES: Readonly<Record<string, string>> = {
  authentication: 'authentication_error',
  permission: 'permission_error',
  'not-found': 'not_found_error',
  'payload-too-large': 'request_too_large',
  'rate-limit': 'rate_limit_error',
  'quota-exhausted': 'billing_error',
  overloaded: 'overloaded_error',
  upstream: 'api_error',
};

function readContent(reading: Reading, role: string, content: Json | undefined): void {
  (role === 'user' ? reading.user : reading.answers).push(...textsOf(content).filter((text) => text !== ''));
  for (const block of objectsOf(content)) {
    if (block['type'] === 'image') reading.pictures.push(bytesOf(block, 'image/png'));
    else if (block['type'] === 'document') reading.documents.push(bytesOf(block, 'application/pdf'));
    else if (block['type'] === 'thinking') reading.signatures.push(shown(block['signature']));
    else if (block['type'] === 'tool_use') noteCall(reading, block['id'], block['name'], block['input']);
    else if (block['type'] === 'tool_result') readResult(reading, block);
    else assert.equal(block['type'], 'text');
  }
}

function readResult(reading: Reading, block: JsonObject): void {
  const { content } = block;
  noteResult(reading, block['tool_use_id'], textsOf(content).join('\n'), block['is_error'] === true);
  for (const part of objectsOf(content))
    if (part['type'] === 'image') reading.resultPictures.push(bytesOf(part, 'image/png'));
}

function bytesOf(block: JsonObject, mediaType: string): string {
  const source = memberOf(block, 'source');
  assert.equal(source['type'], 'base64');
  assert.equal(source['media_type'], mediaType);
  return shown(source['data']);
}

const blocksOf = ({ thought, text, refusal, calls = [] }: Answer, id: string): readonly JsonObject[] => [
  ...(thought ? [{ type: 'thinking', thinking: thought.text, signature: thought.signature ?? '' }] : []),
  ...(text === undefined ? [] : [{ type: 'text', text }]),
  ...(refusal === undefined ? [] : [{ type: 'text', text: refusal }]),
  ...calls.map(({ name, input }, index) => ({ type: 'tool_use', id: callId(id, index), name, input })),
];

const EMPTY: Readonly<Record<string, JsonObject>> = {
  thinking: { thinking: '', signature: '' },
  text: { text: '' },
  tool_use: { input: {} },
};
const startOf = (block: JsonObject): JsonObject => ({ ...block, ...EMPTY[shown(block['type'])] });

function deltasOf(block: JsonObject): readonly JsonObject[] {
  if (block['type'] === 'text') return halvesOf(shown(block['text'])).map((text) => ({ type: 'text_delta', text }));
  if (block['type'] === 'tool_use')
    return piecesOf(objectOf(block['input']) ?? {}).map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
  const thoughts = halvesOf(shown(block['thinking'])).map((thinking) => ({ type: 'thinking_delta', thinking }));
  const signed = block['signature'] === '' ? [] : [{ type: 'signature_delta', signature: block['signature'] ?? '' }];
  return [...thoughts, ...signed];
}

const usageOf = ({ usage }: Answer): JsonObject => ({
  input_tokens: usage.input - usage.cacheRead,
  cache_read_input_tokens: usage.cacheRead,
  cache_creation_input_tokens: 0,
  output_tokens: usage.output,
});

const start = (answer: Answer): string =>
  event('message_start', {
    message: {
      ...HEAD,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usageOf(answer), output_tokens: 1 },
    },
  });

const begun = (text: string): string =>
  [
    start({ finish: 'end', usage: { input: 1, cacheRead: 0, output: 1 } }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  ].join('');

const event = (type: string, members: JsonObject): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
