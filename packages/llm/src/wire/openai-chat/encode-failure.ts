import type { WireFormatId } from '../../model/extras.ts';
import type { Failure, FailureKind } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import { isObject } from '../read.ts';

/** Kind to status, OpenAI's `type` and its usual `code`. */
const ANSWERS: Readonly<Record<FailureKind, readonly [status: number, type: string, code: string | null]>> = {
  'invalid-request': [400, 'invalid_request_error', null],
  authentication: [401, 'invalid_request_error', 'invalid_api_key'],
  permission: [403, 'invalid_request_error', 'permission_denied'],
  'not-found': [404, 'invalid_request_error', 'model_not_found'],
  'payload-too-large': [413, 'invalid_request_error', 'request_too_large'],
  'context-overflow': [400, 'invalid_request_error', 'context_length_exceeded'],
  'content-policy': [400, 'invalid_request_error', 'content_policy_violation'],
  'rate-limit': [429, 'rate_limit_error', 'rate_limit_exceeded'],
  'quota-exhausted': [429, 'insufficient_quota', 'insufficient_quota'],
  overloaded: [503, 'server_error', 'overloaded'],
  upstream: [502, 'server_error', 'upstream_error'],
  protocol: [502, 'server_error', 'upstream_protocol_error'],
  network: [502, 'server_error', 'upstream_unreachable'],
  timeout: [504, 'server_error', 'upstream_timeout'],
  cancelled: [499, 'server_error', 'cancelled'],
  internal: [500, 'server_error', 'internal_error'],
};

/** OpenAI words refusals the same in both of its formats. */
const OWN = new Set<WireFormatId>(['openai-chat', 'openai-responses']);

/** Writes a failure as OpenAI would; a failure that OpenAI itself worded keeps its words. */
export function encodeFailure(failure: Failure): { readonly status: number; readonly body: JsonObject } {
  const [status, type, code] = ANSWERS[failure.kind];
  const raw = failure.raw !== undefined && OWN.has(failure.raw.format) ? failure.raw.body : undefined;
  // A status of a provider's own making would not tell the caller's client that the call failed.
  const refused = failure.status !== undefined && failure.status >= 400 && failure.status < 600;
  if (isObject(raw) && isObject(raw['error'])) return { status: refused ? failure.status : status, body: raw };
  return { status, body: { error: { message: failure.message, type, param: failure.path ?? null, code } } };
}
