import type { AttemptEnd, AttemptFacts, CallEnd, CallFacts, CallObserver } from '../model/observer.ts';
import type { MetricEvent, MetricEventType } from './metric-event.ts';
import type { MetricsCollector } from './metrics-collector.ts';

/** Operations whose requests are counted: those that a model works for. */
const COUNTED: ReadonlySet<CallFacts['operation']> = new Set(['generate', 'stream', 'embed', 'image']);

interface Going {
  attempt?: AttemptFacts;
  /** An attempt that has ended; it is told with its usage when the call ends, or without when another follows. */
  ended?: AttemptEnd;
  firstOutputMs?: number;
}

/** Tells a client's calls to a collector; give it to the client as `observer`. */
export function observeMetrics(collector: Pick<MetricsCollector, 'recordEvent'>): CallObserver {
  const calls = new WeakMap<CallFacts, Going>();
  const record = (type: MetricEventType, { providerId, model }: AttemptFacts, facts: Partial<MetricEvent> = {}): void =>
    collector.recordEvent({ type, provider: providerId, model, ...facts });
  const flush = (going: Going, end?: CallEnd): void => {
    const { attempt, ended } = going;
    if (attempt === undefined || ended === undefined) return;
    delete going.ended;
    if (ended.outcome === 'abandoned') return;
    record(ended.outcome === 'failed' ? 'error' : 'success', attempt, factsOf(ended, end));
    if (ended.failure?.kind === 'rate-limit') record('rate_limit', attempt);
    if (ended.failure?.kind === 'timeout') record('timeout', attempt);
  };
  return {
    callStarted(call) {
      if (COUNTED.has(call.operation)) calls.set(call, {});
    },
    attemptStarted(call, attempt) {
      const going = calls.get(call);
      if (going === undefined) return;
      flush(going);
      const before = going.attempt;
      going.attempt = attempt;
      record('request', attempt, { attempt: attempt.number });
      if (before !== undefined && before.providerId !== attempt.providerId)
        record('provider_switch', attempt, { metadata: { from: before.providerId, to: attempt.providerId } });
    },
    attemptEnded(call, _attempt, end) {
      const going = calls.get(call);
      if (going !== undefined) going.ended = end;
    },
    firstOutput(call, attempt, afterMs) {
      const going = calls.get(call);
      if (going === undefined) return;
      going.firstOutputMs = afterMs;
      record('stream_start', attempt, { firstOutputMs: afterMs });
    },
    event(call, event) {
      const attempt = calls.get(call)?.attempt;
      if (attempt !== undefined && event.type === 'part-delta') record('stream_chunk', attempt);
    },
    callEnded(call, end) {
      const going = calls.get(call);
      if (going === undefined) return;
      flush(going, end);
      if (call.operation !== 'stream' || going.attempt === undefined || going.firstOutputMs === undefined) return;
      record(end.outcome === 'answered' ? 'stream_end' : 'stream_abort', going.attempt, { latencyMs: end.latencyMs });
    },
  };
}

const factsOf = ({ latencyMs, failure, status }: AttemptEnd, end: CallEnd | undefined): Partial<MetricEvent> => ({
  latencyMs,
  ...(failure && { errorType: failure.kind, errorMessage: failure.message }),
  ...((failure?.status ?? status) !== undefined && { status: failure?.status ?? status ?? 0 }),
  // The last attempt ends with its call, so that the time it spoke is the same seen from both.
  ...(end?.firstOutputMs !== undefined && { firstOutputMs: latencyMs - (end.latencyMs - end.firstOutputMs) }),
  ...(end?.usage && { usage: end.usage }),
  ...(end?.costNanoUsd !== undefined && { costNanoUsd: end.costNanoUsd }),
});
