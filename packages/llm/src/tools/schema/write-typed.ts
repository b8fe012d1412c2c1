import type { Json, JsonObject } from '../../model/json.ts';
import type { Here } from './compile-subset.ts';
import { inside, loseAt } from './compiling.ts';
import type { Flat } from './flatten-schema.ts';
import { speaksOf, typeOfValue, type TypeName } from './keywords.ts';
import { noteText } from './notes.ts';
import { writeItems, writeMembers } from './write-members.ts';

/** The type that a schema is to have, and whether `null` fits it too. */
export interface Typed {
  readonly type: TypeName;
  readonly nullable: boolean;
}

/** A schema of one type as it is written. */
export interface Writing extends Here, Typed {
  readonly keywords: ReadonlyMap<string, Json>;
  readonly members: Map<string, Json>;
  /** What the description tells in place of keywords. */
  readonly notes: string[];
}

/** Writes a schema of one type; words about other types go without a loss, because they say nothing about this one. */
export function writeTyped(flat: Flat, typed: Typed, here: Here): JsonObject {
  const writing: Writing = { ...here, ...typed, keywords: flat.keywords, members: new Map(), notes: [] };
  const { members, notes } = writing;
  writeType(writing);
  for (const [keyword, value] of flat.keywords)
    if (speaksOf(keyword, typed.type)) writeKeyword(keyword, value, writing);
  if (typed.type === 'integer' || typed.type === 'number') writeBounds(writing);
  if (typed.type === 'array') writeItems(writing);
  if (typed.type === 'object') writeMembers(writing);
  const said = flat.keywords.get('description');
  const told = notes.length > 0 ? `(${notes.join('; ')})` : '';
  const description = [typeof said === 'string' ? said : '', told].filter((each) => each !== '').join(' ');
  if (description !== '') members.set('description', description);
  return Object.fromEntries(members);
}

function writeType({ subset, type, nullable, members }: Writing): void {
  members.set('type', nullable && subset.nullAs === 'type' ? [type, 'null'] : type);
  if (nullable && subset.nullAs === 'nullable') members.set('nullable', true);
}

/** Written together with others, or at the end. */
const TOGETHER = new Set([
  'type',
  'description',
  'minimum',
  'maximum',
  'items',
  'prefixItems',
  'properties',
  'required',
]);
/** Marks that say nothing when they are not set. */
const MARKS = new Set(['uniqueItems', 'deprecated', 'readOnly', 'writeOnly']);
const TEXTS = new Set(['title', 'pattern', 'format']);
/** Bounds of numbers, written together where the target has them. */
const OUTER = new Set(['minimum', 'maximum']);
/** Said of integers, an inclusive bound says the same. */
const EXACT = new Set(['exclusiveMinimum', 'exclusiveMaximum']);

function writeKeyword(keyword: string, value: Json, writing: Writing): void {
  const { subset, members, type } = writing;
  if (OUTER.has(keyword) && !subset.keep.has(keyword)) return tell(keyword, value, writing);
  if (TOGETHER.has(keyword) || (MARKS.has(keyword) && value === false)) return;
  if (TEXTS.has(keyword) && typeof value !== 'string') return drop(keyword, writing);
  if (keyword === 'enum') return writeEnum(value as readonly Json[], writing);
  if (keyword === 'format' && subset.formats[type]?.has(value as string) === true) members.set(keyword, value);
  else if (keyword === 'additionalProperties') writeFurther(value, writing);
  else if (EXACT.has(keyword) && type === 'integer' && subset.keep.has('maximum') && !subset.keep.has(keyword)) return;
  else if (subset.keep.has(keyword)) members.set(keyword, value);
  else tell(keyword, value, writing);
}

/** Tells a word in the description, or drops it when it cannot be told shortly. */
function tell(keyword: string, value: Json, writing: Writing): void {
  const note = noteText(keyword, value);
  if (note === undefined) return drop(keyword, writing);
  writing.notes.push(note);
  loseAt(writing.compiling, inside(writing.place, keyword), `\`${keyword}\``, 'moved');
}

const drop = (keyword: string, { compiling, place }: Writing): void =>
  loseAt(compiling, inside(place, keyword), `\`${keyword}\``, 'dropped');

function writeEnum(values: readonly Json[], writing: Writing): void {
  const { subset, type, nullable, members, compiling, place } = writing;
  const fit = values.filter((each) => typeOfValue(each) === type || (type === 'number' && typeof each === 'number'));
  if (type === 'null') return;
  if (fit.length === 0) return tell('enum', values, writing);
  if (!subset.enumOfTexts) {
    const all = nullable ? [...fit, null] : fit;
    members.set('enum', all);
    return;
  }
  const texts = fit.filter((each) => typeof each === 'string' && each !== '');
  if (texts.length === 0) return tell('enum', fit, writing);
  if (texts.length < fit.length) loseAt(compiling, inside(place, 'enum'), 'empty text', 'dropped');
  members.set('enum', texts);
}

/** An object names its members to these targets: that there are no others goes without saying. */
function writeFurther(value: Json, writing: Writing): void {
  if (value === false || (value === true && !writing.subset.closedObjects)) return;
  tell('additionalProperties', value, writing);
}

/** Bounds, and exclusive ones in their place where the target has none: exact for integers. */
function writeBounds(writing: Writing): void {
  for (const [bound, exclusive, step] of BOUNDS) {
    const { keywords, members, subset, type } = writing;
    if (!subset.keep.has(bound)) continue;
    const limits = [keywords.get(bound)];
    const without = keywords.get(exclusive);
    if (typeof without === 'number' && !subset.keep.has(exclusive))
      limits.push(type === 'number' ? without : (step > 0 ? Math.floor(without) : Math.ceil(without)) + step);
    const numbers = limits.filter((each) => typeof each === 'number');
    if (numbers.length > 0) members.set(bound, step > 0 ? Math.max(...numbers) : Math.min(...numbers));
  }
}

const BOUNDS = [
  ['minimum', 'exclusiveMinimum', 1],
  ['maximum', 'exclusiveMaximum', -1],
] as const;
