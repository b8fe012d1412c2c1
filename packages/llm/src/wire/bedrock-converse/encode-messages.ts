import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { Part, ToolResultPart } from '../../model/part.ts';
import { inputOf } from '../anthropic-messages/encode-response.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, joined } from '../read.ts';
import { encodeCachePoint } from './cache-point.ts';
import { encodeMedia } from './media.ts';

/** Messages on the wire, and the instructions that stand before them. */
export interface EncodedMessages {
  readonly system: readonly Json[] | undefined;
  readonly messages: readonly Json[];
}

interface Turn {
  readonly role: string;
  readonly content: Json[];
  rest: JsonObject | undefined;
}

interface Writing {
  readonly losses: Loss[];
  readonly names: Map<string, number>;
}

/** Writes messages: instructions become `system`, and what one side says in a row is one turn. */
export function encodeMessages(messages: readonly Message[], losses: Loss[]): EncodedMessages {
  const writing: Writing = { losses, names: new Map() };
  const system: Json[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    losses.push(...foreignExtras(message.extras, 'bedrock-converse', path));
    if (message.role !== 'system') addTurn(turns, message, path, writing);
    else {
      if (turns.length > 0)
        losses.push({ path, what: 'instructions in the middle of the conversation', instead: 'moved' });
      const blocks = encodeBlocks(wordsOf(message.content, path, losses), path, writing);
      for (const block of blocks) system.push(block);
    }
  }
  if (turns.length === 0 && system.length > 0) {
    // Amazon wants someone to speak: a conversation of nothing but instructions is spoken by the user.
    losses.push({
      path: 'messages[0]',
      what: 'instructions without a conversation, sent as the user’s',
      instead: 'moved',
    });
    return { system: undefined, messages: [{ role: 'user', content: system }] };
  }
  return {
    system: system.length > 0 ? system : undefined,
    messages: turns.map(({ role, content, rest }) => ({ role, content, ...rest })),
  };
}

type Placed = readonly [index: number, part: Part];

/** Instructions have no place for media. */
const wordsOf = (parts: readonly Part[], path: string, losses: Loss[]): readonly Placed[] =>
  [...parts.entries()].filter(([index, { type }]) => {
    if (type === 'media')
      losses.push({ path: `${path}.content[${index}]`, what: 'a medium among instructions', instead: 'dropped' });
    return type !== 'media';
  });

function addTurn(turns: Turn[], message: Message, path: string, writing: Writing): void {
  const role = message.role === 'assistant' ? 'assistant' : 'user';
  const blocks = encodeBlocks([...message.content.entries()], path, writing);
  const rest = message.extras?.['bedrock-converse'];
  const last = turns.at(-1);
  // Amazon refuses turns without content, and two turns of one side.
  if (blocks.length === 0) {
    for (const name of Object.keys(rest ?? {}))
      writing.losses.push({ path: `${path}.${name}`, what: `\`${name}\` of an empty message`, instead: 'dropped' });
  } else if (last?.role !== role) turns.push({ role, content: [...blocks], rest });
  else {
    for (const block of blocks) last.content.push(block);
    if (rest !== undefined) last.rest = { ...last.rest, ...rest };
  }
}

function encodeBlocks(parts: readonly Placed[], path: string, writing: Writing): readonly Json[] {
  return parts.flatMap(([index, part]): readonly Json[] => {
    const at = `${path}.content[${index}]`;
    const block = writeBlock(part, at, writing);
    return block === undefined ? [] : [block, ...encodeCachePoint(breakpointOf(part), at, writing.losses)];
  });
}

/** One block with what Amazon alone says of it. */
function writeBlock(part: Part, path: string, writing: Writing): Json | undefined {
  writing.losses.push(...foreignExtras(part.extras, 'bedrock-converse', path));
  const block = encodeBlock(part, path, writing);
  const { citations, ...own } = part.extras?.['bedrock-converse'] ?? {};
  if (block === undefined) return undefined;
  if (part.type !== 'text' || !Array.isArray(citations))
    return joined(block, { ...own, ...(citations !== undefined && { citations }) });
  return joined({ citationsContent: { content: [block], citations } }, own);
}

/** Blocks inside a result have no place for a breakpoint: the last of them counts for the whole. */
const breakpointOf = (part: Part): Part['cacheControl'] =>
  part.cacheControl ??
  (part.type === 'tool-result'
    ? part.content.findLast((each) => each.cacheControl !== undefined)?.cacheControl
    : undefined);

function encodeBlock(part: Part, path: string, writing: Writing): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return encodeText(part.text, path, writing);
    case 'refusal':
      writing.losses.push({ path, what: 'refusal, sent as text', instead: 'approximated' });
      return encodeText(part.text, path, writing);
    case 'reasoning':
      return encodeReasoning(part, path, writing);
    case 'media':
      return encodeMedia(part, { ...writing, path });
    case 'tool-call': {
      const input = inputOf(part.argumentsJson, path, writing.losses);
      return { toolUse: { toolUseId: toolUseId(part.id, `${path}.id`, writing), name: part.name, input } };
    }
    case 'tool-result':
      return encodeResult(part, path, writing);
    case 'vendor':
      if (part.format === 'bedrock-converse') return part.value as JsonObject;
      return drop(path, `\`${part.kind}\` block`, writing);
  }
}

function drop(path: string, what: string, { losses }: Writing): undefined {
  losses.push({ path, what, instead: 'dropped' });
  return undefined;
}

/** Amazon refuses blank text. */
function encodeText(text: string, path: string, writing: Writing): JsonObject | undefined {
  if (text.trim() !== '') return { text };
  return text === '' ? undefined : drop(path, 'text of white space alone', writing);
}

/** Models take back only thoughts that they signed. */
function encodeReasoning(part: Part & { type: 'reasoning' }, path: string, writing: Writing): JsonObject | undefined {
  if (part.redacted !== undefined) return { reasoningContent: { redactedContent: part.redacted } };
  if (part.signature === undefined) return drop(path, 'reasoning without a signature', writing);
  return { reasoningContent: { reasoningText: { text: part.text, signature: part.signature } } };
}

/** Amazon's bounds for the name of a call. */
const ID_LENGTH_MAX = 64;

function toolUseId(id: string, path: string, { losses }: Writing): string {
  const legal = id.replace(/[^a-zA-Z0-9_.:-]/g, '_').slice(-ID_LENGTH_MAX) || '_';
  if (legal !== id) losses.push({ path, what: 'name of a call', instead: 'approximated' });
  return legal;
}

/** Kinds of blocks that a result may hold. */
const IN_RESULT = new Set<Part['type']>(['text', 'refusal', 'media', 'vendor']);

function encodeResult(part: ToolResultPart, path: string, writing: Writing): JsonObject {
  const content = part.content.flatMap((each, index): readonly Json[] => {
    const at = `${path}.content[${index}]`;
    const block = IN_RESULT.has(each.type)
      ? writeBlock(each, at, writing)
      : drop(at, `${each.type} in a tool result`, writing);
    if (each.cacheControl !== undefined) {
      const instead = part.cacheControl === undefined ? 'moved' : 'dropped';
      writing.losses.push({ path: `${at}.cacheControl`, what: 'cache breakpoint inside a tool result', instead });
    }
    return block === undefined ? [] : [block];
  });
  const id = toolUseId(part.toolCallId, `${path}.toolCallId`, writing);
  return { toolResult: compact({ toolUseId: id, content, status: part.isError ? 'error' : undefined }) };
}
