/** Counts calls, tokens and latencies, for Prometheus and for programs. */
import { exportPrometheus, newMetricsCollector, withMetrics } from '@patchbay/llm';
import { newMockProvider } from '@patchbay/llm/testing';

const collector = newMetricsCollector();
const provider = withMetrics(newMockProvider('openai'), collector);
for await (const _ of await provider.generateChatCompletion({ prompt: 'Hi' }));
const [line] = exportPrometheus(collector).match(/^ai_provider_requests_total\{.*$/m) ?? [];
console.log(line); // → ai_provider_requests_total{provider="openai",status="success"} 1
console.log(collector.getSnapshot().requests); // → 1
