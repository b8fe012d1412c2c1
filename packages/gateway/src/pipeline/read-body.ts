import { constants, isUtf8 } from 'node:buffer';

import { failed, invalidRequest, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import { JSON_BOUNDS, scanJson, type JsonBounds, type MemberSpan } from '@patchbay/llm/transport/scan-json';
import { isObject, parseJson } from '@patchbay/llm/wire/read';

import { shapeProblem, type BodyKind } from './body-shape.ts';

/** A request body that is safe to work with. */
export interface ReadBody {
  /** The bytes it was read from, which may lie elsewhere than those that were given. */
  readonly bytes: Buffer;
  /** Its value, where reading has made one; a heavy body's stays behind. */
  readonly json: JsonObject | undefined;
  readonly model: string;
  /** Where the model's value stands; absent where the address names the model. */
  readonly modelSpan: MemberSpan | undefined;
  readonly stream: boolean;
}

/** Longest model address, in characters; vendors stay under 100. */
const MODEL_CHARS_MAX = 256;
/** Longest part of a refusal that repeats the body, in characters: the name of a member may be as long as the body. */
const REPEATED_CHARS_MAX = 1000;

/** Checks what both lanes rely on; the rest of the body is the provider's to judge, or the decoder's. */
export function readBody(bytes: Buffer, kind: BodyKind, bounds: JsonBounds = JSON_BOUNDS): Result<ReadBody> {
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
  const { model, stream } = kind.addressed ?? { model: json['model'], stream: json['stream'] === true };
  const problem = modelProblem(model) ?? shapeProblem(json, kind.format);
  const modelSpan = kind.addressed === undefined ? scan.members.get('model') : undefined;
  if (problem !== undefined || typeof model !== 'string')
    return failed(problem ?? invalidRequest('model', MODEL_WANTED));
  return ok({ bytes, json, model, modelSpan, stream });
}

/** No text of the runtime holds more, so that the body could not be parsed. */
const TOO_LONG: Failure = {
  kind: 'payload-too-large',
  message: `The body has more than ${constants.MAX_STRING_LENGTH} bytes, the longest text that can be read. Send less.`,
};

const shortened = (text: string): string =>
  text.length > REPEATED_CHARS_MAX ? `${text.slice(0, REPEATED_CHARS_MAX)}…` : text;

const MODEL_WANTED = '`model` must be a non-empty string such as `openai/gpt-5` or `simulator/echo`.';

/** What is wrong with a model's name, if anything is. */
function modelProblem(model: unknown): Failure | undefined {
  if (typeof model !== 'string' || model === '') return invalidRequest('model', MODEL_WANTED);
  // Some providers take the name as a part of the path, which it must not climb out of.
  if (/(?:^|\/)\.{1,2}(?:\/|$)/.test(model))
    return invalidRequest('model', '`model` must not hold `.` or `..` as a part.');
  if (model.length <= MODEL_CHARS_MAX && !hasControlCharacters(model)) return undefined;
  return invalidRequest(
    'model',
    `\`model\` must have at most ${MODEL_CHARS_MAX} characters and no control characters.`,
  );
}

const hasControlCharacters = (text: string): boolean => /\p{Cc}/u.test(text);
