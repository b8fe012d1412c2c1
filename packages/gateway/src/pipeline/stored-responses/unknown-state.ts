import type { Failure } from '@patchbay/llm/model/failure';
import type { Json } from '@patchbay/llm/model/json';
import { isObject, textOf } from '@patchbay/llm/wire/read';

import { referenceOf, itemsOf } from './input-items.ts';

/** A refusal in the vendor's own words, which its clients know. */
function worded(status: number, message: string, param: string | null, code: string | null): Failure {
  const error = { message, type: 'invalid_request_error', param, code };
  return {
    kind: 'invalid-request',
    status,
    message,
    ...(param !== null && { path: param }),
    raw: { format: 'openai-responses', body: { error } },
  };
}

/** The conversation was to go on from an answer that is not known here. */
export const unknownPrevious = (id: string): Failure =>
  worded(400, `Previous response with id '${id}' not found.`, 'previous_response_id', 'previous_response_not_found');

/** An item of the input stands for one that is not known here. */
export const unknownItem = (id: string): Failure => worded(404, `Item with id '${id}' not found.`, 'input', null);

/** An answer was asked for that is not known here. */
export const unknownResponse = (id: string): Failure => worded(404, `Response with id '${id}' not found.`, null, null);

/** Something about a kept answer cannot be had. */
export const refusedResponse = (message: string, param: string | null = null): Failure =>
  worded(400, message, param, null);

/**
 * What of a request of the Responses API stands for something that its provider does not have: the conversation so far,
 * or single items. Where nobody has it, the answer would be one to another question.
 */
export function unresolvedState(json: Json | undefined): Failure | undefined {
  if (!isObject(json)) return undefined;
  const previous = textOf(json['previous_response_id']);
  if (previous !== undefined && previous !== '') return unknownPrevious(previous);
  for (const item of itemsOf(json['input'])) {
    const id = referenceOf(item);
    if (id !== undefined) return unknownItem(id);
  }
  return undefined;
}
