import { failed, ok, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { callNames, namedCall } from '../call-names.ts';
import { arrayOf, isObject, objectOf, textOf, unknownMembers } from '../read.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeFinish } from './finish.ts';
import { decodeUsage } from './usage.ts';

/** Members of an answer that the model names; the rest is kept as extras. */
export const KNOWN_TOP = new Set([
  'model',
  'created_at',
  'message',
  'done',
  'done_reason',
  'prompt_eval_count',
  'eval_count',
]);
/** The same for its message. */
export const KNOWN_MESSAGE = new Set(['role', 'content', 'thinking', 'tool_calls']);

/** Reads a whole answer; unknown members are kept, missing optional ones are no fault. It has no id. */
export function decodeResponse(body: Json): Result<GenerationResponse> {
  if (!isObject(body)) return failed({ kind: 'protocol', message: 'The provider’s answer is not a JSON object.' });
  if (body['error'] !== undefined && body['error'] !== null) return failed(decodeFailure(0, body, {}));
  const message = objectOf(body['message']);
  if (message === undefined) return failed({ kind: 'protocol', message: 'The provider’s answer has no message.' });
  const names = callNames();
  const calls = arrayOf(message['tool_calls']).map((each, index) =>
    namedCall(names, decodeCall(each), callId(body, index)),
  );
  const usage = decodeUsage(body);
  const rest = { ...unknownMembers(body, KNOWN_TOP), ...unknownMembers(message, KNOWN_MESSAGE) };
  return ok({
    id: '',
    model: textOf(body['model']) ?? '',
    createdAtMs: createdAtMs(body),
    content: [...said(message, 'thinking', 'reasoning'), ...said(message, 'content', 'text'), ...calls],
    finish: decodeFinish(textOf(body['done_reason']) ?? '', calls.length > 0),
    ...(usage !== undefined && { usage }),
    ...(Object.keys(rest).length > 0 && { extras: { 'ollama-chat': rest } }),
  });
}

function said(message: JsonObject, name: string, type: 'text' | 'reasoning'): readonly Part[] {
  const text = textOf(message[name]);
  return text ? [{ type, text }] : [];
}

/** When an answer or a line was made, in milliseconds since 1970; 0 when `created_at` is absent or can be no time. */
export function createdAtMs({ created_at: createdAt }: JsonObject): number {
  const ms = Date.parse(textOf(createdAt) ?? '');
  return Number.isNaN(ms) || ms < 0 ? 0 : ms;
}

/** A name for the call of that number in an answer of a server that names none: made of the answer's own time. */
export const callId = ({ created_at: createdAt }: JsonObject, index: number): string =>
  `call_${(textOf(createdAt) ?? '').replace(/[^a-zA-Z0-9]/g, '')}_${index}`;

/** Reads a call, whose arguments are an object; older servers leave it without an id, which is then empty. */
export function decodeCall(value: Json): Part & { type: 'tool-call' } {
  const call = objectOf(value) ?? {};
  const made = objectOf(call['function']) ?? {};
  const input = made['arguments'] ?? {};
  return {
    type: 'tool-call',
    id: textOf(call['id']) ?? '',
    name: textOf(made['name']) ?? '',
    argumentsJson: typeof input === 'string' ? input : JSON.stringify(input),
  };
}
