import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Failure, Result } from '@patchbay/llm/model/failure';
import type { Clock } from '@patchbay/llm/model/clock';

import { queryWithoutKey } from '../../identity/presented-key.ts';
import type { Caller } from '../../identity/ports.ts';
import type { BodyReader } from '../../pipeline/body-reader.ts';
import type { BodyKind } from '../../pipeline/body-shape.ts';
import type { Call } from '../../pipeline/call.ts';
import type { ReadBody } from '../../pipeline/read-body.ts';
import type { Outcome } from '../../pipeline/stage.ts';
import { ClientSink, type AnswerSink } from '../../relay/client-sink.ts';
import { spentBytes } from '../../relay/collect-spent-bytes.ts';
import type { DeadlineWheel } from '../../relay/deadline-wheel.ts';
import type { CallRecord, CallSink, CallState } from '../../telemetry/call-record.ts';
import { tapped, type CallTap } from '../../telemetry/payloads/tap.ts';
import type { TraceBook } from '../../telemetry/trace-book.ts';
import { sinkFor } from './gemini-list-stream.ts';
import { sendFailure } from './send-failure.ts';

export interface ServeParts {
  readonly pipeline: (call: Call) => Promise<Outcome>;
  readonly sink: CallSink;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
  readonly clientStallMs: number;
  /** Version of what can be called now. */
  readonly registryVersion: () => number;
  /** Makes what hears the bodies of a call; absent where none are kept. */
  readonly newTap?: (caller: Caller) => CallTap | undefined;
  /** Traces calls that want it; absent where none can be. */
  readonly traces?: Pick<TraceBook, 'wants' | 'begin'>;
  /** Hears of each call that has ended, with what its client sent. */
  readonly onEnded?: (call: CallRecord, body: Buffer) => void;
  /** Reads heavy bodies beside the event loop. */
  readonly bodies: BodyReader;
  /** Where unexpected errors go. */
  readonly onError: (error: unknown, requestId: string) => void;
}

/** One data-plane operation of one dialect. */
export interface Operation extends BodyKind {
  readonly operation: Call['operation'];
  readonly route: string;
}

/** One request whose caller is known and whose body is here. */
export interface Arrived {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly caller: Caller;
  readonly body: Buffer;
}

/** Serves one request on the raw socket: no stream of a framework stands between the relay and the client. */
export async function serveCall(parts: ServeParts, operation: Operation, arrived: Arrived): Promise<void> {
  const startedMs = parts.clock.monotonicMs();
  spentBytes.countRequest(arrived.body.length);
  const { request, response } = arrived;
  const record = newRecord(parts, operation, arrived);
  record.tap?.asked(arrived.body);
  record.trace?.step('received', { route: operation.route, bytes: arrived.body.length });
  record.trace?.step('authenticated', { key: arrived.caller.keyId, user: arrived.caller.userId });
  const answers = new ClientSink(response, record, parts.wheel, parts.clientStallMs);
  const client = sinkFor(operation, request.url ?? '', answers);
  const begun = await runCall(parts, operation, arrived, { client, record, startedMs });
  const detached = begun.kind === 'detached';
  if (detached) begun.answer(client);
  const outcome = detached ? await begun.ended : begun;
  const { body } = arrived;
  if (detached) return finish(parts, { record, startedMs, state: stateOf(outcome, record, false), status: 200, body });
  if (outcome.kind === 'failed') sendFailure(client, operation.format, outcome);
  if (outcome.kind === 'body') sendBody(client, outcome.body);
  const status = client.started ? client.status : 499;
  finish(parts, { record, startedMs, state: stateOf(outcome, record, client.gone), status, body });
}

interface Finished extends Pick<CallStart, 'record' | 'startedMs'> {
  readonly state: CallState;
  readonly status: number;
  readonly body: Buffer;
}

function finish(parts: ServeParts, { record, startedMs, state, status, body }: Finished): void {
  record.status = status;
  record.state = state;
  record.durationMs = Math.round(parts.clock.monotonicMs() - startedMs);
  parts.sink.record(record);
  parts.onEnded?.(record, body);
}

