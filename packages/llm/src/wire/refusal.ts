import { failed, invalidRequest, ok, type Failure, type Result } from '../model/failure.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isObject } from './read.ts';

/** Carries a caller's mistake out of nested readers; never leaves this room. */
export class Refusal extends Error {
  readonly failure: Failure;

  /** `wantedWords` completes the sentence "`path` must be …". */
  constructor(path: string, wantedWords: string) {
    super(path);
    this.failure = invalidRequest(path, `\`${path}\` must be ${wantedWords}.`);
  }
}

/** What `decode` reads from a caller's body; the failure of the `Refusal` it throws, or of a body that is no object. */
export function decodeBody<T>(body: Json, decode: (body: JsonObject) => T): Result<T> {
  if (!isObject(body)) return failed({ kind: 'invalid-request', message: 'The body must be a JSON object.' });
  try {
    return ok(decode(body));
  } catch (error) {
    if (error instanceof Refusal) return failed(error.failure);
    throw error;
  }
}

const WORDS = { string: 'a string', number: 'a number', boolean: 'true or false', object: 'an object' } as const;

/** A member of a known type, `undefined` when absent or null; any other type is refused with its path. */
export function wanted(object: JsonObject, name: string, type: keyof typeof WORDS, path = name): Json | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  const fits = type === 'object' ? typeof value === 'object' && !Array.isArray(value) : typeof value === type;
  if (!fits) throw new Refusal(path, WORDS[type]);
  return value;
}
