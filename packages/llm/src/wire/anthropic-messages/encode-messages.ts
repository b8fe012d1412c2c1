import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { MediaPart, Part, ToolResultPart } from '../../model/part.ts';
import type { Loss } from '../codec.ts';
import { compact, joined } from '../read.ts';
import { inputOf } from './encode-response.ts';
import { foreignExtras } from '../foreign-extras.ts';

/** Messages on the wire, and the instructions that stand before them. */
export interface EncodedMessages {
  readonly system: Json | undefined;
  readonly messages: readonly Json[];
}

interface WireMessage {
  readonly role: string;
  readonly content: Json[];
  rest: JsonObject | undefined;
  /** True while it holds tool results alone: what the user says next joins them. */
  tool: boolean;
}

/** Writes messages: leading instructions become `system`, tool results join the user message behind them. */
export function encodeMessages(messages: readonly Message[], losses: Loss[]): EncodedMessages {
  const system: Json[] = [];
  const wire: WireMessage[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    losses.push(...foreignExtras(message.extras, 'anthropic-messages', path));
    const content = encodeBlocks(message.content, path, losses);
    if (message.role === 'system' && message.extras?.['anthropic-messages'] === undefined) {
      if (wire.length > 0)
        losses.push({ path, what: 'instructions in the middle of the conversation', instead: 'moved' });
      system.push(...content);
    } else addMessage(wire, message, content, { path, losses });
  }
  if (wire.length === 0 && system.length > 0) {
    // Anthropic wants someone to speak: a conversation of nothing but instructions is spoken by the user.
    losses.push({
      path: 'messages[0]',
      what: 'instructions without a conversation, sent as the user’s',
      instead: 'moved',
    });
    return { system: undefined, messages: [{ role: 'user', content: plain(system) }] };
  }
  return {
    system: system.length > 0 ? plain(system) : undefined,
    messages: wire.map(({ role, content, rest }) =>
      content.length > 0 ? { role, content: plain(content), ...rest } : { role, ...rest },
    ),
  };
}

function addMessage(
  wire: WireMessage[],
  message: Message,
  content: readonly Json[],
  { path, losses }: { path: string; losses: Loss[] },
): void {
  const rest = message.extras?.['anthropic-messages'];
  const tool = message.role === 'tool';
  const role = tool ? 'user' : message.role;
  const last = wire.at(-1);
  if (last?.tool === true && role === 'user') {
    for (const block of content) last.content.push(block);
    last.rest = rest === undefined ? last.rest : { ...last.rest, ...rest };
    last.tool = tool;
    return;
  }
  const names = Object.keys(rest ?? {});
  if (content.length > 0 || (role === 'system' && names.length > 0))
    wire.push({ role, content: [...content], rest, tool });
  // Anthropic refuses a message that says nothing.
  else for (const name of names) drop(`${path}.${name}`, `\`${name}\` of an empty message`, losses);
}

/** A single bare text is a string on the wire. */
function plain(blocks: readonly Json[]): Json {
  const [only] = blocks as readonly JsonObject[];
  if (blocks.length !== 1 || only?.['type'] !== 'text' || Object.keys(only).length !== 2) return blocks;
  return only['text'] as string;
}

function encodeBlocks(parts: readonly Part[], path: string, losses: Loss[]): readonly Json[] {
  return parts.flatMap((part, index): readonly Json[] => {
    const at = `${path}.content[${index}]`;
    losses.push(...foreignExtras(part.extras, 'anthropic-messages', at));
    const block = encodeBlock(part, at, losses);
    // A vendor's block holds its own breakpoint already.
    const breakpoint = part.cacheControl === undefined ? {} : { cache_control: part.cacheControl };
    if (block === undefined) return [];
    return [compact(joined({ ...block, ...breakpoint }, part.extras?.['anthropic-messages']))];
  });
}

function encodeBlock(part: Part, path: string, losses: Loss[]): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      // Anthropic refuses empty text blocks.
      return part.text === '' ? undefined : { type: 'text', text: part.text };
    case 'refusal':
      losses.push({ path, what: 'refusal, sent as text', instead: 'approximated' });
      if (part.text === '') return undefined;
      return { type: 'text', text: part.text };
    case 'reasoning':
      return encodeReasoning(part, path, losses);
    case 'media':
      return encodeMedia(part, path, losses);
    case 'tool-call':
      return {
        type: 'tool_use',
        id: toolUseId(part.id, `${path}.id`, losses),
        name: part.name,
        input: inputOf(part.argumentsJson, path, losses),
      };
    case 'tool-result':
      return encodeResult(part, path, losses);
    case 'vendor':
      if (part.format === 'anthropic-messages') return part.value as JsonObject;
      return drop(path, `\`${part.kind}\` block`, losses);
  }
}

function drop(path: string, what: string, losses: Loss[]): undefined {
  losses.push({ path, what, instead: 'dropped' });
  return undefined;
}

/** Anthropic refuses ids of other characters, such as Kimi's `functions.weather:0`. */
function toolUseId(id: string, path: string, losses: Loss[]): string {
  const legal = id.replaceAll(/[^a-zA-Z0-9_-]/g, '_') || '_';
  if (legal !== id) losses.push({ path, what: 'name of a call', instead: 'approximated' });
  return legal;
}

/** Anthropic takes only thinking that it signed itself. */
function encodeReasoning(part: Part & { type: 'reasoning' }, path: string, losses: Loss[]): JsonObject | undefined {
  if (part.redacted !== undefined) return { type: 'redacted_thinking', data: part.redacted };
  if (part.signature === undefined) return drop(path, 'reasoning without a signature', losses);
  return { type: 'thinking', thinking: part.text, signature: part.signature };
}

function encodeMedia(part: MediaPart, path: string, losses: Loss[]): JsonObject | undefined {
  const { mediaType } = part;
  if (mediaType.startsWith('audio/') || mediaType.startsWith('video/')) return drop(path, mediaType, losses);
  const source = encodeSource(part);
  if (!mediaType.startsWith('image/')) return { type: 'document', source, title: part.filename };
  if (part.filename !== undefined) drop(`${path}.filename`, 'name of an image', losses);
  return { type: 'image', source };
}

function encodeSource({ mediaType, source }: MediaPart): JsonObject {
  switch (source.kind) {
    case 'base64':
      return { type: 'base64', media_type: mediaType, data: source.data };
    case 'url':
      return { type: 'url', url: source.url };
    case 'file':
      return { type: 'file', file_id: source.fileId };
    case 'text':
      return { type: 'text', media_type: mediaType, data: source.text };
  }
}

function encodeResult(part: ToolResultPart, path: string, losses: Loss[]): JsonObject {
  const content = encodeBlocks(part.content, path, losses);
  return {
    type: 'tool_result',
    tool_use_id: toolUseId(part.toolCallId, `${path}.toolCallId`, losses),
    content: content.length > 0 ? plain(content) : undefined,
    is_error: part.isError ? true : undefined,
  };
}
