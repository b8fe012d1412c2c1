import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { MediaPart, Part, ToolResultPart } from '../../model/part.ts';
import { arrayOf, isObject, objectOf, textOf, unknownMembers } from '../read.ts';
import { reasoningDetail } from './decode-response.ts';
import { Refusal, wanted } from '../refusal.ts';

/** Reads `messages`; a run of tool messages becomes one canonical message. */
export function decodeMessages(value: Json | undefined): readonly Message[] {
  if (!Array.isArray(value) || value.length === 0) throw new Refusal('messages', 'a list of at least one message');
  const messages: Message[] = [];
  for (const [index, each] of (value as readonly Json[]).entries()) {
    const path = `messages[${index}]`;
    if (!isObject(each)) throw new Refusal(path, 'an object');
    const message = decodeMessage(each, path);
    const last = messages.at(-1);
    if (message.role === 'tool' && last?.role === 'tool') {
      messages[messages.length - 1] = { ...last, content: [...last.content, ...message.content] };
    } else messages.push(message);
  }
  return messages;
}

function decodeMessage(wire: JsonObject, path: string): Message {
  const role = wire['role'];
  if (role === 'system' || role === 'developer') {
    return withExtras(
      { role: 'system', audience: role, content: decodeContent(wire['content'], path, wire) },
      wire,
      PLAIN,
    );
  }
  if (role === 'user') return withExtras({ role, content: decodeContent(wire['content'], path, wire) }, wire, PLAIN);
  if (role === 'assistant') return withExtras({ role, content: assistantParts(wire, path) }, wire, ASSISTANT);
  if (role === 'tool' || role === 'function') return { role: 'tool', content: [toolResult(wire, path)] };
  throw new Refusal(`${path}.role`, '`system`, `developer`, `user`, `assistant` or `tool`');
}

const PLAIN = new Set(['role', 'content', 'cache_control']);
const ASSISTANT = new Set([
  'role',
  'content',
  'tool_calls',
  'function_call',
  'refusal',
  'reasoning',
  'reasoning_content',
  'cache_control',
]);
const TOOL = new Set(['role', 'content', 'tool_call_id', 'cache_control', 'is_error']);

function withExtras<M extends Message>(message: M, wire: JsonObject, known: ReadonlySet<string>): M {
  const rest = unknownMembers(wire, known);
  return rest === undefined ? message : { ...message, extras: { 'openai-chat': rest } };
}

/** String or list; a message-wide `cache_control` sits on its last part. */
function decodeContent(value: Json | undefined, path: string, wire: JsonObject): readonly Part[] {
  const parts = contentList(value, `${path}.content`);
  const cacheControl = objectOf(wire['cache_control']);
  const last = parts.at(-1);
  return cacheControl === undefined || last === undefined ? parts : [...parts.slice(0, -1), { ...last, cacheControl }];
}

function contentList(value: Json | undefined, path: string): readonly Part[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!Array.isArray(value)) throw new Refusal(path, 'a string or a list of content parts');
  return (value as readonly Json[]).map((each, index) => decodePart(each, `${path}[${index}]`));
}

type PartReader = (wire: JsonObject, path: string) => Part;

const PARTS: Readonly<Record<string, PartReader>> = {
  text: (wire, path) => ({ type: 'text', text: required(wire, 'text', path) }),
  refusal: (wire, path) => ({ type: 'refusal', text: required(wire, 'refusal', path) }),
  image_url: imagePart,
  input_audio: audioPart,
  file: filePart,
};

const PART_MEMBERS = new Set(['type', 'text', 'refusal', 'image_url', 'input_audio', 'file', 'cache_control']);

function decodePart(value: Json, path: string): Part {
  if (!isObject(value)) throw new Refusal(path, 'an object');
  const type = value['type'];
  if (typeof type !== 'string') throw new Refusal(`${path}.type`, 'a string such as `text`');
  const reader = Object.hasOwn(PARTS, type) ? PARTS[type] : undefined;
  if (reader === undefined) return { type: 'vendor', format: 'openai-chat', kind: type, value };
  const part = reader(value, path);
  const cacheControl = objectOf(value['cache_control']);
  const rest = { ...part.extras?.['openai-chat'], ...unknownMembers(value, PART_MEMBERS) };
  return {
    ...part,
    ...(cacheControl !== undefined && { cacheControl }),
    ...(Object.keys(rest).length > 0 && { extras: { 'openai-chat': rest } }),
  };
}

