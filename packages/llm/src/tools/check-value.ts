import type { Json, JsonObject } from '../model/json.ts';

/** How deep a value is looked into; deeper ones pass. */
const DEPTH_MAX = 32;
/** Sentences about one value: a model mends the first few, and the rest with them. */
const ISSUES_MAX = 20;

/**
 * What is wrong with a value by the parts of JSON Schema that every tool uses: `type`, `enum`, `const`, `required`,
 * `properties`, `additionalProperties: false` and `items`. Everything else passes, so that nothing is refused by mistake:
 * give a schema of a validator where all of it must hold. Empty when nothing is wrong.
 */
export function issuesOf(schema: JsonObject, value: Json): readonly string[] {
  const issues: string[] = [];
  check(schema, value, { path: '', depth: 0, issues });
  return issues.slice(0, ISSUES_MAX);
}

interface Place {
  readonly path: string;
  readonly depth: number;
  readonly issues: string[];
}

function check(schema: JsonObject, value: Json, place: Place): void {
  if (place.depth > DEPTH_MAX || place.issues.length >= ISSUES_MAX) return;
  const types = typesOf(schema['type']);
  if (types.length > 0 && !types.some((type) => isOf(type, value)))
    return complain(place, `must be ${types.join(' or ')}, not ${nameOf(value)}`);
  const { enum: allowed, const: only } = schema;
  if (Array.isArray(allowed) && !allowed.some((each) => same(each as Json, value)))
    return complain(place, `must be one of ${JSON.stringify(allowed)}`);
  if (only !== undefined && !same(only, value)) return complain(place, `must be ${JSON.stringify(only)}`);
  if (Array.isArray(value)) return checkItems(schema, value as readonly Json[], place);
  if (isObject(value)) checkMembers(schema, value, place);
}

function checkMembers(schema: JsonObject, value: JsonObject, place: Place): void {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly Json[]) : [];
  for (const name of required)
    if (typeof name === 'string' && !Object.hasOwn(value, name)) complain(below(place, name), 'is required');
  for (const [name, member] of Object.entries(value)) {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isObject(own) && member !== undefined) check(own, member, below(place, name));
    else if (own === undefined && schema['additionalProperties'] === false)
      complain(below(place, name), 'is not known; leave it out');
  }
}

function checkItems(schema: JsonObject, items: readonly Json[], place: Place): void {
  const each = schema['items'];
  if (isObject(each)) items.forEach((item, at) => check(each, item, below(place, String(at))));
}

const below = ({ path, depth, issues }: Place, name: string): Place => ({
  path: path === '' ? name : `${path}.${name}`,
  depth: depth + 1,
  issues,
});

function complain({ path, issues }: Place, what: string): void {
  issues.push(`${path === '' ? 'the value' : path} ${what}`);
}

const typesOf = (type: Json | undefined): readonly string[] =>
  (Array.isArray(type) ? type : [type]).filter((each): each is string => typeof each === 'string');

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (value: Json): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

const isOf = (type: string, value: Json): boolean =>
  type === 'integer' ? Number.isInteger(value) : !KNOWN.has(type) || nameOf(value) === type;

const KNOWN: ReadonlySet<string> = new Set(['null', 'boolean', 'number', 'string', 'array', 'object']);

const same = (a: Json, b: Json): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
