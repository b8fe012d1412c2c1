import type { Json } from '../../model/json.ts';
import { flatteningAt, type Compiling, type Place } from './compiling.ts';
import { absorb, type Flat } from './flatten-schema.ts';
import { isObject } from './keywords.ts';
import { typesIn } from './read-schema.ts';
import type { ResolveReference } from './resolve-reference.ts';

/** The alternatives of a schema, for a target that says `null` in a way of its own. */
export interface Union {
  /** At least two; absent when the schema has no alternatives left. */
  readonly branches?: readonly Json[];
  /** True when `null` was one of the alternatives that are gone. */
  readonly orNull: boolean;
}

/** Words of alternatives that say nothing about values but which members must be there. */
const CONDITIONS = new Set(['required', 'dependentRequired', 'title', 'description']);

/**
 * Takes out of `flat` what needs no alternatives: `null`, where `apart` says so, and an alternative that is the only
 * one, which becomes part of `flat`. Alternatives that only ask for members stay in `flat` and are no branches.
 */
export function settleUnion(
  flat: Flat,
  { place, compiling, apart }: { readonly place: Place; readonly compiling: Compiling; readonly apart: boolean },
): Union {
  let orNull = false;
  const flattening = flatteningAt(compiling, place);
  for (;;) {
    const all = flat.keywords.get('anyOf');
    if (!Array.isArray(all) || all.every(isCondition)) return { orNull };
    const possible = (all as readonly Json[]).filter((each) => each !== false);
    const branches = apart ? possible.filter((each) => !isNull(each, compiling.resolve)) : possible;
    if (branches.length < possible.length) orNull ||= letsNullIn(flat);
    flat.keywords.delete('anyOf');
    if (branches.length > 1) return { branches, orNull };
    const [only] = branches;
    absorb(flat, only ?? (orNull ? { type: 'null' } : false), flattening);
    if (flat.never || flat.tooDeep !== undefined || compiling.left <= 0) return { orNull };
  }
}

const isCondition = (branch: Json): boolean => {
  if (!isObject(branch) || branch['required'] === undefined) return false;
  return Object.keys(branch).every((keyword) => CONDITIONS.has(keyword));
};

/** References to references are followed this far when looking for `null`. */
const HOPS_MAX = 8;

function isNull(branch: Json, resolve: ResolveReference): boolean {
  let schema: Json | undefined = branch;
  for (let hop = 0; hop < HOPS_MAX && isObject(schema); hop += 1) {
    if (typeof schema['$ref'] !== 'string') break;
    schema = resolve(schema['$ref']);
  }
  if (!isObject(schema)) return false;
  const { type, enum: values } = schema;
  const [only, ...more] = Array.isArray(type) ? (type as readonly Json[]) : [type];
  if (typeof only === 'string' && more.length === 0) return only.toLowerCase() === 'null';
  if (type !== undefined) return false;
  return Array.isArray(values)
    ? values.length > 0 && values.every((each) => each === null)
    : Object.hasOwn(schema, 'const') && schema['const'] === null;
}

/** True when what else `flat` says lets `null` through. */
function letsNullIn({ keywords }: Flat): boolean {
  const types = typesIn(keywords.get('type'));
  const values = keywords.get('enum');
  const listed = !Array.isArray(values) || (values as readonly Json[]).includes(null);
  return listed && (types === undefined || types.includes('null'));
}
