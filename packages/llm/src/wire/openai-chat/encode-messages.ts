import type { Json, JsonObject } from '../../model/json.ts';
import type { AssistantMessage, Message } from '../../model/message.ts';
import type { MediaPart, Part, TextPart, ToolResultPart } from '../../model/part.ts';
import type { Loss } from '../codec.ts';
import { compact, joined } from '../read.ts';
import { callIdOf, isCallId } from './call-id.ts';
import { detailOf } from './decode-response.ts';
import type { OpenAiChatDialect } from './dialect.ts';
import { foreignExtras } from '../foreign-extras.ts';

interface Writing {
  readonly dialect: OpenAiChatDialect;
  readonly losses: Loss[];
}

/** Writes messages; what has no place is reported. */
export function encodeMessages(
  messages: readonly Message[],
  dialect: OpenAiChatDialect,
  losses: Loss[],
): readonly Json[] {
  const writing: Writing = { dialect, losses };
  return messages.flatMap((message, index) => encodeMessage(message, `messages[${index}]`, writing));
}

function encodeMessage(message: Message, path: string, writing: Writing): readonly Json[] {
  writing.losses.push(...foreignExtras(message.extras, 'openai-chat', path));
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
      return encodeResults(message.content, path, writing).map((wire) => ({ ...wire, ...rest }));
  }
}

/** A part and its place in its message. */
type Placed = readonly [index: number, part: Part];

const placed = (parts: readonly Part[]): readonly Placed[] => [...parts.entries()];

const encodeContent = (parts: readonly Part[], path: string, writing: Writing): Json =>
  encodePlaced(placed(parts), path, writing);

/** One plain text is a string on the wire; anything else is a list. */
function encodePlaced(parts: readonly Placed[], path: string, writing: Writing): Json {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined && isBare(first[1], writing)) {
    noteLosses(first[1], `${path}.content[${first[0]}]`, writing);
    return first[1].text;
  }
  return parts.flatMap(([index, part]) => {
    const at = `${path}.content[${index}]`;
    noteLosses(part, at, writing);
    const wire = encodePart(part, at, writing);
    if (wire === undefined) return [];
    const breakpoint = hasBreakpoint(part, writing) ? { cache_control: part.cacheControl } : {};
    return [joined({ ...wire, ...breakpoint }, part.extras?.['openai-chat'])];
  });
}

const isBare = (part: Part, writing: Writing): part is TextPart =>
  part.type === 'text' && part.extras?.['openai-chat'] === undefined && !hasBreakpoint(part, writing);

const hasBreakpoint = (part: Part, { dialect }: Writing): boolean =>
  part.cacheControl !== undefined && dialect.cacheControl === true;

/** What hangs on a part and cannot be carried. */
function noteLosses(part: Part, path: string, writing: Writing): void {
  writing.losses.push(...foreignExtras(part.extras, 'openai-chat', path));
  if (!hasBreakpoint(part, writing)) noteBreakpoint(part, path, writing);
}

/** The same for calls, thoughts and refusals that are members of a message: none has a place for a breakpoint. */
function noteMemberLosses(part: Part, path: string, writing: Writing): void {
  writing.losses.push(...foreignExtras(part.extras, 'openai-chat', path));
  noteBreakpoint(part, path, writing);
}

function noteBreakpoint({ cacheControl }: Part, path: string, { losses }: Writing): void {
  if (cacheControl !== undefined)
    losses.push({ path: `${path}.cacheControl`, what: 'cache breakpoint', instead: 'dropped' });
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
  const { mediaType, source, filename } = part;
  if (source.kind === 'file') return { type: 'file', file: compact({ file_id: source.fileId, filename }) };
  // A caller who sent an image or a sound as a file gets no other part of it.
  const asFile = !/^(?:image|audio)\//.test(mediaType) || part.extras?.['openai-chat']?.['file'] !== undefined;
  if (source.kind === 'base64' && asFile) {
    const name = filename ?? `document.${mediaType.split('/')[1] ?? 'bin'}`;
    return { type: 'file', file: { filename: name, file_data: `data:${mediaType};base64,${source.data}` } };
  }
  if (filename !== undefined) drop(`${path}.filename`, 'name of a document', writing);
  if (source.kind === 'text') {
    writing.losses.push({ path, what: 'text document', instead: 'moved' });
    return { type: 'text', text: source.text };
  }
  if (mediaType.startsWith('image/')) {
    const url = source.kind === 'url' ? source.url : `data:${mediaType};base64,${source.data}`;
    return { type: 'image_url', image_url: { url } };
  }
  if (source.kind === 'url') return drop(path, `document by URL (${mediaType})`, writing);
  const format = AUDIO_FORMATS[mediaType] ?? mediaType.slice('audio/'.length);
  return { type: 'input_audio', input_audio: { data: source.data, format } };
}

