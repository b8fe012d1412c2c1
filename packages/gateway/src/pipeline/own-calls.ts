import type { Clock } from '@patchbay/llm/model/clock';
import type { StreamEvent } from '@patchbay/llm/model/event';
import { failed, type Failure, type Result } from '@patchbay/llm/model/failure';
import { collect } from '@patchbay/llm/model/fold';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import type { GenerationResponse } from '@patchbay/llm/model/response';
import { objectOf, parseJson } from '@patchbay/llm/wire/read';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import type { Caller } from '../identity/ports.ts';
import { DetachedSink } from '../relay/detached-sink.ts';
import { HeldSink } from '../relay/held-sink.ts';
import type { CallRecord, CallSink } from '../telemetry/call-record.ts';
import { tapped, type CallTap } from '../telemetry/payloads/tap.ts';
import type { Call } from './call.ts';
import type { EndpointCall } from './endpoints/endpoint-call.ts';
import { readJsonRequest } from './endpoints/read-json-request.ts';
import { readBody } from './read-body.ts';
import type { Outcome } from './stage.ts';

/** On whose behalf, and for what, the gateway itself calls a model. */
export interface OwnCall {
  readonly caller: Caller;
  /** Of the request that needs the call. */
  readonly requestId: string;
  /** What the record names as its route; never anything that a caller chose. */
  readonly route: string;
  /** Where the decisions of the call are written down; absent where nobody wants to know. */
  readonly trace?: NonNullable<CallRecord['trace']>;
  /** Ends the call. */
  readonly signal: AbortSignal;
  /** Hears the text so far each time that there is more; the answer is then streamed. */
  readonly onText?: (text: string) => void;
  /** Hears the events of the answer as they come; it is then streamed. A call that fails tells no more of them. */
  readonly onEvents?: (events: readonly StreamEvent[]) => void;
}

/** Calls of models that the gateway makes by itself: they go through the same stages and into the same log as any other. */
export interface OwnCalls {
  /** The request is fitted to its target, whatever that speaks. */
  chat(request: GenerationRequest, own: OwnCall): Promise<Result<GenerationResponse>>;
  /** `asked` is a request of OpenAI's image endpoint; its answer is as the provider gave it. */
  drawImages(asked: JsonObject, own: OwnCall): Promise<Result<JsonObject>>;
}

export interface OwnCallParts {
  readonly pipeline: (call: Call) => Promise<Outcome>;
  readonly endpoint: (call: EndpointCall) => Promise<Outcome>;
  readonly sink: CallSink;
  readonly clock: Clock;
  /** Version of what can be called now. */
  readonly registryVersion: () => number;
  /** Makes what hears the bodies of a call; absent where none are kept. */
  readonly newTap?: (caller: Caller) => CallTap | undefined;
  /** Where unexpected errors go. */
  readonly onError: (error: unknown, requestId: string) => void;
}

/** The dialect in which they are made. */
const FORMAT = 'openai-chat';
const CODEC = WIRE_FORMATS[FORMAT];
/** Longest answers taken, in bytes: a picture of four megapixels in base64 has some eight million. */
const CHAT_BYTES_MAX = 4 * 1024 * 1024;
const IMAGE_BYTES_MAX = 64 * 1024 * 1024;

/** Makes the entry to the pipeline for calls that come from no socket. */
export const createOwnCalls = (parts: OwnCallParts): OwnCalls => ({
  chat: (request, own) =>
    own.onText === undefined && own.onEvents === undefined
      ? chatWhole(parts, request, own)
      : chatStreamed(parts, request, own),
  async drawImages(asked, own) {
    const bytes = Buffer.from(JSON.stringify(asked));
    const read = readJsonRequest(bytes);
    if (!read.ok) return read;
    const { body, model } = read.value;
    const client = new HeldSink(IMAGE_BYTES_MAX);
    const outcome = await perform(parts, { own, client, model, bytes, stream: false }, (begun) =>
      parts.endpoint({
        ...begun,
        client,
        headers: { 'content-type': 'application/json', 'content-length': String(bytes.length) },
        query: '',
        endpoint: 'images/generations',
        model,
        body,
        vectors: undefined,
      }),
    );
    return answerIn(outcome, client);
  },
});

async function chatWhole(parts: OwnCallParts, request: GenerationRequest, own: OwnCall) {
  const client = new HeldSink(CHAT_BYTES_MAX);
  const outcome = await performChat(parts, { ...request, stream: false, streamUsage: false }, own, client);
  if (!outcome.ok) return outcome;
  const answer = answerIn(outcome.value, client);
  return answer.ok ? CODEC.decodeResponse(answer.value, {}) : answer;
}

