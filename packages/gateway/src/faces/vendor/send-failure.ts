import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

import type { ServedFormatId } from '@patchbay/llm/wire/registry';
import type { Failure } from '@patchbay/llm/model/failure';
import type { Json } from '@patchbay/llm/model/json';
import { encodeFrame } from '@patchbay/llm/transport/sse-encode';
import { objectOf } from '@patchbay/llm/wire/read';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';
import { retryAdvice } from '@patchbay/llm/wire/retry-advice';

import { codeOfFailure } from '../../diagnosis/code-of-failure.ts';
import type { Outcome } from '../../pipeline/stage.ts';
import type { AnswerSink } from '../../relay/client-sink.ts';
import { relayedHeaders } from '../../relay/response-headers.ts';

/** An answer that says what went wrong, in the caller's dialect. */
export interface FailureAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** Dresses a failure for a caller of `format`. */
export function failureAnswer(format: ServedFormatId, failure: Failure): FailureAnswer {
  const { status, body } = WIRE_FORMATS[format].encodeFailure(failure);
  const code = codeOfFailure(failure);
  return {
    status,
    headers: { 'content-type': 'application/json', ...retryAdvice(failure), ...doctorHeader(code) },
    body: JSON.stringify(code === undefined || format === 'gemini' ? body : withDoctor(body, code)),
  };
}

/** Names what `patchbay doctor` would explain the failure by. */
const doctorHeader = (code: string | undefined): OutgoingHttpHeaders =>
  code === undefined ? {} : { 'x-patchbay-doctor': code };

/** The same in the body. Google's errors are messages of a protocol that knows no other members. */
function withDoctor(body: Json, doctor: string): Json {
  const error = objectOf(objectOf(body)?.['error']);
  return error === undefined ? body : { ...objectOf(body), error: { ...error, doctor } };
}

/** Why a request is refused before it becomes a call, and how its refusal looks. */
export interface Refusal {
  readonly format: ServedFormatId;
  readonly failure: Failure;
  /** Sent as `x-request-id`; without it the answer has none. */
  readonly requestId?: string;
  /** True ends the connection, because a body that nobody reads would be taken for the next request. Default false. */
  readonly closes?: boolean;
}

/** Answers on the raw socket with a refusal; not for calls, whose failures go through `sendFailure`. */
export function refuse(response: ServerResponse, { format, failure, requestId, closes = false }: Refusal): void {
  const answer = failureAnswer(format, failure);
  response.writeHead(answer.status, {
    ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
    ...(closes ? { connection: 'close' } : {}),
  });
  response.end(answer.body);
}

/**
 * Sends a failed outcome: the upstream's own words where the caller speaks its format, ours otherwise. A stream that a
 * silence has started already ends with its own error event.
 */
export function sendFailure(client: AnswerSink, format: ServedFormatId, outcome: Outcome & { kind: 'failed' }): void {
  const { raw, failure, limits } = outcome;
  if (client.started) return client.end(errorEvent(format, failure));
  if (raw !== undefined) {
    const headers = {
      ...retryAdvice(failure),
      ...doctorHeader(codeOfFailure(failure)),
      ...relayedHeaders(raw.headers),
    };
    client.start(raw.status, { ...headers, 'content-length': raw.body.length });
    return client.end(raw.body);
  }
  const answer = failureAnswer(format, failure);
  client.start(answer.status, { ...limits, ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  client.end(answer.body);
}

function errorEvent(format: ServedFormatId, failure: Failure): string {
  const machine = WIRE_FORMATS[format].encodeStream({ model: '', messages: [], stream: true, streamUsage: true });
  const state = machine.initial();
  return [...machine.step(state as never, { type: 'failure', failure })].map(encodeFrame).join('');
}
