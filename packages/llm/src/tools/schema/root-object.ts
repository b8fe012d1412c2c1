import type { Json, JsonObject } from '../../model/json.ts';
import { lose, type LossList } from '../losses.ts';
import { jsonText } from './json-size.ts';
import { isObject } from './keywords.ts';
import { withNull } from './with-null.ts';

const UNIONS = ['anyOf', 'oneOf'] as const;

/** True for a compiled schema whose values are objects or one of several kinds of objects. */
export const describesObject = (schema: JsonObject): boolean =>
  schema['type'] === 'object' || branchesOf(schema).some((each) => each['type'] === 'object');

/**
 * A compiled schema without alternatives of its own: the members of all alternatives in one object, required when
 * every alternative requires them. Closed objects require all and let `null` stand for what some do not have. What is
 * no object at all becomes one without a shape. Every change is told at `path`.
 */
export function rootObject(
  schema: JsonObject,
  { closed, path, losses }: { readonly closed: boolean; readonly path: string; readonly losses: LossList },
): JsonObject {
  const all = branchesOf(schema);
  const { anyOf: _anyOf, oneOf: _oneOf, nullable: _nullable, description, ...rest } = schema;
  const values = rest['enum'];
  const listed = Array.isArray(values) ? (values as readonly Json[]).filter(isObject) : undefined;
  const base: JsonObject = listed === undefined ? rest : { ...rest, enum: listed };
  const objects = all.filter(mayBeObject);
  if (all.length === 0 && base['type'] === 'object' && schema['nullable'] !== true) return schema;
  lose(losses, { path, what: 'values beside one kind of object', instead: 'approximated' });
  const said = description ?? commonText(objects);
  const told = said === undefined ? {} : { description: said };
  const own = mayBeObject(base) && listed?.length !== 0 ? base : {};
  if (objects.length > 0) return { ...own, type: 'object', ...united(own, objects, closed), ...told };
  const shape = closed ? { properties: {}, required: [], additionalProperties: false } : {};
  return { ...shape, ...own, type: 'object', ...told };
}

const branchesOf = (schema: JsonObject): readonly JsonObject[] =>
  UNIONS.flatMap((keyword) => {
    const list = schema[keyword];
    return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
  });

const mayBeObject = ({ type, anyOf, oneOf }: JsonObject): boolean =>
  anyOf === undefined &&
  oneOf === undefined &&
  (type === undefined || type === 'object' || (Array.isArray(type) && (type as readonly Json[]).includes('object')));

/** What all alternatives tell of themselves, line by line. */
function commonText(objects: readonly JsonObject[]): string | undefined {
  const [first, ...more] = objects.map(({ description }) =>
    typeof description === 'string' ? description.split('\n') : [],
  );
  const others = more.map((lines) => new Set(lines));
  const common = (first ?? []).filter((line) => others.every((lines) => lines.has(line)));
  return common.length > 0 ? common.join('\n') : undefined;
}

function united(base: JsonObject, objects: readonly JsonObject[], closed: boolean): JsonObject {
  const found = new Map<string, JsonObject[]>();
  const asked = new Map<string, number>();
  for (const object of objects) {
    for (const [name, schema] of Object.entries(membersOf(object))) {
      const schemas = found.get(name) ?? [];
      schemas.push(schema as JsonObject);
      found.set(name, schemas);
    }
    for (const name of namesIn(object)) asked.set(name, (asked.get(name) ?? 0) + 1);
  }
  const always = [...asked].filter(([, times]) => times === objects.length).map(([name]) => name);
  const needed = new Set([...namesIn(base), ...always]);
  const members = new Map<string, Json | undefined>(Object.entries(membersOf(base)));
  for (const [name, schemas] of found) {
    if (members.has(name)) continue;
    const member = oneOf(schemas);
    members.set(name, closed && !needed.has(name) ? withNull(member, 'type') : member);
  }
  const names = closed ? [...members.keys()] : [...needed];
  return {
    ...(members.size > 0 || closed ? { properties: Object.fromEntries(members) } : {}),
    ...(names.length > 0 || closed ? { required: names } : {}),
    ...(closed && { additionalProperties: false }),
  };
}

const membersOf = (schema: JsonObject): JsonObject => (isObject(schema['properties']) ? schema['properties'] : {});

const namesIn = (schema: JsonObject): ReadonlySet<string> =>
  new Set(Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : []);

/** Longer schemas count as different unless they are one and the same. */
const COMPARED_MAX = 2000;

/** What fits any of the schemas: lists of values become one list, as for the members that tell alternatives apart. */
function oneOf(schemas: readonly JsonObject[]): JsonObject {
  const different = new Map(schemas.map((each) => [jsonText(each, COMPARED_MAX) ?? each, each]));
  const [first, ...more] = different.values();
  if (first === undefined) return {};
  if (more.length === 0) return first;
  const values = [first, ...more].map((each) => listedIn(each));
  if (values.every((each) => each !== undefined) && more.every((each) => each['type'] === first['type']))
    return { ...first, enum: [...new Set(values.flat())] };
  return { anyOf: [first, ...more].flatMap((each) => aloneIn(each) ?? [each]) };
}

/** The values of a schema that says nothing but which they are. */
function listedIn(schema: JsonObject): readonly Json[] | undefined {
  const { type: _type, enum: values, ...more } = schema;
  return Array.isArray(values) && Object.keys(more).length === 0 ? (values as readonly Json[]) : undefined;
}

/** The alternatives of a schema that says nothing else. */
function aloneIn(schema: JsonObject): readonly JsonObject[] | undefined {
  const { anyOf, ...more } = schema;
  return Array.isArray(anyOf) && Object.keys(more).length === 0 ? (anyOf as readonly JsonObject[]) : undefined;
}
