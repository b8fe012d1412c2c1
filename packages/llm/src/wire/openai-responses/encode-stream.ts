import type { StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { NO_USAGE } from '../../model/usage.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { encodeEcho } from './echo.ts';
import { encodeError } from './encode-failure.ts';
import { responseBody } from './encode-response.ts';
import { encodeFinish } from './finish.ts';
import { OutputIds } from './output-ids.ts';
import { callMembers } from './tool-names.ts';
import { encodeUsage } from './usage.ts';
import { outputSoFar, type Output, type WireEvent } from './output.ts';
import { closeAll, endPart, growPart, startPart } from './write-output.ts';

type Front = Pick<GenerationResponse, 'id' | 'model' | 'createdAtMs' | 'extras'>;

/** What has been written so far. */
export interface State {
  front: Front | undefined;
  over: boolean;
  /** Number of the next frame. */
  sequence: number;
  output: Output;
}

const UNNAMED: Front = { id: '', model: '', createdAtMs: 0 };
const CUT_OFF: Failure = { kind: 'network', message: 'The answer ended before it was complete.' };

/** Writes a stream of response events. Each has the ids and places of what it belongs to, as official clients insist. */
export function encodeStream(request: GenerationRequest): StreamMachine<StreamEvent, Frame, State> {
  const asked: Asked = { echo: encodeEcho(request) };
  const offered = callMembers(request.tools);
  return {
    initial: () => ({
      front: undefined,
      over: false,
      sequence: 0,
      output: { ids: new OutputIds(''), offered, items: [], parts: new Map(), message: undefined, written: new Set() },
    }),
    step: (state, event) => (state.over ? [] : HANDLERS[event.type](state, event as never, asked)),
    end: (state) => (state.over ? [] : HANDLERS.failure(state, { type: 'failure', failure: CUT_OFF }, asked)),
  };
}

/** What is repeated of the request: nothing else of it is held while the answer lasts. */
interface Asked {
  readonly echo: JsonObject;
}

type Handler<Type extends StreamEvent['type']> = (
  state: State,
  event: Extract<StreamEvent, { type: Type }>,
  asked: Asked,
) => readonly Frame[];

const HANDLERS: { readonly [Type in StreamEvent['type']]: Handler<Type> } = {
  'response-start': begin,
  'part-start': (state, event, asked) => [
    ...begin(state, UNNAMED, asked),
    ...frames(state, startPart(state.output, event.index, event.part)),
  ],
  'part-delta': (state, event) => frames(state, growPart(state.output, event.index, event.delta)),
  'part-end': (state, event) => frames(state, endPart(state.output, event.index)),
  // The official client knows no event for silence.
  ping: () => [],
  finish: (state, event, asked) => {
    const started = begin(state, UNNAMED, asked);
    const { written } = state.output;
    const said = {
      toolCalls: written.has('tool-call'),
      refusal: written.has('refusal'),
      refusalText: written.has('refusal-text'),
    };
    const ending = encodeFinish(event.finish, said, true);
    const closing = frames(state, closeAll(state.output, ending.status));
    state.over = true;
    const usage = encodeUsage(event.usage ?? NO_USAGE);
    const { front = UNNAMED, output } = state;
    const body = responseBody({ ...front, ...(event.extras && { extras: event.extras }) }, asked.echo, {
      ...ending,
      output: output.items,
      usage,
    });
    return [...started, ...closing, ...frames(state, [{ type: `response.${ending.status}`, response: body }])];
  },
  failure: (state, event, asked) => {
    const started = begin(state, UNNAMED, asked);
    state.over = true;
    const said = {
      status: 'failed',
      error: encodeError(event.failure),
      incomplete_details: null,
      output: outputSoFar(state.output),
      usage: null,
    };
    const body = responseBody(state.front ?? UNNAMED, asked.echo, said);
    return [...started, ...frames(state, [{ type: 'response.failed', response: body }])];
  },
};

function begin(state: State, { id, model, createdAtMs, extras }: Front, { echo }: Asked): readonly Frame[] {
  if (state.front !== undefined) return [];
  state.front = { id, model, createdAtMs, ...(extras !== undefined && { extras }) };
  state.output = { ...state.output, ids: new OutputIds(id) };
  const said = { status: 'in_progress', incomplete_details: null, output: [], usage: null };
  const response = responseBody(state.front, echo, said);
  return frames(state, [
    { type: 'response.created', response },
    { type: 'response.in_progress', response },
  ]);
}

/** Events as frames, numbered. */
function frames(state: State, events: readonly WireEvent[]): readonly Frame[] {
  return events.map(({ type, ...rest }) => {
    const data = JSON.stringify({ type, sequence_number: state.sequence, ...rest });
    state.sequence += 1;
    return { event: type, data };
  });
}
