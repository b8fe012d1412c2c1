import type { JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { Part, ToolResultPart } from '../../model/part.ts';
import { compact } from '../read.ts';
import { foreignExtras } from '../foreign-extras.ts';
import type { Side } from './content.ts';
import { isInstructions } from './decode-messages.ts';
import { encodeContent, noteLosses, type Placed, type Writing } from './encode-content.ts';
import { encodeCall, membersOfCall } from './items.ts';
import { itemOf, messageOf, OWN } from './own-extras.ts';
import { encodeReasoning } from './reasoning-item.ts';
import type { CallMembers } from './tool-names.ts';

/** The conversation on the wire. */
export interface EncodedMessages {
  readonly instructions: string | undefined;
  readonly items: readonly JsonObject[];
}

/** Writes messages: instructions that stand in front become `instructions`, everything else is an item. */
export function encodeMessages(messages: readonly Message[], offered: CallMembers, writing: Writing): EncodedMessages {
  let instructions: string | undefined;
  const items: JsonObject[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    writing.losses.push(...foreignExtras(message.extras, OWN, path));
    const [only] = message.content;
    if (index === 0 && isInstructions(message) && only?.type === 'text') {
      writing.losses.push(...foreignExtras(only.extras, OWN, `${path}.content[0]`));
      instructions = only.text;
    } else for (const item of encodeMessage(message, path, { ...writing, offered })) items.push(item);
  }
  return { instructions, items };
}

interface ItemWriting extends Writing {
  readonly offered: CallMembers;
}

function encodeMessage(message: Message, path: string, writing: ItemWriting): readonly JsonObject[] {
  if (message.role === 'tool')
    return message.content.map((result, index) => encodeResult(result, `${path}.content[${index}]`, writing));
  const role = message.role === 'system' ? message.audience : message.role;
  return encodeTurn(message, path, { role, writing });
}

interface Turn {
  readonly role: string;
  readonly writing: ItemWriting;
}

/** The items of one message: what it says, and what stands between, each in its place. */
function encodeTurn(message: Message, path: string, { role, writing }: Turn): readonly JsonObject[] {
  const side: Side = role === 'assistant' ? 'output' : 'input';
  const items: JsonObject[] = [];
  const own = side === 'input' ? itemOf(message.extras) : undefined;
  let spoken: Placed[] = [];
  let members = own;
  const speak = (): void => {
    if (spoken.length === 0) return;
    const content = encodeContent(spoken, path, side, writing);
    if (content !== undefined) items.push({ type: 'message', role, content, ...members });
    spoken = [];
    members = own;
  };
  for (const [index, part] of message.content.entries()) {
    const at = `${path}.content[${index}]`;
    const item = encodeItem(part, at, writing);
    if (item === 'spoken') {
      const begins = side === 'output' ? messageOf(part) : undefined;
      if (begins !== undefined) speak();
      members = begins ?? members;
      spoken.push([index, part]);
      continue;
    }
    speak();
    if (item !== undefined) items.push(item);
  }
  speak();
  // Who said nothing is still heard to have had the word.
  if (message.content.length === 0 && side === 'input') items.push({ type: 'message', role, content: [], ...own });
  return items;
}

/** A part that is an item of its own; `spoken` for one that a message says, none for what has no place. */
function encodeItem(part: Part, path: string, writing: ItemWriting): JsonObject | 'spoken' | undefined {
  switch (part.type) {
    case 'tool-call':
      noteLosses(part, path, { ...writing, cacheControl: false });
      return encodeCall(part, membersOfCall(part, writing.offered));
    case 'reasoning':
      return encodeThought(part, path, writing);
    case 'tool-result':
      return encodeResult(part, path, writing);
    case 'vendor':
      // An item of this format is one, whatever its value says.
      return part.format === OWN && itemOf(part.extras) !== undefined ? (part.value as JsonObject) : 'spoken';
    default:
      return 'spoken';
  }
}

function encodeThought(part: Part & { type: 'reasoning' }, path: string, writing: ItemWriting): JsonObject | undefined {
  const encrypted = part.redacted !== undefined || part.signature !== undefined;
  if (!encrypted && itemOf(part.extras) === undefined && !writing.plainReasoning) {
    writing.losses.push({ path, what: 'reasoning without a signature', instead: 'dropped' });
    return undefined;
  }
  noteLosses(part, path, { ...writing, cacheControl: false });
  return encodeReasoning(part);
}

function encodeResult(result: ToolResultPart, path: string, writing: Writing): JsonObject {
  noteLosses(result, path, writing);
  if (result.isError)
    writing.losses.push({ path: `${path}.isError`, what: 'error mark of a tool result', instead: 'approximated' });
  const output = encodeContent([...result.content.entries()], path, 'input', writing) ?? '';
  const item = { type: 'function_call_output', call_id: result.toolCallId, output };
  const cacheControl = writing.cacheControl ? result.cacheControl : undefined;
  return compact({ ...item, cache_control: cacheControl, ...itemOf(result.extras) });
}
