import type { Extras } from '../../model/extras.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { MediaPart, Part, ReasoningPart, ToolResultPart } from '../../model/part.ts';
import { arrayOf, isObject, joined, objectOf, textOf, unknownMembers } from '../read.ts';
import { breakpointOf, Refusal, required, wanted } from '../refusal.ts';
import { reasoningDetail } from './decode-response.ts';

/** Reads `messages`; a run of tool messages becomes one canonical message. */
export function decodeMessages(value: Json | undefined): readonly Message[] {
  if (!Array.isArray(value) || value.length === 0) throw new Refusal('messages', 'a list of at least one message');
  const messages: Message[] = [];
  let results: ToolResultPart[] | undefined;
  for (const [index, each] of (value as readonly Json[]).entries()) {
    const path = `messages[${index}]`;
    if (!isObject(each)) throw new Refusal(path, 'an object');
    if (each['role'] !== 'tool' && each['role'] !== 'function') {
      messages.push(decodeMessage(each, path));
      results = undefined;
      continue;
    }
    const result = toolResult(each, path);
    if (results === undefined) {
      results = [];
      messages.push({ role: 'tool', content: results });
    }
    results.push(result);
  }
  return messages;
}

function decodeMessage(wire: JsonObject, path: string): Message {
  const role = wire['role'];
  if (role === 'user') return { role, ...plain(wire, path) };
  if (role === 'system' || role === 'developer') return { role: 'system', audience: role, ...plain(wire, path) };
  if (role === 'assistant') return assistant(wire, path);
  throw new Refusal(`${path}.role`, '`system`, `developer`, `user`, `assistant` or `tool`');
}

function plain(wire: JsonObject, path: string): { readonly content: readonly Part[]; readonly extras?: Extras } {
  const { parts, breakpointPlaced } = spoken(wire, path);
  return { content: parts, ...extrasOf(unknownMembers(wire, breakpointPlaced ? PLACED : PLAIN)) };
}

const PLAIN = new Set(['role', 'content']);
const PLACED = new Set([...PLAIN, 'cache_control']);

const extrasOf = (rest: JsonObject | undefined): { readonly extras?: Extras } =>
  rest === undefined ? {} : { extras: { 'openai-chat': rest } };

interface Spoken {
  readonly parts: readonly Part[];
  /** False when a message-wide breakpoint found no part to sit on. */
  readonly breakpointPlaced: boolean;
}

/** String or list; a message-wide `cache_control` sits on its last part. */
function spoken(wire: JsonObject, path: string): Spoken {
  const parts = contentList(wire['content'], `${path}.content`);
  const breakpoint = breakpointOf(wire, path);
  const last = parts.at(-1);
  if (breakpoint.cacheControl === undefined || last === undefined || last.cacheControl !== undefined)
    return { parts, breakpointPlaced: false };
  return { parts: [...parts.slice(0, -1), { ...last, ...breakpoint }], breakpointPlaced: true };
}

function contentList(value: Json | undefined, path: string): readonly Part[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!Array.isArray(value)) throw new Refusal(path, 'a string or a list of content parts');
  return (value as readonly Json[]).map((each, index) => decodePart(each, `${path}[${index}]`));
}

interface PartKind {
  readonly known: ReadonlySet<string>;
  readonly read: (wire: JsonObject, path: string) => Part | undefined;
}

const kind = (member: string, read: PartKind['read']): PartKind => ({
  known: new Set(['type', 'cache_control', member]),
  read,
});

const PARTS: Readonly<Record<string, PartKind>> = {
  text: kind('text', (wire, path) => ({ type: 'text', text: required(wire, 'text', path) })),
  refusal: kind('refusal', (wire, path) => ({ type: 'refusal', text: required(wire, 'refusal', path) })),
  image_url: kind('image_url', imagePart),
  input_audio: kind('input_audio', audioPart),
  file: kind('file', filePart),
};

