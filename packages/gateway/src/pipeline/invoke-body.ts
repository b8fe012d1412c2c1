import type { Json } from '@patchbay/llm/model/json';
import { JSON_BOUNDS, scanJson } from '@patchbay/llm/transport/scan-json';

/** Nothing is built of the values, and the body was judged when it came. */
const BOUNDS = { ...JSON_BOUNDS, nodesMax: Number.MAX_SAFE_INTEGER };

/**
 * The bytes of a JSON object with other outermost members: `given` in front, a member that is `undefined` there left out,
 * and every other with its very bytes. What is no object stays as it is.
 */
export function withMembers(bytes: Buffer, given: Readonly<Record<string, Json | undefined>>): Buffer {
  const scan = scanJson(bytes, BOUNDS);
  if (!scan.ok) return bytes;
  const pieces: Buffer[] = [];
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) pieces.push(Buffer.from(`,${JSON.stringify(name)}:${JSON.stringify(value)}`));
  for (const [name, { start, end }] of scan.members)
    if (!Object.hasOwn(given, name)) pieces.push(Buffer.from(`,${JSON.stringify(name)}:`), bytes.subarray(start, end));
  return Buffer.concat([Buffer.from('{'), Buffer.concat(pieces).subarray(1), Buffer.from('}')]);
}
