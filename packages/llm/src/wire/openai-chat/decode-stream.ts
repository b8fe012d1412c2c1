import type { StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { Usage } from '../../model/usage.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { endsWithDone, framesIn, isDone } from '../odd-frame.ts';
import { arrayOf, isObject, objectOf, parseJson, textOf, unknownMembers } from '../read.ts';
import { errorFailure } from './decode-failure.ts';
import {
  contentParts,
  createdAtMs,
  firstChoice,
  groqUsage,
  isSameThought,
  KNOWN_MESSAGE,
  reasoningDetail,
} from './decode-response.ts';
import type { OpenAiChatDialect } from './dialect.ts';
import { decodeFinish, faultOf } from './finish.ts';
import { StreamCalls } from './stream-calls.ts';
import { decodeUsage } from './usage.ts';

type TextKind = 'text' | 'refusal' | 'reasoning';

/** A part that grows. */
interface OpenText {
  readonly kind: TextKind;
  readonly index: number;
  /** The part as it began. */
  readonly part: Part;
  signed: boolean;
}

/** What a stream has said so far. */
export interface State {
  started: boolean;
  over: boolean;
  done: boolean;
  id: string;
  nextIndex: number;
  text: OpenText | undefined;
  readonly calls: StreamCalls;
  /** What was said while a call was unfinished: parts may not overlap it. */
  readonly held: JsonObject[];
  finishRaw: string | undefined;
  refusal: boolean;
  /** True once a refusal came that has no words; it counts where nothing else is said. */
  emptyRefusal: boolean;
  usage: Usage | undefined;
  /** Members that the model does not name; the latest of a name counts. */
  readonly extras: Map<string, Json | undefined>;
}

const NONE: readonly StreamEvent[] = [];
const KNOWN_TOP = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', 'x_groq', 'obfuscation', 'error']);
const TRUNCATED: Failure = { kind: 'network', message: 'The provider’s stream ended before the answer was complete.' };
const NOT_JSON: Failure = { kind: 'protocol', message: 'The provider sent a stream event that is not JSON.' };

/** Reads a stream of `chat.completion.chunk` events. */
export function decodeStream(dialect: OpenAiChatDialect): StreamMachine<Frame, StreamEvent, State> {
  return {
    initial: () => ({
      started: false,
      over: false,
      done: false,
      id: '',
      nextIndex: 0,
      text: undefined,
      calls: new StreamCalls(),
      held: [],
      finishRaw: undefined,
      refusal: false,
      emptyRefusal: false,
      usage: undefined,
      extras: new Map(),
    }),
    step: (state, frame) => step(state, frame, dialect),
    end,
    isLast: endsWithDone,
  };
}

function step(state: State, frame: Frame, dialect: OpenAiChatDialect): readonly StreamEvent[] {
  if (state.over || state.done) return NONE;
  if (isDone(frame)) {
    state.done = true;
    return NONE;
  }
  const chunk = parseJson(frame.data);
  if (!isObject(chunk)) {
    const frames = framesIn(frame);
    return frames?.flatMap((each) => step(state, each, dialect)) ?? fail(state, NOT_JSON);
  }
  if (chunk['error'] !== undefined && chunk['error'] !== null) return fail(state, errorFailure(chunk));
  if (frame.event === 'error' || chunk['object'] === 'error') return fail(state, errorFailure({ error: chunk }));
  const events: StreamEvent[] = [];
  start(state, chunk, events);
  state.usage = decodeUsage(chunk['usage'] ?? groqUsage(chunk), dialect) ?? state.usage;
  keep(state, unknownMembers(chunk, KNOWN_TOP));
  const choice = firstChoice(chunk);
  if (choice !== undefined) onChoice(state, choice, events);
  return events;
}

function keep(state: State, rest: JsonObject | undefined): void {
  for (const [name, value] of Object.entries(rest ?? {})) state.extras.set(name, value);
}

function fail(state: State, failure: Failure): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  release(state, events);
  state.over = true;
  events.push({ type: 'failure', failure });
  return events;
}

function start(state: State, chunk: JsonObject, events: StreamEvent[]): void {
  // Azure sends a first chunk without a choice, an id or a model; the answer starts with the next.
  if (state.started || (arrayOf(chunk['choices']).length === 0 && !textOf(chunk['id']))) return;
  state.started = true;
  state.id = textOf(chunk['id']) ?? '';
  const model = textOf(chunk['model']) ?? '';
  events.push({ type: 'response-start', id: state.id, model, createdAtMs: createdAtMs(chunk) });
}

function onChoice(state: State, choice: JsonObject, events: StreamEvent[]): void {
  // A whole message behind its pieces says nothing new.
  const delta = objectOf(choice['delta']) ?? (state.nextIndex === 0 ? objectOf(choice['message']) : undefined);
  if (delta !== undefined) onDelta(state, delta, events);
  const finish = textOf(choice['finish_reason']);
  const fault = faultOf(choice);
  if (fault !== undefined) events.push(...fail(state, fault));
  // Some servers give an empty reason until they have one.
  else if (finish) state.finishRaw = finish;
}

