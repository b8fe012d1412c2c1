import type { StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Usage } from '../../model/usage.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { callNames, namedCall, type CallNames } from '../call-names.ts';
import { arrayOf, isObject, objectOf, parseJson, textOf, unknownMembers } from '../read.ts';
import { decodeFailure } from './decode-failure.ts';
import { callId, createdAtMs, decodeCall, KNOWN_MESSAGE, KNOWN_TOP } from './decode-response.ts';
import { decodeFinish } from './finish.ts';
import { decodeUsage } from './usage.ts';

type TextKind = 'text' | 'reasoning';

/** What a stream has said so far. */
export interface State {
  over: boolean;
  /** The first line, whose time names the calls of the whole answer. */
  first: JsonObject | undefined;
  nextIndex: number;
  text: { readonly kind: TextKind; readonly index: number } | undefined;
  calls: number;
  readonly names: CallNames;
  usage: Usage | undefined;
  /** The reason of the last line, once it came; empty where it gave none. */
  finishRaw: string | undefined;
  /** Members that the model does not name; the latest of a name counts. */
  readonly extras: Map<string, Json | undefined>;
}

const NONE: readonly StreamEvent[] = [];
const TRUNCATED: Failure = { kind: 'network', message: 'The provider’s stream ended before the answer was complete.' };
const NOT_JSON: Failure = { kind: 'protocol', message: 'The provider sent a stream event that is not JSON.' };

/** Reads a stream of lines, each a piece of the message; the one that is `done` is the last. */
export function decodeStream(): StreamMachine<Frame, StreamEvent, State> {
  return { initial, step, end, isLast };
}

const initial = (): State => ({
  over: false,
  first: undefined,
  nextIndex: 0,
  text: undefined,
  calls: 0,
  names: callNames(),
  usage: undefined,
  finishRaw: undefined,
  extras: new Map(),
});

/** The arguments of a call may hold the same words, so that only a closer look tells. */
const isLast = ({ data }: Frame): boolean =>
  /"done"\s*:\s*true/.test(data) && objectOf(parseJson(data))?.['done'] === true;

function step(state: State, { data }: Frame): readonly StreamEvent[] {
  if (state.over || state.finishRaw !== undefined) return NONE;
  const line = parseJson(data);
  if (!isObject(line)) return fail(state, NOT_JSON);
  if (line['error'] !== undefined && line['error'] !== null) return fail(state, decodeFailure(0, line, {}));
  const events: StreamEvent[] = [];
  if (state.first === undefined) {
    state.first = line;
    const model = textOf(line['model']) ?? '';
    events.push({ type: 'response-start', id: '', model, createdAtMs: createdAtMs(line) });
  }
  onMessage(state, objectOf(line['message']) ?? {}, events);
  state.usage = decodeUsage(line) ?? state.usage;
  keep(state, unknownMembers(line, KNOWN_TOP));
  if (line['done'] === true) state.finishRaw = textOf(line['done_reason']) ?? '';
  return events;
}

function fail(state: State, failure: Failure): readonly StreamEvent[] {
  state.over = true;
  return [{ type: 'failure', failure }];
}

function keep(state: State, rest: JsonObject | undefined): void {
  for (const [name, value] of Object.entries(rest ?? {})) state.extras.set(name, value);
}

function onMessage(state: State, message: JsonObject, events: StreamEvent[]): void {
  onText(state, 'reasoning', textOf(message['thinking']), events);
  onText(state, 'text', textOf(message['content']), events);
  for (const call of arrayOf(message['tool_calls'])) onCall(state, call, events);
  keep(state, unknownMembers(message, KNOWN_MESSAGE));
}

function onText(state: State, kind: TextKind, text: string | undefined, events: StreamEvent[]): void {
  if (!text) return;
  if (state.text?.kind !== kind) {
    closeText(state, events);
    state.text = { kind, index: state.nextIndex };
    state.nextIndex += 1;
    events.push({ type: 'part-start', index: state.text.index, part: { type: kind, text: '' } });
  }
  events.push({ type: 'part-delta', index: state.text.index, delta: { type: 'text', text } });
}

function closeText(state: State, events: StreamEvent[]): void {
  if (state.text !== undefined) events.push({ type: 'part-end', index: state.text.index });
  state.text = undefined;
}

/** Calls come whole. */
function onCall(state: State, call: Json, events: StreamEvent[]): void {
  closeText(state, events);
  const index = state.nextIndex;
  state.nextIndex += 1;
  const part = namedCall(state.names, decodeCall(call), callId(state.first ?? {}, state.calls));
  state.calls += 1;
  events.push({ type: 'part-start', index, part }, { type: 'part-end', index });
}

function end(state: State): readonly StreamEvent[] {
  if (state.over) return NONE;
  state.over = true;
  if (state.finishRaw === undefined) return [{ type: 'failure', failure: TRUNCATED }];
  const events: StreamEvent[] = [];
  closeText(state, events);
  events.push({
    type: 'finish',
    finish: decodeFinish(state.finishRaw, state.calls > 0),
    ...(state.usage !== undefined && { usage: state.usage }),
    ...(state.extras.size > 0 && { extras: { 'ollama-chat': Object.fromEntries(state.extras) } }),
  });
  return events;
}
