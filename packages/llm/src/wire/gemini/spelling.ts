import type { Json, JsonObject } from '../../model/json.ts';

/** The spelling that Google's servers write: they read `top_p` and `topP` alike. */
export const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A caller's object with the members of `known` under the names that Google writes; others keep their own. */
export function spelled(object: JsonObject, known: ReadonlySet<string>): JsonObject {
  if (!Object.keys(object).some((name) => name.includes('_'))) return object;
  const entries = Object.entries(object).map(([name, value]): readonly [string, Json | undefined] => {
    const other = camelCase(name);
    // Said twice, the spelling that Google writes counts.
    return known.has(other) && object[other] === undefined ? [other, value] : [name, value];
  });
  return Object.fromEntries(entries);
}
