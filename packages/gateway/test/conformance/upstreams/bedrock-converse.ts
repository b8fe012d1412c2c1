import assert from 'node:assert/strict';

import type { JsonObject } from '@patchbay/llm/model/json';
import { isObject, objectOf, parseJson } from '@patchbay/llm/wire/read';
import { EventStreamCodec } from '@smithy/eventstream-codec';

import { askedOf, memberOf, newReading, noteCall, noteResult, objectsOf, type Reading, shown } from '../asked.ts';
import type { Answer } from '../scenario.ts';
import { callId, halvesOf, JSON_TYPE, piecesOf, type UpstreamSide } from './upstream.ts';

const FINISH = { end: 'end_turn', length: 'max_tokens', tools: 'tool_use', declined: 'content_filtered' } as const;
const TYPE = 'application/vnd.amazon.eventstream';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const bedrockUpstream: UpstreamSide = {
  id: 'bedrock-converse',
  model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  speaks: { format: 'bedrock-converse', path: '/model/{model}/converse', streamPath: '/model/{model}/converse-stream' },
  lacks: {},
  read(body, path) {
    assert.match(path, /^\/model\/us\.anthropic\.claude-sonnet-4-5-20250929-v1(?::|%3A)0\/converse(?:-stream)?$/);
    const reading = newReading();
    reading.system.push(...objectsOf(body['system']).map((each) => shown(each['text'])));
    let last: unknown;
    for (const { role, content } of objectsOf(body['messages'])) {
      assert.ok(role === 'user' || role === 'assistant', `the role ${shown(role)}`);
      assert.notEqual(role, last, 'user and assistant take turns');
      last = role;
      for (const block of objectsOf(content)) readBlock(reading, role, block);
      if (role === 'user') assert.equal(reading.results.length, reading.calls.length, 'every call is answered next');
    }
    const inference = objectOf(body['inferenceConfig']);
    const format = objectOf(objectOf(body['outputConfig'])?.['textFormat']);
    const jsonSchema = objectOf(objectOf(format?.['structure'])?.['jsonSchema']);
    return askedOf(reading, {
      tools: objectsOf(objectOf(body['toolConfig'])?.['tools']).map((tool) => {
        const { name, description, inputSchema } = memberOf(tool, 'toolSpec');
        return {
          name: shown(name),
          description: shown(description),
          parameters: memberOf(objectOf(inputSchema), 'json'),
        };
      }),
      schema: jsonSchema === undefined ? undefined : parseJson(shown(jsonSchema['schema'])),
      stops: (inference?.['stopSequences'] ?? []) as string[],
      maxTokens: inference?.['maxTokens'],
      thinks: isObject(objectOf(body['additionalModelRequestFields'])?.['thinking']),
    });
  },
  whole: (answer, id) => ({
    type: JSON_TYPE,
    body: JSON.stringify({
      output: { message: { role: 'assistant', content: blocksOf(answer, id) } },
      stopReason: FINISH[answer.finish],
      usage: usageOf(answer),
      metrics: { latencyMs: 1 },
    }),
  }),
  stream: (answer, id) => ({
    type: TYPE,
    body: Buffer.concat([
      message('messageStart', { role: 'assistant' }),
      ...blocksOf(answer, id).flatMap((block, contentBlockIndex) => [
        ...startsOf(block).map((start) => message('contentBlockStart', { contentBlockIndex, start })),
        ...deltasOf(block).map((delta) => message('contentBlockDelta', { contentBlockIndex, delta })),
        message('contentBlockStop', { contentBlockIndex }),
      ]),
      message('messageStop', { stopReason: FINISH[answer.finish] }),
      message('metadata', { usage: usageOf(answer), metrics: { latencyMs: 1 } }),
    ]),
  }),
  refuse: ({ kind, message: sentence }) => ({ __type: NAMES[kind] ?? 'ValidationException', message: sentence }),
  begin: (text) => ({ type: TYPE, begun: begun(text) }),
  broken: (text, sentence) => ({
    type: TYPE,
    body: Buffer.concat([begun(text), message('modelStreamErrorException', { message: sentence }, 'exception')]),
  }),
};

