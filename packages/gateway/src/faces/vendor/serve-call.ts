import type { WireFormatId } from '@patchbay/llm/model/extras';
import type { Failure } from '@patchbay/llm/model/failure';
import type { Clock } from '@patchbay/llm/model/clock';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { queryWithoutKey } from '../../identity/presented-key.ts';
import type { Caller } from '../../identity/ports.ts';
import type { Call } from '../../pipeline/call.ts';
import { readBody } from '../../pipeline/read-body.ts';
import type { Outcome } from '../../pipeline/stage.ts';
import { ClientSink } from '../../relay/client-sink.ts';
import type { DeadlineWheel } from '../../relay/deadline-wheel.ts';
import type { CallRecord, CallSink, CallState } from '../../telemetry/call-record.ts';
import { sendFailure } from './send-failure.ts';

export interface ServeParts {
  readonly pipeline: (call: Call) => Promise<Outcome>;
  readonly sink: CallSink;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
  readonly clientStallMs: number;
}

/** One data-plane operation of one dialect. */
export interface Operation {
  readonly format: WireFormatId;
  readonly operation: Call['operation'];
  readonly route: string;
}

/** Serves one request on the raw socket: no framework stream stands between the relay and the client. */
export async function serveCall(
  parts: ServeParts,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.hijack();
  const startedMs = parts.clock.monotonicMs();
  const client = new ClientSink(reply.raw, request.id, parts.wheel, parts.clientStallMs);
  const { caller } = request as FastifyRequest & { caller: Caller };
  const record = newRecord(parts, operation, request, caller);
  const outcome = await runCall(parts, operation, request, { client, caller, record, startedMs });
  if (outcome.kind === 'failed') sendFailure(client, operation.format, outcome);
  if (outcome.kind === 'body') sendBody(client, outcome.body);
  record.status = client.started ? client.status : 499;
  record.state = stateOf(outcome, record, client.gone);
  record.durationMs = Math.round(parts.clock.monotonicMs() - startedMs);
  parts.sink.record(record);
}

async function runCall(
  parts: ServeParts,
  { format, operation }: Operation,
  request: FastifyRequest,
  given: Pick<Call, 'client' | 'caller' | 'record' | 'startedMs'>,
): Promise<Outcome> {
  const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
  const read = readBody(body);
  if (!read.ok) return { kind: 'failed', failure: read.failure };
  const { json, model, modelSpan, stream } = read.value;
  given.record.requestedModel = model.slice(0, 200);
  given.record.stream = stream;
  const call: Call = {
    ...given,
    clientFormat: format,
    operation,
    model,
    stream,
    body,
    modelSpan,
    json,
    strict: request.headers['x-patchbay-strict'] === 'true',
    headers: request.headers,
    query: queryWithoutKey(request.raw.url ?? ''),
  };
  try {
    return await parts.pipeline(call);
  } catch (error) {
    request.log.error({ err: error, requestId: request.id }, 'a call ended in an unexpected error');
    return { kind: 'failed', failure: INTERNAL };
  }
}

const INTERNAL: Failure = {
  kind: 'internal',
  message: 'The gateway met an unexpected error. The log has its request id.',
};

const newRecord = (
  parts: ServeParts,
  { format, route }: Operation,
  request: FastifyRequest,
  caller: Caller,
): CallRecord => ({
  requestId: request.id,
  startedAtMs: parts.clock.nowMs(),
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
});

function stateOf(outcome: Outcome, record: CallRecord, gone: boolean): CallState {
  if (gone || record.attempts.at(-1)?.state === 'cancelled') return 'cancelled';
  if (outcome.kind === 'body') return 'success';
  return outcome.kind === 'answered' ? (record.attempts.at(-1)?.state ?? 'failed') : 'failed';
}

function sendBody(client: ClientSink, body: unknown): void {
  const text = JSON.stringify(body);
  client.start(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-patchbay-estimate': 'true',
  });
  client.end(text);
}
