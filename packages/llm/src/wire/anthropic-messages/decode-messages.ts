import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { MediaPart, MediaSource, Part, ToolResultPart } from '../../model/part.ts';
import { isObject, objectOf, textOf, unknownMembers } from '../read.ts';
import { Refusal } from '../refusal.ts';

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
        content: systemParts(wire['content'], `${path}.content`),
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
  for (const part of content) {
    const last = messages.at(-1);
    if (part.type === 'tool-result') {
      if (last?.role === 'tool') messages[messages.length - 1] = { role: 'tool', content: [...last.content, part] };
      else messages.push({ role: 'tool', content: [part] });
    } else if (last?.role === 'user')
      messages[messages.length - 1] = { role: 'user', content: [...last.content, part] };
    else messages.push({ role: 'user', content: [part] });
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
    const signature = textOf(wire['signature']);
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
  const cacheControl = objectOf(value['cache_control']);
  const rest = unknownMembers(value, known.known);
  return {
    ...part,
    ...(cacheControl !== undefined && { cacheControl }),
    ...(rest !== undefined && { extras: { 'anthropic-messages': rest } }),
  };
}

/** Sources that are blocks themselves (`content`) have no canonical form. */
const isVendorSource = (wire: JsonObject): boolean => objectOf(wire['source'])?.['type'] === 'content';

function required(wire: JsonObject, name: string, path: string): string {
  const value = wire[name];
  if (typeof value !== 'string') throw new Refusal(`${path}.${name}`, 'a string');
  return value;
}

function source(wire: JsonObject, path: string, range: string): { mediaType: string; source: MediaSource } {
  const at = `${path}.source`;
  const from = objectOf(wire['source']);
  if (from === undefined) throw new Refusal(at, 'an object with a `type`');
  switch (from['type']) {
    case 'base64':
      return {
        mediaType: required(from, 'media_type', at),
        source: { kind: 'base64', data: required(from, 'data', at) },
      };
    case 'url':
      return { mediaType: range, source: { kind: 'url', url: required(from, 'url', at) } };
    case 'file':
      return { mediaType: range, source: { kind: 'file', fileId: required(from, 'file_id', at) } };
    case 'text':
      return {
        mediaType: textOf(from['media_type']) ?? 'text/plain',
        source: { kind: 'text', text: required(from, 'data', at) },
      };
    default:
      throw new Refusal(`${at}.type`, '`base64`, `url`, `file` or `text`');
  }
}

function documentPart(wire: JsonObject, path: string): MediaPart {
  const filename = textOf(wire['title']);
  return { type: 'media', ...source(wire, path, 'application/pdf'), ...(filename !== undefined && { filename }) };
}

function toolResult(wire: JsonObject, path: string): ToolResultPart {
  const { content } = wire;
  return {
    type: 'tool-result',
    toolCallId: required(wire, 'tool_use_id', path),
    content: content === undefined || content === null ? [] : contentParts(content, `${path}.content`),
    isError: wire['is_error'] === true,
  };
}
