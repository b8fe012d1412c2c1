import type { Failure, FailureKind } from '../../model/failure.ts';
import type { Json } from '../../model/json.ts';
import type { WireHeaders } from '../codec.ts';
import { kindOfStatus, noRefusal } from '../failure-status.ts';
import { objectOf, textOf } from '../read.ts';
import { retryAfterMs } from '../../model/retry-after.ts';

const BY_TYPE: Readonly<Record<string, FailureKind>> = {
  invalid_request_error: 'invalid-request',
  authentication_error: 'authentication',
  billing_error: 'quota-exhausted',
  permission_error: 'permission',
  not_found_error: 'not-found',
  request_too_large: 'payload-too-large',
  rate_limit_error: 'rate-limit',
  timeout_error: 'timeout',
  overloaded_error: 'overloaded',
  api_error: 'upstream',
};

/** Sentences that say more than their type. */
const BY_WORDS: readonly (readonly [RegExp, FailureKind])[] = [
  [/prompt is too long|context window|too many tokens/i, 'context-overflow'],
  [/credit balance|spend_limit|spend limit|billing/i, 'quota-exhausted'],
];
const WORDS_SPEAK_FOR = new Set<FailureKind>(['invalid-request', 'rate-limit', 'permission', 'payload-too-large']);

/** Reads a refusal, or with status 0 an error from the middle of a stream; a redirect is a `protocol` failure. */
export function decodeFailure(status: number, body: Json, headers: WireHeaders): Failure {
  const unexpected = noRefusal(status);
  if (unexpected !== undefined) return unexpected;
  const error = objectOf(objectOf(body)?.['error']) ?? {};
  const type = textOf(error['type']);
  const message = textOf(error['message']) ?? (typeof body === 'string' ? body.slice(0, 500) : '');
  const byType = type !== undefined && Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
  const base = byType ?? kindOfStatus(status);
  const words = `${message} ${JSON.stringify(error['details'] ?? '')}`;
  const byWords = WORDS_SPEAK_FOR.has(base) ? BY_WORDS.find(([pattern]) => pattern.test(words))?.[1] : undefined;
  const wait = retryAfterMs(headers);
  return {
    kind: byWords ?? (base === 'rate-limit' && isPlanSpent(headers) ? 'quota-exhausted' : base),
    message:
      message || (status === 0 ? 'The provider reported an error.' : `The provider answered with status ${status}.`),
    ...(status > 0 && { status }),
    ...(type !== undefined && { code: type }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    raw: { format: 'anthropic-messages', body },
  };
}

/** A plan of Claude has windows of hours and days; a spent one is no matter of seconds. */
const isPlanSpent = (headers: WireHeaders): boolean => headers['anthropic-ratelimit-unified-status'] === 'rejected';
