import { constants, isUtf8 } from 'node:buffer';

import { failed, invalidRequest, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import { JSON_BOUNDS, scanJson, type JsonBounds, type MemberSpan } from '@patchbay/llm/transport/scan-json';
import { isObject, parseJson } from '@patchbay/llm/wire/read';

/** A request body that is safe to work with. */
export interface ReadBody {
  /** The bytes it was read from, which may lie elsewhere than those that were given. */
  readonly bytes: Buffer;
  /** Its value, where reading has made one; a heavy body's stays behind. */
  readonly json: JsonObject | undefined;
  readonly model: string;
  readonly modelSpan: MemberSpan;
  readonly stream: boolean;
}

/** Longest model address, in characters; vendors stay under 100. */
const MODEL_CHARS_MAX = 256;
/** Longest part of a refusal that repeats the body, in characters: the name of a member may be as long as the body. */
const REPEATED_CHARS_MAX = 1000;

/** Checks what both lanes rely on; the rest of the body is the provider's to judge, or the decoder's. */
export function readBody(bytes: Buffer, bounds: JsonBounds = JSON_BOUNDS): Result<ReadBody> {
  if (bytes.length === 0) return failed({ kind: 'invalid-request', message: 'The body is empty. Send a JSON object.' });
  if (!isUtf8(bytes))
    return failed({ kind: 'invalid-request', message: 'The body is not valid UTF-8. Send JSON in UTF-8.' });
  if (bytes.length > constants.MAX_STRING_LENGTH) return failed(TOO_LONG);
  const scan = scanJson(bytes, bounds);
  if (!scan.ok)
    return failed({
      kind: 'invalid-request',
      message: shortened(scan.message),
      ...(scan.path !== undefined && { path: shortened(scan.path) }),
    });
  const json = parseJson(bytes.toString());
  if (json === undefined)
    return failed({ kind: 'invalid-request', message: 'The body is not valid JSON. Check its syntax.' });
  if (!isObject(json)) return failed({ kind: 'invalid-request', message: 'The body must be a JSON object.' });
  const problem = checkTypes(json);
  const modelSpan = scan.members.get('model');
  if (problem !== undefined || modelSpan === undefined) return failed(problem ?? invalidRequest('model', MODEL_WANTED));
  return ok({ bytes, json, model: json['model'] as string, modelSpan, stream: json['stream'] === true });
}

/** No text of the runtime holds more, so that the body could not be parsed. */
const TOO_LONG: Failure = {
  kind: 'payload-too-large',
  message: `The body has more than ${constants.MAX_STRING_LENGTH} bytes, the longest text that can be read. Send less.`,
};

const shortened = (text: string): string =>
  text.length > REPEATED_CHARS_MAX ? `${text.slice(0, REPEATED_CHARS_MAX)}…` : text;

const MODEL_WANTED = '`model` must be a non-empty string such as `openai/gpt-5` or `simulator/echo`.';

/** Members whose type routing or every dialect depends on: name, test, what is wanted. */
const TYPES: readonly [string, (value: unknown) => boolean, string][] = [
  ['stream', (value) => typeof value === 'boolean', 'true or false'],
  ['temperature', Number.isFinite, 'a number'],
  ['top_p', Number.isFinite, 'a number'],
  ['max_tokens', Number.isInteger, 'a whole number'],
  ['max_completion_tokens', Number.isInteger, 'a whole number'],
  ['tools', Array.isArray, 'a list'],
];

function checkTypes(json: JsonObject): Failure | undefined {
  const { model } = json;
  if (typeof model !== 'string' || model === '') return invalidRequest('model', MODEL_WANTED);
  if (model.length > MODEL_CHARS_MAX || hasControlCharacters(model)) {
    return invalidRequest(
      'model',
      `\`model\` must have at most ${MODEL_CHARS_MAX} characters and no control characters.`,
    );
  }
  for (const [name, fits, wanted] of TYPES) {
    const value = json[name];
    if (value !== undefined && value !== null && !fits(value))
      return invalidRequest(name, `\`${name}\` must be ${wanted}.`);
  }
  return checkMessages(json['messages']);
}

const hasControlCharacters = (text: string): boolean => /\p{Cc}/u.test(text);

function checkMessages(messages: unknown): Failure | undefined {
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