function encodeAssistant(message: AssistantMessage, path: string, writing: Writing): JsonObject {
  const said: Placed[] = [];
  const calls: Json[] = [];
  const refusals: string[] = [];
  const thoughts: string[] = [];
  const details: JsonObject[] = [];
  const kept = message.extras?.['openai-chat']?.['reasoning_details'] !== undefined;
  const onlyDeclines = message.content.every(({ type }) => type === 'refusal' || type === 'reasoning');
  for (const [index, part] of message.content.entries()) {
    const at = `${path}.content[${index}]`;
    if (part.type === 'tool-call') calls.push(encodeCall(part, at, writing));
    else if (part.type === 'vendor' && part.format === 'openai-chat' && part.kind === 'custom') calls.push(part.value);
    else if (part.type === 'refusal' && onlyDeclines && part.extras?.['openai-chat'] === undefined) {
      noteMemberLosses(part, at, writing);
      refusals.push(part.text);
    } else if (part.type !== 'reasoning') said.push([index, part]);
    else if (!kept) addThought(part, at, { thoughts, details, writing });
  }
  const field = writing.dialect.reasoningField ?? 'reasoning_content';
  return compact({
    role: 'assistant',
    content: said.length > 0 ? encodePlaced(said, path, writing) : null,
    refusal: refusals.length > 0 ? refusals.join('') : undefined,
    [field]: thoughts.length > 0 ? thoughts.join('') : undefined,
    reasoning_details: details.length > 0 ? details : undefined,
    tool_calls: calls.length > 0 ? calls : undefined,
  });
}

function encodeCall(part: Part & { type: 'tool-call' }, path: string, writing: Writing): Json {
  noteMemberLosses(part, path, writing);
  const id = encodeId(part.id, `${path}.id`, writing);
  const wire = { id, type: 'function', function: { name: part.name, arguments: part.argumentsJson } };
  return joined(wire, part.extras?.['openai-chat']);
}

/** OpenAI's bound for the name of a call, in characters; others make longer ones. */
const ID_LENGTH_MAX = 40;

function encodeId(id: string, path: string, { dialect: { callIdLength }, losses }: Writing): string {
  const fits = callIdLength === undefined ? id.length <= ID_LENGTH_MAX : isCallId(id, callIdLength);
  if (fits) return id;
  losses.push({ path, what: 'name of a call', instead: 'approximated' });
  return callIdOf(id, callIdLength ?? ID_LENGTH_MAX);
}

/** Reasoning goes back only to servers that take it, and what is signed or encrypted of it to fewer of them. */
function addThought(
  part: Part & { type: 'reasoning' },
  path: string,
  into: { thoughts: string[]; details: JsonObject[]; writing: Writing },
): void {
  const { dialect, losses } = into.writing;
  const { text, signature, redacted } = part;
  const own = detailOf(part);
  if (dialect.reasoningDetails === true && (redacted ?? signature ?? own) !== undefined) {
    noteMemberLosses(part, path, into.writing);
    const words = own?.['type'] === 'reasoning.summary' ? { summary: text } : { text };
    const detail =
      redacted === undefined
        ? { type: 'reasoning.text', ...words, signature, ...own }
        : { type: 'reasoning.encrypted', data: redacted, ...own };
    return void into.details.push(compact(detail));
  }
  if (part.redacted !== undefined) return void losses.push({ path, what: 'encrypted reasoning', instead: 'dropped' });
  if (dialect.reasoningField === undefined) return void losses.push({ path, what: 'reasoning', instead: 'dropped' });
  noteMemberLosses(part, path, into.writing);
  into.thoughts.push(part.text);
  if (part.signature !== undefined)
    losses.push({ path: `${path}.signature`, what: 'reasoning signature', instead: 'dropped' });
}

/** Media stand where they stood: whoever sends them to a server that refuses them there has moved them before. */
const encodeResults = (results: readonly ToolResultPart[], path: string, writing: Writing): readonly JsonObject[] =>
  results.map((result, index): JsonObject => {
    const at = `${path}.content[${index}]`;
    noteLosses(result, at, writing);
    if (result.isError)
      writing.losses.push({ path: `${at}.isError`, what: 'error mark of a tool result', instead: 'approximated' });
    const content = result.content.length > 0 ? encodeContent(result.content, at, writing) : '';
    const breakpoint = hasBreakpoint(result, writing) ? { cache_control: result.cacheControl } : {};
    const tool_call_id = encodeId(result.toolCallId, `${at}.toolCallId`, writing);
    return { role: 'tool', tool_call_id, content, ...breakpoint, ...result.extras?.['openai-chat'] };
  });
