import assert from 'node:assert/strict';

import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { arrayOf, objectOf, parseJson, textOf } from '@patchbay/llm/wire/read';

import {
  askedOf,
  dataOf,
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

/** https://platform.openai.com/docs/api-reference/responses */
export const openAiResponsesUpstream: UpstreamSide = {
  id: 'openai-responses',
  model: 'gpt-5.1',
  speaks: { format: 'openai-responses', path: '/responses' },
  lacks: {
    stops: 'The Responses API has no stop sequences.',
    resultError: 'An output item of a call has no mark of failure.',
  },
  read(body, path) {
    assert.equal(path, '/responses');
    const reading = newReading();
    if (typeof body['instructions'] === 'string') reading.system.push(body['instructions']);
    if (typeof body['input'] === 'string') reading.user.push(body['input']);
    for (const item of objectsOf(body['input'])) readItem(reading, item);
    assert.equal(reading.results.length, reading.calls.length, 'every call is answered');
    const format = objectOf(objectOf(body['text'])?.['format']);
    const reasoning = objectOf(body['reasoning']);
    return askedOf(reading, {
      tools: objectsOf(body['tools']).map((tool) => {
        assert.equal(tool['type'], 'function');
        const { name, description, parameters } = tool;
        return { name: shown(name), description: shown(description), parameters: objectOf(parameters) ?? {} };
      }),
      schema: format?.['type'] === 'json_schema' ? format['schema'] : undefined,
      stops: (body['stop'] ?? []) as string[],
      maxTokens: body['max_output_tokens'],
      thinks: reasoning?.['effort'] !== undefined || reasoning?.['summary'] !== undefined,
    });
  },
  whole: (answer, id) => ({ type: JSON_TYPE, body: JSON.stringify(responseOf(answer, id)) }),
  stream: (answer, id) => ({ type: SSE_TYPE, body: sequence(eventsOf(answer, id)) }),
  refuse: ({ kind, message }) => ({
    error: { message, type: 'invalid_request_error', param: null, code: CODES[kind] ?? null },
  }),
  begin: (text) => ({ type: SSE_TYPE, begun: sequence(begunEvents(text)) }),
  broken: (text, message) => {
    const error = { code: 'server_error', message };
    const response = { ...responseOf({ ...BEGUN, text }, 'b'), status: 'failed', output: [], error };
    return { type: SSE_TYPE, body: sequence([...begunEvents(text), { type: 'response.failed', response }]) };
  },
};

const CODES: Readonly<Record<string, string>> = {
  authentication: 'invalid_api_key',
  'rate-limit': 'rate_limit_exceeded',
  'quota-exhausted': 'insufficient_quota',
  'not-found': 'model_not_found',
  'context-overflow': 'context_length_exceeded',
};

function readItem(reading: Reading, item: JsonObject): void {
  const { type = 'message', role, content } = item;
  if (type === 'function_call')
    return noteCall(reading, item['call_id'], item['name'], parseJson(textOf(item['arguments']) ?? ''));
  if (type === 'function_call_output') return readOutput(reading, item);
  if (type === 'reasoning') {
    assert.ok(Array.isArray(item['summary']), 'a reasoning item has a summary');
    if (typeof item['encrypted_content'] === 'string') reading.signatures.push(item['encrypted_content']);
    return;
  }
  assert.equal(type, 'message');
  if (role === 'assistant') reading.answers.push(...textsOf(content, 'output_text'));
  else if (role === 'user') readUser(reading, content);
  else reading.system.push(...textsOf(content, 'input_text'));
}

function readUser(reading: Reading, content: Json | undefined): void {
  reading.user.push(...textsOf(content, 'input_text'));
  for (const part of objectsOf(content)) {
    if (part['type'] === 'input_image') reading.pictures.push(dataOf(part['image_url'], 'image/png'));
    else if (part['type'] === 'input_file') reading.documents.push(dataOf(part['file_data'], 'application/pdf'));
    else assert.equal(part['type'], 'input_text');
  }
}

function readOutput(reading: Reading, item: JsonObject): void {
  const { output } = item;
  noteResult(reading, item['call_id'], textsOf(output, 'input_text').join('\n'), false);
  for (const part of arrayOf(output))
    if (objectOf(part)?.['type'] === 'input_image')
      reading.resultPictures.push(dataOf(objectOf(part)?.['image_url'], 'image/png'));
}

function outputOf({ thought, text, refusal, calls = [] }: Answer, id: string): readonly JsonObject[] {
  const content = [
    ...(text === undefined ? [] : [{ type: 'output_text', text, annotations: [], logprobs: [] }]),
    ...(refusal === undefined ? [] : [{ type: 'refusal', refusal }]),
  ];
  return [
    ...(thought
      ? [
          {
            type: 'reasoning',
            id: `rs_${id}`,
            summary: [{ type: 'summary_text', text: thought.text }],
            ...(thought.signature !== undefined && { encrypted_content: thought.signature }),
          },
        ]
      : []),
    ...(content.length > 0
      ? [{ type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed', content }]
      : []),
    ...calls.map(({ name, input }, index) => ({
      type: 'function_call',
      id: `fc_${id}_${index}`,
      call_id: callId(id, index),
      name,
      arguments: JSON.stringify(input),
      status: 'completed',
    })),
  ];
}

function responseOf(answer: Answer, id: string): JsonObject {
  const { usage, finish } = answer;
  const incomplete = finish === 'length';
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: 1_700_000_000,
    status: incomplete ? 'incomplete' : 'completed',
    incomplete_details: incomplete ? { reason: 'max_output_tokens' } : null,
    error: null,
    model: 'gpt-5.1',
    output: outputOf(answer, id),
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cacheRead },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.input + usage.output,
    },
  };
}

