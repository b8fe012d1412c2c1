import type { Json, JsonObject } from '../../model/json.ts';
import { inside, type Compiling, type Place } from './compiling.ts';
import type { Flat } from './flatten-schema.ts';
import { kindOf } from './keywords.ts';

/** Writes every keyword as it is, and the schemas in it in their turn; `undefined` when no value fits. */
export function compilePlain(flat: Flat, place: Place, compiling: Compiling): JsonObject | undefined {
  if (flat.never) return undefined;
  const members: (readonly [string, Json])[] = [];
  for (const [keyword, value] of flat.keywords) {
    const made = member(keyword, value, { place, compiling });
    if (made === undefined) return undefined;
    members.push([keyword, made]);
  }
  return Object.fromEntries(members);
}

interface Here {
  readonly place: Place;
  readonly compiling: Compiling;
}

/** `undefined` for alternatives none of which can fit. */
function member(keyword: string, value: Json, { place, compiling }: Here): Json | undefined {
  switch (kindOf(keyword)) {
    case 'schema':
      return typeof value === 'boolean' ? value : compiling.compile(value, inside(place, keyword));
    case 'schema-map':
      return Object.fromEntries(
        Object.entries(value as JsonObject).map(([name, each]) => [
          name,
          compiling.compile(each as Json, inside(place, keyword, name)),
        ]),
      );
    case 'schema-list':
      return schemaList(keyword, value as readonly Json[], { place, compiling });
    case 'data':
      return keyword === 'type' && Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value;
  }
}

function schemaList(keyword: string, list: readonly Json[], { place, compiling }: Here): Json | undefined {
  if (keyword === 'prefixItems')
    return list.map((each, index) => compiling.compile(each, inside(place, keyword, index)));
  const made = list
    .map((each, index) => compiling.compileBranch(each, inside(place, keyword, index)))
    .filter((each) => each !== undefined);
  return made.length > 0 ? made : undefined;
}
