import type { IncomingHttpHeaders } from 'node:http';

import type { Clock } from '@patchbay/llm/model/clock';

import type { CallRecord, CallSink } from './call-record.ts';
import { Trace, type ShownTrace, type TraceOwner } from './trace.ts';
import { readTraceparent } from './tracing/traceparent.ts';

/** A request that is to be traced. */
export interface Traceable {
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  readonly owner: TraceOwner;
}

/** Begins traces of requests that ask for one with `X-Trace-Enabled: true`, and keeps the newest for a while. */
export interface TraceBook {
  /** Whether a request is to be traced. Asked of every request: it makes nothing. */
  wants(headers: IncomingHttpHeaders): boolean;
  begin(asked: Traceable): Trace;
  /** Writes into the trace of a call, where it has one, how it came out. */
  settle(call: CallRecord): void;
  /** The newest trace with this id, or of the request with this id. */
  find(id: string): Trace | undefined;
  /** The newest first. */
  recent(limit: number): readonly ShownTrace[];
}

export interface TraceBookParts {
  readonly clock: Clock;
  /** Makes an id of 32 hexadecimal digits. */
  readonly newId: () => string;
  /** Traces kept; older ones are forgotten. Default 500. */
  readonly keptMax?: number;
  /** Hears of every call that settles, and then every request is traced: for debugging. */
  readonly onSettled?: (trace: ShownTrace) => void;
}

const KEPT_MAX = 500;

/** Makes an empty book. */
export function createTraceBook({ clock, newId, keptMax = KEPT_MAX, onSettled }: TraceBookParts): TraceBook {
  /** In the order in which they began. */
  const kept: Trace[] = [];
  return {
    wants: ({ 'x-trace-enabled': wish }) => onSettled !== undefined || (wish !== undefined && isYes(wish)),
    begin({ headers, requestId, owner }) {
      const { traceparent } = headers;
      const named = readTraceparent(typeof traceparent === 'string' ? traceparent : undefined);
      const facts = { id: named?.traceId ?? newId(), requestId, owner, startedAtMs: clock.nowMs() };
      const trace = new Trace(facts, () => clock.monotonicMs());
      kept.push(trace);
      if (kept.length > keptMax) kept.shift();
      return trace;
    },
    settle(call) {
      if (call.trace === undefined) return;
      call.trace.settle(call);
      onSettled?.(call.trace.show());
    },
    find: (id) => kept.findLast((each) => each.id === id || each.requestId === id),
    recent: (limit) =>
      kept
        .slice(-limit)
        .toReversed()
        .map((each) => each.show()),
  };
}

const isYes = (wish: string | readonly string[]): boolean => /^(?:true|1|yes|on)$/i.test(String(wish));

/** Writes into the traces of calls how they came out, before `sink` takes their records. */
export const tracedSink = (traces: Pick<TraceBook, 'settle'>, sink: CallSink): CallSink => ({
  record(call: CallRecord): void {
    traces.settle(call);
    sink.record(call);
  },
});
