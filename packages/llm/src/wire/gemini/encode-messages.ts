import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { Part, ToolResultPart } from '../../model/part.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { objectOf, textOf } from '../read.ts';
import { nameOfCall, nameOfResult } from './call-ids.ts';
import type { GeminiDialect } from './dialect.ts';
import { encodePart } from './parts.ts';
import { encodeResult, type Answered } from './results.ts';

/** Contents on the wire, and the instructions that stand beside them. */
export interface EncodedMessages {
  readonly systemInstruction: JsonObject | undefined;
  readonly contents: readonly Json[];
}

interface WireContent {
  readonly role: string;
  readonly parts: JsonObject[];
  rest: JsonObject | undefined;
  /** True while it holds results alone: what the user says next joins them. */
  tool: boolean;
}

interface Writing {
  readonly dialect: Pick<GeminiDialect, 'callIds' | 'unsignedCall'>;
  readonly losses: Loss[];
  /** Calls by their ids. */
  readonly calls: Map<string, Answered>;
  results: number;
  made: number;
}

/** Writes messages: instructions become `systemInstruction`, results join the user's words behind them. */
export function encodeMessages(
  messages: readonly Message[],
  dialect: Writing['dialect'],
  losses: Loss[],
): EncodedMessages {
  const writing: Writing = { dialect, losses, calls: new Map(), results: 0, made: 0 };
  const system: JsonObject[] = [];
  const wire: WireContent[] = [];
  let systemRest: JsonObject | undefined;
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    losses.push(...foreignExtras(message.extras, 'gemini', path));
    const parts = encodeParts(message, path, writing);
    if (message.role !== 'system') {
      addContent(wire, message, parts, { path, losses });
      continue;
    }
    if (wire.length > 0)
      losses.push({ path, what: 'instructions in the middle of the conversation', instead: 'moved' });
    for (const part of parts) system.push(part);
    systemRest = { ...systemRest, ...message.extras?.gemini };
  }
  if (wire.length > 0) {
    const systemInstruction = system.length > 0 ? { parts: system, ...systemRest } : undefined;
    return { systemInstruction, contents: wire.map(({ role, parts, rest }) => ({ role, parts, ...rest })) };
  }
  if (system.length === 0) return { systemInstruction: undefined, contents: [] };
  // Gemini wants someone to speak: a conversation of nothing but instructions is spoken by the user.
  losses.push({
    path: 'messages[0]',
    what: 'instructions without a conversation, sent as the user’s',
    instead: 'moved',
  });
  return { systemInstruction: undefined, contents: [{ role: 'user', parts: system }] };
}

function addContent(
  wire: WireContent[],
  message: Message,
  parts: readonly JsonObject[],
  { path, losses }: { readonly path: string; readonly losses: Loss[] },
): void {
  const rest = message.extras?.gemini;
  const tool = message.role === 'tool';
  const role = message.role === 'assistant' ? 'model' : 'user';
  const last = wire.at(-1);
  if (last?.tool === true && role === 'user') {
    for (const part of parts) last.parts.push(part);
    last.rest = rest === undefined ? last.rest : { ...last.rest, ...rest };
    last.tool = tool;
    return;
  }
  if (parts.length > 0) wire.push({ role, parts: [...parts], rest, tool });
  // Gemini refuses a content that says nothing.
  else
    for (const name of Object.keys(rest ?? {}))
      losses.push({ path: `${path}.${name}`, what: `\`${name}\` of an empty message`, instead: 'dropped' });
}

function encodeParts(message: Message, path: string, writing: Writing): readonly JsonObject[] {
  const parts: readonly Part[] = message.content;
  const wire = parts.flatMap((part, index): readonly JsonObject[] => {
    if (isSilent(part) && parts.length > 1) return [];
    const at = `${path}.content[${index}]`;
    if (part.type === 'tool-result') return [encodeAnswer(part, at, writing)];
    const encoded = encodePart(part, at, { losses: writing.losses, signatures: 'own' });
    if (encoded === undefined) return [];
    return [part.type === 'tool-call' ? withCallId(encoded, part, writing) : encoded];
  });
  return message.role === 'assistant' ? signed(wire, writing.dialect) : wire;
}

/** An empty text beside other parts says nothing, and some of Google's servers refuse it. */
const isSilent = (part: Part): boolean => part.type === 'text' && part.text === '' && part.extras?.gemini === undefined;

/** A call as its caller wrote it: without an id where we gave it one in reading. */
function withCallId(wire: JsonObject, { id, name }: Part & { type: 'tool-call' }, writing: Writing): JsonObject {
  const isOurs = id === nameOfCall(name, writing.made);
  writing.made += 1;
  const isShown = !isOurs && writing.dialect.callIds !== false;
  writing.calls.set(id, { id: isShown ? id : undefined, name });
  if (isShown) return wire;
  const { id: _, ...call } = objectOf(wire['functionCall']) ?? {};
  return { ...wire, functionCall: call };
}

function encodeAnswer(part: ToolResultPart, path: string, writing: Writing): JsonObject {
  const { calls, losses, dialect } = writing;
  const position = writing.results;
  writing.results += 1;
  const own = textOf(objectOf(part.extras?.gemini?.['functionResponse'])?.['name']);
  const known = calls.get(part.toolCallId);
  if (known !== undefined) return encodeResult(part, { ...known, name: own ?? known.name }, path, losses);
  if (own === undefined) losses.push({ path, what: 'name of a function that nobody called', instead: 'approximated' });
  const name = own ?? part.toolCallId;
  const isShown = dialect.callIds !== false && part.toolCallId !== nameOfResult(name, position);
  return encodeResult(part, { id: isShown ? part.toolCallId : undefined, name }, path, losses);
}

/** Newer models insist on a signature at the first call of a message, and on it alone. */
function signed(parts: readonly JsonObject[], { unsignedCall }: Writing['dialect']): readonly JsonObject[] {
  const calls = parts.filter((part) => part['functionCall'] !== undefined);
  const [first] = calls;
  if (unsignedCall === undefined || first === undefined || calls.some((each) => each['thoughtSignature'] !== undefined))
    return parts;
  return parts.map((part) => (part === first ? { ...part, thoughtSignature: unsignedCall } : part));
}
