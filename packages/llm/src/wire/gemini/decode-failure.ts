import type { Failure, FailureKind } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { WireHeaders } from '../codec.ts';
import { kindOfStatus, noRefusal } from '../failure-status.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf } from '../read.ts';
import { retryAfterMs } from '../../model/retry-after.ts';

/** Status words of Google's servers. */
const BY_WORD: Readonly<Record<string, FailureKind>> = {
  INVALID_ARGUMENT: 'invalid-request',
  OUT_OF_RANGE: 'invalid-request',
  ALREADY_EXISTS: 'invalid-request',
  // Said of callers in countries, or with plans, that a model is not offered to; another target may still do it.
  FAILED_PRECONDITION: 'permission',
  UNAUTHENTICATED: 'authentication',
  PERMISSION_DENIED: 'permission',
  NOT_FOUND: 'not-found',
  RESOURCE_EXHAUSTED: 'rate-limit',
  UNAVAILABLE: 'overloaded',
  ABORTED: 'overloaded',
  DEADLINE_EXCEEDED: 'timeout',
  // Not our caller's doing: that call is over before an answer to it is read.
  CANCELLED: 'upstream',
  INTERNAL: 'upstream',
  UNKNOWN: 'upstream',
  DATA_LOSS: 'upstream',
  UNIMPLEMENTED: 'upstream',
};

/** Reasons of `ErrorInfo`, which say more than the status word. */
const BY_REASON: Readonly<Record<string, FailureKind>> = {
  API_KEY_INVALID: 'authentication',
  API_KEY_EXPIRED: 'authentication',
  ACCESS_TOKEN_EXPIRED: 'authentication',
  QUOTA_EXHAUSTED: 'quota-exhausted',
};

/** Sentences that say more than their status. */
const BY_SENTENCE: readonly (readonly [RegExp, FailureKind])[] = [
  [/input token count.*exceeds|maximum number of tokens allowed|context window/i, 'context-overflow'],
  [/request payload size exceeds/i, 'payload-too-large'],
  [/credits are depleted|spending cap/i, 'quota-exhausted'],
  [/api[ _]?key (?:not valid|not found|expired|invalid)/i, 'authentication'],
];
const WORDS_SPEAK_FOR = new Set<FailureKind>(['invalid-request', 'rate-limit', 'permission', 'payload-too-large']);

/** Reads a refusal, or with status 0 an error from the middle of a stream; a redirect is a `protocol` failure. */
export function decodeFailure(status: number, body: Json, headers: WireHeaders): Failure {
  const unexpected = noRefusal(status);
  if (unexpected !== undefined) return unexpected;
  const error = errorOf(body) ?? {};
  const word = textOf(error['status']);
  const details = arrayOf(error['details']).filter(isObject);
  const message = textOf(error['message']) ?? (typeof body === 'string' ? body.slice(0, 500) : '');
  const wait = waitMs(details) ?? retryAfterMs(headers);
  const path = pathOf(details);
  return {
    kind: kindOf(status, { error, message, details }),
    message:
      message || (status === 0 ? 'The provider reported an error.' : `The provider answered with status ${status}.`),
    ...(status > 0 && { status }),
    ...(word !== undefined && { code: word }),
    ...(path !== undefined && { path }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    raw: { format: 'gemini', body },
  };
}

/** The error in a body; a stream that was asked for as a list holds it in one. */
export function errorOf(body: Json): JsonObject | undefined {
  const first: Json | undefined = Array.isArray(body) ? (body as readonly Json[])[0] : body;
  return objectOf(objectOf(first)?.['error']);
}

interface Said {
  readonly error: JsonObject;
  readonly message: string;
  readonly details: readonly JsonObject[];
}

const TOO_LARGE = 413;

function kindOf(status: number, { error, message, details }: Said): FailureKind {
  const reason = textOf(detail(details, 'ErrorInfo')?.['reason']) ?? '';
  if (Object.hasOwn(BY_REASON, reason)) return BY_REASON[reason] as FailureKind;
  const word = textOf(error['status']) ?? '';
  const ownStatus = status === 0 ? (numberOf(error['code']) ?? 0) : status;
  // Google has no word of its own for what is too large.
  const speaks = Object.hasOwn(BY_WORD, word) && ownStatus !== TOO_LARGE;
  const base = speaks ? (BY_WORD[word] as FailureKind) : kindOfStatus(ownStatus);
  if (base === 'rate-limit' && isSpent(details)) return 'quota-exhausted';
  const bySentence = WORDS_SPEAK_FOR.has(base) ? BY_SENTENCE.find(([words]) => words.test(message))?.[1] : undefined;
  return bySentence ?? base;
}

/** True for a quota that is not back within minutes. */
const isSpent = (details: readonly JsonObject[]): boolean =>
  arrayOf(detail(details, 'QuotaFailure')?.['violations']).some((each) =>
    /Per(?:Day|Week|Month)/.test(textOf(objectOf(each)?.['quotaId']) ?? ''),
  );

const detail = (details: readonly JsonObject[], name: string): JsonObject | undefined =>
  details.find((each) => textOf(each['@type'])?.endsWith(`google.rpc.${name}`));

/** `RetryInfo` writes its wait as `34.4s`. */
function waitMs(details: readonly JsonObject[]): number | undefined {
  const delay = textOf(detail(details, 'RetryInfo')?.['retryDelay']);
  return delay?.endsWith('s') === true ? retryAfterMs({ 'retry-after': delay.slice(0, -1) }) : undefined;
}

/** The member that `BadRequest` names. */
const pathOf = (details: readonly JsonObject[]): string | undefined =>
  textOf(objectOf(arrayOf(detail(details, 'BadRequest')?.['fieldViolations'])[0])?.['field']);
