/** How a vector stands in an answer: as a list of numbers, or as little-endian float32 in base64. */
export type VectorEncoding = 'float' | 'base64';

const FLOAT_BYTES = 4;

/**
 * One JSON value, a vector in either encoding, as it stands in the other; `undefined` when it is no vector that can be:
 * lists of lists, names of things, and numbers that no float32 holds.
 */
export function recodeVector(json: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value === 'string') return listOf(value);
  return Array.isArray(value) && value.every(isFloat) ? textOf(value) : undefined;
}

const isFloat = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(Math.fround(value));

function textOf(values: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(values.length * FLOAT_BYTES);
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * FLOAT_BYTES);
  return `"${bytes.toString('base64')}"`;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function listOf(text: string): string | undefined {
  const bytes = BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
  if (bytes === undefined || bytes.length === 0 || bytes.length % FLOAT_BYTES !== 0) return undefined;
  const values = Array.from({ length: bytes.length / FLOAT_BYTES }, (_, at) => bytes.readFloatLE(at * FLOAT_BYTES));
  return values.every(Number.isFinite) ? JSON.stringify(values) : undefined;
}