function required(wire: JsonObject, name: string, path: string): string {
  const value = wire[name];
  if (typeof value !== 'string') throw new Refusal(`${path}.${name}`, 'a string');
  return value;
}

const DATA_URL = /^data:([^;,]+)(?:;[^,]*)?;base64,/i;

function imagePart(wire: JsonObject, path: string): MediaPart {
  const image = wire['image_url'];
  const url = typeof image === 'string' ? image : required(objectOf(image) ?? {}, 'url', `${path}.image_url`);
  const detail = objectOf(image)?.['detail'];
  const extras = detail === undefined ? {} : { extras: { 'openai-chat': { detail } } };
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
  return { type: 'media', mediaType: `audio/${format}`, source: { kind: 'base64', data } };
}

function filePart(wire: JsonObject, path: string): MediaPart {
  const file = objectOf(wire['file']);
  if (file === undefined) throw new Refusal(`${path}.file`, 'an object with `file_data` or `file_id`');
  const filename = textOf(file['filename']);
  const named = filename === undefined ? {} : { filename };
  const fileId = textOf(file['file_id']);
  if (fileId !== undefined)
    return { type: 'media', mediaType: 'application/*', source: { kind: 'file', fileId }, ...named };
  const text = required(file, 'file_data', `${path}.file`);
  const data = DATA_URL.exec(text);
  const mediaType = data?.[1] ?? 'application/pdf';
  return { type: 'media', mediaType, source: { kind: 'base64', data: text.slice(data?.[0].length ?? 0) }, ...named };
}

function assistantParts(wire: JsonObject, path: string): readonly Part[] {
  const parts: Part[] = [...reasoning(wire)];
  if (wire['content'] !== undefined && wire['content'] !== null)
    parts.push(...decodeContent(wire['content'], path, wire));
  const refusal = wanted(wire, 'refusal', 'string', `${path}.refusal`);
  if (typeof refusal === 'string' && refusal !== '') parts.push({ type: 'refusal', text: refusal });
  const calls = wire['tool_calls'];
  if (calls !== undefined && calls !== null && !Array.isArray(calls)) throw new Refusal(`${path}.tool_calls`, 'a list');
  for (const [index, call] of arrayOf(calls).entries()) parts.push(toolCall(call, `${path}.tool_calls[${index}]`));
  const legacy = objectOf(wire['function_call']);
  if (legacy !== undefined) parts.push(legacyCall(legacy, `${path}.function_call`));
  return parts;
}

/** Signed details give signed parts; the details themselves stay in the extras for their own format. */
function reasoning(wire: JsonObject): readonly Part[] {
  const details = arrayOf(wire['reasoning_details']).flatMap((each) => reasoningDetail(each) ?? []);
  if (details.length > 0) return details;
  const text = textOf(wire['reasoning_content']) ?? textOf(wire['reasoning']) ?? '';
  return text === '' ? [] : [{ type: 'reasoning', text }];
}

function toolCall(value: Json, path: string): Part {
  if (!isObject(value)) throw new Refusal(path, 'an object');
  if (value['type'] === 'custom') return { type: 'vendor', format: 'openai-chat', kind: 'custom', value };
  const made = objectOf(value['function']);
  if (made === undefined) throw new Refusal(`${path}.function`, 'an object with `name` and `arguments`');
  const rest = unknownMembers(value, new Set(['id', 'type', 'function', 'index']));
  return {
    type: 'tool-call',
    id: required(value, 'id', path),
    name: required(made, 'name', `${path}.function`),
    argumentsJson: required(made, 'arguments', `${path}.function`),
    ...(rest !== undefined && { extras: { 'openai-chat': rest } }),
  };
}

/** The first function-calling form had no ids: the function's name serves as one, on both sides. */
const legacyCall = (wire: JsonObject, path: string): Part => ({
  type: 'tool-call',
  id: required(wire, 'name', path),
  name: required(wire, 'name', path),
  argumentsJson: required(wire, 'arguments', path),
});

function toolResult(wire: JsonObject, path: string): ToolResultPart {
  const legacy = wire['role'] === 'function';
  const toolCallId = required(wire, legacy ? 'name' : 'tool_call_id', path);
  const rest = unknownMembers(wire, TOOL);
  const cacheControl = objectOf(wire['cache_control']);
  return {
    type: 'tool-result',
    toolCallId,
    content: wire['content'] === null ? [] : contentList(wire['content'], `${path}.content`),
    isError: wire['is_error'] === true,
    ...(cacheControl !== undefined && { cacheControl }),
    ...(rest !== undefined && !legacy && { extras: { 'openai-chat': rest } }),
  };
}