function onDelta(state: State, delta: JsonObject, events: StreamEvent[]): void {
  const { tool_calls: calls, function_call: legacy, ...words } = delta;
  if (!state.calls.isGrowing) onWords(state, words, events);
  else if (Object.entries(words).some(saysSomething)) state.held.push(words);
  for (const call of arrayOf(calls)) onCall(state, call, events);
  if (isObject(legacy)) onCall(state, { index: 0, function: legacy }, events);
  if (!state.calls.isGrowing) release(state, events);
}

const saysSomething = ([name, value]: readonly [string, Json | undefined]): boolean =>
  name !== 'role' && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

/** Says what had to wait for a call. */
function release(state: State, events: StreamEvent[]): void {
  for (const words of state.held.splice(0)) onWords(state, words, events);
}

function onWords(state: State, delta: JsonObject, events: StreamEvent[]): void {
  onReasoning(state, delta, events);
  onContent(state, delta['content'], events);
  const refusal = textOf(delta['refusal']);
  if (refusal) onText(state, 'refusal', refusal, events);
  else if (refusal === '') state.emptyRefusal = true;
  const rest = unknownMembers(delta, KNOWN_MESSAGE);
  if (rest !== undefined) onRest(state, rest, events);
}

function onReasoning(state: State, delta: JsonObject, events: StreamEvent[]): void {
  const details = arrayOf(delta['reasoning_details']);
  if (details.length === 0) {
    const text = textOf(delta['reasoning_content']) || textOf(delta['reasoning']);
    if (text) onText(state, 'reasoning', text, events);
    return;
  }
  for (const each of details) {
    const detail = reasoningDetail(each);
    if (detail?.redacted !== undefined) wholePart(state, detail, events);
    else if (detail !== undefined) onSignedText(state, detail, events);
  }
}

function onSignedText(state: State, detail: Part & { type: 'reasoning' }, events: StreamEvent[]): void {
  const open = state.text?.kind === 'reasoning' && isSameThought(state.text.part, detail);
  if (detail.text !== '' || (detail.signature !== undefined && !open)) {
    if (!open || state.text?.signed === true) closeText(state, events);
    const { extras } = detail;
    onText(state, 'reasoning', detail.text, events, extras === undefined ? {} : { extras });
  }
  if (detail.signature === undefined || state.text === undefined) return;
  state.text.signed = true;
  events.push({
    type: 'part-delta',
    index: state.text.index,
    delta: { type: 'signature', signature: detail.signature },
  });
}

function onContent(state: State, content: Json | undefined, events: StreamEvent[]): void {
  if (typeof content === 'string') {
    if (content !== '') onText(state, 'text', content, events);
    return;
  }
  for (const part of contentParts(content)) {
    if (part.type === 'text' || part.type === 'reasoning' || part.type === 'refusal')
      onText(state, part.type, part.text, events);
    else wholePart(state, part, events);
  }
}

function onText(
  state: State,
  kind: TextKind,
  text: string,
  events: StreamEvent[],
  beside: Pick<Part, 'extras'> = {},
): void {
  if (state.text?.kind !== kind) {
    closeText(state, events);
    state.calls.close(events);
    const part: Part = { type: kind, text: '', ...beside };
    state.text = { kind, index: state.nextIndex, part, signed: false };
    state.nextIndex += 1;
    if (kind === 'refusal') state.refusal = true;
    events.push({ type: 'part-start', index: state.text.index, part });
  }
  if (text !== '') events.push({ type: 'part-delta', index: state.text.index, delta: { type: 'text', text } });
}

function closeText(state: State, events: StreamEvent[]): void {
  if (state.text === undefined) return;
  events.push({ type: 'part-end', index: state.text.index });
  state.text = undefined;
}

function wholePart(state: State, part: Part, events: StreamEvent[]): void {
  closeText(state, events);
  state.calls.close(events);
  const index = state.nextIndex;
  state.nextIndex += 1;
  events.push({ type: 'part-start', index, part }, { type: 'part-end', index });
}

function onCall(state: State, value: Json, events: StreamEvent[]): void {
  const begun = state.calls.hear(value, events);
  if (begun === undefined) return;
  closeText(state, events);
  const nextIndex = (): number => {
    state.nextIndex += 1;
    return state.nextIndex - 1;
  };
  state.calls.begin(begun, value, { responseId: state.id, nextIndex }, events);
}

/** Citations, audio and the like ride on the part that is open, else on the answer. */
function onRest(state: State, rest: JsonObject, events: StreamEvent[]): void {
  if (Object.values(rest).every((value) => value === null)) return;
  if (state.text === undefined) keep(state, rest);
  else
    events.push({
      type: 'part-delta',
      index: state.text.index,
      delta: { type: 'extras', extras: { 'openai-chat': rest } },
    });
}

function end(state: State): readonly StreamEvent[] {
  if (state.over) return NONE;
  if (!state.started || (state.finishRaw === undefined && !state.done)) return fail(state, TRUNCATED);
  state.over = true;
  const events: StreamEvent[] = [];
  release(state, events);
  closeText(state, events);
  state.calls.close(events);
  const refusal = state.refusal || (state.emptyRefusal && state.nextIndex === 0);
  events.push({
    type: 'finish',
    finish: decodeFinish(state.finishRaw ?? 'stop', { toolCalls: state.calls.any, refusal }),
    ...(state.usage !== undefined && { usage: state.usage }),
    ...(state.extras.size > 0 && { extras: { 'openai-chat': Object.fromEntries(state.extras) } }),
  });
  return events;
}
