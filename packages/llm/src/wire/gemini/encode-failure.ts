import type { Failure, FailureKind } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { numberOf } from '../read.ts';
import { errorOf } from './decode-failure.ts';

/** Kind to status and Google's word for it. */
const ANSWERS: Readonly<Record<FailureKind, readonly [status: number, word: string]>> = {
  'invalid-request': [400, 'INVALID_ARGUMENT'],
  authentication: [401, 'UNAUTHENTICATED'],
  permission: [403, 'PERMISSION_DENIED'],
  'not-found': [404, 'NOT_FOUND'],
  'payload-too-large': [413, 'INVALID_ARGUMENT'],
  'context-overflow': [400, 'INVALID_ARGUMENT'],
  'content-policy': [400, 'INVALID_ARGUMENT'],
  'rate-limit': [429, 'RESOURCE_EXHAUSTED'],
  'quota-exhausted': [429, 'RESOURCE_EXHAUSTED'],
  overloaded: [503, 'UNAVAILABLE'],
  upstream: [502, 'INTERNAL'],
  protocol: [502, 'INTERNAL'],
  network: [502, 'UNAVAILABLE'],
  timeout: [504, 'DEADLINE_EXCEEDED'],
  cancelled: [499, 'CANCELLED'],
  internal: [500, 'INTERNAL'],
};

/** Agents compress their history when they read these words. */
const TOO_LONG = 'The input token count exceeds the maximum number of tokens allowed';

/** Writes a failure as Google would; a failure that Google itself worded keeps its words and details. */
export function encodeFailure(failure: Failure): { readonly status: number; readonly body: JsonObject } {
  const [usual, word] = ANSWERS[failure.kind];
  const own = failure.raw?.format === 'gemini' ? errorOf(failure.raw.body) : undefined;
  const status = [failure.status, numberOf(own?.['code'])].find(isRefusal) ?? usual;
  // Official clients take an error without a refusal's code for a part of the answer.
  if (typeof own?.['message'] === 'string')
    return { status, body: { error: isRefusal(numberOf(own['code'])) ? own : { ...own, code: status } } };
  const overflow = failure.kind === 'context-overflow' && !failure.message.includes(TOO_LONG);
  const message = overflow ? `${TOO_LONG}: ${failure.message}` : failure.message;
  const details = encodeDetails(failure);
  const error = { code: usual, message, status: word, ...(details.length > 0 && { details }) };
  return { status: usual, body: { error } };
}

/** A status of a provider's own making would not tell the caller's client that the call failed. */
const isRefusal = (status: number | undefined): status is number =>
  status !== undefined && Number.isInteger(status) && status >= 400 && status < 600;

const typed = (name: string, members: JsonObject): Json => ({
  '@type': `type.googleapis.com/google.rpc.${name}`,
  ...members,
});

/** What agents look for: how long to wait, that waiting is of no use, which member is wrong. */
function encodeDetails({ kind, message, path, retryAfterMs }: Failure): readonly Json[] {
  const details: Json[] = [];
  if (kind === 'quota-exhausted') details.push(typed('ErrorInfo', { reason: 'QUOTA_EXHAUSTED' }));
  if (kind === 'invalid-request' && path !== undefined)
    details.push(typed('BadRequest', { fieldViolations: [{ field: path, description: message }] }));
  if (retryAfterMs !== undefined) details.push(typed('RetryInfo', { retryDelay: `${retryAfterMs / 1000}s` }));
  return details;
}
