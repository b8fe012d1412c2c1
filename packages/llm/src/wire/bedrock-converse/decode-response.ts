import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { callNames, namedCall } from '../call-names.ts';
import { arrayOf, isObject, objectOf, textOf, unknownMembers } from '../read.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeFinish } from './finish.ts';
import { decodeMedia } from './media.ts';
import { decodeUsage } from './usage.ts';

const KNOWN = new Set(['output', 'stopReason', 'usage']);
const NO_CONTENT: Failure = { kind: 'protocol', message: 'The provider’s answer has no content.' };

/** Reads a whole answer. It has no id and no model's name, and says nothing of when it was made. */
export function decodeResponse(body: Json): Result<GenerationResponse> {
  if (!isObject(body)) return failed({ kind: 'protocol', message: 'The provider’s answer is not a JSON object.' });
  if (textOf(body['__type']) !== undefined) return failed(decodeFailure(0, body, {}));
  const content = objectOf(objectOf(body['output'])?.['message'])?.['content'];
  if (!Array.isArray(content)) return failed(NO_CONTENT);
  const usage = objectOf(body['usage']);
  const rest = unknownMembers(body, KNOWN);
  return ok({
    id: '',
    model: '',
    createdAtMs: 0,
    content: named(arrayOf(content).flatMap(decodeBlock)),
    finish: decodeFinish(textOf(body['stopReason']) ?? ''),
    ...(usage !== undefined && { usage: decodeUsage(usage) }),
    ...(rest !== undefined && { extras: { 'bedrock-converse': rest } }),
  });
}

function named(parts: readonly Part[]): readonly Part[] {
  const names = callNames();
  return parts.map((part, index) => namedCall(names, part, nameAt(index)));
}

/** A name for a call that has none of its own, by its place in the answer. */
export const nameAt = (index: number): string => `tooluse_${index}`;

/** A block of an answer; empty text is none, and kinds that only Amazon has stay whole. */
function decodeBlock(value: Json): readonly Part[] {
  const block = objectOf(value) ?? {};
  if (block['text'] === '') return [];
  const names = Object.keys(block);
  const kind = names.find((name) => Object.hasOwn(READERS, name)) ?? names[0] ?? 'unknown';
  const part = Object.hasOwn(READERS, kind) ? READERS[kind]?.(block[kind] ?? null) : decodeMedia(kind, block[kind]);
  return [part ?? { type: 'vendor', format: 'bedrock-converse', kind, value }];
}

/** Reads what stands under the name of a kind; `undefined` leaves the block whole. */
const READERS: Readonly<Record<string, (value: Json) => Part | undefined>> = {
  text: (value) => (typeof value === 'string' ? { type: 'text', text: value } : undefined),
  reasoningContent: (value) => decodeReasoning(objectOf(value) ?? {}),
  toolUse: (value) => decodeCall(objectOf(value) ?? {}),
  citationsContent: (value) => decodeCited(objectOf(value) ?? {}),
};

function decodeReasoning(wire: JsonObject): Part | undefined {
  const redacted = textOf(wire['redactedContent']);
  if (redacted !== undefined) return { type: 'reasoning', text: '', redacted };
  const said = objectOf(wire['reasoningText']);
  if (said === undefined) return undefined;
  const signature = textOf(said['signature']);
  return { type: 'reasoning', text: textOf(said['text']) ?? '', ...(signature && { signature }) };
}

const CALL = new Set(['toolUseId', 'name', 'input', 'type']);

/** A call that we are to make; those that Amazon made itself name another type. */
export function decodeCall(wire: JsonObject): (Part & { type: 'tool-call' }) | undefined {
  if ((wire['type'] ?? 'tool_use') !== 'tool_use') return undefined;
  const rest = unknownMembers(wire, CALL);
  return {
    type: 'tool-call',
    id: textOf(wire['toolUseId']) ?? '',
    name: textOf(wire['name']) ?? '',
    argumentsJson: wire['input'] === undefined ? '' : JSON.stringify(wire['input']),
    ...(rest !== undefined && { extras: { 'bedrock-converse': { toolUse: rest } } }),
  };
}

/** Text that names its sources, which stay with it. */
function decodeCited(wire: JsonObject): Part {
  const text = arrayOf(wire['content']).map((each) => textOf(objectOf(each)?.['text']) ?? '');
  return {
    type: 'text',
    text: text.join(''),
    extras: { 'bedrock-converse': { citations: arrayOf(wire['citations']) } },
  };
}
