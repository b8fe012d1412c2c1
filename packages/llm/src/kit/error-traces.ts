import type { Failure } from '../model/failure.ts';
import type { CallObserver } from '../model/observer.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { RequestSnapshot, ResponseSnapshot } from './error-context.ts';

/** Carries our name of a call to the provider, whose support can find the call by it. */
export const CORRELATION_HEADER = 'x-correlation-id';

/** What went over the wire last in one call. */
export interface Trace {
  request?: RequestSnapshot;
  response?: ResponseSnapshot;
  /** How the call failed, also where something else stood in for its answer. */
  failure?: Failure;
}

/** Remembers the last exchange of every call that is on its way, for the error that it may end in. */
export interface Traces {
  /** Sends as the exchange it was made of. */
  readonly exchange: Exchange;
  /** Hears of calls that say their id as `correlationId` in their metadata. */
  readonly observer: CallObserver;
  /** Begins to remember; the call must send this id in `CORRELATION_HEADER`. */
  start(correlationId: string): Trace;
  /** Forgets the call. */
  end(correlationId: string): void;
}

/** Traces over an exchange. */
export function createTraces(exchange: Exchange): Traces {
  const traces = new Map<string, Trace>();
  return {
    exchange: {
      async send(request, signal) {
        const trace = traces.get(request.headers[CORRELATION_HEADER] ?? '');
        if (trace === undefined) return exchange.send(request, signal);
        const { method, url, headers, body } = request;
        trace.request = { method, url, headers, ...(typeof body === 'string' && { body }) };
        delete trace.response;
        const sent = await exchange.send(request, signal);
        if (sent.ok) trace.response = { statusCode: sent.value.status, headers: sent.value.headers };
        return sent;
      },
    },
    observer: {
      callEnded({ metadata }, { failure }) {
        const trace = traces.get(metadata['correlationId'] ?? '');
        if (trace !== undefined && failure !== undefined) trace.failure = failure;
      },
    },
    start(correlationId) {
      const trace: Trace = {};
      traces.set(correlationId, trace);
      return trace;
    },
    end: (correlationId) => void traces.delete(correlationId),
  };
}

/** Where vendors put their own name of a call. */
const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'cerebras-request-id', 'x-dashscope-request-id'];

/** The provider's own name for the call, when it answered with one. */
export const requestIdOf = ({ response }: Trace): string | undefined =>
  REQUEST_ID_HEADERS.map((name) => response?.headers[name]).find((id) => id !== undefined);