/** The stream's events are put together; its text so far is told as it grows. */
async function chatStreamed(parts: OwnCallParts, request: GenerationRequest, own: OwnCall) {
  const machine = CODEC.decodeStream({});
  const state = machine.initial();
  const events: StreamEvent[] = [];
  let text = '';
  const hear = (heard: readonly StreamEvent[]): void => {
    const before = text.length;
    for (const event of heard) {
      events.push(event);
      if (event.type === 'part-delta' && event.delta.type === 'text') text += event.delta.text;
    }
    if (text.length > before) own.onText?.(text);
    if (heard.length > 0) own.onEvents?.(heard);
  };
  const client = new DetachedSink((frame) => hear(machine.step(state, frame)));
  const outcome = await performChat(parts, { ...request, stream: true, streamUsage: true }, own, client);
  if (!outcome.ok) return outcome;
  if (outcome.value.kind === 'failed') return failed(outcome.value.failure);
  hear(machine.end(state));
  return collect(events);
}

function performChat(
  parts: OwnCallParts,
  request: GenerationRequest,
  own: OwnCall,
  client: DetachedSink | HeldSink,
): Promise<Result<Outcome>> {
  const encoded = CODEC.encodeRequest(request, {});
  if (!encoded.ok) return Promise.resolve(encoded);
  const read = readBody(Buffer.from(JSON.stringify(encoded.value.body)), { format: FORMAT });
  if (!read.ok) return Promise.resolve(read);
  const { bytes, json, model, modelSpan, stream } = read.value;
  return perform(parts, { own, client, model, bytes, stream }, (begun) =>
    parts.pipeline({
      ...begun,
      client,
      clientFormat: FORMAT,
      operation: 'generate',
      model,
      stream,
      body: bytes,
      modelSpan,
      json,
      fitted: true,
      strict: false,
      headers: {},
      query: '',
    }),
  ).then((value) => ({ ok: true, value }));
}

interface Performing {
  readonly own: OwnCall;
  readonly client: DetachedSink | HeldSink;
  readonly model: string;
  readonly bytes: Buffer;
  readonly stream: boolean;
}

type Begun = Pick<Call, 'caller' | 'record' | 'startedMs'>;

/** Runs one call between opening its record and writing it. */
async function perform(
  parts: OwnCallParts,
  { own, client, model, bytes, stream }: Performing,
  run: (begun: Begun) => Promise<Outcome>,
): Promise<Outcome> {
  const { caller, requestId, signal } = own;
  if (signal.aborted) return { kind: 'failed', failure: CANCELLED };
  const startedMs = parts.clock.monotonicMs();
  const record = newRecord(parts, own, model, stream);
  record.tap?.asked(bytes);
  const leave = (): void => client.abandon();
  signal.addEventListener('abort', leave, { once: true });
  const outcome = await run({ caller, record, startedMs }).catch((error: unknown): Outcome => {
    parts.onError(error, requestId);
    return { kind: 'failed', failure: INTERNAL };
  });
  signal.removeEventListener('abort', leave);
  record.status = outcome.kind === 'failed' ? CODEC.encodeFailure(outcome.failure).status : client.status;
  record.state = client.gone
    ? 'cancelled'
    : outcome.kind === 'failed'
      ? 'failed'
      : (record.attempts.at(-1)?.state ?? 'success');
  record.durationMs = Math.round(parts.clock.monotonicMs() - startedMs);
  parts.sink.record(record);
  return client.gone && signal.aborted ? { kind: 'failed', failure: CANCELLED } : outcome;
}

const newRecord = (
  { clock, registryVersion, newTap }: OwnCallParts,
  { caller, requestId, route, trace }: OwnCall,
  requestedModel: string,
  stream: boolean,
): CallRecord => ({
  requestId,
  startedAtMs: clock.nowMs(),
  registryVersion: registryVersion(),
  clientFormat: FORMAT,
  route,
  keyId: caller.keyId,
  requestedModel: requestedModel.slice(0, 200),
  stream,
  express: false,
  status: 0,
  state: 'failed',
  durationMs: 0,
  attempts: [],
  losses: [],
  ...tapped(newTap?.(caller)),
  ...(trace !== undefined && { trace }),
});

/** The answer that was held, read. */
function answerIn(outcome: Outcome, client: HeldSink): Result<JsonObject> {
  if (outcome.kind === 'failed') return failed(outcome.failure);
  if (client.overflowed) return failed(TOO_LONG);
  if (!client.ended) return failed(CUT);
  const value = objectOf(parseJson(client.bytes.toString()));
  return value === undefined ? failed(NO_JSON) : { ok: true, value };
}

const CANCELLED: Failure = { kind: 'cancelled', message: 'The client left before the answer was complete.' };
const INTERNAL: Failure = {
  kind: 'internal',
  message: 'The gateway met an unexpected error. The log has its request id.',
};
const TOO_LONG: Failure = { kind: 'protocol', message: 'The provider’s answer is longer than can be taken here.' };
const CUT: Failure = { kind: 'protocol', message: 'The provider’s answer broke off.' };
const NO_JSON: Failure = { kind: 'protocol', message: 'The provider’s answer is no JSON object.' };
