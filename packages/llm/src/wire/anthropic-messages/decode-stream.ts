import type { PartDelta, StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { Finish } from '../../model/finish.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { callNames, namedCall, type CallNames } from '../call-names.ts';
import { framesIn, isDone } from '../odd-frame.ts';
import { toolCallId } from '../openai-chat/decode-response.ts';
import { isObject, numberOf, objectOf, parseJson, textOf, unknownMembers } from '../read.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeBlock } from './decode-response.ts';
import { decodeFinish } from './finish.ts';
import { decodeUsage } from './usage.ts';

interface OpenBlock {
  readonly index: number;
  readonly part: Part;
  /** Vendor blocks are passed on whole: their pieces wait here. */
  readonly pieces: string[];
  /** True once arguments came in pieces; the start's own input then does not count. */
  streamed: boolean;
}

/** What a stream has said so far. */
export interface State {
  started: boolean;
  over: boolean;
  stopped: boolean;
  id: string;
  readonly names: CallNames;
  nextIndex: number;
  /** Blocks that are open, by their index on the wire: any number of calls, or one that stands alone. */
  readonly blocks: Map<number, OpenBlock>;
  standsAlone: boolean;
  /** Counts and other members by name; the latest counts. */
  readonly usage: Map<string, Json | undefined>;
  readonly extras: Map<string, Json | undefined>;
  finish: Finish | undefined;
}

type Handler = (state: State, data: JsonObject) => readonly StreamEvent[];

const NONE: readonly StreamEvent[] = [];
const TRUNCATED: Failure = { kind: 'network', message: 'The provider’s stream ended before the answer was complete.' };
const NOT_JSON: Failure = { kind: 'protocol', message: 'The provider sent a stream event that is not JSON.' };
const START = new Set(['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage']);
const DELTA = new Set(['stop_reason', 'stop_sequence']);

/** Reads a stream of message events. */
export function decodeStream(): StreamMachine<Frame, StreamEvent, State> {
  return {
    initial,
    step,
    end,
    isLast: (frame) => frame.event === 'message_stop' || /^\{"type": ?"message_stop"/.test(frame.data) || isDone(frame),
  };
}

const initial = (): State => ({
  started: false,
  over: false,
  stopped: false,
  id: '',
  names: callNames(),
  nextIndex: 0,
  blocks: new Map(),
  standsAlone: false,
  usage: new Map(),
  extras: new Map(),
  finish: undefined,
});

function step(state: State, frame: Frame): readonly StreamEvent[] {
  if (state.over || state.stopped) return NONE;
  const data = parseJson(frame.data);
  if (!isObject(data)) return isUnread(frame) ? NONE : stepEach(state, frame);
  const kind = textOf(data['type']) ?? (isObject(data['error']) ? 'error' : frame.event);
  const handler = Object.hasOwn(HANDLERS, kind) ? HANDLERS[kind] : undefined;
  // Nothing can be said before the answer has started; a stream that never starts ends as a failure.
  if (!state.started && kind !== 'message_start' && kind !== 'error') return NONE;
  return handler === undefined ? NONE : handler(state, data);
}

/** What nobody reads may be anything: signs of life, events of others, and the last word of another format. */
const isUnread = (frame: Frame): boolean =>
  isDone(frame) || frame.event === 'ping' || (frame.event !== '' && !Object.hasOwn(HANDLERS, frame.event));

function stepEach(state: State, frame: Frame): readonly StreamEvent[] {
  return framesIn(frame)?.flatMap((each) => step(state, each)) ?? fail(state, NOT_JSON);
}

function fail(state: State, failure: Failure): readonly StreamEvent[] {
  state.over = true;
  return [{ type: 'failure', failure }];
}

function onMessageStart(state: State, data: JsonObject): readonly StreamEvent[] {
  if (state.started) return NONE;
  state.started = true;
  const message = objectOf(data['message']) ?? {};
  state.id = textOf(message['id']) ?? '';
  for (const [name, value] of Object.entries(objectOf(message['usage']) ?? {})) state.usage.set(name, value);
  const rest = unknownMembers(message, START);
  return [
    {
      type: 'response-start',
      id: state.id,
      model: textOf(message['model']) ?? '',
      createdAtMs: 0,
      usage: decodeUsage(Object.fromEntries(state.usage)),
      ...(rest !== undefined && { extras: { 'anthropic-messages': rest } }),
    },
  ];
}

function onBlockStart(state: State, data: JsonObject): readonly StreamEvent[] {
  const otherwise = toolCallId(state.id, state.nextIndex);
  const part = namedCall(state.names, decodeBlock((data['content_block'] ?? {}) as Json), otherwise);
  const wireIndex = numberOf(data['index']) ?? 0;
  const events = mayStandBeside(state, part, wireIndex) ? [] : closeAll(state);
  const index = state.nextIndex;
  state.nextIndex += 1;
  state.blocks.set(wireIndex, { index, part, pieces: [], streamed: false });
  state.standsAlone = part.type !== 'tool-call';
  if (part.type === 'vendor') return events;
  events.push({ type: 'part-start', index, part: opening(part) });
  if ((part.type === 'text' || part.type === 'reasoning') && part.text !== '') {
    events.push({ type: 'part-delta', index, delta: { type: 'text', text: part.text } });
  }
  return events;
}

/** A block whose end was lost ends where the next begins; only calls may stand open side by side. */
const mayStandBeside = ({ blocks, standsAlone }: State, part: Part, wireIndex: number): boolean =>
  blocks.size === 0 || (part.type === 'tool-call' && !standsAlone && !blocks.has(wireIndex));

function closeAll(state: State): StreamEvent[] {
  const events = [...state.blocks.values()].flatMap(close);
  state.blocks.clear();
  return events;
}

/** A part as it starts: what the block already holds comes as deltas, a call's input when the block ends. */
function opening(part: Part): Part {
  if (part.type === 'tool-call') return { ...part, argumentsJson: '' };
  return part.type === 'text' || part.type === 'reasoning' ? { ...part, text: '' } : part;
}

function onBlockDelta(state: State, data: JsonObject): readonly StreamEvent[] {
  const block = state.blocks.get(numberOf(data['index']) ?? 0);
  const wire = objectOf(data['delta']);
  if (block === undefined || wire === undefined) return NONE;
  if (wire['type'] === 'input_json_delta' && wire['partial_json'] !== '') block.streamed = true;
  if (block.part.type === 'vendor') {
    block.pieces.push(textOf(wire['partial_json']) ?? '');
    return NONE;
  }
  const delta = decodeDelta(wire);
  return delta === undefined || !fits(delta, block.part) ? NONE : [{ type: 'part-delta', index: block.index, delta }];
}

/** What is meant for another kind of block has no place in this one. */
function fits({ type }: PartDelta, part: Part): boolean {
  if (type === 'arguments') return part.type === 'tool-call';
  if (type === 'signature') return part.type === 'reasoning';
  return type === 'extras' || part.type === 'text' || part.type === 'reasoning';
}

function decodeDelta(wire: JsonObject): PartDelta | undefined {
  switch (wire['type']) {
    case 'text_delta':
      return { type: 'text', text: textOf(wire['text']) ?? '' };
    case 'thinking_delta':
      return { type: 'text', text: textOf(wire['thinking']) ?? '' };
    case 'signature_delta':
      return { type: 'signature', signature: textOf(wire['signature']) ?? '' };
    case 'input_json_delta':
      return { type: 'arguments', json: textOf(wire['partial_json']) ?? '' };
    case 'citations_delta':
      return { type: 'extras', extras: { 'anthropic-messages': { citations: [wire['citation'] ?? null] } } };
    default:
      return undefined;
  }
}

function onBlockStop(state: State, data: JsonObject): readonly StreamEvent[] {
  const wireIndex = numberOf(data['index']) ?? 0;
  const block = state.blocks.get(wireIndex);
  state.blocks.delete(wireIndex);
  return block === undefined ? NONE : close(block);
}

function close({ index, part, pieces, streamed }: OpenBlock): readonly StreamEvent[] {
  const end: StreamEvent = { type: 'part-end', index };
  if (part.type === 'vendor')
    return [{ type: 'part-start', index, part: { ...part, value: completed(part.value, pieces) } }, end];
  if (part.type !== 'tool-call' || streamed || part.argumentsJson === '') return [end];
  return [{ type: 'part-delta', index, delta: { type: 'arguments', json: part.argumentsJson } }, end];
}

/** A vendor block with the input that came behind its start. */
function completed(value: Json, pieces: readonly string[]): Json {
  const text = pieces.join('');
  if (text === '' || !isObject(value)) return value;
  const input = parseJson(text);
  return { ...value, input: input ?? text };
}

function onMessageDelta(state: State, data: JsonObject): readonly StreamEvent[] {
  // Counts are cumulative; what a later event leaves out, nulls or does not count keeps its earlier value.
  for (const [name, value] of Object.entries(objectOf(data['usage']) ?? {}))
    if (value !== null && value !== undefined && !(value === 0 && state.usage.has(name))) state.usage.set(name, value);
  const delta = objectOf(data['delta']) ?? {};
  const reason = textOf(delta['stop_reason']);
  if (reason !== undefined) state.finish = decodeFinish(reason, textOf(delta['stop_sequence']));
  for (const [name, value] of Object.entries(unknownMembers(delta, DELTA) ?? {})) state.extras.set(name, value);
  return NONE;
}

function onMessageStop(state: State): readonly StreamEvent[] {
  state.stopped = true;
  return NONE;
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  message_start: onMessageStart,
  content_block_start: onBlockStart,
  content_block_delta: onBlockDelta,
  content_block_stop: onBlockStop,
  message_delta: onMessageDelta,
  message_stop: onMessageStop,
  ping: () => [{ type: 'ping' }],
  error: (state, data) => fail(state, decodeFailure(0, data, {})),
};

function end(state: State): readonly StreamEvent[] {
  if (state.over) return NONE;
  state.over = true;
  if (!state.started || (state.finish === undefined && !state.stopped))
    return [{ type: 'failure', failure: TRUNCATED }];
  const events = closeAll(state);
  const finish = state.finish ?? decodeFinish('end_turn');
  const usage = state.usage.size > 0 ? { usage: decodeUsage(Object.fromEntries(state.usage)) } : {};
  const extras = state.extras.size > 0 ? { extras: { 'anthropic-messages': Object.fromEntries(state.extras) } } : {};
  return [...events, { type: 'finish', finish, ...usage, ...extras }];
}
