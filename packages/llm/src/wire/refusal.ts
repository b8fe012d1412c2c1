import { failed, invalidRequest, ok, type Failure, type Result } from '../model/failure.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isObject, objectOf } from './read.ts';

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

/** The member that a caller's `cache_control` is on a part, a tool or a result; none when there is none. */
export function breakpointOf(object: JsonObject, path: string): { readonly cacheControl?: JsonObject } {
  const cacheControl = objectOf(wanted(object, 'cache_control', 'object', `${path}.cache_control`));
  return cacheControl === undefined ? {} : { cacheControl };
}

/** A string that must be there; anything else is refused with its path, which is that of `object` and the name. */
export function required(object: JsonObject, name: string, path: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw new Refusal(`${path}.${name}`, 'a string');
  return value;
}
