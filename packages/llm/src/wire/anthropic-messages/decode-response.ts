import { failed, ok, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { callNames, namedCall } from '../call-names.ts';
import { argumentsText, toolCallId } from '../openai-chat/decode-response.ts';
import { arrayOf, isObject, objectOf, textOf, unknownMembers } from '../read.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeFinish } from './finish.ts';
import { decodeUsage } from './usage.ts';

const KNOWN = new Set(['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage']);

/** Reads a whole message; unknown members and blocks are kept. */
export function decodeResponse(body: Json): Result<GenerationResponse> {
  if (!isObject(body)) return failed({ kind: 'protocol', message: 'The provider’s answer is not a JSON object.' });
  if (body['type'] === 'error' || isObject(body['error'])) return failed(decodeFailure(0, body, {}));
  if (!Array.isArray(body['content']))
    return failed({ kind: 'protocol', message: 'The provider’s answer has no content.' });
  const usage = objectOf(body['usage']);
  const rest = unknownMembers(body, KNOWN);
  return ok({
    id: textOf(body['id']) ?? '',
    model: textOf(body['model']) ?? '',
    createdAtMs: 0,
    content: decodeBlocks(body),
    finish: decodeFinish(textOf(body['stop_reason']) ?? '', textOf(body['stop_sequence'])),
    ...(usage !== undefined && { usage: decodeUsage(usage) }),
    ...(rest !== undefined && { extras: { 'anthropic-messages': rest } }),
  });
}

function decodeBlocks(body: JsonObject): readonly Part[] {
  const names = callNames();
  const responseId = textOf(body['id']) ?? '';
  return arrayOf(body['content']).map((block, index) =>
    namedCall(names, decodeBlock(block), toolCallId(responseId, index)),
  );
}

const BLOCK = new Set(['type', 'text', 'thinking', 'signature', 'data', 'id', 'name', 'input']);

/** A block of an answer; kinds that only Anthropic has stay whole. */
export function decodeBlock(value: Json): Part {
  const block = objectOf(value) ?? {};
  const kind = textOf(block['type']) ?? 'unknown';
  const part = known(kind, block);
  if (part === undefined) return { type: 'vendor', format: 'anthropic-messages', kind, value };
  const rest = unknownMembers(block, BLOCK);
  return rest === undefined ? part : { ...part, extras: { 'anthropic-messages': rest } };
}

function known(kind: string, block: JsonObject): Part | undefined {
  const signature = textOf(block['signature']);
  if (kind === 'text') return { type: 'text', text: textOf(block['text']) ?? '' };
  if (kind === 'redacted_thinking') return { type: 'reasoning', text: '', redacted: textOf(block['data']) ?? '' };
  if (kind === 'thinking')
    return { type: 'reasoning', text: textOf(block['thinking']) ?? '', ...(signature && { signature }) };
  if (kind !== 'tool_use') return undefined;
  return {
    type: 'tool-call',
    id: textOf(block['id']) ?? '',
    name: textOf(block['name']) ?? '',
    argumentsJson: block['input'] === undefined ? '' : inputText(block['input']),
  };
}

/** Servers that only speak like Anthropic write no input as null or as an empty text, some any input as text. */
const inputText = (input: Json): string => (input === null || input === '' ? '{}' : argumentsText(input));
