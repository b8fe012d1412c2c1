import type { IncomingHttpHeaders } from 'node:http';

import type { Operation, OperationFailure } from '@patchbay/contract';
import type { FastifyRequest } from 'fastify';

import { callerOf, type Principal } from '../../identity/principal.ts';
import type { Circumstances } from '../../operations/handler.ts';
import { sendFailure } from '../../serving/dress.ts';
import { readParts, readRequest } from '../../serving/read-request.ts';
import {
  failureOfError,
  perform,
  sendAnswer,
  type serveOperation,
  signalOf,
  type PerformingParts,
} from '../../serving/serve-operation.ts';
import type { TraceBook } from '../../telemetry/trace-book.ts';
import { isForm, readForm } from './read-form.ts';
import { EventAnswer } from './event-answer.ts';

/** What requests of this interface are served with besides. */
export interface GenerationServing extends PerformingParts {
  /** Traces requests that want it. */
  readonly traces: Pick<TraceBook, 'wants' | 'begin'>;
}

/**
 * Has something made: asked in JSON, or in a form where a file comes along; answered in one piece, or event by event where
 * `Accept` asks for `text/event-stream`.
 */
export const createServe =
  ({ traces }: GenerationServing): typeof serveOperation =>
  async (parts, performed, { request, reply, principal }) => {
    const { dress } = parts;
    const { operation } = performed;
    const otherVersion = versionIssue(request.headers.accept);
    if (otherVersion !== undefined) return sendFailure(dress, reply, otherVersion);
    const asked = isForm(request.headers)
      ? await readFormOf(operation, request)
      : readRequest(operation, request, dress.named);
    if (!asked.ok) return sendFailure(dress, reply, asked.failure);
    const trace = traceOf(traces, request, principal);
    trace?.step('received', { route: operation.path, bytes: Number(request.headers['content-length'] ?? 0) });
    const events = wantsEvents(request.headers) ? new EventAnswer(reply, parts.clock, trace) : undefined;
    const circumstances: Circumstances = {
      principal,
      requestId: request.id,
      peer: request.socket.remoteAddress ?? '',
      signal: signalOf(reply),
      origin: `${request.protocol}://${request.host}`,
      ...(events && { tell: (progress) => events.tell(progress) }),
      ...(trace && { trace }),
    };
    const made = await perform(parts, performed, asked.value, circumstances).catch((error: unknown) => ({
      ok: false as const,
      failure: failureOfError(parts, error, request.id),
    }));
    if (trace !== undefined) trace.step('made', { ok: made.ok });
    if (events?.begun === true) return events.end(made);
    if (trace !== undefined) reply.headers(trace.headers());
    return made.ok ? sendAnswer(reply, operation, made) : sendFailure(dress, reply, made.failure);
  };

const readFormOf = async (operation: Operation, request: FastifyRequest) => {
  const form = await readForm(request);
  return readParts(operation, { params: request.params, query: request.query, body: () => form });
};

function traceOf(traces: GenerationServing['traces'], request: FastifyRequest, principal: Principal | undefined) {
  if (principal === undefined || !traces.wants(request.headers)) return undefined;
  return traces.begin({ headers: request.headers, requestId: request.id, owner: callerOf(principal) });
}

const wantsEvents = ({ accept = '' }: IncomingHttpHeaders): boolean => /\btext\/event-stream\b/i.test(accept);

/** Clients may name the version that they want; there is one. */
function versionIssue(accept = ''): OperationFailure | undefined {
  const named = /application\/vnd\.ai-backend\.v(\d+)\+json/i.exec(accept)?.[1];
  if (named === undefined || named === '1') return undefined;
  const message = `There is no version ${named} of this interface. Ask for application/vnd.ai-backend.v1+json.`;
  return { code: 'INVALID_INPUT', message };
}
