import type { Json, JsonObject } from '../../model/json.ts';
import { jsonText } from './json-size.ts';

/** Alternatives of two schemas that both hold are paired up to this many; beyond it one list stays. */
const PAIRS_MAX = 16;

/** What fits all values of one keyword. */
export interface Merged {
  readonly value: Json;
  /** True when no single value says it all: the first ones stay. */
  readonly lost: boolean;
  /** True when no value can fit. */
  readonly never: boolean;
}

/**
 * Merges the values that one keyword has in schemas that all hold, each in canonical spelling, at least one. Schemas
 * are joined by an `allOf` around them and merged when it is their turn. Linear, but for the few alternatives paired.
 */
export function mergeKeyword(keyword: string, values: readonly Json[]): Merged {
  const [first, ...more] = values as readonly [Json, ...Json[]];
  const whole = Object.hasOwn(AT_ONCE, keyword) ? AT_ONCE[keyword] : undefined;
  if (more.length === 0) return kept(first);
  if (whole !== undefined) return kept(whole(values));
  const merge = (Object.hasOwn(IN_PAIRS, keyword) ? IN_PAIRS[keyword] : undefined) ?? same;
  let value = first;
  let lost = false;
  for (const each of more) {
    const merged = merge(value, each);
    if (merged === NEVER) return { value, lost: false, never: true };
    if (merged === undefined) lost = true;
    else value = merged;
  }
  return { value, lost, never: false };
}

const kept = (value: Json): Merged => ({ value, lost: false, never: false });

/** Stands for a merge that no value can fit. */
const NEVER = Symbol('never');

type Whole = (values: readonly Json[]) => Json;
type Pair = (first: Json, second: Json) => Json | typeof NEVER | undefined;

const highest: Whole = (values) => values.reduce((most, each) => Math.max(most as number, each as number));
const lowest: Whole = (values) => values.reduce((least, each) => Math.min(least as number, each as number));
const any: Whole = (values) => values.some((each) => each === true);

const AT_ONCE: Readonly<Record<string, Whole>> = {
  required: names,
  propertyOrdering: names,
  description: texts,
  properties: maps,
  patternProperties: maps,
  dependentSchemas: maps,
  items: allOf,
  additionalProperties: allOf,
  unevaluatedProperties: allOf,
  unevaluatedItems: allOf,
  propertyNames: allOf,
  not: (values) => ({ anyOf: values }),
  minimum: highest,
  exclusiveMinimum: highest,
  minLength: highest,
  minItems: highest,
  minProperties: highest,
  maximum: lowest,
  exclusiveMaximum: lowest,
  maxLength: lowest,
  maxItems: lowest,
  maxProperties: lowest,
  uniqueItems: any,
  deprecated: any,
};

const IN_PAIRS: Readonly<Record<string, Pair>> = {
  type: commonTypes,
  enum: commonValues,
  anyOf: pairs,
  oneOf: pairs,
  multipleOf: (first, second) => {
    const [larger, smaller] = [highest([first, second]) as number, lowest([first, second]) as number];
    return larger % smaller === 0 ? larger : undefined;
  },
};

const same: Pair = (first, second) => (identity(first) === identity(second) ? first : undefined);

function allOf(schemas: readonly Json[]): Json {
  if (schemas.includes(false)) return false;
  const said = [...new Set(schemas)].filter((each) => each !== true);
  const [only] = said;
  if (said.length < 2) return only ?? true;
  return { allOf: said };
}

function texts(values: readonly Json[]): Json {
  const said = new Set(values.filter((each): each is string => typeof each === 'string' && each !== ''));
  return said.size > 0 ? [...said].join('\n') : (values[0] ?? '');
}

function names(lists: readonly Json[]): Json {
  const all = new Set<Json>();
  for (const list of lists) if (Array.isArray(list)) for (const name of list as readonly Json[]) all.add(name);
  return [...all];
}

function maps(objects: readonly Json[]): Json {
  const merged = new Map<string, Json[]>();
  for (const object of objects)
    for (const [name, schema] of Object.entries(object as JsonObject)) {
      const before = merged.get(name);
      // A member of a map of schemas that was read is a schema.
      if (before === undefined) merged.set(name, [schema as Json]);
      else before.push(schema as Json);
    }
  return Object.fromEntries([...merged].map(([name, schemas]) => [name, allOf(schemas)]));
}

function commonTypes(first: Json, second: Json): Json | typeof NEVER {
  const [ours, theirs] = [first as readonly string[], new Set(second as readonly string[])];
  const common = ours.flatMap((type) => {
    if (theirs.has(type)) return [type];
    if (type === 'number' && theirs.has('integer')) return ['integer'];
    return type === 'integer' && theirs.has('number') ? [type] : [];
  });
  return common.length > 0 ? [...new Set(common)] : NEVER;
}

function commonValues(first: Json, second: Json): Json | typeof NEVER {
  const theirs = new Set((second as readonly Json[]).map(identity));
  const common = (first as readonly Json[]).filter((each) => theirs.has(identity(each)));
  return common.length > 0 ? common : NEVER;
}

function pairs(first: Json, second: Json): Json | undefined {
  const [ours, theirs] = [first as readonly Json[], second as readonly Json[]];
  if (ours.length * theirs.length > PAIRS_MAX) return undefined;
  return ours.flatMap((one) => theirs.map((other) => allOf([one, other])));
}

/** Values longer than this many characters count as different unless they are one and the same. */
const COMPARED_MAX = 2000;

/** The same for values that are equal as JSON. */
const identity = (value: Json): unknown =>
  typeof value === 'object' && value !== null ? (jsonText(value, COMPARED_MAX) ?? value) : JSON.stringify(value);
