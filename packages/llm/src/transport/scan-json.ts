/** Bounds of a request body. Depth guards every recursive walk after us; nodes and keys guard the event loop. */
export interface JsonBounds {
  readonly depthMax: number;
  readonly nodesMax: number;
  readonly keysPerObjectMax: number;
}

/** Depth 128, 200,000 nodes, 10,000 keys an object: far above real requests, far below what blocks a process. */
export const JSON_BOUNDS: JsonBounds = { depthMax: 128, nodesMax: 200_000, keysPerObjectMax: 10_000 };

/** A member of the outermost object: its value lies in `[start, end)` of the scanned bytes. */
export interface MemberSpan {
  readonly start: number;
  readonly end: number;
}

/** The spans of the outermost members by name, or why the bytes were refused, in words for the caller. */
export type ScanOutcome =
  | { readonly ok: true; readonly members: ReadonlyMap<string, MemberSpan> }
  | { readonly ok: false; readonly message: string; readonly path?: string };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

interface Scan {
  readonly bytes: Uint8Array;
  readonly bounds: JsonBounds;
  /** For every open container, its keys so far; -1 marks an array. */
  readonly keys: Int32Array;
  readonly members: Map<string, MemberSpan>;
  depth: number;
  nodes: number;
  /** Where the last token began, and whether it was a string directly in the outermost object. */
  name: string | undefined;
  valueStart: number;
}

/** Room for the keys of every scan of the usual depth: one ends before the next begins, and none reads what it has not written. */
const USUAL_KEYS = new Int32Array(JSON_BOUNDS.depthMax + 1);

/**
 * Walks JSON bytes once, without recursion and without building anything but the spans of the outermost members.
 * Refuses bodies beyond `bounds`, duplicate outermost members and unbalanced brackets; it does not replace a parser:
 * everything else about the grammar is the parser's to judge. Linear in the number of bytes.
 */
export function scanJson(bytes: Uint8Array, bounds: JsonBounds = JSON_BOUNDS): ScanOutcome {
  const scan: Scan = {
    bytes,
    bounds,
    keys: bounds.depthMax === JSON_BOUNDS.depthMax ? USUAL_KEYS : new Int32Array(bounds.depthMax + 1),
    members: new Map(),
    depth: 0,
    nodes: 0,
    name: undefined,
    valueStart: -1,
  };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte <= 0x20) continue;
    if (byte === QUOTE) {
      const end = stringEnd(bytes, at);
      if (end < 0) return refuse('The JSON text ends inside a string.');
      at = end;
      continue;
    }
    const problem = onToken(scan, byte, at);
    if (problem !== undefined) return problem;
  }
  return scan.depth === 0 ? { ok: true, members: scan.members } : refuse('The JSON text ends before its last bracket.');
}

const refuse = (message: string, path?: string): ScanOutcome & { readonly ok: false } =>
  path === undefined ? { ok: false, message } : { ok: false, message, path };

/** Quotes nearer than this are found faster byte by byte than by a native search, whose call has a price of its own. */
const NEAR_BYTES = 64;

/**
 * Index of the quote that closes the JSON string whose opening quote stands at `start`; -1 when the bytes end first.
 * Linear in the string's length. Native search carries the long strings that make up most of a request.
 */
export function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  // Kept over escapes: a search anew after each one would read the rest of a long text once per line break.
  let quote = at;
  while (at < bytes.length) {
    const near = Math.min(bytes.length, at + NEAR_BYTES);
    while (at < near && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    if (at < near) return at;
    // Without a backslash before it, the next quote closes the string.
    if (quote < at || bytes[quote] !== QUOTE) quote = bytes.indexOf(QUOTE, at);
    if (quote < 0) return -1;
    const slash = bytes.subarray(at, quote).indexOf(BACKSLASH);
    if (slash < 0) return quote;
    at += slash;
  }
  return -1;
}

