import type { Failure, FailureKind } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import { isObject, objectOf } from '../read.ts';

/** Kind to status and Anthropic's `type`. */
const ANSWERS: Readonly<Record<FailureKind, readonly [status: number, type: string]>> = {
  'invalid-request': [400, 'invalid_request_error'],
  authentication: [401, 'authentication_error'],
  permission: [403, 'permission_error'],
  'not-found': [404, 'not_found_error'],
  'payload-too-large': [413, 'request_too_large'],
  'context-overflow': [400, 'invalid_request_error'],
  'content-policy': [400, 'invalid_request_error'],
  'rate-limit': [429, 'rate_limit_error'],
  'quota-exhausted': [429, 'rate_limit_error'],
  overloaded: [529, 'overloaded_error'],
  upstream: [502, 'api_error'],
  protocol: [502, 'api_error'],
  network: [502, 'api_error'],
  timeout: [504, 'timeout_error'],
  cancelled: [499, 'api_error'],
  internal: [500, 'api_error'],
};

/** Agents compact their history when they read these words. */
const TOO_LONG = 'prompt is too long';

/** Writes a failure as Anthropic would; a failure that Anthropic itself worded keeps its words. */
export function encodeFailure(failure: Failure): { readonly status: number; readonly body: JsonObject } {
  const [status, type] = ANSWERS[failure.kind];
  const raw = failure.raw?.format === 'anthropic-messages' ? failure.raw.body : undefined;
  // A status of a provider's own making would not tell the caller's client that the call failed.
  const refused = failure.status !== undefined && failure.status >= 400 && failure.status < 600;
  if (isObject(raw) && typeof objectOf(raw['error'])?.['type'] === 'string')
    return { status: refused ? failure.status : status, body: raw };
  const overflow = failure.kind === 'context-overflow' && !failure.message.includes(TOO_LONG);
  const message = overflow ? `${TOO_LONG}: ${failure.message}` : failure.message;
  return { status, body: { type: 'error', error: { type, message } } };
}
