import { JSON_BOUNDS, scanJson } from '@patchbay/llm/transport/scan-json';

/** Nothing is built of the values, so that only their depth is bounded. */
const BOUNDS = { ...JSON_BOUNDS, nodesMax: Number.MAX_SAFE_INTEGER };

/**
 * The bytes of a JSON object with outermost members under other names, and nothing else changed. A member whose new name
 * is already there stays as it is, and so does what is no object.
 */
export function renameMembers(bytes: Buffer, names: Readonly<Record<string, string>>): Buffer {
  const scan = scanJson(bytes, BOUNDS);
  if (!scan.ok) return bytes;
  const pieces: Buffer[] = [];
  let from = 0;
  const found = [...scan.members].sort(([, a], [, b]) => a.start - b.start);
  for (const [name, { start }] of found) {
    const other = Object.hasOwn(names, name) ? names[name] : undefined;
    if (other === undefined || scan.members.has(other)) continue;
    const written = Buffer.from(JSON.stringify(name));
    const at = bytes.lastIndexOf(written, start);
    // A name that is written with escapes is not found before its colon.
    if (at < from || !/^\s*:\s*$/.test(bytes.toString('latin1', at + written.length, start))) continue;
    pieces.push(bytes.subarray(from, at), Buffer.from(JSON.stringify(other)));
    from = at + written.length;
  }
  return pieces.length === 0 ? bytes : Buffer.concat([...pieces, bytes.subarray(from)]);
}
