import type { Failure, FailureKind } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { WireHeaders } from '../codec.ts';
import { kindOfStatus, noRefusal } from '../failure-status.ts';
import { objectOf, textOf } from '../read.ts';
import { retryAfterMs } from '../../model/retry-after.ts';

/** Names of exceptions in lower case: streams write them with a small first letter. */
const BY_NAME: Readonly<Record<string, FailureKind>> = {
  validationexception: 'invalid-request',
  unrecognizedclientexception: 'authentication',
  invalidsignatureexception: 'authentication',
  incompletesignatureexception: 'authentication',
  invalidclienttokenid: 'authentication',
  missingauthenticationtokenexception: 'authentication',
  expiredtokenexception: 'authentication',
  accessdeniedexception: 'permission',
  resourcenotfoundexception: 'not-found',
  requestentitytoolargeexception: 'payload-too-large',
  throttlingexception: 'rate-limit',
  servicequotaexceededexception: 'quota-exhausted',
  modelnotreadyexception: 'overloaded',
  serviceunavailableexception: 'overloaded',
  modeltimeoutexception: 'timeout',
  modelerrorexception: 'upstream',
  modelstreamerrorexception: 'upstream',
  internalserverexception: 'upstream',
};

/** Sentences that say more than `ValidationException`, which is Amazon's word for most mistakes. */
const BY_WORDS: readonly (readonly [RegExp, FailureKind])[] = [
  [/input is too long|prompt is too long|context (?:window|length)|too many (?:input )?tokens/i, 'context-overflow'],
  [/model identifier is invalid|model .* (?:not found|does not exist)/i, 'not-found'],
  [/content filter|content policy/i, 'content-policy'],
];

/** Reads a refusal, or with status 0 an exception from the middle of a stream; a redirect is a `protocol` failure. */
export function decodeFailure(status: number, body: Json, headers: WireHeaders): Failure {
  const unexpected = noRefusal(status);
  if (unexpected !== undefined) return unexpected;
  const error = objectOf(body) ?? {};
  const code = exceptionName(error, headers);
  const message = textOf(error['message']) ?? textOf(error['Message']) ?? (typeof body === 'string' ? body : '');
  const name = code?.toLowerCase() ?? '';
  const base = (Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined) ?? kindOfStatus(status);
  const byWords = base === 'invalid-request' ? BY_WORDS.find(([words]) => words.test(message))?.[1] : undefined;
  const wait = retryAfterMs(headers);
  return {
    kind: byWords ?? base,
    message: message.slice(0, 2000) || sentenceOf(status),
    ...(status > 0 && { status }),
    ...(code !== undefined && { code }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    raw: { format: 'bedrock-converse', body },
  };
}

const sentenceOf = (status: number): string =>
  status === 0 ? 'The provider reported an error.' : `The provider answered with status ${status}.`;

/**
 * `ThrottlingException` out of the header `ThrottlingException:http://internal.amazon.com/…` or of the member
 * `com.amazon.coral.service#ThrottlingException`.
 */
function exceptionName(error: JsonObject, headers: WireHeaders): string | undefined {
  const word = headers['x-amzn-errortype'] ?? textOf(error['__type']) ?? textOf(error['code']);
  return word?.split(':')[0]?.split('#').at(-1)?.trim() || undefined;
}