const NAMES: Readonly<Record<string, string>> = {
  authentication: 'UnrecognizedClientException',
  permission: 'AccessDeniedException',
  'not-found': 'ResourceNotFoundException',
  'payload-too-large': 'RequestEntityTooLargeException',
  'rate-limit': 'ThrottlingException',
  'quota-exhausted': 'ServiceQuotaExceededException',
  overloaded: 'ServiceUnavailableException',
  upstream: 'InternalServerException',
};

function readBlock(reading: Reading, role: string, block: JsonObject): void {
  const { text, image, document, toolUse, toolResult, reasoningContent } = block;
  if (typeof text === 'string') (role === 'user' ? reading.user : reading.answers).push(text);
  if (isObject(image)) reading.pictures.push(bytesOf(image, 'png'));
  if (isObject(document)) reading.documents.push(bytesOf(document, 'pdf'));
  if (isObject(toolUse)) noteCall(reading, toolUse['toolUseId'], toolUse['name'], toolUse['input']);
  if (isObject(toolResult)) readResult(reading, toolResult);
  const thought = objectOf(objectOf(reasoningContent)?.['reasoningText']);
  if (thought !== undefined) reading.signatures.push(shown(thought['signature']));
}

function readResult(reading: Reading, result: JsonObject): void {
  const content = objectsOf(result['content']);
  const texts = content
    .filter(({ text, json }) => (text ?? json) !== undefined)
    .map(({ text, json }) => shown(text ?? json));
  noteResult(reading, result['toolUseId'], texts.join('\n'), result['status'] === 'error');
  for (const { image } of content) if (isObject(image)) reading.resultPictures.push(bytesOf(image, 'png'));
}

function bytesOf(medium: JsonObject, format: string): string {
  assert.equal(medium['format'], format);
  return shown(memberOf(medium, 'source')['bytes']);
}

const blocksOf = ({ thought, text, refusal, calls = [] }: Answer, id: string): readonly JsonObject[] => [
  ...(thought
    ? [
        {
          reasoningContent: {
            reasoningText: { text: thought.text, ...(thought.signature && { signature: thought.signature }) },
          },
        },
      ]
    : []),
  ...[text, refusal].flatMap((each) => (each === undefined ? [] : [{ text: each }])),
  ...calls.map(({ name, input }, index) => ({ toolUse: { toolUseId: callId(id, index), name, input } })),
];

function startsOf(block: JsonObject): readonly JsonObject[] {
  const call = objectOf(block['toolUse']);
  return call === undefined ? [] : [{ toolUse: { toolUseId: call['toolUseId'] ?? '', name: call['name'] ?? '' } }];
}

function deltasOf(block: JsonObject): readonly JsonObject[] {
  const { text, toolUse, reasoningContent } = block;
  if (typeof text === 'string') return halvesOf(text).map((piece) => ({ text: piece }));
  if (isObject(toolUse)) return piecesOf(objectOf(toolUse['input']) ?? {}).map((input) => ({ toolUse: { input } }));
  const thought = memberOf(objectOf(reasoningContent), 'reasoningText');
  const { signature } = thought;
  return [
    ...halvesOf(shown(thought['text'])).map((piece) => ({ reasoningContent: { text: piece } })),
    ...(signature === undefined ? [] : [{ reasoningContent: { signature } }]),
  ];
}

const usageOf = ({ usage }: Answer): JsonObject => ({
  inputTokens: usage.input - usage.cacheRead,
  cacheReadInputTokens: usage.cacheRead,
  cacheWriteInputTokens: 0,
  outputTokens: usage.output,
  totalTokens: usage.input + usage.output,
});

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

function message(name: string, payload: JsonObject, kind: 'event' | 'exception' = 'event'): Uint8Array {
  const text = (value: string) => ({ type: 'string' as const, value });
  return codec.encode({
    headers: {
      ':message-type': text(kind),
      [`:${kind}-type`]: text(name),
      ':content-type': text('application/json'),
    },
    body: Buffer.from(JSON.stringify(payload)),
  });
}

const begun = (text: string): Buffer =>
  Buffer.concat([
    message('messageStart', { role: 'assistant' }),
    message('contentBlockDelta', { contentBlockIndex: 0, delta: { text } }),
  ]);
