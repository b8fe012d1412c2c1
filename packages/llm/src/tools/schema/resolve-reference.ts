import type { Json, JsonObject } from '../../model/json.ts';
import { isObject, isSchema, kindOf } from './keywords.ts';

/** Finds what a reference names; `undefined` when it is not in the document or is no schema. Linear over all calls. */
export type ResolveReference = (reference: string) => JsonObject | boolean | undefined;

/**
 * Resolves `#`, JSON pointers, `$anchor`s and `$id`s within `root`. Nothing is ever fetched: a reference to another
 * document is not found.
 */
export function referencesIn(root: JsonObject): ResolveReference {
  let named: ReadonlyMap<string, JsonObject> | undefined;
  return (reference) => {
    const hash = reference.indexOf('#');
    const [document, fragment] =
      hash < 0 ? [reference, ''] : [reference.slice(0, hash), decoded(reference.slice(hash + 1))];
    if (document === '' && (fragment === '' || fragment.startsWith('/'))) return at(root, fragment);
    named ??= namesIn(root);
    const whole = named.get(reference);
    if (whole !== undefined || !(fragment === '' || fragment.startsWith('/'))) return whole;
    const start = named.get(document) ?? named.get(`${document}#`);
    return start === undefined ? undefined : at(start, fragment);
  };
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function at(start: JsonObject, pointer: string): JsonObject | boolean | undefined {
  let found: Json | undefined = start;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, Json | undefined>>)[name];
  }
  return isSchema(found) ? found : undefined;
}

/** Every schema by its `$id`, and by its anchor as `#anchor`. Never recursive, so that no depth is too deep. */
function namesIn(root: JsonObject): ReadonlyMap<string, JsonObject> {
  const named = new Map<string, JsonObject>();
  const seen = new Set<object>();
  const waiting: Json[] = [root];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (!isObject(next) || seen.has(next)) continue;
    seen.add(next);
    for (const keyword of ['$id', 'id', '$anchor', '$dynamicAnchor']) {
      const name = next[keyword];
      if (typeof name === 'string') named.set(keyword.endsWith('nchor') ? `#${name}` : name, next);
    }
    for (const keyword of Object.keys(next))
      for (const schema of schemasBehind(keyword, next[keyword])) waiting.push(schema);
  }
  return named;
}

function schemasBehind(keyword: string, value: Json | undefined): readonly Json[] {
  const kind = kindOf(keyword);
  if (kind === 'data' || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value as readonly Json[];
  return kind === 'schema-map' ? Object.values(value as JsonObject).filter((each) => each !== undefined) : [value];
}
