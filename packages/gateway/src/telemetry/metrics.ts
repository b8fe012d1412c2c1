import type { Usage } from '@patchbay/llm/model/usage';
import { Counter, Histogram, renderGauge, type Gauge } from '@patchbay/llm/observe/prometheus';

import type { CallRecord, CallSink } from './call-record.ts';
import { createDocumentedMetrics } from './documented-metrics.ts';
import { createFidelityMetrics } from './fidelity-metrics.ts';
import { createSpendingMetrics } from './spending-metrics.ts';

export type { Gauge } from '@patchbay/llm/observe/prometheus';

/** Counts calls and writes them as Prometheus text. */
export interface Metrics extends CallSink {
  render(): string;
}

const DURATION_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Kinds of tokens, and where usage has them. */
const KINDS = [
  ['input', 'inputTokens'],
  ['output', 'outputTokens'],
  ['cache_read', 'cacheReadTokens'],
  ['cache_write', 'cacheWriteTokens'],
  ['reasoning', 'reasoningTokens'],
] as const satisfies readonly (readonly [string, keyof Usage])[];

/** Labels never hold what a caller can choose freely: routes, providers, accounts and states are ours. */
export function createMetrics(gauges: readonly Gauge[]): Metrics {
  const requests = new Counter('patchbay_requests_total', 'Finished calls, by the provider of their last attempt.', [
    'route',
    'provider',
    'state',
    'status',
  ]);
  const attempts = new Counter('patchbay_attempts_total', 'Upstream attempts.', [
    'provider',
    'account',
    'state',
    'failure',
  ]);
  const tokens = new Counter('patchbay_tokens_total', 'Tokens; the kinds of input are parts of input.', [
    'provider',
    'kind',
  ]);
  const durations = new Histogram('patchbay_request_duration_seconds', 'Whole calls.', ['route'], DURATION_BUCKETS_S);
  const firstTokens = new Histogram(
    'patchbay_time_to_first_token_seconds',
    'From the start of an attempt to its first output.',
    ['provider'],
    DURATION_BUCKETS_S,
  );
  const others = [createFidelityMetrics(), createSpendingMetrics(), createDocumentedMetrics(DURATION_BUCKETS_S)];
  return {
    record(call: CallRecord): void {
      for (const other of others) other.record(call);
      const lastProvider = call.attempts.at(-1)?.providerId ?? '';
      requests.add([call.route, lastProvider, call.state, String(call.status)], 1);
      durations.observe([call.route], call.durationMs / 1000);
      for (const { providerId, accountId, state, failureKind, firstTokenMs, usage } of call.attempts) {
        attempts.add([providerId, accountId, state, failureKind ?? ''], 1);
        if (firstTokenMs !== undefined) firstTokens.observe([providerId], firstTokenMs / 1000);
        if (usage !== undefined)
          for (const [kind, member] of KINDS) if (usage[member] > 0) tokens.add([providerId, kind], usage[member]);
      }
    },
    render: () =>
      [requests, attempts, tokens, durations, firstTokens, ...others].map((each) => each.render()).join('') +
      gauges.map(renderGauge).join(''),
  };
}
