import { systemClock, systemRandom, type Clock } from '../model/clock.ts';
import { failed, ok, type Failure, type Result } from '../model/failure.ts';
import { retryAfterMs } from '../model/retry-after.ts';
import { RingHistogram, type HistogramSummary } from '../observe/ring-histogram.ts';
import { InterceptorChain, type Interceptor } from '../plugins/interceptors.ts';
import { retryPolicyOf, withRetries, type RetryOption } from '../resilience/retry-policy.ts';
import type { Exchange, UpstreamRequest, UpstreamResponse } from '../transport/exchange.ts';
import { fetchExchange } from '../transport/fetch-exchange.ts';
import { providerErrorOf } from './provider-error.ts';

/** How an HTTP client works; durations in milliseconds. */
export interface HttpClientConfig {
  /** One request, all its tries together. Default 60 000; 0 waits forever. */
  readonly timeout?: number;
  /** Default: 3 tries after the first, from 1 s to 60 s, for 429, 5xx and the network. */
  readonly retry?: RetryOption;
  /** Default: `fetch`. `proxyExchange` of `@patchbay/llm/node` goes through proxies. */
  readonly exchange?: Exchange;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** An answer that was read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Throws `SyntaxError` when the text is no JSON. */
  json(): unknown;
}

/** What a client did so far. */
export interface HttpClientMetrics {
  readonly requests: number;
  readonly retries: number;
  readonly failures: number;
  /** Milliseconds, of the last thousand requests. */
  readonly latency: HistogramSummary;
}

/** Sends requests of any kind with retries, interceptors and counts. */
export interface HttpClient {
  /** The answer, whatever its status. Throws `ProviderError` when none came. */
  send(request: UpstreamRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  /** Stands around every try from now on; the first added is outermost. */
  addInterceptor(interceptor: Interceptor<UpstreamRequest, Result<HttpAnswer>>): void;
  getMetrics(): HttpClientMetrics;
}

/** Makes an HTTP client. Throws `ProviderError` when the retry policy makes no sense. */
export function newHttpClient(config: HttpClientConfig = {}): HttpClient {
  const { timeout = 60_000, exchange = fetchExchange(), clock = systemClock, random = systemRandom } = config;
  const policy = retryPolicyOf(config.retry ?? { maxMs: 60_000 });
  if (!policy.ok) throw providerErrorOf(policy.failure, PLACE);
  const chain = new InterceptorChain<UpstreamRequest, Result<HttpAnswer>>();
  const latency = new RingHistogram();
  const counts = { requests: 0, retries: 0, failures: 0 };
  return {
    addInterceptor: (interceptor) => void chain.add(interceptor),
    getMetrics: () => ({ ...counts, latency: latency.summary() }),
    async send(request, caller) {
      counts.requests += 1;
      const startedMs = clock.monotonicMs();
      const over = new AbortController();
      const signal = caller ? AbortSignal.any([caller, over.signal]) : over.signal;
      const ended = new AbortController();
      if (timeout > 0) void clock.sleep(timeout, ended.signal).then(() => over.abort());
      let refusal: HttpAnswer | undefined;
      const result = await withRetries({ policy: policy.value, clock, random, signal }, async (retry) => {
        refusal = undefined;
        if (retry > 0) counts.retries += 1;
        const answered = await chain.run(request, (asked) => sendOnce(exchange, asked, signal));
        if (!answered.ok || !policy.value.statuses.includes(answered.value.status)) return answered;
        refusal = answered.value;
        return failed(refusalOf(answered.value));
      });
      ended.abort();
      latency.add(clock.monotonicMs() - startedMs);
      if (result.ok || refusal !== undefined) return result.ok ? result.value : (refusal as HttpAnswer);
      counts.failures += 1;
      const isLate = over.signal.aborted && caller?.aborted !== true;
      throw providerErrorOf(isLate ? lateFailure(timeout) : result.failure, PLACE);
    },
  };
}

const PLACE = { provider: 'http', operation: 'send' };

const lateFailure = (timeoutMs: number): Failure => ({
  kind: 'timeout',
  phase: 'total',
  message: `The request took longer than ${timeoutMs} ms.`,
});

function refusalOf({ status, headers }: HttpAnswer): Failure {
  const waitMs = retryAfterMs(headers);
  return {
    kind: status === 429 ? 'rate-limit' : 'overloaded',
    status,
    message: `The server answered ${status}.`,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  };
}

async function sendOnce(
  exchange: Exchange,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<Result<HttpAnswer>> {
  const sent = await exchange.send(request, signal);
  if (!sent.ok) return sent;
  try {
    const text = await textOf(sent.value);
    const { status, headers } = sent.value;
    return ok({ status, headers, text, json: () => JSON.parse(text) as unknown });
  } catch (error) {
    return failed({ kind: 'network', message: 'The connection broke.', detail: String(error) });
  }
}

async function textOf({ body }: UpstreamResponse): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
