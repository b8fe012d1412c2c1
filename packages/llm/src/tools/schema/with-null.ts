import type { Json, JsonObject } from '../../model/json.ts';
import type { Subset } from './targets.ts';

/** A compiled schema, and `null` beside what fits it already. */
export function withNull(schema: JsonObject, nullAs: Subset['nullAs']): JsonObject {
  const { type, anyOf, enum: values } = schema;
  if (takesNull(schema)) return schema;
  if (Array.isArray(anyOf)) {
    const [first, ...more] = anyOf as [JsonObject, ...JsonObject[]];
    const branches = nullAs === 'type' ? [first, ...more, { type: 'null' }] : [withNull(first, nullAs), ...more];
    return { ...schema, anyOf: branches };
  }
  if (nullAs === 'nullable') return { ...schema, nullable: true };
  return {
    ...schema,
    type: [type as Json, 'null'],
    ...(Array.isArray(values) && { enum: [...(values as readonly Json[]), null] }),
  };
}

const takesNull = ({ type, nullable, anyOf }: JsonObject): boolean =>
  nullable === true ||
  type === 'null' ||
  (Array.isArray(type) && (type as readonly Json[]).includes('null')) ||
  (Array.isArray(anyOf) && (anyOf as readonly JsonObject[]).some(takesNull));
