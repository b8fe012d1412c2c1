import type { Json, JsonObject } from '../../model/json.ts';
import type { AssistantMessage, Message } from '../../model/message.ts';
import type { MediaPart, Part, ToolResultPart } from '../../model/part.ts';
import type { Loss } from '../codec.ts';
import { compact } from '../read.ts';
import type { OpenAiChatDialect } from './dialect.ts';
import { foreignExtras } from './losses.ts';

interface Writing {
  readonly dialect: OpenAiChatDialect;
  readonly losses: Loss[];
}

/** Writes messages; what has no place is reported, media of tool results move into a user message behind them. */
export function encodeMessages(
  messages: readonly Message[],
  dialect: OpenAiChatDialect,
  losses: Loss[],
): readonly Json[] {
  const writing: Writing = { dialect, losses };
  return messages.flatMap((message, index) => encodeMessage(message, `messages[${index}]`, writing));
}

function encodeMessage(message: Message, path: string, writing: Writing): readonly Json[] {
  writing.losses.push(...foreignExtras(message.extras, path));
  const rest = message.extras?.['openai-chat'];
  switch (message.role) {
    case 'system': {
      const role = message.audience === 'developer' && writing.dialect.developerRole !== false ? 'developer' : 'system';
      return [{ role, content: encodeContent(message.content, path, writing), ...rest }];
    }
    case 'user':
      return [{ role: 'user', content: encodeContent(message.content, path, writing), ...rest }];
    case 'assistant':
      return [{ ...encodeAssistant(message, path, writing), ...rest }];
    case 'tool':
      return encodeResults(message.content, path, writing);
  }
}

/** One plain text is a string on the wire; anything else is a list. Losses count places in `among`. */
function encodeContent(parts: readonly Part[], path: string, writing: Writing, among = parts): Json {
  const [only] = parts;
  if (
    parts.length === 1 &&
    only?.type === 'text' &&
    only.extras?.['openai-chat'] === undefined &&
    !hasBreakpoint(only, writing)
  ) {
    noteLosses(only, `${path}.content[${among.indexOf(only)}]`, writing);
    return only.text;
  }
  return parts.flatMap((part) => {
    const at = `${path}.content[${among.indexOf(part)}]`;
    noteLosses(part, at, writing);
    const wire = encodePart(part, at, writing);
    if (wire === undefined) return [];
    const breakpoint = hasBreakpoint(part, writing) ? { cache_control: part.cacheControl } : {};
    const { detail: _, ...rest } = part.extras?.['openai-chat'] ?? {};
    return [{ ...wire, ...breakpoint, ...rest }];
  });
}

const hasBreakpoint = (part: Part, { dialect }: Writing): boolean =>
  part.cacheControl !== undefined && dialect.cacheControl === true;

function noteLosses(part: Part, path: string, writing: Writing): void {
  writing.losses.push(...foreignExtras(part.extras, path));
  if (part.cacheControl !== undefined && writing.dialect.cacheControl !== true) {
    writing.losses.push({ path: `${path}.cacheControl`, what: 'cache breakpoint', instead: 'dropped' });
  }
}

function encodePart(part: Part, path: string, writing: Writing): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'refusal':
      return { type: 'refusal', refusal: part.text };
    case 'media':
      return encodeMedia(part, path, writing);
    case 'vendor':
      if (part.format === 'openai-chat') return part.value as JsonObject;
      return drop(path, `\`${part.kind}\` block`, writing);
    default:
      return drop(path, `${part.type} in this place`, writing);
  }
}

function drop(path: string, what: string, { losses }: Writing): undefined {
  losses.push({ path, what, instead: 'dropped' });
  return undefined;
}

const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
};

function encodeMedia(part: MediaPart, path: string, writing: Writing): JsonObject | undefined {
  const { mediaType, source } = part;
  if (source.kind === 'text') {
    writing.losses.push({ path, what: 'text document', instead: 'moved' });
    return { type: 'text', text: source.text };
  }
  if (mediaType.startsWith('image/') && source.kind !== 'file') return encodeImage(part, source);
  if (source.kind === 'file')
    return { type: 'file', file: compact({ file_id: source.fileId, filename: part.filename }) };
  if (source.kind === 'url') return drop(path, `document by URL (${mediaType})`, writing);
  if (mediaType.startsWith('audio/')) {
    return {
      type: 'input_audio',
      input_audio: { data: source.data, format: AUDIO_FORMATS[mediaType] ?? mediaType.slice(6) },
    };
  }
  const filename = part.filename ?? `document.${mediaType.split('/')[1] ?? 'bin'}`;
  return { type: 'file', file: { filename, file_data: `data:${mediaType};base64,${source.data}` } };
}

