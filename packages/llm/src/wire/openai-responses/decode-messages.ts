import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { Part, ToolResultPart } from '../../model/part.ts';
import { arrayOf, isObject, textOf, unknownMembers } from '../read.ts';
import { breakpointOf, Refusal, required, wanted } from '../refusal.ts';
import { argumentsOfInput } from './custom-input.ts';
import { decodeContent } from './decode-content.ts';
import { beginning, OWN, ownOf, withOwn } from './own-extras.ts';
import { decodeReasoning } from './reasoning-item.ts';
import { ADDITIONAL } from './tools.ts';
import { CUSTOM_CALL, CUSTOM_OUTPUT, type ToolNames } from './tool-names.ts';

/** Members beside which a request may say nothing new. */
const ELSEWHERE = ['previous_response_id', 'conversation', 'prompt'];

/** A conversation as it grows: what a model did in one turn, and adjacent results of tools, are one message each. */
interface Building {
  readonly messages: Message[];
  readonly names: ToolNames;
  /** The last message while more may join it. */
  turn: { readonly role: 'assistant'; readonly parts: Part[] } | undefined;
  results: ToolResultPart[] | undefined;
}

/** Reads `instructions` and `input`: text, or a list of items. */
export function decodeMessages(body: JsonObject, names: ToolNames): readonly Message[] {
  const building: Building = { messages: [], names, turn: undefined, results: undefined };
  const instructions = wanted(body, 'instructions', 'string');
  if (typeof instructions === 'string')
    building.messages.push({ role: 'system', audience: 'system', content: [{ type: 'text', text: instructions }] });
  for (const [index, each] of itemsOf(body).entries()) {
    const path = `input[${index}]`;
    if (!isObject(each)) throw new Refusal(path, 'an object');
    addItem(building, each, path);
  }
  return building.messages;
}

function itemsOf(body: JsonObject): readonly Json[] {
  const { input } = body;
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  const elsewhere = ELSEWHERE.some((name) => body[name] !== undefined && body[name] !== null);
  const isList = Array.isArray(input) && (input.length > 0 || elsewhere);
  if (!isList && !(elsewhere && (input === undefined || input === null)))
    throw new Refusal('input', 'a string or a list of at least one item');
  return arrayOf(input);
}

type Handler = (building: Building, wire: JsonObject, path: string) => void;

const HANDLERS: Readonly<Record<string, Handler>> = {
  message: onMessage,
  reasoning: onReasoning,
  function_call: (building, wire, path) => addParts(building, [decodeCall(wire, path, building.names)]),
  [CUSTOM_CALL]: (building, wire, path) => addParts(building, [decodeCall(wire, path, building.names)]),
  function_call_output: onResult,
  [CUSTOM_OUTPUT]: onResult,
  [ADDITIONAL]: (building, wire, path) => {
    // The tools themselves say where they stood.
    if (arrayOf(wire['tools']).length === 0) onOther(building, wire, path);
  },
};

function addItem(building: Building, wire: JsonObject, path: string): void {
  const type = wire['type'] ?? (wire['role'] === undefined ? 'item_reference' : 'message');
  if (typeof type !== 'string') throw new Refusal(`${path}.type`, 'a string such as `message`');
  if (type === 'item_reference') required(wire, 'id', path);
  const handler = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
  (handler ?? onOther)(building, wire, path);
}

/** Adds to what the model did in this turn. */
function addParts(building: Building, parts: readonly Part[]): void {
  building.results = undefined;
  if (building.turn === undefined) {
    building.turn = { role: 'assistant', parts: [] };
    building.messages.push({ role: 'assistant', content: building.turn.parts });
  }
  for (const part of parts) building.turn.parts.push(part);
}

function addMessage(building: Building, message: Message): void {
  building.turn = undefined;
  building.results = undefined;
  building.messages.push(message);
}

const MESSAGE = new Set(['type', 'role', 'content']);

function onMessage(building: Building, wire: JsonObject, path: string): void {
  const { role } = wire;
  const members = unknownMembers(wire, MESSAGE);
  if (role === 'assistant') return onSpoken(building, wire, path);
  const content = decodeContent(wire['content'], `${path}.content`, 'input');
  const own = members === undefined ? {} : { item: members };
  if (role === 'user') return addMessage(building, { role, content, ...withOwn(own) });
  if (role !== 'system' && role !== 'developer')
    throw new Refusal(`${path}.role`, '`user`, `assistant`, `system` or `developer`');
  const message: Message = { role: 'system', audience: role, content, ...withOwn(own) };
  // Without a mark the first of these would be written as `instructions`.
  const marked = building.messages.length === 0 && isInstructions(message);
  addMessage(building, marked ? { ...message, ...withOwn({ item: {} }) } : message);
}

