import type { Json, JsonObject } from '../../model/json.ts';
import { inside, loseAt, type Compiling, type Place } from './compiling.ts';
import type { Flat } from './flatten-schema.ts';
import { impliedTypes, typeOfValue, TYPES, type TypeName } from './keywords.ts';
import { withNull } from './with-null.ts';
import { typesIn } from './read-schema.ts';
import type { Union } from './settle-union.ts';
import type { Subset } from './targets.ts';
import { noteText } from './notes.ts';
import { writeTyped } from './write-typed.ts';

/** A place of a schema in the words of a subset. */
export interface Here {
  readonly place: Place;
  readonly compiling: Compiling;
  readonly subset: Subset;
}

const NULL = { type: 'null' };

/**
 * Writes a schema so that every part of it has one type: alternatives, and types that are several, become `anyOf`;
 * what is said beside alternatives is said in each. `undefined` when no value fits.
 */
export function compileSubset(flat: Flat, { branches, orNull }: Union, here: Here): JsonObject | undefined {
  if (flat.never) return orNull ? NULL : undefined;
  if (branches !== undefined) return writeUnion(flat, { branches, orNull }, here);
  const types = typesOf(flat);
  const [type, ...others] = types.filter((each) => each !== 'null');
  const nullable = orNull || types.includes('null');
  if (type === undefined)
    return types.length > 0 ? writeTyped(flat, { type: 'null', nullable: false }, here) : writeAny(flat, here);
  if (others.length === 0) return writeTyped(flat, { type, nullable }, here);
  return writeUnion(flat, alternatives([type, ...others], nullable, here), here);
}

/** The types of the values that fit, from what is said and what is meant; empty for any type. */
function typesOf({ keywords }: Flat): readonly TypeName[] {
  const declared = typesIn(keywords.get('type'));
  const values = keywords.get('enum');
  if (!Array.isArray(values)) return distinct(declared ?? impliedTypes(keywords.keys()));
  const listed = new Set((values as readonly Json[]).map(typeOfValue));
  const covered = (declared ?? TYPES).filter(
    (type) => listed.has(type) || (type === 'number' && listed.has('integer')),
  );
  if (declared === undefined) return distinct(covered.filter((type) => listed.has(type)));
  return distinct(covered.length > 0 ? covered : declared);
}

/** A number may be an integer: where both are types, one is said. */
const distinct = (types: readonly TypeName[]): readonly TypeName[] =>
  types.includes('number') ? types.filter((type) => type !== 'integer') : types;

const alternatives = (types: readonly TypeName[], nullable: boolean, { subset }: Here): Union => {
  const branches = types.map((type) => ({ type }));
  if (subset.nullAs === 'nullable') return { branches, orNull: nullable };
  return { branches: nullable ? [...branches, NULL] : branches, orNull: false };
};

/** Targets that want a type everywhere get those whose values need no further schema. */
function writeAny(flat: Flat, here: Here): JsonObject | undefined {
  loseAt(here.compiling, here.place, 'value of any kind, now of a plain one', 'approximated');
  const plain: readonly TypeName[] = ['string', 'number', 'boolean'];
  const types: readonly TypeName[] = here.subset.closedObjects ? plain : [...plain, 'object'];
  return writeUnion(flat, alternatives(types, true, here), here);
}

/** Words about a schema, not about values. */
const ANNOTATIONS = ['title', 'description'];

function writeUnion(flat: Flat, { branches = [], orNull }: Union, here: Here): JsonObject | undefined {
  const { place, compiling, subset } = here;
  const shared = new Map(flat.keywords);
  noteDefault(shared, here);
  const beside = new Map<string, Json>();
  if (!subset.unionAlone)
    for (const keyword of ANNOTATIONS) {
      const said = shared.get(keyword);
      if (typeof said === 'string' && said !== '') beside.set(keyword, said);
      shared.delete(keyword);
    }
  const common = Object.fromEntries(shared);
  const made = branches
    .map((each, index) => {
      const branch = index === 0 && orNull ? { anyOf: [each, NULL] } : each;
      const whole = shared.size > 0 ? { allOf: [common, branch] } : branch;
      return compiling.compileBranch(whole, inside(place, 'anyOf', index));
    })
    .filter((each) => each !== undefined);
  const settled = subset.nullAs === 'nullable' ? withoutNull(made) : made;
  const [only] = settled;
  if (settled.length > 1) return { ...Object.fromEntries(beside), anyOf: settled };
  return only === undefined ? undefined : { ...only, ...joinedNotes(beside, only) };
}

/** Alternatives that turned out to be `null` become a mark on the first that is not. */
function withoutNull(branches: readonly JsonObject[]): readonly JsonObject[] {
  const [first, ...more] = branches.filter(({ type }) => type !== 'null');
  if (first === undefined) return branches.slice(0, 1);
  return more.length + 1 === branches.length ? branches : [withNull(first, 'nullable'), ...more];
}

/** Where nothing may stand beside alternatives, and where `default` is refused, the description tells it. */
function noteDefault(shared: Map<string, Json>, { place, compiling }: Here): void {
  const value = shared.get('default');
  if (value === undefined) return;
  shared.delete('default');
  const note = noteText('default', value);
  loseAt(compiling, inside(place, 'default'), '`default`', note === undefined ? 'dropped' : 'moved');
  if (note === undefined) return;
  const said = shared.get('description');
  shared.set('description', typeof said === 'string' ? `${said} (${note})` : `(${note})`);
}

function joinedNotes(beside: ReadonlyMap<string, Json>, only: JsonObject): JsonObject {
  const [ours, theirs] = [beside.get('description'), only['description']];
  const both = typeof ours === 'string' && typeof theirs === 'string' && ours !== theirs;
  return { ...Object.fromEntries(beside), ...(both && { description: `${ours}\n${theirs}` }) };
}
