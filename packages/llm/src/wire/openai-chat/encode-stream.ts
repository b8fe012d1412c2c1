import type { PartDelta, StreamEvent } from '../../model/event.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { Usage } from '../../model/usage.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeFinish } from './finish.ts';
import { encodeUsage } from './usage.ts';

/** What has been written so far. */
export interface State {
  /** The unchanging front of every chunk, already serialised. */
  head: string;
  started: boolean;
  over: boolean;
  roleSent: boolean;
  /** Canonical part index to what it is on this wire. */
  readonly parts: Map<number, PartOnWire>;
  toolCalls: number;
  refusal: boolean;
  /** True once a refusal has words. */
  refusalText: boolean;
}

interface PartOnWire {
  readonly kind: Part['type'];
  /** Position among the tool calls, -1 for other parts. */
  readonly callIndex: number;
  /** True once arguments were written. */
  hasArguments: boolean;
}

const NONE: readonly Frame[] = [];
const DONE: Frame = { event: '', data: '[DONE]' };

/** Writes a stream of `chat.completion.chunk` events. Signatures have no place in this format and stay behind. */
export function encodeStream(request: GenerationRequest): StreamMachine<StreamEvent, Frame, State> {
  return {
    initial: () => ({
      head: '',
      started: false,
      over: false,
      roleSent: false,
      parts: new Map(),
      toolCalls: 0,
      refusal: false,
      refusalText: false,
    }),
    step: (state, event) => (state.over ? NONE : HANDLERS[event.type](state, event as never, request)),
    end: () => NONE,
  };
}

type Handler<Type extends StreamEvent['type']> = (
  state: State,
  event: Extract<StreamEvent, { type: Type }>,
  request: GenerationRequest,
) => readonly Frame[];

const HANDLERS: { readonly [Type in StreamEvent['type']]: Handler<Type> } = {
  'response-start': (state, event) => {
    begin(state, event.id, event.model, event.createdAtMs);
    return [];
  },
  'part-start': (state, event) => {
    begin(state, '', '', 0);
    return startPart(state, event.index, event.part);
  },
  'part-delta': (state, event) => {
    const part = state.parts.get(event.index);
    const delta = part === undefined ? undefined : deltaOf(part, event.delta);
    if (delta === undefined) return NONE;
    if (part?.kind === 'refusal' && event.delta.type === 'text') state.refusalText ||= event.delta.text !== '';
    return [chunk(state, delta, null)];
  },
  'part-end': (state, event) => {
    const part = state.parts.get(event.index);
    if (part === undefined || part.callIndex < 0 || part.hasArguments) return NONE;
    // A call without any is read by clients as JSON all the same.
    part.hasArguments = true;
    return [chunk(state, argumentsDelta(part, '{}'), null)];
  },
  ping: () => NONE,
  finish: (state, event, request) => {
    begin(state, '', '', 0);
    state.over = true;
    const { toolCalls, refusal, refusalText } = state;
    const finish = encodeFinish(event.finish, { toolCalls: toolCalls > 0, refusal, refusalText });
    const frames = [chunk(state, {}, finish)];
    if (request.streamUsage && event.usage !== undefined) frames.push(usageChunk(state, event.usage));
    return [...frames, DONE];
  },
  failure: (state, event) => {
    state.over = true;
    return [{ event: '', data: JSON.stringify(encodeFailure(event.failure).body) }];
  },
};

function begin(state: State, id: string, model: string, createdAtMs: number): void {
  if (state.started) return;
  state.started = true;
  const front = {
    id: id || 'chatcmpl-patchbay',
    object: 'chat.completion.chunk',
    created: Math.floor(createdAtMs / 1000),
    model,
  };
  state.head = JSON.stringify(front).slice(0, -1);
}

function chunk(state: State, delta: JsonObject, finish: string | null): Frame {
  const said = state.roleSent ? delta : { role: 'assistant', ...delta };
  state.roleSent = true;
  const data = `${state.head},"choices":[{"index":0,"delta":${JSON.stringify(said)},"logprobs":null,"finish_reason":${JSON.stringify(finish)}}]}`;
  return { event: '', data };
}

const usageChunk = (state: State, usage: Usage): Frame => ({
  event: '',
  data: `${state.head},"choices":[],"usage":${JSON.stringify(encodeUsage(usage))}}`,
});

function startPart(state: State, index: number, part: Part): readonly Frame[] {
  const isCall = part.type === 'tool-call';
  const callIndex = isCall ? state.toolCalls : -1;
  state.parts.set(index, { kind: part.type, callIndex, hasArguments: isCall && part.argumentsJson !== '' });
  if (isCall) state.toolCalls += 1;
  if (part.type === 'refusal') {
    state.refusal = true;
    state.refusalText ||= part.text !== '';
  }
  const delta = openingDelta(part, callIndex);
  return delta === undefined ? NONE : [chunk(state, delta, null)];
}

function openingDelta(part: Part, index: number): JsonObject | undefined {
  switch (part.type) {
    case 'tool-call':
      return {
        tool_calls: [
          { index, id: part.id, type: 'function', function: { name: part.name, arguments: part.argumentsJson } },
        ],
      };
    case 'text':
      return { content: part.text };
    case 'reasoning':
      return part.text === '' ? undefined : { reasoning_content: part.text };
    case 'refusal':
      return part.text === '' ? undefined : { refusal: part.text };
    default:
      return undefined;
  }
}

const argumentsDelta = ({ callIndex }: PartOnWire, json: string): JsonObject => ({
  tool_calls: [{ index: callIndex, function: { arguments: json } }],
});

function deltaOf(part: PartOnWire, delta: PartDelta): JsonObject | undefined {
  // Arguments that a provider sent for another kind of part belong to no call.
  if (delta.type === 'arguments' && part.callIndex < 0) return undefined;
  if (delta.type === 'arguments') {
    part.hasArguments ||= delta.json !== '';
    return argumentsDelta(part, delta.json);
  }
  if (delta.type === 'extras') return (delta.extras['openai-chat'] ?? undefined) as Record<string, Json> | undefined;
  if (delta.type !== 'text') return undefined;
  if (part.kind === 'reasoning') return { reasoning_content: delta.text };
  return part.kind === 'refusal' ? { refusal: delta.text } : { content: delta.text };
}
