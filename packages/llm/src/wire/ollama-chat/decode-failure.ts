import type { Failure, FailureKind } from '../../model/failure.ts';
import type { Json } from '../../model/json.ts';
import type { WireHeaders } from '../codec.ts';
import { kindOfStatus, noRefusal } from '../failure-status.ts';
import { objectOf, textOf } from '../read.ts';
import { retryAfterMs } from '../../model/retry-after.ts';

/** Ollama has sentences and no codes; in the middle of a stream there is no status either. */
const BY_WORDS: readonly (readonly [RegExp, FailureKind])[] = [
  [/(?:exceeds?|longer than) .*context|context (?:length|window) exceeded/i, 'context-overflow'],
  [/usage limit|upgrade (?:to|your plan)/i, 'quota-exhausted'],
  [/rate limit|too many requests/i, 'rate-limit'],
  [/server (?:is )?busy|maximum pending requests|overloaded/i, 'overloaded'],
  [/model .*not found|try pulling it first/i, 'not-found'],
];
const WORDS_SPEAK_AT = new Set([0, 400, 403, 429, 500]);

/** Reads a refusal, or with status 0 an error from the middle of a stream; a redirect is a `protocol` failure. */
export function decodeFailure(status: number, body: Json, headers: WireHeaders): Failure {
  const unexpected = noRefusal(status);
  if (unexpected !== undefined) return unexpected;
  const error = objectOf(body)?.['error'] ?? body;
  const said = textOf(error) ?? textOf(objectOf(error)?.['message']) ?? '';
  const byWords = WORDS_SPEAK_AT.has(status) ? BY_WORDS.find(([words]) => words.test(said))?.[1] : undefined;
  const wait = retryAfterMs(headers);
  return {
    kind: byWords ?? kindOfStatus(status),
    message:
      said.slice(0, 2000) || `The provider ${status === 0 ? 'reported an error' : `answered with status ${status}`}.`,
    ...(status > 0 && { status }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    raw: { format: 'ollama-chat', body },
  };
}