function encodeImage(part: MediaPart, source: MediaPart['source'] & { kind: 'base64' | 'url' }): JsonObject {
  const url = source.kind === 'url' ? source.url : `data:${part.mediaType};base64,${source.data}`;
  return { type: 'image_url', image_url: compact({ url, detail: part.extras?.['openai-chat']?.['detail'] }) };
}

function encodeAssistant(message: AssistantMessage, path: string, writing: Writing): JsonObject {
  const spoken: Part[] = [];
  const calls: Json[] = [];
  const refusals: string[] = [];
  const thoughts: string[] = [];
  const kept = message.extras?.['openai-chat']?.['reasoning_details'] !== undefined;
  for (const [index, part] of message.content.entries()) {
    const at = `${path}.content[${index}]`;
    if (part.type === 'tool-call') calls.push(encodeCall(part, at, writing));
    else if (part.type === 'vendor' && part.format === 'openai-chat' && part.kind === 'custom') calls.push(part.value);
    else if (part.type === 'refusal' && message.content.every(({ type }) => type === 'refusal' || type === 'reasoning'))
      refusals.push(part.text);
    else if (part.type !== 'reasoning') spoken.push(part);
    else if (!kept) addThought(part, at, { thoughts, writing });
  }
  const field = writing.dialect.reasoningField ?? 'reasoning_content';
  return compact({
    role: 'assistant',
    content: spoken.length > 0 ? encodeContent(spoken, path, writing, message.content) : null,
    refusal: refusals.length > 0 ? refusals.join('') : undefined,
    [field]: thoughts.length > 0 ? thoughts.join('') : undefined,
    tool_calls: calls.length > 0 ? calls : undefined,
  });
}

function encodeCall(part: Part & { type: 'tool-call' }, path: string, writing: Writing): Json {
  noteLosses(part, path, writing);
  return {
    id: part.id,
    type: 'function',
    function: { name: part.name, arguments: part.argumentsJson },
    ...part.extras?.['openai-chat'],
  };
}

/** Reasoning goes back only to servers that take it; its signature never does. */
function addThought(
  part: Part & { type: 'reasoning' },
  path: string,
  into: { thoughts: string[]; writing: Writing },
): void {
  const { dialect, losses } = into.writing;
  if (part.redacted !== undefined) return void losses.push({ path, what: 'encrypted reasoning', instead: 'dropped' });
  if (dialect.reasoningField === undefined) return void losses.push({ path, what: 'reasoning', instead: 'dropped' });
  into.thoughts.push(part.text);
  if (part.signature !== undefined)
    losses.push({ path: `${path}.signature`, what: 'reasoning signature', instead: 'dropped' });
}

function encodeResults(results: readonly ToolResultPart[], path: string, writing: Writing): readonly Json[] {
  const moved: Json[] = [];
  const messages = results.map((result, index): Json => {
    const at = `${path}.content[${index}]`;
    noteLosses(result, at, writing);
    if (result.isError)
      writing.losses.push({ path: `${at}.isError`, what: 'error mark of a tool result', instead: 'approximated' });
    const media = result.content.filter(({ type }) => type === 'media');
    const rest = result.content.filter(({ type }) => type !== 'media');
    for (const part of media) moved.push(...movedMedia(part as MediaPart, result.toolCallId, { at, writing }));
    const content =
      rest.length > 0
        ? encodeContent(rest, at, writing, result.content)
        : media.length > 0
          ? 'The result is in the next message.'
          : '';
    const breakpoint = hasBreakpoint(result, writing) ? { cache_control: result.cacheControl } : {};
    return { role: 'tool', tool_call_id: result.toolCallId, content, ...breakpoint, ...result.extras?.['openai-chat'] };
  });
  return moved.length > 0 ? [...messages, { role: 'user', content: moved }] : messages;
}

function movedMedia(
  part: MediaPart,
  toolCallId: string,
  { at, writing }: { at: string; writing: Writing },
): readonly Json[] {
  const wire = encodeMedia(part, `${at}.content`, writing);
  if (wire === undefined) return [];
  writing.losses.push({ path: `${at}.content`, what: `${part.mediaType} of a tool result`, instead: 'moved' });
  return [{ type: 'text', text: `Result of tool call ${toolCallId}:` }, wire];
}