type CallStart = Pick<Call, 'client' | 'record' | 'startedMs'>;

/** Not `async`: a function that waits keeps all it has seen, and the parsed body is let go of on the way. */
function runCall(parts: ServeParts, operation: Operation, arrived: Arrived, start: CallStart): Promise<Outcome> {
  const read = parts.bodies.read(arrived.body, operation);
  const outcome =
    read instanceof Promise
      ? runHeavy(parts, operation, arrived, start, read)
      : runRead(parts, operation, arrived, start, read);
  return outcome.catch((error: unknown) => {
    parts.onError(error, arrived.requestId);
    return { kind: 'failed', failure: INTERNAL };
  });
}

async function runHeavy(
  parts: ServeParts,
  operation: Operation,
  arrived: Arrived,
  start: CallStart,
  reading: Promise<Result<ReadBody>>,
): Promise<Outcome> {
  return runRead(parts, operation, arrived, start, await reading);
}

function runRead(
  parts: ServeParts,
  operation: Operation,
  arrived: Arrived,
  start: CallStart,
  read: Result<ReadBody>,
): Promise<Outcome> {
  if (!read.ok) return Promise.resolve({ kind: 'failed', failure: read.failure });
  start.record.requestedModel = read.value.model.slice(0, 200);
  start.record.stream = read.value.stream;
  start.record.trace?.step('read', { model: start.record.requestedModel, stream: read.value.stream });
  return parts.pipeline(newCall(operation, arrived, read.value, start));
}

const newCall = (
  { format, operation }: Operation,
  { request, caller }: Arrived,
  { bytes: body, json, model, modelSpan, stream }: ReadBody,
  start: CallStart,
): Call => ({
  ...start,
  caller,
  clientFormat: format,
  operation,
  model,
  stream,
  body,
  modelSpan,
  json,
  strict: request.headers['x-patchbay-strict'] === 'true',
  headers: request.headers,
  ...withoutAccount(queryWithoutKey(request.url ?? '')),
});

/** A query string without the account that it names for us, and that account. */
function withoutAccount(query: string): Pick<Call, 'query' | 'account'> {
  if (!query.includes('account_id=')) return { query };
  const parameters = new URLSearchParams(query);
  const account = parameters.get('account_id') || undefined;
  parameters.delete('account_id');
  const rest = parameters.toString();
  return { query: rest === '' ? '' : `?${rest}`, ...(account !== undefined && { account }) };
}

const INTERNAL: Failure = {
  kind: 'internal',
  message: 'The gateway met an unexpected error. The log has its request id.',
};

const newRecord = (
  parts: ServeParts,
  { format, route }: Operation,
  { request, requestId, caller }: Arrived,
): CallRecord => ({
  requestId,
  startedAtMs: parts.clock.nowMs(),
  registryVersion: parts.registryVersion(),
  clientFormat: format,
  route,
  keyId: caller.keyId,
  requestedModel: '',
  stream: false,
  express: false,
  status: 0,
  state: 'failed',
  durationMs: 0,
  attempts: [],
  losses: [],
  ...(typeof request.headers['traceparent'] === 'string' && { traceparent: request.headers['traceparent'] }),
  ...tapped(parts.newTap?.(caller)),
  ...(parts.traces?.wants(request.headers) === true && {
    trace: parts.traces.begin({ headers: request.headers, requestId, owner: caller }),
  }),
});

function stateOf(outcome: Outcome, record: CallRecord, gone: boolean): CallState {
  if (gone || record.attempts.at(-1)?.state === 'cancelled') return 'cancelled';
  if (outcome.kind === 'body') return 'success';
  if (outcome.kind !== 'answered') return 'failed';
  return outcome.fromCache === true ? 'success' : (record.attempts.at(-1)?.state ?? 'failed');
}

function sendBody(client: AnswerSink, body: unknown): void {
  const text = JSON.stringify(body);
  client.start(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-patchbay-estimate': 'true',
  });
  client.end(text);
}
