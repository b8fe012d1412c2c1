import type { Json, JsonObject } from '../../model/json.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf } from '../../wire/read.ts';

/** Values made from one schema; a schema that contains itself many times would grow without end. */
const VALUES_MAX = 500;
const DEPTH_MAX = 8;

/** A text where nothing is said of it. */
const SAMPLE = 'sample';

/** The schema that references point into, and how many values may still be made. */
interface Sampling {
  readonly root: JsonObject;
  left: number;
}

const STRINGS_BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

type Sampler = (schema: JsonObject, sampling: Sampling, depth: number) => Json;

const SAMPLERS: Readonly<Record<string, Sampler>> = {
  object: sampleObject,
  array: sampleArray,
  string: sampleString,
  number: (schema) => numberOf(schema.minimum) ?? 1,
  integer: (schema) => Math.ceil(numberOf(schema.minimum) ?? 1),
  boolean: () => true,
  null: () => null,
};

/** Arguments that satisfy the common part of JSON Schema: the same schema always gives the same arguments. */
export function sampleArguments(schema: JsonObject | undefined): JsonObject {
  const value = sampleValue(schema ?? {});
  return isObject(value) ? value : {};
}

/** The same for any value, whether it is an object or not. */
export const sampleValue = (schema: JsonObject): Json => sample(schema, { root: schema, left: VALUES_MAX }, 0);

function sample(schema: Json | undefined, sampling: Sampling, depth: number): Json {
  if (!isObject(schema)) return SAMPLE;
  if (sampling.left <= 0) return null;
  sampling.left -= 1;
  const given = schema.const ?? arrayOf(schema.enum)[0] ?? schema.default ?? arrayOf(schema.examples)[0];
  if (given !== undefined) return given;
  const instead = substitute(schema, sampling.root);
  if (instead && depth <= DEPTH_MAX) return sample(instead, sampling, depth + 1);
  return SAMPLERS[typeOf(schema)]?.(schema, sampling, depth) ?? null;
}

/** The schema that a reference or the first alternative stands for. */
function substitute(schema: JsonObject, root: JsonObject): Json | undefined {
  const ref = textOf(schema.$ref);
  if (ref?.startsWith('#/')) {
    const steps = ref.slice(2).split('/');
    return steps.reduce<Json | undefined>((at, step) => objectOf(at)?.[step], root);
  }
  return arrayOf(schema.anyOf)[0] ?? arrayOf(schema.oneOf)[0] ?? arrayOf(schema.allOf)[0];
}

function typeOf(schema: JsonObject): string {
  const type = textOf(schema.type) ?? textOf(arrayOf(schema.type)[0]);
  return type ?? (isObject(schema.properties) ? 'object' : 'string');
}

function sampleObject(schema: JsonObject, sampling: Sampling, depth: number): Json {
  const properties = objectOf(schema.properties) ?? {};
  const required = arrayOf(schema.required).filter((name) => typeof name === 'string');
  const names = required.length > 0 ? required : Object.keys(properties);
  if (depth > DEPTH_MAX) return {};
  return Object.fromEntries(names.map((name) => [name, sample(properties[name], sampling, depth + 1)]));
}

/** As many as the schema asks for at least, and one where it does not say; no two texts the same where that may be. */
function sampleArray(schema: JsonObject, sampling: Sampling, depth: number): Json {
  if (depth > DEPTH_MAX) return [];
  const length = Math.min(numberOf(schema.minItems) ?? 1, VALUES_MAX);
  const lengthMax = numberOf(objectOf(schema.items)?.maxLength) ?? Infinity;
  return Array.from({ length }, (_, at) => {
    const item = sample(schema.items, sampling, depth + 1);
    const told = `${SAMPLE} ${at + 1}`;
    return item === SAMPLE && at > 0 && told.length <= lengthMax ? told : item;
  });
}

function sampleString(schema: JsonObject): string {
  const text = STRINGS_BY_FORMAT[textOf(schema.format) ?? ''] ?? SAMPLE;
  const lengthMin = numberOf(schema.minLength) ?? 0;
  const lengthMax = numberOf(schema.maxLength) ?? text.length;
  return text.padEnd(Math.min(lengthMin, 1_000), 'x').slice(0, Math.max(lengthMin, lengthMax));
}