/** Whether a message in front of all others is what `instructions` says: one text and nothing besides. */
export function isInstructions(message: Message): boolean {
  if (message.role !== 'system' || message.audience !== 'system' || message.extras?.[OWN] !== undefined) return false;
  const [only, ...more] = message.content;
  return only?.type === 'text' && more.length === 0 && only.cacheControl === undefined && isBare(only);
}

/** True for a part that this format says nothing more about. */
export const isBare = (part: Part): boolean => Object.keys(ownOf(part.extras)).length === 0;

/** The first part of a message item holds what the item says of itself, even if it is nothing but its beginning. */
function onSpoken(building: Building, wire: JsonObject, path: string): void {
  const members = unknownMembers(wire, MESSAGE) ?? {};
  const [first, ...rest] = decodeContent(wire['content'], `${path}.content`, 'output');
  if (first === undefined) return addParts(building, [whole(wire, 'message')]);
  const continues = building.turn?.parts.at(-1);
  const starts = Object.keys(members).length > 0 || (continues !== undefined && isSpoken(continues));
  const own = { ...ownOf(first.extras), ...(starts && beginning(first, members)) };
  addParts(building, [{ ...first, ...withOwn(own) }, ...rest]);
}

/** True for a part that another may follow in the same message item. */
export const isSpoken = (part: Part): boolean => {
  if (part.type === 'vendor') return part.format === OWN && ownOf(part.extras)['item'] === undefined;
  return part.type === 'text' || part.type === 'refusal' || part.type === 'media';
};

function onReasoning(building: Building, wire: JsonObject, path: string): void {
  wanted(wire, 'encrypted_content', 'string', `${path}.encrypted_content`);
  for (const name of ['summary', 'content'])
    if (!Array.isArray(wire[name] ?? [])) throw new Refusal(`${path}.${name}`, 'a list');
  addParts(building, [decodeReasoning(wire)]);
}

const CALL = new Set(['type', 'call_id', 'name', 'arguments']);
const CUSTOM = new Set(['call_id', 'name', 'input']);

function decodeCall(wire: JsonObject, path: string, names: ToolNames): Part {
  const custom = wire['type'] === CUSTOM_CALL;
  const namespace = wanted(wire, 'namespace', 'string', `${path}.namespace`);
  const members = unknownMembers(wire, custom ? CUSTOM : CALL);
  return {
    type: 'tool-call',
    id: required(wire, 'call_id', path),
    name: names.find(textOf(namespace), required(wire, 'name', path)),
    argumentsJson: custom ? argumentsOfInput(required(wire, 'input', path)) : required(wire, 'arguments', path),
    ...withOwn(members === undefined ? {} : { item: members }),
  };
}

const RESULT = new Set(['call_id', 'output', 'cache_control']);

function onResult(building: Building, wire: JsonObject, path: string): void {
  // What a tool says of its own accord answers no call; no other format has such a thing.
  if (wire['call_id'] === undefined || wire['call_id'] === null) return onOther(building, wire, path);
  const { type, ...members } = unknownMembers(wire, RESULT) ?? {};
  const item = type === CUSTOM_OUTPUT ? { type, ...members } : members;
  const result: ToolResultPart = {
    type: 'tool-result',
    toolCallId: required(wire, 'call_id', path),
    content: decodeContent(wire['output'], `${path}.output`, 'input'),
    isError: false,
    ...breakpointOf(wire, path),
    ...withOwn(Object.keys(item).length > 0 ? { item } : {}),
  };
  if (building.results === undefined) {
    building.turn = undefined;
    building.messages.push({ role: 'tool', content: (building.results = []) });
  }
  building.results.push(result);
}

/** Items that are not the model's doing. */
const FROM_OUTSIDE = /_output$|_response$|^configuration_update$|^compaction_trigger$|^additional_tools$/;

const onOther: Handler = (building, wire) => {
  const type = textOf(wire['type']) ?? 'item_reference';
  if (FROM_OUTSIDE.test(type)) addMessage(building, { role: 'user', content: [whole(wire, type)] });
  else addParts(building, [whole(wire, type)]);
};

/** An item that no other format has, as it came. */
const whole = (value: JsonObject, kind: string): Part => ({
  type: 'vendor',
  format: OWN,
  kind,
  value,
  ...withOwn({ item: {} }),
});
