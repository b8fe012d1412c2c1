import type { UpstreamHeaders } from '../upstream.ts';

/** Status line and headers of one response, and what they say about the body and the connection. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: UpstreamHeaders;
  /** Bytes of the body, `chunked`, or `close` when it lasts until the connection ends. */
  readonly body: number | 'chunked' | 'close';
  /** How long the connection may be kept for the next request, in milliseconds; 0 when it must be closed. */
  readonly keepMs: number;
}

/** Longest time that an unused connection is kept, in milliseconds: most vendors close theirs after a minute. */
const KEEP_MS_MAX = 30_000;
/** Taken off what the other side promises, in milliseconds, so that a request never meets a closing connection. */
const KEEP_MARGIN_MS = 1000;

type HeaderRecord = Record<string, string | string[]>;

/**
 * Makes records without a prototype: a server may send a header `constructor` or `__proto__`. The engine lays them out like
 * objects of a class, which those of `Object.create(null)` are not: they take twice the room and time.
 */
const NewHeaders = function newHeaders() {} as unknown as new () => HeaderRecord;
NewHeaders.prototype = Object.create(null);

const START = 'HTTP/1.';
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/;
/**
 * Field text and whole line ends: smuggling begins with those that are not. The half of one that came before may stand
 * first.
 */
const LEGAL = /^\n?[\t\x20-\x7e\x80-\xff]*(?:\r\n[\t\x20-\x7e\x80-\xff]*)*$/;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const LENGTH = /^\d{1,15}$/;
const WITHOUT_BODY = new Set([204, 304]);
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const BAD_CHARACTERS = 'a header with characters that are not allowed';
const BAD_STATUS_LINE = 'a status line that is not HTTP/1.1';

/** Lower-case names by the names that servers write; bounded in number and length, because they come from outside. */
const knownNames = new Map<string, string>();
const KNOWN_NAMES_MAX = 1000;
const KNOWN_NAME_LENGTH_MAX = 64;

/** Reads the text before the empty line; a string says what is wrong with it. */
export function readResponseHead(text: string): ResponseHead | string {
  if (!LEGAL.test(text)) return BAD_CHARACTERS;
  const lineEnd = text.indexOf('\r\n');
  const statusLine = STATUS_LINE.exec(lineEnd < 0 ? text : text.slice(0, lineEnd));
  if (statusLine === null) return BAD_STATUS_LINE;
  const headers = new NewHeaders();
  for (let at = lineEnd; at >= 0 && at < text.length;) {
    const next = text.indexOf('\r\n', at + 2);
    if (!addHeader(headers, text, at + 2, next < 0 ? text.length : next)) return 'a header line without a name';
    at = next;
  }
  const status = Number(statusLine[2]);
  const body = bodyLength(status, headers);
  if (typeof body === 'string' && body !== 'chunked' && body !== 'close') return body;
  return { status, headers, body, keepMs: body === 'close' ? 0 : keepMs(statusLine[1] === '1', headers) };
}

/**
 * What is wrong with a head of which only the beginning is there, `bytes` from `at` on; those before `from` have been
 * looked at. Without this, an end would be waited for that such a server never sends.
 */
export function headStartProblem(bytes: Buffer, at: number, from: number): string | undefined {
  if (!START.startsWith(bytes.toString('latin1', at, Math.min(bytes.length, at + START.length))))
    return BAD_STATUS_LINE;
  // The line feed that belongs to a carriage return at the end may be on its way.
  const end = bytes[bytes.length - 1] === CR ? bytes.length - 1 : bytes.length;
  return LEGAL.test(bytes.toString('latin1', from, end)) ? undefined : BAD_CHARACTERS;
}

/** Adds the line of `text` between two places; false where it has no name. */
function addHeader(headers: HeaderRecord, text: string, start: number, end: number): boolean {
  const colon = text.indexOf(':', start);
  const name = colon < 0 || colon >= end ? undefined : lowerName(text.slice(start, colon));
  if (name === undefined) return false;
  const value = withoutBlanks(text, colon + 1, end);
  const before = headers[name];
  if (before === undefined) headers[name] = value;
  else if (typeof before === 'string') headers[name] = [before, value];
  else before.push(value);
  return true;
}

function lowerName(written: string): string | undefined {
  const known = knownNames.get(written);
  if (known !== undefined) return known;
  if (!NAME.test(written)) return undefined;
  const name = written.toLowerCase();
  if (knownNames.size < KNOWN_NAMES_MAX && written.length <= KNOWN_NAME_LENGTH_MAX) {
    // Copied, because a slice would keep the whole head that it was cut from.
    knownNames.set(Buffer.from(written).toString('latin1'), name);
  }
  return name;
}

/** What stands between two places, without blanks around it. `trim` would also take a no-break space, which is text here. */
function withoutBlanks(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB;

/** Length of the body; any other string than the two of `ResponseHead` says what is wrong. */
function bodyLength(status: number, headers: HeaderRecord): number | string {
  if (WITHOUT_BODY.has(status) || status < 200) return 0;
  const coding = headers['transfer-encoding'];
  const length = headers['content-length'];
  if (coding !== undefined) {
    // With both, one of the two readers on the way would be fooled.
    if (length !== undefined) return 'both a length and a transfer coding';
    return String(coding).toLowerCase() === 'chunked' ? 'chunked' : 'an unknown transfer coding';
  }
  if (length === undefined) return 'close';
  if (typeof length === 'string' && LENGTH.test(length)) return Number(length);
  // Some proxies say the same length twice, in one line or in two.
  const [first = '', ...more] = String(length)
    .split(',')
    .map((each) => withoutBlanks(each, 0, each.length));
  if (!LENGTH.test(first)) return 'a length that is no number';
  return more.every((each) => each === first) ? Number(first) : 'two lengths';
}

function keepMs(isLatest: boolean, headers: HeaderRecord): number {
  const connection = String(headers['connection'] ?? '').toLowerCase();
  if (connection.includes('close') || (!isLatest && !connection.includes('keep-alive'))) return 0;
  // A coding that HTTP/1.0 does not know: what such a server sends next may be anything.
  if (!isLatest && headers['transfer-encoding'] !== undefined) return 0;
  const hint = headers['keep-alive'];
  const promised = hint === undefined ? null : /timeout=(\d{1,6})/i.exec(String(hint));
  if (promised === null) return KEEP_MS_MAX;
  return Math.max(0, Math.min(KEEP_MS_MAX, Number(promised[1]) * 1000 - KEEP_MARGIN_MS));
}
