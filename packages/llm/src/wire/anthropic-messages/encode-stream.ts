import type { PartDelta, StreamEvent } from '../../model/event.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import { NO_USAGE, type Usage } from '../../model/usage.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { arrayOf, isObject, objectOf, textOf } from '../read.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeFinish } from './finish.ts';
import { JsonProgress } from './json-progress.ts';
import { encodeUsage } from './usage.ts';

interface OpenBlock {
  /** Index of its canonical part. */
  readonly part: number;
  readonly block: number;
  readonly type: string;
  /** How far its arguments are. */
  readonly progress: JsonProgress;
}

interface Waiting {
  readonly index: number;
  readonly part: Part;
  readonly deltas: PartDelta[];
  ended: boolean;
}

/** What has been written so far. This emitter alone owns block indices, so no illegal order can be written. */
export interface State {
  started: boolean;
  over: boolean;
  nextBlock: number;
  /** The one open block. */
  open: OpenBlock | undefined;
  /** Parts that started while another's arguments were unfinished, by index. */
  readonly waiting: Map<number, Waiting>;
  /** Their indexes in order; those before `queueStart` are written. */
  readonly queue: number[];
  queueStart: number;
  toolCalls: boolean;
  refusal: boolean;
}

type Frames = Frame[];

/** Writes a stream of message events in the order the official clients insist on. */
export function encodeStream(): StreamMachine<StreamEvent, Frame, State> {
  return {
    initial: () => ({
      started: false,
      over: false,
      nextBlock: 0,
      open: undefined,
      waiting: new Map(),
      queue: [],
      queueStart: 0,
      toolCalls: false,
      refusal: false,
    }),
    step: (state, event) => {
      const frames: Frames = [];
      if (!state.over) HANDLERS[event.type](state, event as never, frames);
      return frames;
    },
    end: () => [],
  };
}

const frame = (type: string, data: JsonObject): Frame => ({ event: type, data: JSON.stringify({ type, ...data }) });

type Handler<Type extends StreamEvent['type']> = (
  state: State,
  event: Extract<StreamEvent, { type: Type }>,
  frames: Frames,
) => void;

const HANDLERS: { readonly [Type in StreamEvent['type']]: Handler<Type> } = {
  'response-start': (state, event, frames) => begin(state, event, frames),
  'part-start': (state, event, frames) => {
    begin(state, UNNAMED, frames);
    if (isBusy(state)) wait(state, { index: event.index, part: event.part, deltas: [], ended: false });
    else openBlock(state, event.index, event.part, frames);
  },
  'part-delta': (state, event, frames) => {
    if (state.open?.part !== event.index) return void state.waiting.get(event.index)?.deltas.push(event.delta);
    writeDelta(state.open, event.delta, frames);
    releaseWaiting(state, frames);
  },
  'part-end': (state, event, frames) => {
    const waiting = state.waiting.get(event.index);
    if (waiting !== undefined) waiting.ended = true;
    if (state.open?.part !== event.index) return;
    closeBlock(state, frames);
    releaseWaiting(state, frames);
  },
  ping: (state, _, frames) => {
    if (state.started) frames.push(frame('ping', {}));
  },
  finish: (state, event, frames) => {
    begin(state, UNNAMED, frames);
    for (const waiting of state.waiting.values()) waiting.ended = true;
    closeBlock(state, frames);
    releaseWaiting(state, frames);
    state.over = true;
    const stop_reason = encodeFinish(event.finish, state);
    const delta = { stop_reason, stop_sequence: event.finish.stopSequence ?? null };
    frames.push(
      frame('message_delta', { delta, usage: encodeUsage(event.usage ?? NO_USAGE) }),
      frame('message_stop', {}),
    );
  },
  failure: (state, event, frames) => {
    state.over = true;
    const { body } = encodeFailure(event.failure);
    frames.push(frame('error', { error: body['error'] ?? null }));
  },
};

const UNNAMED: { readonly id: string; readonly model: string; readonly usage?: Usage } = { id: 'patchbay', model: '' };

function begin(state: State, { id, model, usage }: typeof UNNAMED, frames: Frames): void {
  if (state.started) return;
  state.started = true;
  frames.push(
    frame('message_start', {
      message: {
        id: messageId(id),
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: encodeUsage(usage ?? NO_USAGE),
      },
    }),
  );
}

/** Official tools expect this prefix; the rest of the id is the provider's own. */
export const messageId = (id: string): string => (id.startsWith('msg_') ? id : `msg_${id}`);

/** A tool call whose arguments are unfinished may still grow: what starts now waits, so that blocks never mix. */
const isBusy = (state: State): boolean => state.waiting.size > 0 || mayGrow(state.open);

