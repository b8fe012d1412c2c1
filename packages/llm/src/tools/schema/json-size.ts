import type { Json } from '../../model/json.ts';

/** Characters of `value` as JSON, escapes not counted; what is held in two places is counted once. Never recursive. */
export function jsonSize(value: Json | undefined): number {
  let size = 0;
  const seen = new Set<object>();
  const waiting: (Json | undefined)[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) {
      size += scalarSize(next);
      continue;
    }
    size += 2;
    if (seen.has(next)) continue;
    seen.add(next);
    for (const name of Object.keys(next)) {
      size += Array.isArray(next) ? 1 : name.length + 4;
      waiting.push((next as Readonly<Record<string, Json | undefined>>)[name]);
    }
  }
  return size;
}

const scalarSize = (value: string | number | boolean | null | undefined): number =>
  typeof value === 'string' ? value.length + 2 : String(value).length;

/** `value` as JSON, or `undefined` when it is longer than `limit` characters. */
export const jsonText = (value: Json, limit: number): string | undefined =>
  jsonSize(value) > limit ? undefined : JSON.stringify(value);
