import type { Json, JsonObject } from '../../model/json.ts';
import { impliedTypes, isObject, isSchema, kindOf, TYPES, type TypeName } from './keywords.ts';

/** A keyword and its value. */
export type Entry = readonly [keyword: string, value: Json];

/** One schema object in one spelling, whatever draft or vendor it was written for. */
export interface ReadSchema {
  /** Keywords in the order they were written; `type` is always a list, `const` is an `enum` of one. */
  readonly entries: readonly Entry[];
  /** References that hold beside the entries. */
  readonly references: readonly string[];
  /** Schemas that hold beside the entries: those of `allOf`. */
  readonly also: readonly Json[];
}

/** Hears about a keyword that could not be read. */
export type Unreadable = (keyword: string, what: string) => void;

/**
 * Reads drafts 4 to 2020-12, OpenAPI 3.0 (`nullable`, `example`) and Google's spelling (`"type": "STRING"`, numbers as
 * text). Names, anchors and definitions of a schema constrain nothing and are left out without a word; what stands
 * where a schema must stand and is none is left out and told. `null` is always a type.
 */
export function readSchema(raw: JsonObject, unreadable: Unreadable): ReadSchema {
  const entries: Entry[] = [];
  const references: string[] = [];
  let also: readonly Json[] = [];
  for (const keyword of Object.keys(raw)) {
    const value = raw[keyword];
    if (value === undefined || SILENT.has(keyword)) continue;
    if (REFERENCES.has(keyword)) {
      if (typeof value === 'string') references.push(value);
      else unreadable(keyword, 'reference that is no text');
      continue;
    }
    const readable = wellFormed(keyword, value, unreadable);
    if (readable === undefined) continue;
    if (keyword === 'allOf') also = readable as readonly Json[];
    else {
      const read = READERS.get(keyword);
      if (read === undefined) entries.push([keyword, readable]);
      else for (const entry of read(readable, raw, unreadable)) entries.push(entry);
    }
  }
  const all = { entries, references, also };
  return raw['nullable'] === true ? orNull(all) : all;
}

/** What says where a schema is and how it is called, but nothing about values. */
const SILENT = new Set([
  '$schema',
  '$id',
  'id',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
  '$vocabulary',
  '$comment',
  '$defs',
  'definitions',
  'nullable',
]);

const REFERENCES = new Set(['$ref', '$dynamicRef', '$recursiveRef']);

/** `value` without what cannot stand there; `undefined` when nothing is left. */
function wellFormed(keyword: string, value: Json, unreadable: Unreadable): Json | undefined {
  const kind = kindOf(keyword);
  if (kind === 'data' || (kind === 'schema' && isSchema(value))) return value;
  // Older drafts: `items` may be a list.
  const isList = Array.isArray(value) && (kind === 'schema-list' || keyword === 'items');
  if (!isList && !(kind === 'schema-map' && isObject(value))) {
    unreadable(keyword, `\`${keyword}\` that is no schema`);
    return undefined;
  }
  const members = Object.entries(value as JsonObject);
  const fit = members.filter(([, each]) => isSchema(each));
  if (fit.length < members.length) unreadable(keyword, `members of \`${keyword}\` that are no schemas`);
  if (!isList) return fit.length < members.length ? Object.fromEntries(fit) : value;
  if (fit.length === 0) return undefined;
  return fit.length < members.length ? fit.map(([, each]) => each as Json) : value;
}

type Reader = (value: Json, raw: JsonObject, unreadable: Unreadable) => readonly Entry[];

const BOUNDS = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'multipleOf',
] as const;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['type', readType],
  ['const', (value) => [['enum', [value]]]],
  ['enum', readValues],
  ['required', readNames],
  ['items', readItems],
  // Beside a single schema it says nothing; beside a list it is read with it.
  ['additionalItems', () => []],
  [
    'minimum',
    (value, raw, unreadable) => (raw['exclusiveMinimum'] === true ? [] : readBound('minimum', value, unreadable)),
  ],
  [
    'maximum',
    (value, raw, unreadable) => (raw['exclusiveMaximum'] === true ? [] : readBound('maximum', value, unreadable)),
  ],
  ['exclusiveMinimum', exclusive('exclusiveMinimum', 'minimum')],
  ['exclusiveMaximum', exclusive('exclusiveMaximum', 'maximum')],
  ...BOUNDS.map((keyword) => [keyword, bound(keyword)] as const),
  ['then', branchOf('then')],
  ['else', branchOf('else')],
  ['example', (value) => [['examples', [value]]]],
  ['dependencies', readDependencies],
]);

