import type { MetricEvent, MetricEventType } from './metric-event.ts';
import { RingHistogram, type HistogramSummary } from './ring-histogram.ts';

/** Tokens and what they cost. */
export interface TokenTotals {
  readonly input: number;
  readonly output: number;
  /** Read from a prompt cache; part of `input`. */
  readonly cached: number;
  /** Part of `output`. */
  readonly reasoning: number;
  readonly total: number;
  /** Exact, in whole billionths of a dollar; calls of unknown price are not in it. */
  readonly costNanoUsd: number;
  readonly cost: number;
  readonly currency: 'USD';
}

/** What is known of streams; percentiles of the last thousand. */
export interface StreamTotals {
  readonly started: number;
  readonly ended: number;
  readonly aborted: number;
  readonly chunks: number;
  /** Milliseconds. */
  readonly timeToFirstToken: HistogramSummary;
  readonly tokensPerSecond: HistogramSummary;
}

/** Sums over requests: all, those of one provider, or those of one model. */
export interface Totals {
  readonly requests: number;
  readonly successes: number;
  readonly errors: number;
  /** From 0 to 1, of requests that have ended; 0 before the first. */
  readonly successRate: number;
  /** Requests after the first of their call. */
  readonly retries: number;
  readonly rateLimits: number;
  readonly timeouts: number;
  /** Milliseconds, of requests that went well or not. */
  readonly latency: HistogramSummary;
  readonly tokens: TokenTotals;
  readonly streaming: StreamTotals;
  readonly lastRequestAtMs?: number;
  readonly lastSuccessAtMs?: number;
  readonly lastErrorAtMs?: number;
  readonly lastError?: string;
  /** Failed requests since the last that went well. */
  readonly consecutiveErrors: number;
}

const NANO_PER_USD = 1e9;

/** Adds events up. */
export class Tally {
  readonly #counts: Partial<Record<MetricEventType, number>> = {};
  readonly #latency = new RingHistogram();
  readonly #firstOutput = new RingHistogram();
  readonly #speed = new RingHistogram();
  readonly #tokens = { input: 0, output: 0, cached: 0, reasoning: 0, costNanoUsd: 0 };
  readonly #last: { requestAtMs?: number; successAtMs?: number; errorAtMs?: number; error?: string } = {};
  #retries = 0;
  #consecutiveErrors = 0;

  add(event: MetricEvent, atMs: number): void {
    this.#counts[event.type] = this.count(event.type) + 1;
    if (event.type === 'request') {
      this.#last.requestAtMs = atMs;
      if ((event.attempt ?? 1) > 1) this.#retries += 1;
    }
    if (event.type === 'stream_start' && event.firstOutputMs !== undefined) this.#firstOutput.add(event.firstOutputMs);
    if (event.type === 'success') this.#addSuccess(event, atMs);
    if (event.type === 'error') {
      this.#last.errorAtMs = atMs;
      this.#last.error = event.errorMessage ?? event.errorType ?? 'unknown';
      this.#consecutiveErrors += 1;
      if (event.latencyMs !== undefined) this.#latency.add(event.latencyMs);
    }
  }

  count(type: MetricEventType): number {
    return this.#counts[type] ?? 0;
  }

  totals(): Totals {
    const [successes, errors] = [this.count('success'), this.count('error')];
    const { requestAtMs, successAtMs, errorAtMs, error } = this.#last;
    const { input, output, costNanoUsd } = this.#tokens;
    return {
      requests: this.count('request'),
      successes,
      errors,
      successRate: successes + errors === 0 ? 0 : successes / (successes + errors),
      retries: this.#retries,
      rateLimits: this.count('rate_limit'),
      timeouts: this.count('timeout'),
      latency: this.#latency.summary(),
      tokens: { ...this.#tokens, total: input + output, cost: costNanoUsd / NANO_PER_USD, currency: 'USD' },
      streaming: {
        started: this.count('stream_start'),
        ended: this.count('stream_end'),
        aborted: this.count('stream_abort'),
        chunks: this.count('stream_chunk'),
        timeToFirstToken: this.#firstOutput.summary(),
        tokensPerSecond: this.#speed.summary(),
      },
      ...(requestAtMs !== undefined && { lastRequestAtMs: requestAtMs }),
      ...(successAtMs !== undefined && { lastSuccessAtMs: successAtMs }),
      ...(errorAtMs !== undefined && { lastErrorAtMs: errorAtMs }),
      ...(error !== undefined && { lastError: error }),
      consecutiveErrors: this.#consecutiveErrors,
    };
  }

  #addSuccess({ latencyMs, firstOutputMs, usage, costNanoUsd }: MetricEvent, atMs: number): void {
    this.#last.successAtMs = atMs;
    this.#consecutiveErrors = 0;
    if (latencyMs !== undefined) this.#latency.add(latencyMs);
    this.#tokens.costNanoUsd += costNanoUsd ?? 0;
    if (usage === undefined) return;
    this.#tokens.input += usage.inputTokens;
    this.#tokens.output += usage.outputTokens;
    this.#tokens.cached += usage.cacheReadTokens;
    this.#tokens.reasoning += usage.reasoningTokens;
    const spokenMs = (latencyMs ?? 0) - (firstOutputMs ?? Infinity);
    if (spokenMs > 0) this.#speed.add(usage.outputTokens / (spokenMs / 1000));
  }
}
