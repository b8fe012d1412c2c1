import type { OutgoingHttpHeaders } from 'node:http';

import type { WireFormatId } from '@patchbay/llm/model/extras';
import type { Failure } from '@patchbay/llm/model/failure';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import type { Outcome } from '../../pipeline/stage.ts';
import type { ClientSink } from '../../relay/client-sink.ts';
import { relayedHeaders } from '../../relay/response-headers.ts';

/** An answer that says what went wrong, in the caller's dialect. */
export interface FailureAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** Kinds that another try later may cure; their answers always say when. */
const RETRY_LATER = new Set<Failure['kind']>(['rate-limit', 'overloaded']);
const DEFAULT_RETRY_MS = 1000;

/** Dresses a failure for a caller of `format`. */
export function failureAnswer(format: WireFormatId, failure: Failure): FailureAnswer {
  const { status, body } = WIRE_FORMATS[format].encodeFailure(failure);
  const headers: OutgoingHttpHeaders = { 'content-type': 'application/json' };
  const retryAfterMs = failure.retryAfterMs ?? (RETRY_LATER.has(failure.kind) ? DEFAULT_RETRY_MS : undefined);
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  // Some agents retry a refused key for minutes unless they are told that it is of no use.
  if (failure.kind === 'authentication') headers['x-should-retry'] = 'false';
  return { status, headers, body: JSON.stringify(body) };
}

/** Sends a failed outcome: the upstream's own words where the caller speaks its format, ours otherwise. */
export function sendFailure(client: ClientSink, format: WireFormatId, outcome: Outcome & { kind: 'failed' }): void {
  const { raw, failure } = outcome;
  if (raw !== undefined) {
    const headers = relayedHeaders(raw.headers);
    client.start(raw.status, { ...headers, 'content-length': raw.body.length });
    return client.end(raw.body);
  }
  const answer = failureAnswer(format, failure);
  client.start(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  client.end(answer.body);
}