function decodePart(value: Json, path: string): Part {
  if (!isObject(value)) throw new Refusal(path, 'an object');
  const type = value['type'];
  if (typeof type !== 'string') throw new Refusal(`${path}.type`, 'a string such as `text`');
  const known = Object.hasOwn(PARTS, type) ? PARTS[type] : undefined;
  const part = known?.read(value, path);
  if (known === undefined || part === undefined) return { type: 'vendor', format: 'openai-chat', kind: type, value };
  const rest = unknownMembers(value, known.known);
  const inner = part.extras?.['openai-chat'];
  return { ...part, ...breakpointOf(value, path), ...extrasOf(rest === undefined ? inner : joined(rest, inner)) };
}

/** What is not known of a member that is an object, under the member's own name. */
function besides(wire: JsonObject, name: string, known: ReadonlySet<string>): JsonObject | undefined {
  const rest = unknownMembers(objectOf(wire[name]) ?? {}, known);
  return rest === undefined ? undefined : { [name]: rest };
}

const DATA_URL = /^data:([^;,]+)(?:;[^,]*)?;base64,/i;
const IMAGE = new Set(['url']);
const AUDIO = new Set(['data', 'format']);
const FILE_BY_ID = new Set(['file_id', 'filename']);
const FILE_BY_DATA = new Set(['file_data', 'filename']);

function imagePart(wire: JsonObject, path: string): MediaPart {
  const image = wire['image_url'];
  const url = typeof image === 'string' ? image : required(objectOf(image) ?? {}, 'url', `${path}.image_url`);
  const extras = extrasOf(besides(wire, 'image_url', IMAGE));
  const data = DATA_URL.exec(url);
  if (data === null) return { type: 'media', mediaType: 'image/*', source: { kind: 'url', url }, ...extras };
  return {
    type: 'media',
    mediaType: data[1] as string,
    source: { kind: 'base64', data: url.slice(data[0].length) },
    ...extras,
  };
}

function audioPart(wire: JsonObject, path: string): MediaPart {
  const audio = objectOf(wire['input_audio']) ?? {};
  const data = required(audio, 'data', `${path}.input_audio`);
  const format = required(audio, 'format', `${path}.input_audio`);
  const extras = extrasOf(besides(wire, 'input_audio', AUDIO));
  return { type: 'media', mediaType: `audio/${format}`, source: { kind: 'base64', data }, ...extras };
}

/** `undefined` for a file by its address, which only some servers of this format take. */
function filePart(wire: JsonObject, path: string): MediaPart | undefined {
  const file = objectOf(wire['file']);
  if (file === undefined) throw new Refusal(`${path}.file`, 'an object with `file_data` or `file_id`');
  const filename = wanted(file, 'filename', 'string', `${path}.file.filename`) as string | undefined;
  const named = filename === undefined ? {} : { filename };
  const fileId = wanted(file, 'file_id', 'string', `${path}.file.file_id`) as string | undefined;
  if (fileId !== undefined) {
    const extras = extrasOf(besides(wire, 'file', FILE_BY_ID));
    return { type: 'media', mediaType: 'application/*', source: { kind: 'file', fileId }, ...named, ...extras };
  }
  const text = required(file, 'file_data', `${path}.file`);
  if (/^https?:/i.test(text)) return undefined;
  const data = DATA_URL.exec(text);
  const mediaType = data?.[1] ?? 'application/pdf';
  // Even if empty, this member keeps an image or a sound a file when it is written in this format again.
  const mark = /^(?:image|audio)\//.test(mediaType) ? { file: {} } : undefined;
  return {
    type: 'media',
    mediaType,
    source: { kind: 'base64', data: text.slice(data?.[0].length ?? 0) },
    ...named,
    ...extrasOf(besides(wire, 'file', FILE_BY_DATA) ?? mark),
  };
}

/** Names under which servers take plain thoughts. */
const THOUGHTS = ['reasoning_content', 'reasoning'];
const ASSISTANT = ['role', 'content', 'tool_calls', 'function_call', 'refusal'];

function assistant(wire: JsonObject, path: string): Message {
  const { parts: thoughts, from } = reasoning(wire);
  const silent = wire['content'] === undefined || wire['content'] === null;
  const said = silent ? { parts: [], breakpointPlaced: false } : spoken(wire, path);
  const known = new Set(ASSISTANT);
  for (const name of THOUGHTS) if (name === from || wire[name] === '') known.add(name);
  if (said.breakpointPlaced) known.add('cache_control');
  const rest = unknownMembers(wire, known);
  return { role: 'assistant', content: [...thoughts, ...said.parts, ...declined(wire, path)], ...extrasOf(rest) };
}

