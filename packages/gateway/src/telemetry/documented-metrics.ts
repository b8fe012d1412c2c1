import { Counter, Histogram } from '@patchbay/llm/observe/prometheus';

import type { CallRecord, CallSink } from './call-record.ts';

/**
 * The metrics that guides and dashboards of `aigateway` and `ai_provider` name. `status` is that of the answer for calls,
 * `success` or `error` for what providers answered.
 */
export function createDocumentedMetrics(bucketsS: readonly number[]): CallSink & { render(): string } {
  const calls = new Counter('aigateway_requests_total', 'Finished calls, by the provider of their last attempt.', [
    'provider',
    'status',
  ]);
  const durations = new Histogram('aigateway_request_duration_seconds', 'Whole calls.', ['provider'], bucketsS);
  const proxied = new Counter('aigateway_proxy_requests_total', 'Attempts through outbound proxies.', [
    'proxy',
    'status',
  ]);
  const attempts = new Counter('ai_provider_requests_total', 'Upstream attempts.', ['provider', 'status']);
  const latencies = new Histogram('ai_provider_request_duration_seconds', 'Upstream attempts.', ['provider'], bucketsS);
  return {
    record(call: CallRecord): void {
      const lastProvider = call.attempts.at(-1)?.providerId ?? '';
      calls.add([lastProvider, String(call.status)], 1);
      durations.observe([lastProvider], call.durationMs / 1000);
      for (const { providerId, state, latencyMs, proxyId } of call.attempts) {
        const status = state === 'success' ? 'success' : 'error';
        attempts.add([providerId, status], 1);
        latencies.observe([providerId], latencyMs / 1000);
        if (proxyId !== undefined) proxied.add([String(proxyId), status], 1);
      }
    },
    render: () => [calls, durations, proxied, attempts, latencies].map((each) => each.render()).join(''),
  };
}