const mayGrow = (open: State['open']): boolean => open?.type === 'tool_use' && !open.progress.complete;

function wait(state: State, waiting: Waiting): void {
  state.waiting.set(waiting.index, waiting);
  state.queue.push(waiting.index);
}

function openBlock(state: State, index: number, part: Part, frames: Frames): void {
  closeBlock(state, frames);
  const block = state.nextBlock;
  const content = openingBlock(part);
  if (content === undefined) return;
  const open = { part: index, block, type: textOf(content['type']) ?? '', progress: new JsonProgress() };
  state.nextBlock += 1;
  state.open = open;
  if (part.type === 'tool-call') state.toolCalls = true;
  if (part.type === 'refusal') state.refusal = true;
  frames.push(frame('content_block_start', { index: block, content_block: content }));
  const text = part.type === 'text' || part.type === 'refusal' || part.type === 'reasoning' ? part.text : '';
  if (text !== '') writeDelta(open, { type: 'text', text }, frames);
  if (part.type === 'tool-call' && part.argumentsJson !== '')
    writeDelta(open, { type: 'arguments', json: part.argumentsJson }, frames);
  if (part.type === 'reasoning' && part.signature !== undefined)
    writeDelta(open, { type: 'signature', signature: part.signature }, frames);
}

/** `undefined` for a part that this format cannot stream: another vendor's block, or what is no block at all. */
function openingBlock(part: Part): JsonObject | undefined {
  if (part.type === 'tool-call') return { type: 'tool_use', id: part.id, name: part.name, input: {} };
  if (part.type === 'reasoning') {
    return part.redacted === undefined
      ? { type: 'thinking', thinking: '', signature: '' }
      : { type: 'redacted_thinking', data: part.redacted };
  }
  // A provider's block without a type is none: official clients read every block by it.
  if (part.type === 'vendor') {
    const block = part.format === 'anthropic-messages' ? objectOf(part.value) : undefined;
    return typeof block?.['type'] === 'string' ? block : undefined;
  }
  return part.type === 'text' || part.type === 'refusal' ? { type: 'text', text: '' } : undefined;
}

function writeDelta(open: OpenBlock, delta: PartDelta, frames: Frames): void {
  const { block, type, progress } = open;
  if (delta.type === 'arguments') progress.push(delta.json);
  for (const wire of encodeDelta(delta, type)) frames.push(frame('content_block_delta', { index: block, delta: wire }));
}

/** What does not fit the type of the block has no place in it, whatever a provider sent. */
function encodeDelta(delta: PartDelta, type: string): readonly JsonObject[] {
  if (type === 'text') {
    if (delta.type === 'text') return [{ type: 'text_delta', text: delta.text }];
    if (delta.type !== 'extras') return [];
    const citations = arrayOf(delta.extras['anthropic-messages']?.['citations']).filter(isObject);
    return citations.map((citation) => ({ type: 'citations_delta', citation }));
  }
  if (type === 'thinking') {
    if (delta.type === 'text') return [{ type: 'thinking_delta', thinking: delta.text }];
    return delta.type === 'signature' ? [{ type: 'signature_delta', signature: delta.signature }] : [];
  }
  const isInput = type === 'tool_use' && delta.type === 'arguments';
  return isInput ? [{ type: 'input_json_delta', partial_json: delta.json }] : [];
}

function closeBlock(state: State, frames: Frames): void {
  if (state.open === undefined) return;
  frames.push(frame('content_block_stop', { index: state.open.block }));
  state.open = undefined;
}

/** Writes the parts that waited, up to the first that may still grow. */
function releaseWaiting(state: State, frames: Frames): void {
  while (state.waiting.size > 0 && !mayGrow(state.open)) {
    const next = state.waiting.get(state.queue[state.queueStart] ?? -1);
    state.queueStart += 1;
    if (next === undefined) continue;
    state.waiting.delete(next.index);
    openWaiting(state, next, frames);
  }
  if (state.waiting.size > 0) return;
  state.queue.length = 0;
  state.queueStart = 0;
}

function openWaiting(state: State, { index, part, deltas, ended }: Waiting, frames: Frames): void {
  openBlock(state, index, part, frames);
  const { open } = state;
  if (open === undefined) return;
  const others = state.waiting.size > 0;
  for (const delta of deltas) {
    // What comes behind a complete object must not run into the call that its end let in.
    if (others && open.progress.complete) break;
    writeDelta(open, delta, frames);
  }
  if (ended || (others && part.type !== 'tool-call')) closeBlock(state, frames);
}
