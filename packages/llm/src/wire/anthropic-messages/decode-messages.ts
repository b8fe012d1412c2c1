import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { MediaPart, MediaSource, Part, ToolResultPart } from '../../model/part.ts';
import { isObject, objectOf, textOf, unknownMembers } from '../read.ts';
import { breakpointOf, Refusal, required, wanted } from '../refusal.ts';

/** Reads `messages`; tool results of a user message become a tool message before what else it says. */
export function decodeMessages(value: Json | undefined): readonly Message[] {
  if (!Array.isArray(value) || value.length === 0) throw new Refusal('messages', 'a list of at least one message');
  return (value as readonly Json[]).flatMap((each, index) => {
    const path = `messages[${index}]`;
    if (!isObject(each)) throw new Refusal(path, 'an object');
    return decodeMessage(each, path);
  });
}

const MESSAGE = new Set(['role', 'content']);

function decodeMessage(wire: JsonObject, path: string): readonly Message[] {
  const { role } = wire;
  const rest = unknownMembers(wire, MESSAGE);
  const extras = rest === undefined ? {} : { extras: { 'anthropic-messages': rest } };
  if (role === 'system') {
    // The mark keeps the message in its place when this format is written again.
    return [
      {
        role,
        audience: 'system',
        // Such a message may but change a setting.
        content: wire['content'] === undefined ? [] : systemParts(wire['content'], `${path}.content`),
        extras: { 'anthropic-messages': rest ?? {} },
      },
    ];
  }
  const content = contentParts(wire['content'], `${path}.content`);
  if (role === 'assistant') return [{ role, content, ...extras }];
  if (role === 'user') return splitUser(content).map((message) => ({ ...message, ...extras }));
  throw new Refusal(`${path}.role`, '`user`, `assistant` or `system`');
}

/** Runs of tool results and runs of other parts, in order. */
function splitUser(content: readonly Part[]): readonly Message[] {
  const messages: Message[] = [];
  let results: ToolResultPart[] | undefined;
  let words: Part[] | undefined;
  for (const part of content) {
    if (part.type === 'tool-result') {
      if (results === undefined) messages.push({ role: 'tool', content: (results = []) });
      results.push(part);
      words = undefined;
    } else {
      if (words === undefined) messages.push({ role: 'user', content: (words = []) });
      words.push(part);
      results = undefined;
    }
  }
  return messages.length > 0 ? messages : [{ role: 'user', content: [] }];
}

/** Instructions: a string or text blocks. */
export function systemParts(value: Json | undefined, path: string): readonly Part[] {
  return contentParts(value, path);
}

function contentParts(value: Json | undefined, path: string): readonly Part[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!Array.isArray(value)) throw new Refusal(path, 'a string or a list of content blocks');
  return (value as readonly Json[]).map((each, index) => decodeBlock(each, `${path}[${index}]`));
}

interface BlockKind {
  readonly known: ReadonlySet<string>;
  readonly read: (wire: JsonObject, path: string) => Part;
}

const kind = (members: readonly string[], read: BlockKind['read']): BlockKind => ({
  known: new Set(['type', 'cache_control', ...members]),
  read,
});

const BLOCKS: Readonly<Record<string, BlockKind>> = {
  text: kind(['text'], (wire, path) => ({ type: 'text', text: required(wire, 'text', path) })),
  image: kind(['source'], (wire, path) => ({ type: 'media', ...source(wire, path, 'image/*') })),
  document: kind(['source', 'title'], documentPart),
  thinking: kind(['thinking', 'signature'], (wire, path) => {
    const signature = wanted(wire, 'signature', 'string', `${path}.signature`) as string | undefined;
    return { type: 'reasoning', text: required(wire, 'thinking', path), ...(signature && { signature }) };
  }),
  redacted_thinking: kind(['data'], (wire, path) => ({
    type: 'reasoning',
    text: '',
    redacted: required(wire, 'data', path),
  })),
  tool_use: kind(['id', 'name', 'input'], (wire, path) => ({
    type: 'tool-call',
    id: required(wire, 'id', path),
    name: required(wire, 'name', path),
    argumentsJson: JSON.stringify(wire['input'] ?? {}),
  })),
  tool_result: kind(['tool_use_id', 'content', 'is_error'], toolResult),
};

function decodeBlock(value: Json, path: string): Part {
  if (!isObject(value)) throw new Refusal(path, 'an object');
  const { type } = value;
  if (typeof type !== 'string') throw new Refusal(`${path}.type`, 'a string such as `text`');
  const known = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
  if (known === undefined || isVendorSource(value))
    return { type: 'vendor', format: 'anthropic-messages', kind: type, value };
  const part = known.read(value, path);
  const rest = { ...unknownMembers(value, known.known), ...part.extras?.['anthropic-messages'] };
  return {
    ...part,
    ...breakpointOf(value, path),
    ...(Object.keys(rest).length > 0 && { extras: { 'anthropic-messages': rest } }),
  };
}

/** Sources that are blocks themselves (`content`) have no canonical form. */
const isVendorSource = (wire: JsonObject): boolean => objectOf(wire['source'])?.['type'] === 'content';

type Sourced = Pick<MediaPart, 'mediaType' | 'source' | 'extras'>;

/** Members of a source by its type; others are kept for their own format. */
const SOURCES: Readonly<Record<string, ReadonlySet<string>>> = {
  base64: new Set(['type', 'media_type', 'data']),
  url: new Set(['type', 'url']),
  file: new Set(['type', 'file_id']),
  text: new Set(['type', 'media_type', 'data']),
};

function source(wire: JsonObject, path: string, range: string): Sourced {
  const at = `${path}.source`;
  const from = objectOf(wire['source']);
  if (from === undefined) throw new Refusal(at, 'an object with a `type`');
  const type = textOf(from['type']) ?? '';
  const known = Object.hasOwn(SOURCES, type) ? SOURCES[type] : undefined;
  if (known === undefined) throw new Refusal(`${at}.type`, '`base64`, `url`, `file` or `text`');
  const rest = unknownMembers(from, known);
  return {
    ...mediaSource(from, at, range),
    ...(rest !== undefined && { extras: { 'anthropic-messages': { source: rest } } }),
  };
}

function mediaSource(from: JsonObject, at: string, range: string): { mediaType: string; source: MediaSource } {
  const { type } = from;
  if (type === 'url') return { mediaType: range, source: { kind: 'url', url: required(from, 'url', at) } };
  if (type === 'file') return { mediaType: range, source: { kind: 'file', fileId: required(from, 'file_id', at) } };
  const data = required(from, 'data', at);
  if (type === 'base64') return { mediaType: required(from, 'media_type', at), source: { kind: 'base64', data } };
  const mediaType = (wanted(from, 'media_type', 'string', `${at}.media_type`) as string | undefined) ?? 'text/plain';
  return { mediaType, source: { kind: 'text', text: data } };
}

function documentPart(wire: JsonObject, path: string): MediaPart {
  const filename = wanted(wire, 'title', 'string', `${path}.title`) as string | undefined;
  return { type: 'media', ...source(wire, path, 'application/pdf'), ...(filename !== undefined && { filename }) };
}

function toolResult(wire: JsonObject, path: string): ToolResultPart {
  const { content } = wire;
  return {
    type: 'tool-result',
    toolCallId: required(wire, 'tool_use_id', path),
    content: content === undefined || content === null ? [] : contentParts(content, `${path}.content`),
    isError: wanted(wire, 'is_error', 'boolean', `${path}.is_error`) === true,
  };
}
