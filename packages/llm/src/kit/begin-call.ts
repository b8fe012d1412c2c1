import type { CallOptions } from '../client/call-options.ts';
import type { Clock } from '../model/clock.ts';
import type { Failure } from '../model/failure.ts';
import type { Connection } from './connect.ts';
import { maskErrorContext, type ErrorContext } from './error-context.ts';
import { CORRELATION_HEADER, requestIdOf } from './error-traces.ts';
import type { ChatCallOptions } from './generate-options.ts';
import type { ErrorPlace } from './provider-error.ts';

/** One call that has begun. Whoever began it calls `end` when nothing more is to come; again does no harm. */
export interface KitCall {
  /** For the client. */
  readonly options: CallOptions;
  /** Aborted by the caller, by the call's deadline and by `end`. */
  readonly signal: AbortSignal;
  readonly elapsedMs: () => number;
  /** How what was asked last failed; `undefined` when it did not. */
  readonly failure: () => Failure | undefined;
  /** Where an error of the call happened. */
  readonly placeOf: (provider: string, failure: Failure) => ErrorPlace;
  readonly end: () => void;
}

/** What a call begins with. */
export interface KitCallParts {
  readonly operation: string;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly call: ChatCallOptions;
  readonly model?: string;
  /** Budget of the whole call. Default: none. */
  readonly timeoutMs?: number;
}

/** Begins a call: its deadline runs, and what goes over the wire is remembered for its errors. */
export function beginCall({ operation, clock, connection, call, model, timeoutMs }: KitCallParts): KitCall {
  const correlationId = call.correlationId ?? crypto.randomUUID();
  const trace = connection.traces.start(correlationId);
  const [startedAtMs, startedMs] = [clock.nowMs(), clock.monotonicMs()];
  const left = new AbortController();
  const signal = call.signal ? AbortSignal.any([call.signal, left.signal]) : left.signal;
  if (timeoutMs !== undefined && timeoutMs > 0)
    void clock.sleep(timeoutMs, left.signal).then(() => left.abort(deadlineError(timeoutMs)));
  const elapsedMs = (): number => clock.monotonicMs() - startedMs;
  const contextOf = (provider: string, failure: Failure, requestId: string | undefined): ErrorContext => ({
    ...(trace.request && { request: trace.request }),
    ...(trace.response && { response: trace.response }),
    ...(trace.response && failure.raw && { response: { ...trace.response, body: JSON.stringify(failure.raw.body) } }),
    ...(requestId !== undefined && { requestId }),
    correlationId,
    timestamp: startedAtMs,
    duration: elapsedMs(),
    provider,
    operation,
    ...(model !== undefined && { model }),
  });
  return {
    options: {
      signal,
      headers: { [CORRELATION_HEADER]: correlationId },
      metadata: { correlationId },
      ...(call.credential !== undefined && { credential: call.credential }),
    },
    signal,
    elapsedMs,
    failure: () => trace.failure,
    placeOf: (provider, failure) => {
      const requestId = requestIdOf(trace);
      const context = maskErrorContext(contextOf(provider, failure, requestId));
      return { provider, operation, signal, context, ...(requestId !== undefined && { requestId }) };
    },
    end: () => {
      connection.traces.end(correlationId);
      left.abort();
    },
  };
}

const deadlineError = (timeoutMs: number): DOMException =>
  new DOMException(`The call took longer than ${timeoutMs} ms.`, 'TimeoutError');
