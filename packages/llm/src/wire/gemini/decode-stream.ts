import type { StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { Usage } from '../../model/usage.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { framesIn, isDone } from '../odd-frame.ts';
import { isObject, parseJson, textOf } from '../read.ts';
import { AnswerExtras, candidateOf } from './answer-extras.ts';
import { decodeFailure } from './decode-failure.ts';
import { answerParts, blockReason, createdAtMs, partsOf } from './decode-response.ts';
import { decodeBlock, decodeFinish, isFinish } from './finish.ts';
import { decodeUsage } from './usage.ts';

/** What a stream has said so far. */
export interface State {
  started: boolean;
  over: boolean;
  done: boolean;
  nextIndex: number;
  /** The part that the next words of its kind belong to; a signature ends it. */
  open: { readonly kind: 'text' | 'reasoning'; readonly index: number } | undefined;
  read: (wire: JsonObject) => Part;
  toolCalls: boolean;
  finishRaw: string | undefined;
  blocked: string | undefined;
  /** Of the latest chunk that has any: each tells the whole so far. */
  usage: Usage | undefined;
  readonly extras: AnswerExtras;
}

const NONE: readonly StreamEvent[] = [];
const TRUNCATED: Failure = { kind: 'network', message: 'The provider’s stream ended before the answer was complete.' };
const NOT_JSON: Failure = { kind: 'protocol', message: 'The provider sent a stream event that is not JSON.' };

/** Reads a stream of partial answers, which has no last word; servers that only speak like Google's borrow OpenAI's. */
export function decodeStream(): StreamMachine<Frame, StreamEvent, State> {
  return { initial, step, end, isLast: isDone };
}

const initial = (): State => ({
  started: false,
  over: false,
  done: false,
  nextIndex: 0,
  open: undefined,
  read: answerParts(''),
  toolCalls: false,
  finishRaw: undefined,
  blocked: undefined,
  usage: undefined,
  extras: new AnswerExtras(),
});

function step(state: State, frame: Frame): readonly StreamEvent[] {
  if (state.over || state.done) return NONE;
  if (isDone(frame)) {
    state.done = true;
    return NONE;
  }
  const chunk = parseJson(frame.data);
  if (!isObject(chunk)) return framesIn(frame)?.flatMap((each) => step(state, each)) ?? fail(state, NOT_JSON);
  if (isObject(chunk['error'])) return fail(state, decodeFailure(0, chunk, {}));
  const events: StreamEvent[] = [];
  const candidate = candidateOf(chunk);
  const usage = decodeUsage(chunk['usageMetadata']);
  state.usage = usage ?? state.usage;
  state.blocked = blockReason(chunk) ?? state.blocked;
  state.extras.hear(chunk, candidate);
  start(state, chunk, events);
  for (const wire of partsOf(candidate)) onPart(state, wire, events);
  const finish = textOf(candidate?.['finishReason']);
  if (isFinish(finish)) state.finishRaw = finish;
  return events;
}

function fail(state: State, failure: Failure): readonly StreamEvent[] {
  state.over = true;
  return [{ type: 'failure', failure }];
}

function start(state: State, chunk: JsonObject, events: StreamEvent[]): void {
  if (state.started) return;
  state.started = true;
  const id = textOf(chunk['responseId']) ?? '';
  state.read = answerParts(id);
  events.push({
    type: 'response-start',
    id,
    model: textOf(chunk['modelVersion']) ?? '',
    createdAtMs: createdAtMs(chunk),
    ...(state.usage !== undefined && { usage: state.usage }),
  });
}

function onPart(state: State, wire: JsonObject, events: StreamEvent[]): void {
  const part = state.read(wire);
  if (part.type === 'text' || part.type === 'reasoning') return onWords(state, part, events);
  if (part.type === 'vendor' && Object.keys(wire).length === 0) return;
  if (part.type === 'tool-call') state.toolCalls = true;
  addWhole(state, part, events);
}

function onWords(state: State, part: Part & { type: 'text' | 'reasoning' }, events: StreamEvent[]): void {
  const { type: kind, text, extras } = part;
  if (text === '' && extras === undefined) return;
  // A signature without words is a part of its own, which Gemini wants back where it stood.
  if (kind === 'text' && text === '' && wasSigned(part)) return addWhole(state, part, events);
  // Gemini wants what it signed by itself, as it came.
  if (state.open?.kind !== kind || (kind === 'text' && wasSigned(part))) {
    close(state, events);
    state.open = { kind, index: state.nextIndex };
    state.nextIndex += 1;
    events.push({ type: 'part-start', index: state.open.index, part: { type: kind, text: '' } });
  }
  const { index } = state.open;
  if (text !== '') events.push({ type: 'part-delta', index, delta: { type: 'text', text } });
  if (part.type === 'reasoning' && part.signature !== undefined)
    events.push({ type: 'part-delta', index, delta: { type: 'signature', signature: part.signature } });
  if (extras === undefined) return;
  events.push({ type: 'part-delta', index, delta: { type: 'extras', extras } });
  // A signature vouches for the words before it; those behind it are another part.
  if (wasSigned(part)) close(state, events);
}

/** Adds a part that comes in one. */
function addWhole(state: State, part: Part, events: StreamEvent[]): void {
  close(state, events);
  const index = state.nextIndex;
  state.nextIndex += 1;
  events.push({ type: 'part-start', index, part }, { type: 'part-end', index });
}

const wasSigned = (part: Part & { type: 'text' | 'reasoning' }): boolean =>
  part.type === 'reasoning' ? part.signature !== undefined : part.extras?.gemini?.['thoughtSignature'] !== undefined;

function close(state: State, events: StreamEvent[]): void {
  if (state.open === undefined) return;
  events.push({ type: 'part-end', index: state.open.index });
  state.open = undefined;
}

function end(state: State): readonly StreamEvent[] {
  if (state.over) return NONE;
  const { finishRaw, blocked, toolCalls, usage } = state;
  if (finishRaw === undefined && blocked === undefined) return fail(state, TRUNCATED);
  state.over = true;
  const events: StreamEvent[] = [];
  close(state, events);
  events.push({
    type: 'finish',
    finish: finishRaw === undefined ? decodeBlock(blocked ?? '') : decodeFinish(finishRaw, { toolCalls }),
    ...(usage !== undefined && { usage }),
    ...state.extras.extras(),
  });
  return events;
}
