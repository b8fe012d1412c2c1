import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { MediaPart, Part, ToolResultPart } from '../../model/part.ts';
import { inputOf } from '../anthropic-messages/encode-response.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, joined } from '../read.ts';

interface Writing {
  readonly losses: Loss[];
  /** Names of the tools that were called, by the ids of the calls: results are told apart by them. */
  readonly called: Map<string, string>;
}

/** What a message says, in the members that this format has for it. */
interface Spoken {
  readonly texts: string[];
  readonly thoughts: string[];
  readonly images: string[];
  readonly calls: Json[];
}

/** Writes messages: a message has one text, and its pictures stand beside it. */
export function encodeMessages(messages: readonly Message[], losses: Loss[]): readonly Json[] {
  const writing: Writing = { losses, called: new Map() };
  return messages.flatMap((message, index): readonly Json[] => {
    const path = `messages[${index}]`;
    losses.push(...foreignExtras(message.extras, 'ollama-chat', path));
    const rest = message.extras?.['ollama-chat'];
    if (message.role === 'tool')
      return message.content.map((part, at) => ({ ...encodeResult(part, `${path}.content[${at}]`, writing), ...rest }));
    return [{ role: message.role, ...membersOf(message, path, writing), ...rest }];
  });
}

/** Texts that people wrote apart are paragraphs; what a model said in pieces is one text. */
const BETWEEN_TEXTS: Readonly<Record<Message['role'], string>> = {
  system: '\n\n',
  user: '\n\n',
  assistant: '',
  tool: '\n\n',
};

function membersOf({ role, content }: Pick<Message, 'role' | 'content'>, path: string, writing: Writing): JsonObject {
  const spoken: Spoken = { texts: [], thoughts: [], images: [], calls: [] };
  for (const [index, part] of content.entries()) {
    const at = `${path}.content[${index}]`;
    noteLosses(part, at, writing);
    addPart(part, at, { spoken, writing });
  }
  const { texts, thoughts, images, calls } = spoken;
  return compact({
    content: texts.join(BETWEEN_TEXTS[role]),
    thinking: thoughts.length > 0 ? thoughts.join('') : undefined,
    images: images.length > 0 ? images : undefined,
    tool_calls: calls.length > 0 ? calls : undefined,
  });
}

/** What hangs on a part and cannot be carried: what it says has no member of its own, except a call's. */
function noteLosses(part: Part, path: string, { losses }: Writing): void {
  losses.push(...foreignExtras(part.extras, 'ollama-chat', path));
  if (part.cacheControl !== undefined)
    losses.push({ path: `${path}.cacheControl`, what: 'cache breakpoint', instead: 'dropped' });
}

interface Into {
  readonly spoken: Spoken;
  readonly writing: Writing;
}

function addPart(part: Part, path: string, into: Into): void {
  const { spoken, writing } = into;
  const lose = (what: string, instead: Loss['instead'] = 'dropped'): void => {
    writing.losses.push({ path, what, instead });
  };
  switch (part.type) {
    case 'text':
      if (part.text !== '') spoken.texts.push(part.text);
      return;
    case 'refusal':
      lose('refusal, sent as text', 'approximated');
      if (part.text !== '') spoken.texts.push(part.text);
      return;
    case 'reasoning':
      return addThought(part, path, into);
    case 'media':
      return addMedia(part, path, into);
    case 'tool-call':
      spoken.calls.push(encodeCall(part, path, writing));
      return;
    case 'tool-result':
      return lose('tool result in this place');
    case 'vendor':
      return lose(`\`${part.kind}\` block`);
  }
}

function addThought(part: Part & { type: 'reasoning' }, path: string, { spoken, writing }: Into): void {
  if (part.redacted !== undefined)
    return void writing.losses.push({ path, what: 'encrypted reasoning', instead: 'dropped' });
  spoken.thoughts.push(part.text);
  if (part.signature !== undefined)
    writing.losses.push({ path: `${path}.signature`, what: 'reasoning signature', instead: 'dropped' });
}

/** Pictures go as bytes, documents of plain text as text; nothing else is seen. */
function addMedia({ mediaType, source, filename }: MediaPart, path: string, { spoken, writing }: Into): void {
  const lose = (at: string, what: string, instead: Loss['instead']): void => {
    writing.losses.push({ path: at, what, instead });
  };
  const picture = mediaType.startsWith('image/') && source.kind === 'base64';
  if (!picture && source.kind !== 'text') return lose(path, `${mediaType} by ${source.kind}`, 'dropped');
  if (filename !== undefined) lose(`${path}.filename`, 'name of a document', 'dropped');
  if (source.kind === 'base64') return void spoken.images.push(source.data);
  lose(path, 'text document', 'moved');
  spoken.texts.push(source.text);
}

function encodeCall(part: Part & { type: 'tool-call' }, path: string, { losses, called }: Writing): Json {
  called.set(part.id, part.name);
  const made = { name: part.name, arguments: inputOf(part.argumentsJson, path, losses) };
  return joined({ id: part.id, function: made }, part.extras?.['ollama-chat']);
}

function encodeResult(part: ToolResultPart, path: string, writing: Writing): JsonObject {
  noteLosses(part, path, writing);
  if (part.isError)
    writing.losses.push({ path: `${path}.isError`, what: 'error mark of a tool result', instead: 'approximated' });
  return compact({
    role: 'tool',
    ...membersOf({ role: 'tool', content: part.content }, path, writing),
    // Templates of some models ask for the tool, newer ones for the call.
    tool_name: writing.called.get(part.toolCallId),
    tool_call_id: part.toolCallId,
    ...part.extras?.['ollama-chat'],
  });
}
