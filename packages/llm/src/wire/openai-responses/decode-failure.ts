import type { Failure, FailureKind } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { WireHeaders } from '../codec.ts';
import * as chat from '../openai-chat/decode-failure.ts';
import { isObject, objectOf, textOf } from '../read.ts';
import { OWN } from './own-extras.ts';

/** Codes that only this format has, and what they mean whatever the status. */
const BY_CODE: readonly (readonly [RegExp, FailureKind])[] = [
  [/^server_is_overloaded$|^slow_down$/, 'overloaded'],
  [/^invalid_prompt$|_policy(?:_violation)?$/, 'content-policy'],
  [/image/, 'invalid-request'],
  [/^model_not_found$|^previous_response_not_found$/, 'not-found'],
  [/^usage_(?:not_included|limit_reached)$/, 'quota-exhausted'],
];

const kindOfCode = (code: string | undefined): FailureKind | undefined =>
  code === undefined ? undefined : BY_CODE.find(([words]) => words.test(code))?.[1];

/** Reads a refusal; OpenAI words it the same in both of its formats. */
export function decodeFailure(status: number, body: Json, headers: WireHeaders): Failure {
  const failure = chat.decodeFailure(status, body, headers);
  // A redirect, or what is neither success nor refusal, says nothing in any format.
  if (failure.raw === undefined) return failure;
  const byCode = status >= 400 && status < 500 && status !== 401 ? kindOfCode(failure.code) : undefined;
  return { ...failure, ...(byCode !== undefined && { kind: byCode }), raw: { format: OWN, body } };
}

/** Reads an error inside an answer or a stream: a failed response, an event of its own, or a body with an `error`. */
export function errorFailure(said: JsonObject): Failure {
  const error = objectOf(said['error']) ?? flat(said);
  const failure = chat.errorFailure({ error });
  const byCode = kindOfCode(textOf(error['code']));
  return { ...failure, ...(byCode !== undefined && { kind: byCode }), raw: { format: OWN, body: { error } } };
}

/** An error event that says everything itself; its `type` is the event's. */
function flat({ error, code = null, message, param = null }: JsonObject): JsonObject {
  return { code, message: textOf(message) ?? textOf(error) ?? '', param };
}

/** True for an answer that says that it failed. */
export const isFailed = (response: JsonObject): boolean =>
  isObject(response['error']) || typeof response['error'] === 'string' || response['status'] === 'failed';
