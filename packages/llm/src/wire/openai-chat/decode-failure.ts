import type { Failure, FailureKind } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { WireHeaders } from '../codec.ts';
import { kindOfStatus, noRefusal } from '../failure-status.ts';
import { isObject, objectOf, textOf } from '../read.ts';
import { retryAfterMs } from '../../model/retry-after.ts';

/** Vendors' words that say more than the status; tried in order against code, type and sentence. */
const BY_WORDS: readonly (readonly [RegExp, FailureKind])[] = [
  [
    /context_length_exceeded|maximum context length|context window|prompt is too long|too many tokens/i,
    'context-overflow',
  ],
  [/insufficient_quota|exceeded your current quota|credit|billing|payment/i, 'quota-exhausted'],
  [/content_filter|content_policy|content management policy/i, 'content-policy'],
];
const WORDS_SPEAK_AT = new Set([0, 400, 402, 403, 413, 429]);

/** Words of errors that come without a status, in the middle of a stream. */
const STREAM_WORDS: readonly (readonly [RegExp, FailureKind])[] = [
  [/rate_?limit|too many requests/i, 'rate-limit'],
  [/overloaded|unavailable|capacity/i, 'overloaded'],
  [/invalid_request|invalid_argument|failed_generation|tool_use_failed/i, 'invalid-request'],
  [/authentication|invalid_api_key/i, 'authentication'],
];

interface Said {
  readonly message: string;
  readonly code: string | undefined;
  readonly words: string;
  readonly path: string | undefined;
}

/** Reads a refusal of any server that speaks this format or nearly does; a redirect is a `protocol` failure. */
export function decodeFailure(status: number, body: Json, headers: WireHeaders): Failure {
  const unexpected = noRefusal(status);
  if (unexpected !== undefined) return unexpected;
  const said = read(body);
  const byWords = WORDS_SPEAK_AT.has(status) ? BY_WORDS.find(([words]) => words.test(said.words))?.[1] : undefined;
  const wait = retryAfterMs(headers);
  return {
    kind: byWords ?? kindOfStatus(status),
    message: said.message || `The provider answered with status ${status}.`,
    status,
    ...(said.code !== undefined && { code: said.code }),
    ...(said.path !== undefined && { path: said.path }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    raw: { format: 'openai-chat', body },
  };
}

/** Reads an error that came inside a 200 answer or stream. */
export function errorFailure(body: JsonObject): Failure {
  const status = Number(objectOf(body['error'])?.['code']);
  if (Number.isInteger(status) && status >= 400 && status < 600) return decodeFailure(status, body, {});
  const said = read(body);
  const kind = [...BY_WORDS, ...STREAM_WORDS].find(([words]) => words.test(said.words))?.[1] ?? 'upstream';
  return {
    kind,
    message: said.message || 'The provider reported an error.',
    ...(said.code !== undefined && { code: said.code }),
    raw: { format: 'openai-chat', body },
  };
}

function read(body: Json): Said {
  const first: Json | undefined = Array.isArray(body) ? (body as readonly Json[])[0] : body;
  if (!isObject(first)) return said(typeof first === 'string' ? first.slice(0, 500) : '', {});
  const error = first['error'];
  if (typeof error === 'string') return said(error, first);
  const inner = objectOf(error) ?? first;
  const detail = textOf(inner['detail']);
  return said(textOf(inner['message']) ?? detail ?? '', inner);
}

function said(message: string, from: JsonObject): Said {
  const word = (name: string): string | undefined =>
    textOf(from[name]) ?? (typeof from[name] === 'number' ? String(from[name]) : undefined);
  const code = word('code') ?? word('type') ?? word('status');
  return {
    message,
    code,
    words: `${word('code') ?? ''} ${word('type') ?? ''} ${message}`,
    path: textOf(from['param']),
  };
}
