import type { Json, JsonObject } from '../../model/json.ts';
import { inside, loseAt } from './compiling.ts';
import { isObject } from './keywords.ts';
import { withNull } from './with-null.ts';
import type { Writing } from './write-typed.ts';

/** Writes what a list holds: `items` is always there, and items by their places become alternatives in any place. */
export function writeItems({ keywords, members, place, compiling, subset }: Writing): void {
  const [prefix, items] = [keywords.get('prefixItems'), keywords.get('items')];
  const at = inside(place, 'items');
  const bounded = subset.keep.has('maxItems');
  if (!Array.isArray(prefix)) {
    if (items === false && bounded) members.set('maxItems', 0);
    members.set('items', compiling.compile(isObject(items) ? items : {}, at));
    return;
  }
  const places = prefix as readonly Json[];
  loseAt(compiling, inside(place, 'prefixItems'), 'places of the items of a list', 'approximated');
  const limit = members.get('maxItems');
  if (items === false && bounded)
    members.set('maxItems', typeof limit === 'number' ? Math.min(limit, places.length) : places.length);
  members.set('items', compiling.compile({ anyOf: isObject(items) ? [...places, items] : places }, at));
}

/** Writes the members of an object, those that are required, and for closed objects that there are no others. */
export function writeMembers(writing: Writing): void {
  const { keywords, members, subset, place, compiling } = writing;
  const schemas = keywords.get('properties');
  const made = new Map<string, JsonObject>();
  for (const [name, schema] of isObject(schemas) ? Object.entries(schemas) : []) {
    const at = inside(place, 'properties', name);
    const member = compiling.compileBranch(schema as Json, at);
    if (member === undefined) loseAt(compiling, at, 'member that no value fits', 'dropped');
    else made.set(name, member);
  }
  const asked = (keywords.get('required') as readonly string[] | undefined) ?? [];
  const required = asked.filter((name) => made.has(name));
  if (required.length < asked.length)
    loseAt(compiling, inside(place, 'required'), 'required members without a schema', 'dropped');
  if (subset.closedObjects) return closeObject(made, new Set(required), writing);
  writeOrdering(made, writing);
  if (made.size > 0) members.set('properties', Object.fromEntries(made));
  if (required.length > 0) members.set('required', required);
}

/** The order of members may name only those that there are. */
function writeOrdering(made: ReadonlyMap<string, JsonObject>, { members }: Writing): void {
  const order = members.get('propertyOrdering');
  if (order === undefined) return;
  const names = Array.isArray(order) ? (order as readonly string[]).filter((each) => made.has(each)) : [];
  if (names.length > 0) members.set('propertyOrdering', names);
  else members.delete('propertyOrdering');
}

/** Forbids other members; where all are required, what was optional may be `null`. */
function closeObject(made: Map<string, JsonObject>, required: ReadonlySet<string>, writing: Writing): void {
  const { keywords, members, place, compiling, subset } = writing;
  for (const [name, schema] of made) {
    if (required.has(name) || !subset.requiresAll) continue;
    loseAt(compiling, inside(place, 'properties', name), 'optional member, now required or `null`', 'approximated');
    made.set(name, withNull(schema, 'type'));
  }
  if (made.size === 0 && keywords.get('additionalProperties') !== false)
    loseAt(compiling, place, 'object of any members, now of none', 'approximated');
  members.set('properties', Object.fromEntries(made));
  members.set('required', subset.requiresAll ? [...made.keys()] : [...required]);
  members.set('additionalProperties', false);
}
