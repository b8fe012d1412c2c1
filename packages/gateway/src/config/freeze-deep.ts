/** Freezes a value with all it holds and returns it. Of a `Map` what it holds is frozen; its own entries cannot be. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  const held: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value);
  for (const each of held) freezeDeep(each);
  return value;
}
