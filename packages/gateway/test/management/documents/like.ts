import assert from 'node:assert/strict';

const KINDS = new Map<unknown, (value: unknown) => boolean>([
  [String, (value) => typeof value === 'string'],
  [Number, (value) => typeof value === 'number'],
  [Boolean, (value) => typeof value === 'boolean'],
  [Array, (value) => Array.isArray(value)],
  [Object, (value) => typeof value === 'object' && value !== null],
]);

/**
 * Holds `found` against a likeness of it: a kind such as `String`, a pattern, a literal, or an object whose members are
 * likenesses. A list with something in it says what its first member is like.
 */
export function assertLike(found: unknown, like: unknown, where = 'the answer'): void {
  const isKind = KINDS.get(like);
  if (isKind !== undefined) return assert.ok(isKind(found), `${where} is ${JSON.stringify(found)}`);
  if (like instanceof RegExp) return assert.match(String(found), like, where);
  if (Array.isArray(like) && like.length === 0) return assert.deepEqual(found, [], where);
  if (typeof like !== 'object' || like === null) return assert.deepEqual(found, like, where);
  assert.ok(typeof found === 'object' && found !== null, `${where} is ${JSON.stringify(found)}`);
  for (const [name, each] of Object.entries(like))
    assertLike((found as Record<string, unknown>)[name], each, `${where}.${name}`);
}
