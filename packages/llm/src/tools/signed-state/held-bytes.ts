/** What an object, a list or a member costs beside its content, in bytes. */
const ENTRY_BYTES = 16;

/** Bytes that a JSON value takes in memory at most: texts count two bytes a unit. Never recursive, and linear. */
export function heldBytes(value: unknown): number {
  let bytes = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    bytes += ENTRY_BYTES;
    if (typeof next === 'string') bytes += 2 * next.length;
    else if (typeof next === 'object' && next !== null)
      for (const [name, inner] of Object.entries(next)) {
        bytes += Array.isArray(next) ? 0 : 2 * name.length;
        waiting.push(inner);
      }
  }
  return bytes;
}