/** Without a condition it never applies. */
function branchOf(keyword: string): Reader {
  return (value, raw) => (isSchema(raw['if']) ? [[keyword, value]] : []);
}

function readNames(value: Json, _raw: JsonObject, unreadable: Unreadable): readonly Entry[] {
  const names = Array.isArray(value) ? (value as readonly Json[]).filter((each) => typeof each === 'string') : [];
  if (!Array.isArray(value) || names.length < value.length) unreadable('required', '`required` that is no name');
  return names.length > 0 ? [['required', [...new Set(names)]]] : [];
}

function readItems(value: Json, raw: JsonObject): readonly Entry[] {
  if (!Array.isArray(value)) return [['items', value]];
  const rest = raw['additionalItems'];
  const places: Entry = ['prefixItems', value];
  return isSchema(rest) ? [places, ['items', rest]] : [places];
}

function readType(value: Json, _raw: JsonObject, unreadable: Unreadable): readonly Entry[] {
  const given = Array.isArray(value) ? (value as readonly Json[]) : [value];
  const names = given.map((each) => (typeof each === 'string' ? each.toLowerCase() : ''));
  const known = [...new Set(names)].filter((each) => TYPE_NAMES.has(each));
  if (names.some((each) => !TYPE_NAMES.has(each) && each !== UNSAID)) unreadable('type', 'type of an unknown name');
  return known.length > 0 ? [['type', known]] : [];
}

const TYPE_NAMES: ReadonlySet<string> = new Set(TYPES);
/** Google's word for no type at all. */
const UNSAID = 'type_unspecified';

function readValues(value: Json, _raw: JsonObject, unreadable: Unreadable): readonly Entry[] {
  if (Array.isArray(value) && value.length > 0) return [['enum', value]];
  unreadable('enum', '`enum` without values');
  return [];
}

function bound(keyword: string): Reader {
  return (value, _raw, unreadable) => readBound(keyword, value, unreadable);
}

function readBound(keyword: string, value: Json | undefined, unreadable: Unreadable): readonly Entry[] {
  // Google writes 64-bit numbers as text.
  const limit = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof limit === 'number' && Number.isFinite(limit)) return [[keyword, limit]];
  unreadable(keyword, `\`${keyword}\` that is no number`);
  return [];
}

/** In draft 4 a mark beside the bound, since then a bound of its own. */
function exclusive(keyword: string, inclusive: string): Reader {
  return (value, raw, unreadable) =>
    value === false ? [] : readBound(keyword, value === true ? raw[inclusive] : value, unreadable);
}

function readDependencies(value: Json, _raw: JsonObject, unreadable: Unreadable): readonly Entry[] {
  if (!isObject(value)) {
    unreadable('dependencies', '`dependencies` that are no object');
    return [];
  }
  const all = Object.entries(value);
  const names = all.filter(([, each]) => Array.isArray(each));
  const schemas = all.filter(([, each]) => isSchema(each));
  return [
    ...(names.length > 0 ? [['dependentRequired', Object.fromEntries(names)] as const] : []),
    ...(schemas.length > 0 ? [['dependentSchemas', Object.fromEntries(schemas)] as const] : []),
  ];
}

const NULL = { type: 'null' };

/** OpenAPI's `nullable` in words of JSON Schema. */
function orNull({ entries, references, also }: ReadSchema): ReadSchema {
  const keywords = entries.map(([keyword]) => keyword);
  const constrained = keywords.some((keyword) => NULLED.has(keyword));
  if (!constrained && (references.length > 0 || also.length > 0)) {
    const either = { allOf: [...references.map(($ref) => ({ $ref })), ...also] };
    return { entries: [...entries, ['anyOf', [either, NULL]]], references: [], also: [] };
  }
  const implied = constrained ? [] : impliedTypes(keywords);
  const typed: readonly Entry[] = implied.length > 0 ? [['type', [...implied]], ...entries] : entries;
  return { entries: typed.map(([keyword, value]) => [keyword, withNull(keyword, value)]), references, also };
}

const NULLED = new Set(['type', 'enum', 'anyOf', 'oneOf']);

function withNull(keyword: string, value: Json): Json {
  if (!NULLED.has(keyword) || !Array.isArray(value)) return value;
  const list = value as readonly Json[];
  if (keyword === 'type') return list.includes('null') ? value : [...list, 'null'];
  if (keyword === 'enum') return list.includes(null) ? value : [...list, null];
  return [...list, NULL];
}

/** The types of a schema that was read; `undefined` when it names none. */
export const typesIn = (value: Json | undefined): readonly TypeName[] | undefined =>
  Array.isArray(value) ? (value as readonly TypeName[]) : undefined;
