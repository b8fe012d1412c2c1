import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { ServedFormatId } from '@patchbay/llm/wire/registry';

import type { Caller } from '../../identity/ports.ts';
import type { Outcome } from '../../pipeline/stage.ts';
import { ClientSink } from '../../relay/client-sink.ts';
import type { DeadlineWheel } from '../../relay/deadline-wheel.ts';
import type { CallRecord, CallSink, CallState } from '../../telemetry/call-record.ts';
import { tapped, type CallTap } from '../../telemetry/payloads/tap.ts';
import type { TraceBook } from '../../telemetry/trace-book.ts';
import { sendFailure } from './send-failure.ts';

export interface RecordingParts {
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
  /** Where unexpected errors go. */
  readonly onError: (error: unknown, requestId: string) => void;
}

/** One request whose caller is known. */
export interface Admitted {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly caller: Caller;
  /** What the record names as its route; never anything that a caller chose. */
  readonly route: string;
  /** The dialect in which our own failures are told. */
  readonly format: ServedFormatId;
}

/** What a call needs that was begun with its request. */
export interface Begun {
  readonly caller: Caller;
  readonly client: ClientSink;
  readonly record: CallRecord;
  readonly startedMs: number;
}

/** Runs one call between opening the client's end and writing its record; an answer that broke off is cut. */
export async function serveRecorded(
  parts: RecordingParts,
  admitted: Admitted,
  run: (begun: Begun) => Promise<Outcome>,
): Promise<void> {
  const { response, requestId, format } = admitted;
  const startedMs = parts.clock.monotonicMs();
  const record = newRecord(parts, admitted);
  record.trace?.step('received', { route: admitted.route });
  record.trace?.step('authenticated', { key: admitted.caller.keyId, user: admitted.caller.userId });
  const client = new ClientSink(response, record, parts.wheel, parts.clientStallMs);
  const outcome = await run({ caller: admitted.caller, client, record, startedMs }).catch((error: unknown): Outcome => {
    parts.onError(error, requestId);
    return { kind: 'failed', failure: INTERNAL };
  });
  if (outcome.kind === 'failed') sendFailure(client, format, outcome);
  record.status = client.started ? client.status : 499;
  record.state = stateOf(outcome, record, client.gone);
  record.durationMs = Math.round(parts.clock.monotonicMs() - startedMs);
  parts.sink.record(record);
  // Bytes without an end would be taken for the whole by clients that know no length.
  if (!response.writableEnded) response.destroy();
}

const INTERNAL: Failure = {
  kind: 'internal',
  message: 'The gateway met an unexpected error. The log has its request id.',
};

const newRecord = (parts: RecordingParts, { request, requestId, format, route, caller }: Admitted): CallRecord => ({
  requestId,
  startedAtMs: parts.clock.nowMs(),
  registryVersion: parts.registryVersion(),
  clientFormat: format,
  route,
  keyId: caller.keyId,
  requestedModel: '',
  stream: false,
  express: true,
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
  const last = record.attempts.at(-1)?.state;
  if (gone || last === 'cancelled') return 'cancelled';
  return outcome.kind === 'answered' ? (last ?? 'failed') : 'failed';
}
