import type { MetricEvent } from './metric-event.ts';
import { Counter, Histogram } from './prometheus.ts';

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const NANO_PER_USD = 1e9;

/** Events as Prometheus knows them: sums that only grow, and durations by bucket. */
export interface PrometheusText {
  record(event: MetricEvent): void;
  render(): string;
}

/** Nothing has been recorded yet. Labels are providers' names and our own words, never what a model or a caller says. */
export function createPrometheusText(): PrometheusText {
  const requests = new Counter('ai_provider_requests_total', 'Total requests per provider', ['provider', 'status']);
  const durations = new Histogram(
    'ai_provider_request_duration_seconds',
    'Request duration in seconds',
    ['provider'],
    SECONDS,
  );
  const first = new Histogram(
    'ai_provider_time_to_first_token_seconds',
    'From the request to the first output of a stream',
    ['provider'],
    SECONDS,
  );
  const tokens = new Counter('ai_provider_tokens_total', 'Tokens; cached are part of input, reasoning of output', [
    'provider',
    'kind',
  ]);
  const costs = new Counter('ai_provider_cost_usd_total', 'Cost of requests of known price', ['provider']);
  const retries = new Counter('ai_provider_retries_total', 'Requests after the first of their call', ['provider']);
  const events = new Counter('ai_provider_events_total', 'Everything that happened', ['provider', 'type']);
  return {
    record({ type, provider, latencyMs, firstOutputMs, usage, costNanoUsd, attempt = 1 }) {
      events.add([provider, type], 1);
      if (type === 'request' && attempt > 1) retries.add([provider], 1);
      if (type === 'stream_start' && firstOutputMs !== undefined) first.observe([provider], firstOutputMs / 1000);
      if (type !== 'success' && type !== 'error') return;
      requests.add([provider, type], 1);
      if (latencyMs !== undefined) durations.observe([provider], latencyMs / 1000);
      if (costNanoUsd !== undefined) costs.add([provider], costNanoUsd / NANO_PER_USD);
      if (usage === undefined) return;
      tokens.add([provider, 'input'], usage.inputTokens);
      tokens.add([provider, 'output'], usage.outputTokens);
      tokens.add([provider, 'cached'], usage.cacheReadTokens);
      tokens.add([provider, 'reasoning'], usage.reasoningTokens);
    },
    render: () => [requests, durations, first, tokens, costs, retries, events].map((each) => each.render()).join(''),
  };
}
