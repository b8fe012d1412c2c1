import { invalidRequest, type Failure } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { Addressed } from '@patchbay/llm/wire/codec';
import { isObject } from '@patchbay/llm/wire/read';
import type { ServedFormatId } from '@patchbay/llm/wire/registry';

/** What a body is taken for. */
export interface BodyKind {
  readonly format: ServedFormatId;
  /** Model and stream, where the format says them in the address; the body then names neither. */
  readonly addressed?: Addressed;
}

/** A check of one member: name, test, what is wanted. An absent member and `null` are always fine. */
type TypeRule = readonly [name: string, fits: (value: unknown) => boolean, wanted: string];

const NUMBERS: readonly TypeRule[] = [
  ['temperature', Number.isFinite, 'a number'],
  ['top_p', Number.isFinite, 'a number'],
];
const STREAM: TypeRule = ['stream', (value) => typeof value === 'boolean', 'true or false'];
const TOOLS: TypeRule = ['tools', Array.isArray, 'a list'];

/** Members whose type routing or every dialect depends on; the rest is the provider's to judge, or the decoder's. */
const TYPES: Readonly<Record<ServedFormatId, readonly TypeRule[]>> = {
  'openai-chat': [
    STREAM,
    ...NUMBERS,
    ['max_tokens', Number.isInteger, 'a whole number'],
    ['max_completion_tokens', Number.isInteger, 'a whole number'],
    TOOLS,
  ],
  'anthropic-messages': [STREAM, ...NUMBERS, ['max_tokens', Number.isInteger, 'a whole number'], TOOLS],
  'openai-responses': [
    STREAM,
    ...NUMBERS,
    ['max_output_tokens', Number.isInteger, 'a whole number'],
    ['input', (value) => typeof value === 'string' || Array.isArray(value), 'a text or a list of items'],
    TOOLS,
  ],
  gemini: [TOOLS],
};

/** Lists of turns that a body must have, by format. */
const TURNS: Readonly<Partial<Record<ServedFormatId, string>>> = {
  'openai-chat': 'messages',
  'anthropic-messages': 'messages',
};

/** What is wrong with the shape of a body of `format`, if anything is; the model is checked elsewhere. */
export function shapeProblem(json: JsonObject, format: ServedFormatId): Failure | undefined {
  for (const [name, fits, wanted] of TYPES[format]) {
    const value = json[name];
    if (value !== undefined && value !== null && !fits(value))
      return invalidRequest(name, `\`${name}\` must be ${wanted}.`);
  }
  return TURNS[format] === undefined ? undefined : messagesProblem(json['messages']);
}

function messagesProblem(messages: unknown): Failure | undefined {
  if (!Array.isArray(messages)) return invalidRequest('messages', '`messages` must be a list of messages.');
  if (messages.length === 0) return invalidRequest('messages', '`messages` must hold at least one message.');
  for (let index = 0; index < messages.length; index += 1) {
    const message: unknown = messages[index];
    if (!isObject(message)) return invalidRequest(`messages[${index}]`, `\`messages[${index}]\` must be an object.`);
    if (typeof message['role'] !== 'string') {
      return invalidRequest(
        `messages[${index}].role`,
        `\`messages[${index}].role\` must be a string such as \`user\`.`,
      );
    }
  }
  return undefined;
}
