import type { OutgoingHttpHeaders } from 'node:http';

import type { Failure, TimeoutPhase } from '@patchbay/llm/model/failure';
import type { Usage } from '@patchbay/llm/model/usage';
import { FRAMING_TYPES } from '@patchbay/llm/transport/framing-types';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';
import type { Loss } from '@patchbay/llm/wire/codec';

import type { TimeoutSettings } from '../config/settings.ts';
import { isEventText } from './read-whole.ts';
import { spentBytes } from './collect-spent-bytes.ts';
import type { AnswerSink, ClientWatcher } from './client-sink.ts';
import type { Deadline, DeadlineWheel } from './deadline-wheel.ts';
import type { Speech, StreamLane } from './speech.ts';
import type { GrammarViolation } from '../telemetry/call-record.ts';
import type { Upstream, UpstreamControl, UpstreamHandler, UpstreamHeaders } from './upstream.ts';

/** Everything one try needs. */
export interface AttemptInput {
  readonly upstream: Upstream;
  readonly request: UpstreamRequest;
  readonly speech: Speech;
  readonly client: AnswerSink;
  readonly wheel: DeadlineWheel;
  readonly timeouts: TimeoutSettings;
  /** Monotonic milliseconds at which the whole call must be over; 0 means never. */
  readonly totalAtMs: number;
  /** How long the client of a stream may hear nothing, in milliseconds; 0 for ever. */
  readonly keepAliveMs: number;
  /**
   * Headers of the client's answer, given the upstream's, what the answer lost, whether it changed its shape, and what a
   * whole one used.
   */
  readonly headers: (
    upstream: UpstreamHeaders,
    losses: readonly Loss[],
    reshaped: boolean,
    usage?: Usage,
  ) => OutgoingHttpHeaders;
}

/** An upstream's refusal, kept so that a caller of the same dialect sees it unchanged. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: UpstreamHeaders;
  readonly body: Buffer;
}

/** How the try ended. `committed`: output has left for the client, so no other target may answer. */
export interface AttemptReport {
  readonly committed: boolean;
  readonly failure: Failure | undefined;
  readonly raw: RawAnswer | undefined;
  readonly status: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly usage: Usage | undefined;
  readonly losses: readonly Loss[];
  readonly violations: readonly GrammarViolation[];
}

/** Upstream bytes taken in before they are passed on. */
const WRITE_BYTES_MAX = 32 * 1024;
/** Bytes held before the first output event; a preamble never comes near it. */
const PREAMBLE_BYTES_MAX = 64 * 1024;
/** Longest whole answer and longest error body, in bytes. */
const WHOLE_BYTES_MAX = 64 * 1024 * 1024;
/** How long an upstream may dawdle after its own last word, in milliseconds. */
const AFTERGLOW_MS = 1000;

/** What content types say, in part: lines of JSON have several. */
const STREAM_TYPES: Readonly<Record<Speech['framing'], string>> = { ...FRAMING_TYPES, ndjson: 'ndjson' };

const NO_VIOLATIONS: readonly GrammarViolation[] = [];
const CANCELLED: Failure = { kind: 'cancelled', message: 'The client left before the answer was complete.' };
const TOO_LARGE: Failure = { kind: 'protocol', message: 'The provider’s answer is larger than 64 MiB.' };

/** Relays one upstream answer to the client; resolves when the answer is over, whichever way. Never rejects. */
export function relayAttempt(input: AttemptInput): Promise<AttemptReport> {
  return new Promise((resolve) => new RelayAttempt(input, resolve).run());
}

class RelayAttempt implements UpstreamHandler, ClientWatcher {
  readonly #input: AttemptInput;
  readonly #resolve: (report: AttemptReport) => void;
  readonly #startedMs: number;
  readonly #deadline: Deadline;
  /** Due when the client of a stream has heard nothing for too long. Absent where nothing can be said to it. */
  #silence: Deadline | undefined;
  #phase: TimeoutPhase = 'connect';
  #control: UpstreamControl | undefined;
  #status: number | undefined;
  #headers: UpstreamHeaders = {};
  #lane: StreamLane | undefined;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  #scheduled = false;
  #waiting = false;
  #held: (Buffer | string)[] = [];
  #heldBytes = 0;
  #committed = false;
  #firstTokenMs: number | undefined;
  /** True once the request is on its way. */
  #sent = false;
  #over = false;

  constructor(input: AttemptInput, resolve: (report: AttemptReport) => void) {
    this.#input = input;
    this.#resolve = resolve;
    this.#startedMs = input.wheel.nowMs();
    this.#deadline = { atMs: 0, onDue: () => this.#onDue() };
  }