/** What an earlier answer holds beside its words: its refusal and its calls. */
function declined(wire: JsonObject, path: string): readonly Part[] {
  const parts: Part[] = [];
  const refusal = wanted(wire, 'refusal', 'string', `${path}.refusal`);
  if (typeof refusal === 'string' && refusal !== '') parts.push({ type: 'refusal', text: refusal });
  const calls = wire['tool_calls'];
  if (calls !== undefined && calls !== null && !Array.isArray(calls)) throw new Refusal(`${path}.tool_calls`, 'a list');
  for (const [index, call] of arrayOf(calls).entries()) parts.push(toolCall(call, `${path}.tool_calls[${index}]`));
  const legacy = objectOf(wanted(wire, 'function_call', 'object', `${path}.function_call`));
  if (legacy !== undefined) parts.push(legacyCall(legacy, `${path}.function_call`));
  return parts;
}

/** The thought alone: the message keeps the details themselves. */
function withoutDetail(part: ReasoningPart): ReasoningPart {
  const { extras: _, ...thought } = part;
  return thought;
}

/**
 * Signed details give signed parts; the details themselves stay in the extras for their own format, and so does what
 * says the same or more under another name.
 */
function reasoning(wire: JsonObject): { readonly parts: readonly Part[]; readonly from?: string } {
  const details = arrayOf(wire['reasoning_details']).flatMap((each) => reasoningDetail(each) ?? []);
  if (details.length > 0) return { parts: details.map(withoutDetail) };
  for (const name of THOUGHTS) {
    const text = textOf(wire[name]);
    if (text) return { parts: [{ type: 'reasoning', text }], from: name };
  }
  return { parts: [] };
}

const CALL = new Set(['id', 'function', 'index']);
const FUNCTION_CALL = new Set([...CALL, 'type']);
const CALLED = new Set(['name', 'arguments']);

function toolCall(value: Json, path: string): Part {
  if (!isObject(value)) throw new Refusal(path, 'an object');
  if (value['type'] === 'custom') return { type: 'vendor', format: 'openai-chat', kind: 'custom', value };
  const made = objectOf(value['function']);
  if (made === undefined) throw new Refusal(`${path}.function`, 'an object with `name` and `arguments`');
  const isFunction = (value['type'] ?? 'function') === 'function';
  const rest = { ...unknownMembers(value, isFunction ? FUNCTION_CALL : CALL), ...besides(value, 'function', CALLED) };
  return {
    type: 'tool-call',
    id: required(value, 'id', path),
    name: required(made, 'name', `${path}.function`),
    argumentsJson: required(made, 'arguments', `${path}.function`),
    ...extrasOf(Object.keys(rest).length > 0 ? rest : undefined),
  };
}

/** The first function-calling form had no ids: the function's name serves as one, on both sides. */
const legacyCall = (wire: JsonObject, path: string): Part => ({
  type: 'tool-call',
  id: required(wire, 'name', path),
  name: required(wire, 'name', path),
  argumentsJson: required(wire, 'arguments', path),
  ...extrasOf(besides({ function: wire }, 'function', CALLED)),
});

const TOOL = new Set(['role', 'content', 'tool_call_id', 'cache_control', 'is_error']);
const FUNCTION = new Set(['role', 'content', 'name', 'cache_control', 'is_error']);

function toolResult(wire: JsonObject, path: string): ToolResultPart {
  const legacy = wire['role'] === 'function';
  return {
    type: 'tool-result',
    toolCallId: required(wire, legacy ? 'name' : 'tool_call_id', path),
    content: wire['content'] === null ? [] : contentList(wire['content'], `${path}.content`),
    isError: wanted(wire, 'is_error', 'boolean', `${path}.is_error`) === true,
    ...breakpointOf(wire, path),
    ...extrasOf(unknownMembers(wire, legacy ? FUNCTION : TOOL)),
  };
}
