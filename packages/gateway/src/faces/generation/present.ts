import { API_VERSION, statusIn, type OperationFailure } from '@patchbay/contract';

import type { Dress } from '../../serving/dress.ts';
import { sendJson } from '../../serving/send-json.ts';

/** This interface's looks: a failure says its status again and everything that is wrong with the request. */
export const GENERATION_DRESS: Dress = {
  face: 'generation',
  headers: { 'x-api-version': API_VERSION },
  sendFailure: (reply, failure) => sendJson(reply, statusOf(failure), failureBody(failure)),
};

/** What a failure looks like here. */
export function failureBody(failure: OperationFailure): object {
  const { code, message, validationErrors, suggestions, details } = failure;
  const more = { ...(validationErrors && { detail: validationErrors }), ...(suggestions && { suggestions }) };
  return { error: true, message, status_code: statusOf(failure), code, ...more, ...(details && { details }) };
}

/** Clients of this interface know what does not fit as 422, wherever in the request it stands. */
const statusOf = ({ code, validationErrors }: OperationFailure): number =>
  code === 'INVALID_INPUT' && validationErrors !== undefined ? 422 : statusIn('generation', code);
