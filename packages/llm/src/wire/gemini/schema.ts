import type { Json, JsonObject } from '../../model/json.ts';
import { isObject } from '../read.ts';
import { spelled } from './spelling.ts';

/** Deepest nesting that is translated; what lies below goes as it is, so that no caller can exhaust our stack. */
const DEPTH_MAX = 64;

/** Words of Google's older schemas that have two spellings. */
const WORDS = new Set([
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minLength',
  'maxLength',
  'anyOf',
  'propertyOrdering',
]);

/** Google writes large whole numbers as text. */
const COUNTS = new Set(['minItems', 'maxItems', 'minProperties', 'maxProperties', 'minLength', 'maxLength']);

type Translate = (schema: JsonObject, depth: number) => JsonObject;

/** A schema of Google's older form, with its upper-case types and its `nullable`, as JSON Schema. */
export const schemaFromWire = (schema: JsonObject): JsonObject => read(schema, 0);

function read(wire: JsonObject, depth: number): JsonObject {
  if (depth > DEPTH_MAX) return wire;
  const { nullable, type, ...words } = spelled(wire, WORDS);
  const counts = Object.entries(words).map(([name, value]) => {
    const isCount = COUNTS.has(name) && typeof value === 'string' && /^\d+$/.test(value);
    return [name, isCount ? Number(value) : value] as const;
  });
  const lower = typeof type === 'string' ? type.toLowerCase() : type;
  const isSaid = lower !== undefined && lower !== 'type_unspecified';
  const schema = inside({ ...(isSaid && { type: lower }), ...Object.fromEntries(counts) }, read, depth);
  return nullable === true ? orNull(schema) : schema;
}

function orNull(schema: JsonObject): JsonObject {
  const { type, anyOf } = schema;
  const values = schema['enum'];
  const named = Array.isArray(values) ? { enum: [...(values as readonly Json[]), null] } : {};
  if (typeof type === 'string') return { ...schema, type: [type, 'null'], ...named };
  return Array.isArray(anyOf) ? { ...schema, anyOf: [...(anyOf as readonly Json[]), { type: 'null' }] } : schema;
}

/**
 * JSON Schema in Google's older form: types in upper case, `null` among them as `nullable`. Words that this form lacks
 * stay: whoever sends schemas to such a server has them compiled for it before.
 */
export const schemaToWire = (schema: JsonObject): JsonObject => write(schema, 0);

function write(schema: JsonObject, depth: number): JsonObject {
  if (depth > DEPTH_MAX) return schema;
  const wire = inside(schema, write, depth);
  const { type } = schema;
  if (typeof type === 'string') return { ...wire, type: type.toUpperCase() };
  if (!Array.isArray(type)) return wire;
  const types = type as readonly Json[];
  const [other, ...more] = types.filter((each) => each !== 'null');
  if (typeof other !== 'string' || more.length > 0) return wire;
  return { ...wire, type: other.toUpperCase(), ...(types.length > 1 && { nullable: true }) };
}

/** The same schema with the schemas inside it translated. */
function inside(schema: JsonObject, translate: Translate, depth: number): JsonObject {
  const each = (value: Json): Json => (isObject(value) ? translate(value, depth + 1) : value);
  const { properties, items, anyOf } = schema;
  return {
    ...schema,
    ...(isObject(properties) && { properties: mapped(properties, each) }),
    ...(isObject(items) && { items: each(items) }),
    ...(Array.isArray(anyOf) && { anyOf: (anyOf as readonly Json[]).map(each) }),
  };
}

const mapped = (members: JsonObject, each: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, each(value ?? null)]));
