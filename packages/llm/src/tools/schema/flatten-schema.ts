import type { Json, JsonObject } from '../../model/json.ts';
import { isObject, kindOf } from './keywords.ts';
import { jsonSize } from './json-size.ts';
import { mergeKeyword } from './merge-keyword.ts';
import { readSchema } from './read-schema.ts';
import type { ResolveReference } from './resolve-reference.ts';

/** One schema without references and without `allOf`: its own keywords and those of all that holds beside them. */
export interface Flat {
  /** In the order first met, outermost first; members that hold schemas hold them as they were written. */
  readonly keywords: Map<string, Json>;
  /** True when no value can fit. */
  never: boolean;
  /** Schemas that references led to. */
  readonly referenced: Set<object>;
  /** Every schema that was taken in; once is enough. */
  readonly taken: Set<object>;
  /** Set when a reference led to a schema that is open as often as it may be: that schema. */
  tooDeep: JsonObject | undefined;
}

/** What flattening needs from outside. */
export interface Flattening {
  readonly resolve: ResolveReference;
  /** Pays for a piece of that many characters; false when nothing is left. */
  readonly spend: (size: number) => boolean;
  /** True for a schema that may not be opened once more inside itself. */
  readonly isFull: (schema: object) => boolean;
  /** True where `oneOf` is not told from `anyOf`. */
  readonly anyIsOne: boolean;
  readonly lose: (keyword: string, what: string, instead: 'dropped' | 'approximated') => void;
}

/** The flat form of a schema; of two values that cannot both be kept the outer one stays, and that is told. */
export function flattenSchema(schema: Json, flattening: Flattening): Flat {
  const flat: Flat = {
    keywords: new Map(),
    never: false,
    referenced: new Set(),
    taken: new Set(),
    tooDeep: undefined,
  };
  absorb(flat, schema, flattening);
  return flat;
}

/** Takes one more schema into `flat`, with all that it refers to. A schema that is in it already adds nothing. */
export function absorb(flat: Flat, schema: Json, flattening: Flattening): void {
  const values = new Map([...flat.keywords].map(([keyword, value]) => [keyword, [value]]));
  // What is there already is gone through once more.
  for (const [keyword, value] of flat.keywords) if (!flattening.spend(memberSize(keyword, value))) return;
  const waiting: Json[] = [schema];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (next === false) flat.never = true;
    if (!isObject(next) || flat.taken.has(next)) continue;
    flat.taken.add(next);
    if (!flattening.spend(ownSize(next))) return;
    const read = readSchema(next, (keyword, what) => flattening.lose(keyword, what, 'dropped'));
    const own = new Set<string>();
    for (const [keyword, value] of read.entries) addValue(values, keyword, { value, own, flattening });
    // Taken from the end, so that what was written first is heard first.
    for (let at = read.also.length - 1; at >= 0; at -= 1) waiting.push(read.also[at] as Json);
    for (const reference of read.references.toReversed()) {
      const target = follow(flat, reference, flattening);
      if (target !== undefined) waiting.push(target);
    }
  }
  mergeInto(flat, values, flattening);
}

/** Size of what a schema says itself; the schemas in it pay for themselves. */
function ownSize(schema: JsonObject): number {
  let size = 8;
  for (const keyword of Object.keys(schema)) size += memberSize(keyword, schema[keyword]);
  return size;
}

const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items']);

function memberSize(keyword: string, value: Json | undefined): number {
  const start = keyword.length + 4;
  if (Array.isArray(value) && LISTS.has(keyword)) return start + value.length;
  if (!isObject(value) || kindOf(keyword) === 'data') return start + jsonSize(value);
  return Object.keys(value).reduce((sum, name) => sum + name.length + 4, start);
}

function follow(flat: Flat, reference: string, { resolve, isFull, lose }: Flattening): Json | undefined {
  const target = resolve(reference);
  if (target === undefined) {
    lose('$ref', `schema \`${reference.slice(0, 100)}\` that is not in the document`, 'dropped');
    return undefined;
  }
  if (typeof target === 'boolean') return target;
  if (isFull(target)) {
    flat.tooDeep ??= target;
    return undefined;
  }
  flat.referenced.add(target);
  return target;
}

/** Keywords that mean something only together: of two such groups one stays whole. */
const GROUPS: readonly (readonly string[])[] = [
  ['if', 'then', 'else'],
  ['contains', 'minContains', 'maxContains'],
];
const GROUP_OF = new Map(GROUPS.flatMap((group) => group.map((keyword) => [keyword, group])));

interface Added {
  readonly value: Json;
  /** Keywords that the same schema gave before. */
  readonly own: Set<string>;
  readonly flattening: Flattening;
}

function addValue(values: Map<string, Json[]>, written: string, { value, own, flattening }: Added): void {
  const keyword = written === 'oneOf' && flattening.anyIsOne ? 'anyOf' : written;
  const given: Given = (each) => (values.get(each)?.length ?? 0) > (own.has(each) ? 1 : 0);
  if (keyword !== written) flattening.lose(written, '`oneOf`, which now lets several fit', 'approximated');
  if (isTaken(keyword, given)) return flattening.lose(keyword, `second \`${keyword}\``, 'dropped');
  const closed = values.get('additionalProperties')?.includes(false) === true;
  if (given(keyword === 'properties' ? 'additionalProperties' : 'properties') && closes(keyword, value, closed))
    flattening.lose(
      'additionalProperties',
      '`additionalProperties` that does not see the members beside it',
      'approximated',
    );
  own.add(keyword);
  const before = values.get(keyword);
  if (before === undefined) values.set(keyword, [value]);
  else before.push(value);
}

/** True for a keyword that another schema gave. */
type Given = (keyword: string) => boolean;

const isTaken = (keyword: string, given: Given): boolean =>
  GROUP_OF.get(keyword)?.some(given) === true ||
  // Lists of items that differ in length have no common list.
  (keyword === 'prefixItems' && (given('prefixItems') || given('items'))) ||
  (keyword === 'items' && given('prefixItems'));

/** Read to the letter, a closed schema forbids the members of the schemas beside it; nobody who writes it means that. */
const closes = (keyword: string, value: Json, closed: boolean): boolean =>
  keyword === 'properties' ? closed : keyword === 'additionalProperties' && value === false;

function mergeInto(flat: Flat, values: ReadonlyMap<string, readonly Json[]>, { lose }: Flattening): void {
  for (const [keyword, all] of values) {
    const { value, lost, never } = mergeKeyword(keyword, all);
    flat.keywords.set(keyword, value);
    flat.never ||= never;
    if (lost) lose(keyword, `second \`${keyword}\``, 'dropped');
  }
}
