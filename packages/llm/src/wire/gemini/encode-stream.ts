import type { PartDelta, StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { objectOf } from '../read.ts';
import { answerOf, nameOfAnswer } from './answer-extras.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeFinish } from './finish.ts';
import { encodePart } from './parts.ts';
import { encodeUsage } from './usage.ts';

interface Open {
  readonly part: Part;
  /** Arguments and extras of a call, which goes out whole. */
  readonly pieces: string[];
  readonly extras: JsonObject[];
  ended: boolean;
}

/** What has been written so far. */
export interface State {
  over: boolean;
  named: JsonObject;
  /** The unchanging end of every chunk but the last, already serialised. */
  tail: string;
  /** Members of the answer that came with its start. */
  extras: JsonObject | undefined;
  wrote: boolean;
  refusal: boolean;
  /** Parts that may still grow, by index. */
  readonly parts: Map<number, Open>;
  /** Parts that go out whole, in the order they started; those before `queueStart` are written. */
  readonly queue: Open[];
  queueStart: number;
}

type Frames = Frame[];

const CUT: Failure = { kind: 'upstream', message: 'The stream ended before the answer was complete.' };

/**
 * Writes a stream of partial answers: words as they come, every other part whole, counts and all else in the last chunk.
 * Google's clients read every byte as a chunk, so nothing else is written.
 */
export function encodeStream(): StreamMachine<StreamEvent, Frame, State> {
  return {
    initial: () => ({
      over: false,
      named: {},
      tail: '',
      extras: undefined,
      wrote: false,
      refusal: false,
      parts: new Map(),
      queue: [],
      queueStart: 0,
    }),
    step: (state, event) => {
      const frames: Frames = [];
      if (!state.over) HANDLERS[event.type](state, event as never, frames);
      return frames;
    },
    end: (state) => {
      const frames: Frames = [];
      if (!state.over) HANDLERS.failure(state, { type: 'failure', failure: CUT }, frames);
      return frames;
    },
  };
}

type Handler<Type extends StreamEvent['type']> = (
  state: State,
  event: Extract<StreamEvent, { type: Type }>,
  frames: Frames,
) => void;

const HANDLERS: { readonly [Type in StreamEvent['type']]: Handler<Type> } = {
  'response-start': (state, event) => {
    state.named = nameOfAnswer(event.id, event.model, event.createdAtMs);
    const tail = JSON.stringify(state.named).slice(1, -1);
    state.tail = tail === '' ? '' : `,${tail}`;
    state.extras = event.extras?.gemini;
  },
  'part-start': (state, event, frames) => startPart(state, event, frames),
  'part-delta': (state, event, frames) => {
    const open = state.parts.get(event.index);
    if (open !== undefined) grow(state, open, event.delta, frames);
  },
  'part-end': (state, event, frames) => {
    const open = state.parts.get(event.index);
    state.parts.delete(event.index);
    if (open === undefined) return;
    open.ended = true;
    release(state, frames);
  },
  ping: () => {},
  finish: (state, event, frames) => {
    for (const each of state.queue) each.ended = true;
    release(state, frames);
    state.over = true;
    const extras = { ...state.extras, ...event.extras?.gemini };
    const ending = {
      finishReason: encodeFinish(event.finish, state),
      usageMetadata: event.usage && encodeUsage(event.usage, objectOf(extras['usageMetadata'])),
      extras,
      named: state.named,
      said: state.wrote,
    };
    // Google's own chats forget an answer of which any chunk has no part.
    const parts = state.wrote ? [{ text: '' }] : [];
    frames.push({ event: '', data: JSON.stringify(answerOf(parts, ending)) });
  },
  failure: (state, event, frames) => {
    state.over = true;
    frames.push({ event: '', data: JSON.stringify(encodeFailure(event.failure).body) });
  },
};

function startPart(state: State, { index, part }: StreamEvent & { type: 'part-start' }, frames: Frames): void {
  const open: Open = { part, pieces: [], extras: [], ended: false };
  if (part.type === 'refusal') state.refusal = true;
  if (isWords(part)) {
    if (part.type === 'reasoning' && part.redacted !== undefined) return;
    state.parts.set(index, open);
    const signature = part.type === 'reasoning' ? part.signature : undefined;
    if (part.text !== '' || signature !== undefined || part.extras?.gemini !== undefined) write(state, part, frames);
    return;
  }
  if (part.type === 'tool-call') state.parts.set(index, open);
  else open.ended = true;
  state.queue.push(open);
  release(state, frames);
}

const isWords = (part: Part): part is Part & { type: 'text' | 'refusal' | 'reasoning' } =>
  part.type === 'text' || part.type === 'refusal' || part.type === 'reasoning';

function grow(state: State, { part, pieces, extras }: Open, delta: PartDelta, frames: Frames): void {
  if (delta.type === 'arguments') {
    if (part.type === 'tool-call') pieces.push(delta.json);
    return;
  }
  const own = delta.type === 'extras' ? (delta.extras.gemini ?? {}) : {};
  if (part.type === 'tool-call') return void extras.push(own);
  if (!isWords(part)) return;
  const empty = { type: part.type, text: '' } as const;
  if (delta.type === 'text') {
    if (delta.text !== '') write(state, { ...empty, text: delta.text }, frames);
  } else if (delta.type === 'signature') {
    if (part.type === 'reasoning') write(state, { ...empty, type: 'reasoning', signature: delta.signature }, frames);
  } else if (Object.keys(own).length > 0) write(state, { ...empty, extras: { gemini: own } }, frames);
}

/** Writes what stands first in the queue, up to the first call that may still grow. */
function release(state: State, frames: Frames): void {
  for (let open = state.queue[state.queueStart]; open?.ended === true; open = state.queue[state.queueStart]) {
    state.queueStart += 1;
    write(state, completed(open), frames);
  }
  if (state.queueStart < state.queue.length) return;
  state.queue.length = 0;
  state.queueStart = 0;
}

function completed({ part, pieces, extras }: Open): Part {
  if (part.type !== 'tool-call') return part;
  const own: JsonObject = Object.assign({}, part.extras?.gemini, ...extras);
  return { ...part, argumentsJson: part.argumentsJson + pieces.join(''), extras: { gemini: own } };
}

/** A chunk with one part; nothing for a part that this format has no place for. */
function write(state: State, part: Part, frames: Frames): void {
  const wire = encodePart(part, '', { losses: [], signatures: 'any' });
  if (wire === undefined) return;
  state.wrote = true;
  const content = `{"parts":[${JSON.stringify(wire)}],"role":"model"}`;
  frames.push({ event: '', data: `{"candidates":[{"content":${content},"index":0}]${state.tail}}` });
}
