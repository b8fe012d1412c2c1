import type { PartDelta, StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { Finish } from '../../model/finish.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { Usage } from '../../model/usage.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { callNames, type CallNames } from '../call-names.ts';
import { arrayOf, isObject, numberOf, objectOf, parseJson, textOf, unknownMembers } from '../read.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeCall, nameAt } from './decode-response.ts';
import { decodeFinish } from './finish.ts';
import { decodeMedia, joinBase64 } from './media.ts';
import { decodeUsage } from './usage.ts';

/** A part that is said while it comes. */
interface SpokenBlock {
  readonly kind: 'text' | 'reasoning' | 'tool-call';
  readonly index: number;
  /** True once arguments came. */
  streamed: boolean;
}

/** A block that is passed on whole once it is over. */
interface HeldBlock {
  readonly kind: 'held';
  /** The block's name on the wire and what its start said. */
  readonly name: string;
  readonly start: JsonObject;
  readonly texts: string[];
  readonly items: Json[];
}

/** What a stream has said so far. */
export interface State {
  started: boolean;
  over: boolean;
  /** True once the last word was heard. */
  done: boolean;
  nextIndex: number;
  readonly names: CallNames;
  /** Blocks that are open, by their index on the wire: any number of calls, or one that stands alone. */
  readonly blocks: Map<number, SpokenBlock | HeldBlock>;
  standsAlone: boolean;
  usage: Usage | undefined;
  finish: Finish | undefined;
  readonly extras: Map<string, Json | undefined>;
}

type Handler = (state: State, data: JsonObject) => StreamEvent[];

const NONE: readonly StreamEvent[] = [];
const TRUNCATED: Failure = { kind: 'network', message: 'The provider’s stream ended before the answer was complete.' };
const NOT_JSON: Failure = { kind: 'protocol', message: 'The provider sent a stream event that is not JSON.' };
/** What an answer cost comes behind its end. */
const LAST = 'metadata';
/** `p` is filler that hides how long the words are. */
const STOP = new Set(['p', 'stopReason']);
const METADATA = new Set(['p', 'usage']);

/** Reads a stream of Converse events, each under its name. */
export function decodeStream(): StreamMachine<Frame, StreamEvent, State> {
  return { initial, step, end, isLast: ({ event }) => event === LAST };
}

const initial = (): State => ({
  started: false,
  over: false,
  done: false,
  nextIndex: 0,
  names: callNames(),
  blocks: new Map(),
  standsAlone: false,
  usage: undefined,
  finish: undefined,
  extras: new Map(),
});

function step(state: State, { event, data }: Frame): readonly StreamEvent[] {
  if (state.over || state.done) return NONE;
  const value = parseJson(data);
  if (event === 'error' || /Exception$/i.test(event)) return fail(state, exceptionOf(event, value ?? data));
  const handler = Object.hasOwn(HANDLERS, event) ? HANDLERS[event] : undefined;
  if (handler === undefined) return NONE;
  if (!isObject(value)) return fail(state, NOT_JSON);
  state.done = event === LAST;
  // Nothing can be said before the answer has started, nor behind its end but what it cost.
  if (!state.started && event !== 'messageStart') return NONE;
  if (state.finish !== undefined && event !== LAST) return NONE;
  return handler(state, value);
}

function fail(state: State, failure: Failure): readonly StreamEvent[] {
  state.over = true;
  return [{ type: 'failure', failure }];
}

/** An exception is named by its event, an error of the stream itself by its code. */
function exceptionOf(event: string, value: Json): Failure {
  const error = isObject(value) ? value : { message: value };
  return decodeFailure(0, event === 'error' ? error : { __type: event, ...error }, {});
}

function onMessageStart(state: State): StreamEvent[] {
  if (state.started) return [];
  state.started = true;
  return [{ type: 'response-start', id: '', model: '', createdAtMs: 0 }];
}

const wireIndexOf = (data: JsonObject): number => numberOf(data['contentBlockIndex']) ?? 0;

function onBlockStart(state: State, data: JsonObject): StreamEvent[] {
  const start = objectOf(data['start']) ?? {};
  const name = Object.keys(start)[0];
  if (name === undefined) return [];
  const said = objectOf(start[name]) ?? {};
  const call = name === 'toolUse' ? decodeCall(said) : undefined;
  if (call === undefined)
    return hold(state, wireIndexOf(data), { kind: 'held', name, start: said, texts: [], items: [] });
  const id = state.names(call.id, nameAt(state.nextIndex));
  return open(state, wireIndexOf(data), { ...call, id, argumentsJson: '' });
}

function hold(state: State, wireIndex: number, block: HeldBlock): StreamEvent[] {
  const events = closeAll(state);
  state.blocks.set(wireIndex, block);
  state.standsAlone = true;
  return events;
}

function open(state: State, wireIndex: number, part: Part & { type: SpokenBlock['kind'] }): StreamEvent[] {
  const { blocks, standsAlone } = state;
  const beside = blocks.size === 0 || (part.type === 'tool-call' && !standsAlone && !blocks.has(wireIndex));
  const events = beside ? [] : closeAll(state);
  const index = state.nextIndex;
  state.nextIndex += 1;
  state.blocks.set(wireIndex, { kind: part.type, index, streamed: false });
  state.standsAlone = part.type !== 'tool-call';
  events.push({ type: 'part-start', index, part });
  return events;
}

function closeAll(state: State): StreamEvent[] {
  const events = [...state.blocks.values()].flatMap((block) => close(state, block));
  state.blocks.clear();
  return events;
}

function onBlockDelta(state: State, data: JsonObject): StreamEvent[] {
  const wireIndex = wireIndexOf(data);
  const delta = objectOf(data['delta']) ?? {};
  const events: StreamEvent[] = [];
  const text = textOf(delta['text']);
  if (text) grow(state, { wireIndex, kind: 'text', delta: { type: 'text', text } }, events);
  const citation = delta['citation'];
  if (citation !== undefined) {
    const extras = { 'bedrock-converse': { citations: [citation] } };
    grow(state, { wireIndex, kind: 'text', delta: { type: 'extras', extras } }, events);
  }
  const thought = objectOf(delta['reasoningContent']);
  if (thought !== undefined) onThought(state, wireIndex, thought, events);
  const block = state.blocks.get(wireIndex);
  if (block?.kind === 'tool-call') onArguments(block, delta, events);
  if (block?.kind === 'held') keep(block, delta);
  return events;
}

interface Growth {
  readonly wireIndex: number;
  readonly kind: 'text' | 'reasoning';
  readonly delta: PartDelta;
}

/** Text and thoughts have no start of their own: their first words open them. */
function grow(state: State, { wireIndex, kind, delta }: Growth, events: StreamEvent[]): void {
  const block = state.blocks.get(wireIndex);
  if (block?.kind !== kind) events.push(...open(state, wireIndex, { type: kind, text: '' }));
  const index = block?.kind === kind ? block.index : state.nextIndex - 1;
  events.push({ type: 'part-delta', index, delta });
}

function onThought(state: State, wireIndex: number, thought: JsonObject, events: StreamEvent[]): void {
  const text = textOf(thought['text']);
  if (text) grow(state, { wireIndex, kind: 'reasoning', delta: { type: 'text', text } }, events);
  const signature = textOf(thought['signature']);
  if (signature) grow(state, { wireIndex, kind: 'reasoning', delta: { type: 'signature', signature } }, events);
  const redacted = textOf(thought['redactedContent']);
  if (redacted === undefined) return;
  const block = state.blocks.get(wireIndex);
  if (block?.kind === 'held' && block.name === REDACTED) block.texts.push(redacted);
  else
    events.push(...hold(state, wireIndex, { kind: 'held', name: REDACTED, start: {}, texts: [redacted], items: [] }));
}

/** Thoughts that no one may read, as a block of their own. */
const REDACTED = 'redactedContent';

function onArguments(block: SpokenBlock, delta: JsonObject, events: StreamEvent[]): void {
  const json = textOf(objectOf(delta['toolUse'])?.['input']);
  if (!json) return;
  block.streamed = true;
  events.push({ type: 'part-delta', index: block.index, delta: { type: 'arguments', json } });
}

/** Results come as lists of items, the rest in pieces of text. */
function keep({ name, texts, items }: HeldBlock, delta: JsonObject): void {
  const more = delta[name];
  for (const item of arrayOf(more)) items.push(item);
  const piece = textOf(objectOf(more)?.['input']) ?? textOf(objectOf(objectOf(more)?.['source'])?.['bytes']);
  if (piece !== undefined) texts.push(piece);
}

function onBlockStop(state: State, data: JsonObject): StreamEvent[] {
  const wireIndex = wireIndexOf(data);
  const block = state.blocks.get(wireIndex);
  state.blocks.delete(wireIndex);
  return block === undefined ? [] : close(state, block);
}

function close(state: State, block: SpokenBlock | HeldBlock): StreamEvent[] {
  if (block.kind === 'held') {
    const index = state.nextIndex;
    state.nextIndex += 1;
    return [
      { type: 'part-start', index, part: heldPart(block) },
      { type: 'part-end', index },
    ];
  }
  const { kind, index, streamed } = block;
  const end: StreamEvent = { type: 'part-end', index };
  if (kind !== 'tool-call' || streamed) return [end];
  return [{ type: 'part-delta', index, delta: { type: 'arguments', json: '{}' } }, end];
}

function heldPart({ name, start, texts, items }: HeldBlock): Part {
  if (name === REDACTED) return { type: 'reasoning', text: '', redacted: joinBase64(texts) };
  const media = decodeMedia(name, { ...start, source: { bytes: joinBase64(texts) } });
  if (media !== undefined) return media;
  const content = items.length > 0 && { content: items };
  const input = name === 'toolUse' && { input: inputOf(texts) };
  return {
    type: 'vendor',
    format: 'bedrock-converse',
    kind: name,
    value: { [name]: { ...start, ...content, ...input } },
  };
}

function inputOf(texts: readonly string[]): Json {
  const text = texts.join('');
  return text === '' ? {} : (parseJson(text) ?? text);
}

function onMessageStop(state: State, data: JsonObject): StreamEvent[] {
  const events = closeAll(state);
  state.finish = decodeFinish(textOf(data['stopReason']) ?? '');
  keepRest(state, data, STOP);
  return events;
}

function onMetadata(state: State, data: JsonObject): StreamEvent[] {
  const usage = objectOf(data['usage']);
  if (usage !== undefined) state.usage = decodeUsage(usage);
  keepRest(state, data, METADATA);
  return [];
}

function keepRest(state: State, data: JsonObject, known: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(unknownMembers(data, known) ?? {})) state.extras.set(name, value);
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  messageStart: onMessageStart,
  contentBlockStart: onBlockStart,
  contentBlockDelta: onBlockDelta,
  contentBlockStop: onBlockStop,
  messageStop: onMessageStop,
  metadata: onMetadata,
};

function end(state: State): readonly StreamEvent[] {
  if (state.over) return NONE;
  state.over = true;
  if (state.finish === undefined) return [{ type: 'failure', failure: TRUNCATED }];
  const usage = state.usage !== undefined && { usage: state.usage };
  const extras = state.extras.size > 0 && { extras: { 'bedrock-converse': Object.fromEntries(state.extras) } };
  return [{ type: 'finish', finish: state.finish, ...usage, ...extras }];
}