function onToken(scan: Scan, byte: number, at: number): (ScanOutcome & { ok: false }) | undefined {
  switch (byte) {
    case OPEN_OBJECT:
    case OPEN_ARRAY:
      return open(scan, byte);
    case CLOSE_OBJECT:
    case CLOSE_ARRAY:
      return close(scan, byte, at);
    case COLON:
      return key(scan, at);
    case COMMA:
      if (scan.depth === 1) endMember(scan, at);
      return count(scan);
    default:
      return undefined;
  }
}

function open(scan: Scan, byte: number): (ScanOutcome & { ok: false }) | undefined {
  scan.depth += 1;
  if (scan.depth > scan.bounds.depthMax) {
    return refuse(`The JSON is nested deeper than ${scan.bounds.depthMax} levels. Send a flatter body.`);
  }
  scan.keys[scan.depth] = byte === OPEN_OBJECT ? 0 : -1;
  return count(scan);
}

function close(scan: Scan, byte: number, at: number): (ScanOutcome & { ok: false }) | undefined {
  if (scan.depth === 0 || (scan.keys[scan.depth] === -1) !== (byte === CLOSE_ARRAY)) {
    return refuse(`The JSON text has an unexpected bracket at byte ${at}.`);
  }
  if (scan.depth === 1) endMember(scan, at);
  scan.depth -= 1;
  return undefined;
}

function count(scan: Scan): (ScanOutcome & { ok: false }) | undefined {
  scan.nodes += 1;
  if (scan.nodes <= scan.bounds.nodesMax) return undefined;
  return refuse(`The JSON has more than ${scan.bounds.nodesMax} values. Send a smaller body.`);
}

function key(scan: Scan, at: number): (ScanOutcome & { ok: false }) | undefined {
  const keys = scan.keys[scan.depth] as number;
  if (scan.depth === 0 || keys < 0) return refuse(`The JSON text has an unexpected colon at byte ${at}.`);
  scan.keys[scan.depth] = keys + 1;
  if (keys >= scan.bounds.keysPerObjectMax) {
    return refuse(`A JSON object has more than ${scan.bounds.keysPerObjectMax} members. Send a smaller body.`);
  }
  if (scan.depth > 1) return undefined;
  const name = keyBefore(scan.bytes, at);
  if (name === undefined) return refuse(`The JSON text has no member name before the colon at byte ${at}.`);
  if (scan.members.has(name)) return refuse(`The member \`${name}\` stands twice. Send it once.`, name);
  scan.name = name;
  scan.valueStart = at + 1;
  scan.members.set(name, { start: at + 1, end: at + 1 });
  return undefined;
}

function endMember(scan: Scan, at: number): void {
  if (scan.name === undefined) return;
  let { valueStart: start } = scan;
  let end = at;
  while (start < end && (scan.bytes[start] as number) <= 0x20) start += 1;
  while (end > start && (scan.bytes[end - 1] as number) <= 0x20) end -= 1;
  scan.members.set(scan.name, { start, end });
  scan.name = undefined;
}

const decoder = new TextDecoder();
/** Longer or stranger names than this are read by the decoder. */
const PLAIN_NAME_MAX = 40;

/** The member name whose closing quote stands just before the colon at `at`; escapes are resolved. */
function keyBefore(bytes: Uint8Array, at: number): string | undefined {
  let end = at - 1;
  while (end >= 0 && (bytes[end] as number) <= 0x20) end -= 1;
  if (bytes[end] !== QUOTE) return undefined;
  let start = end - 1;
  while (start >= 0 && (bytes[start] !== QUOTE || bytes[start - 1] === BACKSLASH)) start -= 1;
  if (start < 0) return undefined;
  return plainName(bytes, start + 1, end) ?? decodedName(bytes, start, end);
}

/** A short name of visible ASCII without escapes, as nearly all are. */
function plainName(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > PLAIN_NAME_MAX) return undefined;
  let name = '';
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte >= 0x7f || byte === BACKSLASH) return undefined;
    name += String.fromCharCode(byte);
  }
  return name;
}

function decodedName(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    return JSON.parse(decoder.decode(bytes.subarray(start, end + 1))) as string;
  } catch {
    return undefined;
  }
}
