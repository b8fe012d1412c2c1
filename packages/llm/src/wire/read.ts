import type { Json, JsonObject } from '../model/json.ts';

// Tolerant readers over unknown JSON: a wrong type reads as absent, so a stray value never throws.

/** True for a JSON object: neither a list nor null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value when it is an object. */
export const objectOf = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);

/** The value when it is a list, else an empty one. */
export const arrayOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);

/** The value when it is a string. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The value when it is a finite number. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** The value when it is true or false. */
export const booleanOf = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** Parses text that ought to be JSON; `undefined` when it is not. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The members of `object` that are not in `known`, or `undefined` when there are none. */
export function unknownMembers(object: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  let rest: Record<string, Json | undefined> | undefined;
  for (const name of Object.keys(object)) {
    if (known.has(name) || object[name] === undefined) continue;
    rest ??= {};
    // Assigned, this one name would change what the object is instead of what it holds.
    if (name === '__proto__') Object.defineProperty(rest, name, { value: object[name], enumerable: true });
    else rest[name] = object[name];
  }
  return rest;
}

/** `object` with the members of `more`, which win; objects that both have under one name become one. */
export function joined(object: JsonObject, more: JsonObject | undefined): JsonObject {
  if (more === undefined) return object;
  const both = Object.keys(more).filter((name) => isObject(object[name]) && isObject(more[name]));
  const inner = both.map((name) => [name, { ...objectOf(object[name]), ...objectOf(more[name]) }] as const);
  return { ...object, ...more, ...Object.fromEntries(inner) };
}

/** A copy of `object` without members that are `undefined`. */
export function compact(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
