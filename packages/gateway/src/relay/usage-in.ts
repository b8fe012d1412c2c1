import type { Usage } from '@patchbay/llm/model/usage';
import { scanJson, stringEnd } from '@patchbay/llm/transport/scan-json';
import type { UpstreamCodec } from '@patchbay/llm/wire/codec';
import { parseJson } from '@patchbay/llm/wire/read';

/**
 * The usage that a whole JSON answer states, found without parsing the rest of it; of an answer that is no JSON
 * nothing is known.
 */
export function usageIn<Dialect>(
  body: Buffer,
  codec: Pick<UpstreamCodec<Dialect>, 'decodeUsage' | 'usageMember'>,
  dialect: Dialect,
): Usage | undefined {
  const member = codec.usageMember ?? 'usage';
  const text = lastOutermost(body, `"${member}"`) ?? scanned(body, member);
  const usage = text === undefined ? undefined : parseJson(text);
  return usage === undefined ? undefined : codec.decodeUsage(usage, dialect);
}

const OPEN = 0x7b;
const CLOSE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Vendors write it near the end: from the last name on, only the rest is walked to learn how deep the name stands. */
function lastOutermost(body: Buffer, quoted: string): string | undefined {
  const name = body.lastIndexOf(quoted);
  // Behind a backslash they are the end of a longer string; elsewhere they can only be a name, or a value.
  if (name < 0 || body[name - 1] === BACKSLASH) return undefined;
  const start = body.indexOf(OPEN, name + quoted.length);
  if (start < 0 || !isColon(body, name + quoted.length, start)) return undefined;
  let depth = 0;
  let end = 0;
  for (let at = start; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = stringEnd(body, at);
      if (at < 0) break;
    } else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0 && end === 0) end = at + 1;
    }
  }
  // One closing brace more than opening ones behind it: the name stands in the outermost object.
  return depth === -1 && end > 0 ? body.toString('utf8', start, end) : undefined;
}

/** True when there is nothing but a colon between two places. */
function isColon(body: Buffer, from: number, to: number): boolean {
  let colons = 0;
  for (let at = from; at < to; at += 1) {
    if (body[at] === COLON) colons += 1;
    else if ((body[at] as number) > 0x20) return false;
  }
  return colons === 1;
}

/** The careful way, for answers that have it elsewhere. */
function scanned(body: Buffer, member: string): string | undefined {
  const scan = scanJson(body);
  const span = scan.ok ? scan.members.get(member) : undefined;
  return span === undefined ? undefined : body.toString('utf8', span.start, span.end);
}