  run(): void {
    const { client, wheel, upstream, request } = this.#input;
    if (client.gone) return this.#settle({ failure: CANCELLED });
    client.watcher = this;
    wheel.add(this.#deadline);
    if (this.#input.speech.streams && this.#input.speech.keepAlive !== undefined) {
      this.#silence = { atMs: 0, onDue: () => this.#onSilence() };
      wheel.add(this.#silence);
      this.#heard();
    }
    this.#enter('connect', this.#input.timeouts.connectMs);
    const control = upstream.dispatch(request, this);
    if (this.#over) control.abort();
    this.#control = control;
  }

  /** Starts a phase: its own budget or the call's whole budget, whichever ends first. */
  #enter(phase: TimeoutPhase, budgetMs: number): void {
    this.#phase = phase;
    const dueMs = budgetMs > 0 ? this.#input.wheel.nowMs() + budgetMs : Infinity;
    const totalMs = this.#input.totalAtMs > 0 ? this.#input.totalAtMs : Infinity;
    if (totalMs < dueMs) this.#phase = 'total';
    const atMs = Math.min(dueMs, totalMs);
    this.#deadline.atMs = atMs === Infinity ? 0 : atMs;
  }

  /** The client is about to hear something: the silence begins anew. */
  #heard(): void {
    const { keepAliveMs, wheel } = this.#input;
    if (keepAliveMs > 0 && this.#silence !== undefined) this.#silence.atMs = wheel.nowMs() + keepAliveMs;
  }

  /**
   * Networks cut what is silent for long. Before the first output the client gets the head of a stream and may still be
   * answered by another target; a failure of all of them then ends that stream.
   */
  #onSilence(): void {
    const { client, speech, headers } = this.#input;
    this.#heard();
    // A client that is behind has bytes enough on their way.
    if (this.#waiting || speech.keepAlive === undefined) return;
    if (!client.started) client.start(200, headers({}, [], true));
    client.write(speech.keepAlive);
  }

  onConnected(): void {
    this.#sent = true;
    this.#enter('headers', this.#input.timeouts.headersMs);
  }

  onHeaders(status: number, headers: UpstreamHeaders): void {
    this.#status = status;
    this.#headers = headers;
    this.#enter('first-token', this.#input.timeouts.firstTokenMs);
  }

  onData(chunk: Buffer): void {
    if (this.#chunkBytes === 0 && this.#lane === undefined && this.#isStream(chunk)) {
      this.#lane = this.#input.speech.stream();
    }
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
    if (this.#lane === undefined) {
      if (this.#chunkBytes > WHOLE_BYTES_MAX) this.#fail(TOO_LARGE);
      return;
    }
    // Enough for one write; with more, a client that does not read would cost as much as its upstream can send.
    if (this.#chunkBytes >= WRITE_BYTES_MAX) this.#control?.pause();
    if (this.#scheduled) return;
    // One socket read brings many chunks: they are relayed together, with one write.
    this.#scheduled = true;
    process.nextTick(() => this.#flush());
  }

  /** A stream is what looks like one, whatever its content type says, where the client wants one. */
  #isStream(first: Buffer): boolean {
    if (!this.#input.speech.streams || !isSuccess(this.#status)) return false;
    const { framing } = this.#input.speech;
    const isTyped = String(this.#headers['content-type'] ?? '').includes(STREAM_TYPES[framing]);
    return isTyped || (framing === 'sse' && isEventText(first));
  }

  #flush(): void {
    this.#scheduled = false;
    const full = this.#chunkBytes >= WRITE_BYTES_MAX;
    if (this.#over || this.#lane === undefined || this.#chunks.length === 0) return;
    const data = this.#takeChunks();
    const made = this.#lane.push(data);
    if (made.failure !== undefined && !this.#committed) return this.#fail(made.failure);
    if (made.bytes !== undefined) this.#pass(made.bytes, made.output);
    if (full && !this.#waiting) this.#control?.resume();
    if (made.failure !== undefined) return this.#breakOff(made.failure);
    if (this.#lane.complete) this.#enter('idle', AFTERGLOW_MS);
    // While the client is behind, the upstream is paused by us: its silence is no fault of its own.
    else if (this.#committed) this.#enter('idle', this.#waiting ? 0 : this.#input.timeouts.idleMs);
  }

  #takeChunks(): Buffer {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#chunkBytes = 0;
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  }

  /** Sends bytes on, or holds them while the answer may still move to another target. */
  #pass(bytes: Buffer | string, output: boolean): void {
    if (!this.#committed) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
      if (!output && this.#heldBytes <= PREAMBLE_BYTES_MAX) return;
      this.#commit([]);
      for (const held of this.#held) this.#write(held);
      this.#held = [];
      return;
    }
    this.#write(bytes);
  }

  #commit(
    losses: readonly Loss[],
    whole?: { reshaped: boolean; bytes: Buffer | string; usage?: Usage | undefined },
  ): void {
    this.#committed = true;
    this.#firstTokenMs = this.#input.wheel.nowMs() - this.#startedMs;
    const headers = this.#input.headers(this.#headers, losses, whole?.reshaped === true, whole?.usage);
    if (whole !== undefined) headers['content-length'] = Buffer.byteLength(whole.bytes);
    // A silence may have started the answer before anything was known of it.
    if (!this.#input.client.started) this.#input.client.start(this.#status ?? 200, headers);
  }

  #write(bytes: Buffer | string): void {
    spentBytes.count(bytes.length);
    this.#heard();
    if (this.#input.client.write(bytes)) return;
    this.#control?.pause();
    this.#waiting = true;
  }

  onReady(): void {
    this.#waiting = false;
    if (!this.#over) this.#enter('idle', this.#input.timeouts.idleMs);
    this.#control?.resume();
  }

  onEnd(): void {
    if (this.#lane !== undefined) {
      this.#flush();
      if (!this.#over) this.#endStream(this.#lane);
      return;
    }
    const body = this.#takeChunks();
    if (isSuccess(this.#status)) this.#endWhole(body);
    else this.#refused(body);
  }

  #endStream(lane: StreamLane, cut?: Failure): void {
    const last = lane.end(cut);
    if (last.failure !== undefined && !this.#committed) return this.#fail(last.failure);
    if (last.bytes !== undefined) this.#pass(last.bytes, true);
    else if (!this.#committed) this.#pass('', true);
    this.#input.client.end();
    this.#settle({ usage: last.usage, failure: last.failure });
  }

  #endWhole(body: Buffer): void {
    const whole = this.#input.speech.whole(body);
    if (!whole.ok) return this.#fail(whole.failure);
    this.#commit(whole.losses, whole);
    this.#input.client.end(whole.bytes);
    this.#settle({ usage: whole.usage }, whole.losses);
  }

  #refused(body: Buffer): void {
    const status = this.#status ?? 502;
    if (status < 400) return this.#settle({ failure: unexpectedStatus(status) });
    const failure = this.#input.speech.failure(status, body, this.#headers);
    this.#settle({ failure, raw: { status, headers: this.#headers, body } });
  }

  onFailure(failure: Failure): void {
    if (this.#lane !== undefined) {
      this.#flush();
      if (!this.#over) this.#endStream(this.#lane, failure);
      return;
    }
    this.#settle({ failure });
  }

  #onDue(): void {
    if (this.#lane?.complete === true) {
      this.#control?.abort();
      return this.#endStream(this.#lane);
    }
    const phase = this.#phase;
    const failure: Failure = { kind: 'timeout', phase, message: `The provider took too long (${PHASE_WORDS[phase]}).` };
    this.#control?.abort();
    if (this.#committed && this.#lane !== undefined) return this.#endStream(this.#lane, failure);
    this.#settle({ failure });
  }

  onGone(): void {
    this.#control?.abort();
    // What was asked has been read by the provider, whether or not any of its answer came.
    const usage = this.#sent ? (this.#lane ?? this.#input.speech.stream()).usageSoFar() : undefined;
    this.#settle({ failure: CANCELLED, usage });
  }

  /** Gives the attempt up before anything reached the client. */
  #fail(failure: Failure): void {
    this.#control?.abort();
    this.#settle({ failure });
  }

  /** Ends a committed answer whose upstream said, in its stream, that it failed. */
  #breakOff(failure: Failure): void {
    this.#control?.abort();
    this.#input.client.end();
    this.#settle({ failure, usage: this.#lane?.usageSoFar() });
  }

  #settle(end: Partial<Pick<AttemptReport, 'failure' | 'raw' | 'usage'>>, losses: readonly Loss[] = []): void {
    if (this.#over) return;
    this.#over = true;
    this.#input.wheel.remove(this.#deadline);
    if (this.#silence !== undefined) this.#input.wheel.remove(this.#silence);
    this.#input.client.watcher = undefined;
    this.#resolve({
      committed: this.#committed,
      failure: end.failure,
      raw: end.raw,
      status: this.#status,
      firstTokenMs: this.#firstTokenMs,
      usage: end.usage,
      losses,
      violations: this.#lane?.violations ?? NO_VIOLATIONS,
    });
  }
}

const PHASE_WORDS: Readonly<Record<TimeoutPhase, string>> = {
  connect: 'no connection',
  headers: 'no answer',
  'first-token': 'no first token',
  idle: 'silence in the middle of the answer',
  total: 'the whole call',
};

const isSuccess = (status: number | undefined): boolean => status !== undefined && status >= 200 && status < 300;

const unexpectedStatus = (status: number): Failure => ({
  kind: 'protocol',
  status,
  message: `The provider answered with status ${status}, which is neither an answer nor an error. Redirects are not followed.`,
});
