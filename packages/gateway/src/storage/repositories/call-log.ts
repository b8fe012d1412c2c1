import { randomUUIDv7 } from 'node:crypto';

import type { Clock } from '@patchbay/llm/model/clock';

import type { AttemptRecord, CallRecord, CallSink } from '../../telemetry/call-record.ts';
import type { CallValues } from './call-rows.ts';

/** Takes calls now and writes them soon. */
export interface CallLog extends CallSink {
  /** Calls that wait to be written. */
  readonly queued: number;
  /** Calls that were not written because too many waited. */
  readonly dropped: number;
  /** Resolves when everything recorded so far is in the store, or rejects with why it is not. */
  flush(): Promise<void>;
  /** Writes what waits and stops. */
  close(): Promise<void>;
}

export interface CallLogParts {
  /** Writes the rows of many calls, all or none. */
  readonly write: (rows: readonly CallValues[]) => Promise<void>;
  readonly clock: Clock;
  /** Longest queue, in calls. Default 50,000; at 1 kB a call that is 50 MB. */
  readonly queueMax?: number;
  /** How often the queue is written, in milliseconds. Default 250. */
  readonly flushMs?: number;
  readonly onError: (error: unknown) => void;
}

/** Calls written in one transaction: long enough to be cheap, short enough not to hold the file from others. */
const BATCH_MAX = 2000;
const QUEUE_MAX = 50_000;
const FLUSH_MS = 250;

/** Writes calls in batches. Recording costs a push; a store that is slow or away costs memory up to the bound, then calls. */
export function createCallLog(parts: CallLogParts): CallLog {
  return new BatchedCallLog(parts);
}

class BatchedCallLog implements CallLog {
  dropped = 0;
  readonly #parts: CallLogParts;
  readonly #stop: () => void;
  #queue: CallRecord[] = [];
  /** Rows on their way: made once, so that a batch that failed is written again as it was. */
  #batch: { readonly calls: number; readonly rows: readonly CallValues[] } | undefined;
  #writing: Promise<void> | undefined;

  constructor(parts: CallLogParts) {
    this.#parts = parts;
    this.#stop = parts.clock.every(parts.flushMs ?? FLUSH_MS, () => {
      if (this.queued > 0) this.flush().catch(parts.onError);
    });
  }

  get queued(): number {
    return this.#queue.length + (this.#batch?.calls ?? 0);
  }

  record(call: CallRecord): void {
    if (this.queued < (this.#parts.queueMax ?? QUEUE_MAX)) this.#queue.push(call);
    else this.dropped += 1;
  }

  /** One writer at a time; whoever asks meanwhile waits for the same end. */
  flush(): Promise<void> {
    if (this.queued === 0) return Promise.resolve();
    this.#writing ??= this.#drain();
    return this.#writing;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#batch !== undefined || this.#queue.length > 0) {
        this.#batch ??= this.#take();
        await this.#parts.write(this.#batch.rows);
        this.#batch = undefined;
      }
    } finally {
      // Not a turn later: who records and flushes now must get a writer of his own.
      this.#writing = undefined;
    }
  }

  #take(): { calls: number; rows: readonly CallValues[] } {
    const calls = this.#queue.splice(0, BATCH_MAX);
    return { calls: calls.length, rows: calls.flatMap(rowsOf) };
  }

  async close(): Promise<void> {
    this.#stop();
    // A write under way may fail, of which its own caller is told: what waits is then worth one more.
    await this.#writing?.catch(() => undefined);
    await this.flush();
  }
}

/** One row an attempt; a call that reached no upstream is attempt 0. */
function rowsOf(call: CallRecord): readonly CallValues[] {
  const callId = randomUUIDv7();
  if (call.attempts.length === 0) return [valuesOf(call, callId, undefined)];
  return call.attempts.map((attempt) => valuesOf(call, callId, attempt));
}

function valuesOf(call: CallRecord, callId: string, attempt: AttemptRecord | undefined): CallValues {
  const usage = attempt?.usage;
  return [
    call.requestId,
    callId,
    attempt?.number ?? 0,
    Math.round(attempt?.startedAtMs ?? call.startedAtMs),
    call.keyId ?? null,
    call.clientFormat,
    call.route,
    call.requestedModel,
    attempt?.providerId ?? null,
    attempt?.accountId ?? null,
    attempt?.model ?? null,
    Number(call.stream),
    Number(call.express),
    attempt?.state ?? call.state,
    call.status,
    attempt?.status ?? null,
    attempt?.failureKind ?? null,
    attempt?.failurePhase ?? null,
    attempt === undefined ? null : errorOf(attempt),
    Math.round(attempt?.latencyMs ?? call.durationMs),
    rounded(attempt?.firstTokenMs),
    Math.round(call.durationMs),
    usage?.inputTokens ?? null,
    usage?.outputTokens ?? null,
    usage?.cacheReadTokens ?? null,
    usage?.cacheWriteTokens ?? null,
    usage?.reasoningTokens ?? null,
    usage === undefined ? null : Number(usage.estimated),
    call.losses.length === 0 ? null : JSON.stringify(call.losses),
    attempt?.costNanoUsd ?? null,
    Math.max(0, (attempt?.number ?? 1) - 1),
    attempt === undefined ? null : switchedFrom(call, attempt),
    attempt?.proxyId ?? null,
    call.registryVersion,
  ];
}

/** The account that was asked before, where that was another. */
function switchedFrom({ attempts }: CallRecord, attempt: AttemptRecord): string | null {
  const before = attempts[attempts.indexOf(attempt) - 1]?.accountId;
  return before === undefined || before === attempt.accountId ? null : before;
}

const rounded = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value));

/** The kind by which rows are found, and what was said. */
const errorOf = ({ error, said }: AttemptRecord): string | null =>
  error === undefined || said === undefined ? (error ?? null) : `${error}: ${said}`;
