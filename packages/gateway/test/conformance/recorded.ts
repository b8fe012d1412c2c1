import { joinChat, joinMessage } from '@patchbay/llm/testing/join-stream';
import type { Recording } from '@patchbay/llm/testing/recordings';
import { spokenByChat, spokenByMessage, type Spoken } from '@patchbay/llm/testing/spoken';
import { joinResponse, spokenByResponse } from '@patchbay/llm/testing/spoken-response';
import type { JsonObject } from '@patchbay/llm/model/json';
import { isObject, numberOf, objectOf, parseJson, textOf } from '@patchbay/llm/wire/read';
import { EventStreamCodec } from '@smithy/eventstream-codec';

import { joinGemini, spokenByGemini } from '../../../llm/test/laws/gemini-spoken.ts';
import { objectsOf } from './asked.ts';
import type { UpstreamId } from './scenario.ts';

/** How the recordings of an API are read, plainly and without our codecs. */
export interface RecordedApi {
  readonly format: UpstreamId;
  /** The whole answer that a recorded stream amounts to. */
  readonly join: (response: Recording['response']) => JsonObject;
  readonly spoken: (body: unknown) => Spoken;
}

const sse =
  (join: (text: string) => JsonObject) =>
  ({ sse_text: text = '' }: Recording['response']): JsonObject =>
    join(text);

/** Every API that was recorded, but those that only count. */
export const RECORDED: Readonly<Record<string, RecordedApi>> = {
  'openai.chat': { format: 'openai-chat', join: sse(joinChat), spoken: spokenByChat },
  'openai.responses': { format: 'openai-responses', join: sse(joinResponse), spoken: spokenByResponse },
  'anthropic.messages': { format: 'anthropic-messages', join: sse(joinMessage), spoken: spokenByMessage },
  'gemini.generateContent': { format: 'gemini', join: sse(joinGemini), spoken: spokenByGemini },
  'gemini.streamGenerateContent': { format: 'gemini', join: sse(joinGemini), spoken: spokenByGemini },
  'bedrock.converse': { format: 'bedrock-converse', join: joinConverse, spoken: spokenByConverse },
  'bedrock.converse-stream': { format: 'bedrock-converse', join: joinConverse, spoken: spokenByConverse },
  'ollama.chat': { format: 'ollama-chat', join: joinOllama, spoken: spokenByOllama },
};

/** A recorded answer's bytes and what they are. */
export function bytesOf({ response }: Recording): { readonly type: string; readonly bytes: Buffer } {
  const { body, sse_text: text, eventstream_base64: events, ndjson_text: lines } = response;
  if (text !== undefined) return { type: 'text/event-stream', bytes: Buffer.from(text) };
  if (events !== undefined) return { type: 'application/vnd.amazon.eventstream', bytes: Buffer.from(events, 'base64') };
  if (lines !== undefined) return { type: 'application/x-ndjson', bytes: Buffer.from(lines) };
  return { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) };
}

function joinOllama({ ndjson_text: text = '' }: Recording['response']): JsonObject {
  const lines = text.split('\n').map(parseJson).filter(isObject);
  const messages = lines.map((line) => objectOf(line['message']) ?? {});
  const words = (name: string): string => messages.map((message) => textOf(message[name]) ?? '').join('');
  const message = {
    content: words('content'),
    thinking: words('thinking'),
    tool_calls: messages.flatMap((each) => objectsOf(each['tool_calls'])),
  };
  return { ...lines.at(-1), message };
}

