import type { Json, JsonObject } from '../../model/json.ts';
import { newLosses, reported, type Loss } from '../losses.ts';
import { compilePlain } from './compile-plain.ts';
import { compileSubset } from './compile-subset.ts';
import { flatteningAt, loseAt, shapeless, type Compiling, type Place } from './compiling.ts';
import { flattenSchema, type Flat } from './flatten-schema.ts';
import { isObject } from './keywords.ts';
import { jsonSize } from './json-size.ts';
import { readSchema } from './read-schema.ts';
import { describesObject, rootObject } from './root-object.ts';
import { referencesIn } from './resolve-reference.ts';
import { settleUnion } from './settle-union.ts';
import { SUBSETS, type SchemaTarget } from './targets.ts';

/** A schema for one target, and everything about it that the target cannot be told. */
export interface CompiledSchema {
  readonly schema: JsonObject;
  readonly losses: readonly Loss[];
}

/** How a schema is to be compiled. */
export interface CompileOptions {
  /** Where the schema stands in the request; losses are named below it. Default `schema`. */
  readonly path?: string;
  /**
   * `object` for what a function takes: alternatives of the outermost schema become one object with the members of all,
   * because Gemini, OpenAI and Anthropic alike take nothing else there. Default `any`; OpenAI's strict mode always does
   * it with alternatives that are objects.
   */
  readonly root?: 'object' | 'any';
}

/** How often a schema may be open inside itself, and how much may be read: `times` the input and `more` characters. */
interface Attempt {
  readonly openMax: number;
  readonly times: number;
  readonly more: number;
}

/**
 * Tried in order until one fits. Every character of a schema is paid for as input with every request, so recursion is
 * unrolled only while that stays cheap; a schema that many references share is worth more.
 */
const ATTEMPTS: readonly Attempt[] = [
  { openMax: 3, times: 4, more: 4096 },
  { openMax: 2, times: 4, more: 4096 },
];
const LAST_ATTEMPT: Attempt = { openMax: 1, times: 16, more: 65_536 };

/** Schemas nested deeper than this are left without a shape; no server takes as many. */
const DEPTH_MAX = 64;

/**
 * Writes `schema` in the words of `target`. References are put in place, `allOf` is merged, `const` becomes `enum`,
 * words that the target refuses go: what a short word said is told in the `description` (`moved`), the rest is
 * `approximated` or `dropped`. A recursive schema is unrolled a few times and then left an object without a shape.
 * Only places that hold schemas are read as such: a member named `$ref` and the values of `enum`, `const`, `default`
 * and `examples` stay what they are.
 *
 * Never throws, whatever the JSON; never fetches; compiling the result again changes nothing. Work and result grow no
 * faster than the input, times a constant. Losses are named below `path`, by default `schema`, at most `LOSSES_MAX` and
 * one. With `openai-strict` a member that was optional is required and may be `null` instead, and a whole answer must be
 * an object to be taken; it is not wrapped here.
 */
export function compileSchema(
  schema: JsonObject,
  target: SchemaTarget,
  { path = 'schema', root = 'any' }: CompileOptions = {},
): CompiledSchema {
  const order = { target, path, root, size: jsonSize(schema) };
  for (const attempt of ATTEMPTS) {
    const { compiled, fits } = compileOnce(schema, { ...order, attempt });
    if (fits) return compiled;
  }
  return compileOnce(schema, { ...order, attempt: LAST_ATTEMPT }).compiled;
}

interface Order extends Required<CompileOptions> {
  readonly target: SchemaTarget;
  readonly attempt: Attempt;
  readonly size: number;
}

function compileOnce(
  schema: JsonObject,
  { target, path, root, attempt, size }: Order,
): { readonly compiled: CompiledSchema; readonly fits: boolean } {
  // Callers without types may hand over anything.
  const given: JsonObject = isObject(schema) ? schema : {};
  const compiling: Compiling = {
    subset: target === 'plain' ? undefined : SUBSETS[target],
    resolve: referencesIn(given),
    losses: newLosses(),
    open: new Map([[given, 1]]),
    openMax: attempt.openMax,
    left: attempt.times * size + attempt.more,
    compile: (each, place) => compileBranch(each, place, compiling) ?? unfit(place, compiling),
    compileBranch: (each, place) => compileBranch(each, place, compiling),
  };
  const made = compiling.compile(given, { path, depth: 0 });
  const closed = compiling.subset?.closedObjects === true;
  const asObject = root === 'object' || (closed && describesObject(made));
  const whole = asObject ? rootObject(made, { closed, path, losses: compiling.losses }) : made;
  return { compiled: { schema: whole, losses: reported(compiling.losses, path) }, fits: compiling.left > 0 };
}

function compileBranch(schema: Json, place: Place, compiling: Compiling): JsonObject | undefined {
  if (place.depth > DEPTH_MAX || compiling.left <= 0) return cut(undefined, place, compiling);
  const { open, subset } = compiling;
  const flat = flattenSchema(schema, flatteningAt(compiling, place));
  const union = subset && settleUnion(flat, { place, compiling, apart: subset.nullAs === 'nullable' });
  if (compiling.left <= 0 || flat.tooDeep !== undefined) return cut(flat, place, compiling);
  for (const each of flat.referenced) open.set(each, (open.get(each) ?? 0) + 1);
  const made =
    subset === undefined || union === undefined
      ? compilePlain(flat, place, compiling)
      : compileSubset(flat, union, { place, compiling, subset });
  for (const each of flat.referenced) open.set(each, (open.get(each) ?? 0) - 1);
  return made;
}

/** What stands where it goes on too long, too deep or in circles. */
function cut(flat: Flat | undefined, place: Place, compiling: Compiling): JsonObject {
  const circle = flat?.tooDeep;
  const known = circle === undefined ? [] : readSchema(circle, () => {}).entries;
  const what = circle !== undefined ? 'recursion beyond a few rounds' : 'schemas beyond the size that may be sent';
  loseAt(compiling, place, what, 'approximated');
  return shapeless(new Map([...known, ...(flat?.keywords ?? [])]), compiling);
}

/** What stands where a schema must stand and no value fits. */
function unfit(place: Place, compiling: Compiling): JsonObject {
  if (compiling.subset === undefined) return { not: {} };
  loseAt(compiling, place, 'schema that no value fits', 'approximated');
  return shapeless(undefined, compiling);
}
