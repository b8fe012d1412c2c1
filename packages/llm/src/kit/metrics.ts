import { systemClock, type Clock } from '../model/clock.ts';
import { NO_USAGE } from '../model/usage.ts';
import {
  fixedCostCalculator,
  nullCostCalculator,
  type CostCalculator,
  type ThousandPrices,
} from '../observe/cost-calculator.ts';
import type { MetricEvent } from '../observe/metric-event.ts';
import { createMetricsCollector, type CollectorOptions, type MetricsCollector } from '../observe/metrics-collector.ts';
import { newChatStream, type ChatCompletionChunk } from './chat-stream.ts';
import { ProviderError } from './provider-error.ts';
import type { Provider } from './provider.ts';
import { wrapProvider } from './wrap-provider.ts';

/** Counts what happens; give it to `withMetrics`, or record events of your own. */
export const newMetricsCollector = (options: CollectorOptions = {}): MetricsCollector =>
  createMetricsCollector(options);

/** Everything a collector counted, as Prometheus text (exposition format 0.0.4). */
export const exportPrometheus = (collector: Pick<MetricsCollector, 'exportPrometheus'>): string =>
  collector.exportPrometheus();

/** Everything costs 0 USD. */
export const newNullCostCalculator = (): CostCalculator => nullCostCalculator;

/** Prices in dollars per 1 000 tokens, by `provider/model` or by model alone. */
export const newCostCalculator = (prices: Readonly<Record<string, ThousandPrices>>): CostCalculator =>
  fixedCostCalculator(prices);

/** The same provider, whose calls are told to a collector under the provider's name. */
export function withMetrics(provider: Provider, collector: MetricsCollector, clock: Clock = systemClock): Provider {
  return wrapProvider(provider, async (options, call) => {
    const model = options.model ?? provider.getDefaultModel();
    const startedMs = clock.monotonicMs();
    const record = (type: MetricEvent['type'], facts: Partial<MetricEvent> = {}): void =>
      collector.recordEvent({ type, provider: provider.name(), providerType: provider.type(), model, ...facts });
    const broken = (error: unknown): void => recordError(record, error, { latencyMs: clock.monotonicMs() - startedMs });
    record('request');
    try {
      const stream = await provider.generateChatCompletion(options, call);
      const told = { record, isStream: options.stream === true, elapsedMs: () => clock.monotonicMs() - startedMs };
      return newChatStream(watched(stream, { ...told, broken }), () => void stream.close());
    } catch (error) {
      broken(error);
      throw error;
    }
  });
}

type Tell = (type: MetricEvent['type'], facts?: Partial<MetricEvent>) => void;

interface Watching {
  readonly record: Tell;
  readonly isStream: boolean;
  readonly elapsedMs: () => number;
  readonly broken: (error: unknown) => void;
}

async function* watched(
  chunks: AsyncIterable<ChatCompletionChunk>,
  { record, isStream, elapsedMs, broken }: Watching,
): AsyncGenerator<ChatCompletionChunk> {
  let firstOutputMs: number | undefined;
  let hasEnded = false;
  try {
    for await (const chunk of chunks) {
      if (isStream && firstOutputMs === undefined)
        record('stream_start', { firstOutputMs: (firstOutputMs = elapsedMs()) });
      if (isStream) record('stream_chunk');
      if (chunk.done) {
        hasEnded = true;
        const facts = { latencyMs: elapsedMs(), ...(firstOutputMs !== undefined && { firstOutputMs }) };
        record('success', { ...facts, ...(chunk.usage && { usage: usageOf(chunk.usage) }) });
        if (isStream) record('stream_end', { latencyMs: facts.latencyMs });
      }
      yield chunk;
    }
  } catch (error) {
    hasEnded = true;
    broken(error);
    throw error;
  } finally {
    if (!hasEnded && isStream) record('stream_abort', { latencyMs: elapsedMs() });
  }
}

const usageOf = ({ promptTokens, completionTokens }: ChatCompletionChunk['usage'] & object) => ({
  ...NO_USAGE,
  inputTokens: promptTokens,
  outputTokens: completionTokens,
});

function recordError(record: Tell, error: unknown, facts: Partial<MetricEvent>): void {
  const { code, statusCode } = error instanceof ProviderError ? error : { code: 'unknown', statusCode: undefined };
  record('error', {
    ...facts,
    errorType: code,
    errorMessage: error instanceof Error ? error.message : String(error),
    ...(statusCode !== undefined && { status: statusCode }),
  });
  if (code === 'rate_limit') record('rate_limit');
  if (code === 'timeout') record('timeout');
}
