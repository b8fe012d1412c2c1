import type { Json, JsonObject } from '../../model/json.ts';

/** Types of JSON Schema, in the order in which alternatives are written. */
export const TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object', 'null'] as const;

/** Name of a type. */
export type TypeName = (typeof TYPES)[number];

/** What stands behind a keyword: one schema, a list or a map of schemas, or data that only looks like one. */
export type KeywordKind = 'schema' | 'schema-list' | 'schema-map' | 'data';

const KINDS = new Map<string, KeywordKind>([
  ['items', 'schema'],
  ['additionalItems', 'schema'],
  ['unevaluatedItems', 'schema'],
  ['contains', 'schema'],
  ['additionalProperties', 'schema'],
  ['unevaluatedProperties', 'schema'],
  ['propertyNames', 'schema'],
  ['contentSchema', 'schema'],
  ['not', 'schema'],
  ['if', 'schema'],
  ['then', 'schema'],
  ['else', 'schema'],
  ['allOf', 'schema-list'],
  ['anyOf', 'schema-list'],
  ['oneOf', 'schema-list'],
  ['prefixItems', 'schema-list'],
  ['properties', 'schema-map'],
  ['patternProperties', 'schema-map'],
  ['dependentSchemas', 'schema-map'],
  ['$defs', 'schema-map'],
  ['definitions', 'schema-map'],
]);

/** What stands behind `keyword`; unknown keywords hold data. */
export const kindOf = (keyword: string): KeywordKind => KINDS.get(keyword) ?? 'data';

/** Keywords that speak about values of one type alone, and are silent about all others. */
const SPEAK_OF: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'contentEncoding', 'contentMediaType', 'contentSchema'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  array: [
    'items',
    'prefixItems',
    'minItems',
    'maxItems',
    'uniqueItems',
    'contains',
    'minContains',
    'maxContains',
    'unevaluatedItems',
  ],
  object: [
    'properties',
    'required',
    'additionalProperties',
    'patternProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
    'dependentRequired',
    'dependentSchemas',
    'unevaluatedProperties',
    'propertyOrdering',
  ],
};

const SPOKEN_OF = new Map(
  Object.entries(SPEAK_OF).flatMap(([type, keywords]) => keywords.map((keyword) => [keyword, type as TypeName])),
);

/** False for a keyword that says nothing about values of `type`. */
export function speaksOf(keyword: string, type: TypeName): boolean {
  const subject = SPOKEN_OF.get(keyword);
  return subject === undefined || subject === (type === 'integer' ? 'number' : type);
}

/** The types that keywords speak about, where no `type` stands beside them; empty when they fit any value. */
export function impliedTypes(keywords: Iterable<string>): readonly TypeName[] {
  const implied = new Set<TypeName>();
  for (const keyword of keywords) {
    const subject = SPOKEN_OF.get(keyword);
    if (subject !== undefined) implied.add(subject);
  }
  return TYPES.filter((type) => implied.has(type));
}

/** The type of a JSON value; a whole number is an integer. */
export function typeOfValue(value: Json | undefined): TypeName {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as TypeName;
}

/** True for what may stand where a schema is expected. */
export const isSchema = (value: unknown): value is JsonObject | boolean =>
  typeof value === 'boolean' || isObject(value);

/** True for a JSON object: neither a list nor null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