function spokenByOllama(answer: unknown): Spoken {
  const body = objectOf(answer) ?? {};
  const message = objectOf(body['message']) ?? {};
  const calls = objectsOf(message['tool_calls']).map((call) => {
    const made = objectOf(call['function']) ?? {};
    return { name: textOf(made['name']) ?? '', input: made['arguments'] };
  });
  const tokens = (name: string): number => numberOf(body[name]) ?? 0;
  return {
    text: textOf(message['content']) ?? '',
    reasoning: textOf(message['thinking']) ?? '',
    calls,
    finish: body['done_reason'] === 'length' ? 'length' : calls.length > 0 ? 'tools' : 'end',
    usage: {
      input: tokens('prompt_eval_count'),
      cacheRead: 0,
      cacheWrite: 0,
      output: tokens('eval_count'),
      reasoning: 0,
    },
  };
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

function* converseEvents(base64: string): Generator<readonly [name: string, payload: JsonObject]> {
  const bytes = Buffer.from(base64, 'base64');
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const { headers, body } = codec.decode(bytes.subarray(at, at + bytes.readUInt32BE(at)));
    const name = headers[':event-type'] ?? headers[':exception-type'];
    yield [textOf(name?.value) ?? '', objectOf(parseJson(Buffer.from(body).toString())) ?? {}];
  }
}

interface Block {
  text: string;
  thought: string;
  input: string;
  call: JsonObject | undefined;
}

function joinConverse({ eventstream_base64: base64 = '' }: Recording['response']): JsonObject {
  const blocks = new Map<unknown, Block>();
  let last: JsonObject = {};
  for (const [name, payload] of converseEvents(base64)) {
    if (name.endsWith('Exception')) return { error: payload };
    const at = payload['contentBlockIndex'];
    const block = blocks.get(at) ?? { text: '', thought: '', input: '', call: undefined };
    if (at !== undefined) blocks.set(at, block);
    block.call ??= objectOf(objectOf(payload['start'])?.['toolUse']);
    const delta = objectOf(payload['delta']) ?? {};
    block.text += textOf(delta['text']) ?? '';
    block.thought += textOf(objectOf(delta['reasoningContent'])?.['text']) ?? '';
    block.input += textOf(objectOf(delta['toolUse'])?.['input']) ?? '';
    if (at === undefined) last = { ...last, ...payload };
  }
  const content = [...blocks.values()].flatMap(({ text, thought, input, call }) => [
    { text },
    { reasoningContent: { reasoningText: { text: thought } } },
    ...(call === undefined ? [] : [{ toolUse: { ...call, input: parseJson(input || '{}') ?? {} } }]),
  ]);
  return { ...last, output: { message: { role: 'assistant', content } } };
}

const CONVERSE_FINISH: Readonly<Record<string, Spoken['finish']>> = {
  max_tokens: 'length',
  tool_use: 'tools',
  guardrail_intervened: 'declined',
  content_filtered: 'declined',
};

function spokenByConverse(answer: unknown): Spoken {
  const body = objectOf(answer) ?? {};
  const blocks = objectsOf(objectOf(objectOf(body['output'])?.['message'])?.['content']);
  const cited = (block: JsonObject): string =>
    objectsOf(objectOf(block['citationsContent'])?.['content'])
      .map((each) => textOf(each['text']) ?? '')
      .join('');
  const thought = (block: JsonObject): string =>
    textOf(objectOf(objectOf(block['reasoningContent'])?.['reasoningText'])?.['text']) ?? '';
  const tokens = (name: string): number => numberOf(objectOf(body['usage'])?.[name]) ?? 0;
  const [cacheRead, cacheWrite] = [tokens('cacheReadInputTokens'), tokens('cacheWriteInputTokens')];
  return {
    text: blocks.map((block) => (textOf(block['text']) ?? '') + cited(block)).join(''),
    reasoning: blocks.map(thought).join(''),
    calls: blocks.flatMap(({ toolUse }) =>
      isObject(toolUse) && toolUse['type'] !== 'server_tool_use'
        ? [{ name: textOf(toolUse['name']) ?? '', input: toolUse['input'] }]
        : [],
    ),
    finish: CONVERSE_FINISH[textOf(body['stopReason']) ?? ''] ?? 'end',
    usage: {
      input: tokens('inputTokens') + cacheRead + cacheWrite,
      cacheRead,
      cacheWrite,
      output: tokens('outputTokens'),
      reasoning: 0,
    },
  };
}
