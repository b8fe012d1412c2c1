import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Exchange } from '@patchbay/llm/transport/exchange';

import type { TracingSettings } from '../../config/settings.ts';
import type { CallRecord, CallSink } from '../call-record.ts';
import { otlpJson, type TracedService } from './otlp-json.ts';
import { spansOf, type NewSpanId, type Span } from './spans-of.ts';

/** Sends finished calls as spans to an OpenTelemetry receiver. */
export interface SpanExporter extends CallSink {
  /** Calls that wait to be sent. */
  readonly queued: number;
  /** Calls that were not sent: too many waited, or the receiver did not take them. */
  readonly dropped: number;
  /** Sends what waits, as far as the receiver takes it. */
  flush(): Promise<void>;
  /** Sends what waits once more and stops. */
  close(): Promise<void>;
}

export interface SpanExporterParts {
  readonly settings: TracingSettings;
  readonly version: string;
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly newId: NewSpanId;
  /** Most calls that wait. Default 4,096. */
  readonly queueMax?: number;
  /** Hears of the first batch that was not taken, and of the first after one that was. */
  readonly onError: (error: unknown) => void;
}

const QUEUE_MAX = 4096;
/** Calls in one request. */
const BATCH_MAX = 256;
const FLUSH_MS = 2000;
/** Longest wait for a receiver, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** Tries for one batch, a flush apart: a receiver that restarts is back by then. */
const TRIES_MAX = 5;
/** What receivers answer that may take the same batch later. */
const LATER: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Recording costs a push; spans are made and sent later, a batch at a time. */
export const createSpanExporter = (parts: SpanExporterParts): SpanExporter => new BatchedExporter(parts);

class BatchedExporter implements SpanExporter {
  dropped = 0;
  readonly #parts: SpanExporterParts;
  readonly #service: TracedService;
  readonly #stop: () => void;
  #queue: CallRecord[] = [];
  #batch: { readonly calls: number; readonly body: string; tries: number } | undefined;
  #sending: Promise<void> | undefined;
  #isRefused = false;

  constructor(parts: SpanExporterParts) {
    this.#parts = parts;
    this.#service = { name: parts.settings.serviceName, version: parts.version };
    this.#stop = parts.clock.every(FLUSH_MS, () => void this.flush());
  }

  get queued(): number {
    return this.#queue.length + (this.#batch?.calls ?? 0);
  }

  record(call: CallRecord): void {
    if (this.queued < (this.#parts.queueMax ?? QUEUE_MAX)) this.#queue.push(call);
    else this.dropped += 1;
  }

  flush(): Promise<void> {
    this.#sending ??= this.#drain().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.flush();
    this.dropped += this.queued;
  }

  async #drain(): Promise<void> {
    for (;;) {
      this.#batch ??= this.#take();
      if (this.#batch === undefined) return;
      const { body, calls } = this.#batch;
      this.#batch.tries += 1;
      const why = await this.#send(body);
      if (why === undefined) this.#isRefused = false;
      else this.#tell(why.message);
      if (why?.mayComeLater === true && this.#batch.tries < TRIES_MAX) return;
      if (why !== undefined) this.dropped += calls;
      this.#batch = undefined;
    }
  }

  #take(): { calls: number; body: string; tries: number } | undefined {
    while (this.#queue.length > 0) {
      const calls = this.#queue.splice(0, BATCH_MAX);
      const spans: Span[] = calls.flatMap((call) => spansOf(call, this.#parts.newId));
      if (spans.length > 0) return { calls: calls.length, body: otlpJson(this.#service, spans), tries: 0 };
    }
    return undefined;
  }

  /** Nothing where the receiver took it. */
  async #send(body: string): Promise<{ readonly message: string; readonly mayComeLater: boolean } | undefined> {
    const { exchange, clock, settings } = this.#parts;
    const over = new AbortController();
    void clock.sleep(TIMEOUT_MS, over.signal).then(() => over.abort());
    const headers = { ...shown(settings.headers), 'content-type': 'application/json' };
    const sent = await exchange.send({ method: 'POST', url: settings.url, headers, body }, over.signal);
    const { status } = sent.ok ? sent.value : { status: 0 };
    // Answers are a few bytes; a connection is used again only when they were read.
    if (sent.ok) await readAway(sent.value.body);
    over.abort();
    if (status >= 200 && status < 300) return undefined;
    const message = sent.ok ? `it answers with status ${status}` : sent.failure.message;
    return { message, mayComeLater: !sent.ok || LATER.has(status) };
  }

  #tell(why: string): void {
    if (this.#isRefused) return;
    this.#isRefused = true;
    this.#parts.onError(new Error(`Spans cannot be sent to ${this.#parts.settings.url}: ${why}`));
  }
}

const shown = (headers: Readonly<Record<string, Secret>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]));

async function readAway(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const piece of body) void piece;
  } catch {
    // The receiver has answered: what broke after that says nothing about the batch.
  }
}