function eventsOf(answer: Answer, id: string): readonly JsonObject[] {
  const response = responseOf(answer, id);
  const begun = { ...response, status: 'in_progress', output: [], usage: null, incomplete_details: null };
  const items = outputOf(answer, id).flatMap((item, index): readonly JsonObject[] => [
    { type: 'response.output_item.added', output_index: index, item: begunItem(item) },
    ...PIECES[shown(item['type'])]!(item).map((event) => ({
      output_index: index,
      item_id: item['id'] ?? '',
      ...event,
    })),
    { type: 'response.output_item.done', output_index: index, item },
  ]);
  return [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...items,
    { type: `response.${shown(response['status'])}`, response },
  ];
}

const BEGUN: Answer = { finish: 'end', usage: { input: 1, cacheRead: 0, output: 1 } };

/** The events of an answer up to its last words. */
const begunEvents = (text: string): readonly JsonObject[] =>
  eventsOf({ ...BEGUN, text }, 'b').filter(({ type }) => !/(?:done|completed)$/.test(shown(type)));

/** What an item is when it starts. */
function begunItem(item: JsonObject): JsonObject {
  if (item['type'] === 'message') return { ...item, status: 'in_progress', content: [] };
  if (item['type'] === 'function_call') return { ...item, status: 'in_progress', arguments: '' };
  const { encrypted_content: _, ...rest } = item;
  return { ...rest, summary: [] };
}

/** The events between the start and the end of an item. */
const PIECES: Readonly<Record<string, (item: JsonObject) => readonly JsonObject[]>> = {
  message: (item) =>
    objectsOf(item['content']).flatMap((part, at): readonly JsonObject[] => {
      const refuses = part['type'] === 'refusal';
      const text = shown(refuses ? part['refusal'] : part['text']);
      const name = refuses ? 'refusal' : 'output_text';
      const bare = refuses ? { refusal: '' } : { text: '' };
      return [
        { type: 'response.content_part.added', content_index: at, part: { ...part, ...bare } },
        ...halvesOf(text).map((delta) => ({ type: `response.${name}.delta`, content_index: at, delta, logprobs: [] })),
        {
          type: `response.${name}.done`,
          content_index: at,
          ...(refuses ? { refusal: text } : { text, logprobs: [] }),
        },
        { type: 'response.content_part.done', content_index: at, part },
      ];
    }),
  reasoning: (item) =>
    objectsOf(item['summary']).flatMap((part, at): readonly JsonObject[] => [
      { type: 'response.reasoning_summary_part.added', summary_index: at, part: { ...part, text: '' } },
      ...halvesOf(shown(part['text'])).map((delta) => ({
        type: 'response.reasoning_summary_text.delta',
        summary_index: at,
        delta,
      })),
      { type: 'response.reasoning_summary_text.done', summary_index: at, text: part['text'] ?? '' },
      { type: 'response.reasoning_summary_part.done', summary_index: at, part },
    ]),
  function_call: (item) => [
    ...piecesOf(objectOf(parseJson(shown(item['arguments']))) ?? {}).map((delta) => ({
      type: 'response.function_call_arguments.delta',
      delta,
    })),
    { type: 'response.function_call_arguments.done', arguments: item['arguments'] ?? '', name: item['name'] ?? '' },
  ],
};

const sequence = (events: readonly JsonObject[]): string =>
  events
    .map(
      (event, at) => `event: ${shown(event['type'])}\ndata: ${JSON.stringify({ ...event, sequence_number: at })}\n\n`,
    )
    .join('');
