import type { OutgoingHttpHeaders } from 'node:http';

import type { Failure, TimeoutPhase } from '@patchbay/llm/model/failure';
import type { Usage } from '@patchbay/llm/model/usage';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { TimeoutSettings } from '../config/settings.ts';
import type { AnswerSink, ClientWatcher } from './client-sink.ts';
import { spentBytes } from './collect-spent-bytes.ts';
import type { Deadline, DeadlineWheel } from './deadline-wheel.ts';
import { isEventStream, type PassLane } from './pass-lane.ts';
import type { PassUpload, UploadWatcher } from './pass-upload.ts';
import type { RawAnswer } from './relay-attempt.ts';
import type { Upstream, UpstreamControl, UpstreamHandler, UpstreamHeaders } from './upstream.ts';

/** Everything one try needs whose answer passes without being understood. */
export interface PassInput {
  readonly upstream: Upstream;
  readonly request: UpstreamRequest;
  /** The request's body, where it is passed on as it comes. */
  readonly upload?: PassUpload;
  readonly client: AnswerSink;
  readonly wheel: DeadlineWheel;
  readonly timeouts: TimeoutSettings;
  /** Monotonic milliseconds at which the whole call must be over; 0 means never. */
  readonly totalAtMs: number;
  /** Answers with this status or a higher one do not pass, nor do those below 200: they are refusals. */
  readonly refusesFrom: number;
  /** Reads a refusal. */
  readonly refusal: (status: number, body: Buffer, headers: UpstreamHeaders) => Failure;
  /** How the bytes of an answer with these headers become the caller's. */
  readonly lane: (headers: UpstreamHeaders) => PassLane;
  /** Headers of the caller's answer, given the upstream's; its length is added where the lane keeps it. */
  readonly headers: (upstream: UpstreamHeaders, status: number) => OutgoingHttpHeaders;
}

/** How the try ended. `committed`: the answer has begun for the caller, so no other try may answer. */
export interface PassReport {
  readonly committed: boolean;
  readonly failure: Failure | undefined;
  /** The refusal, where it did not pass. */
  readonly raw: RawAnswer | undefined;
  readonly status: number | undefined;
  /** Until the first byte of the answer. */
  readonly firstTokenMs: number | undefined;
  readonly usage: Usage | undefined;
  /** True when the bytes were not the upstream's own. */
  readonly reshaped: boolean;
}

/** Longest refusal taken, in bytes: providers explain themselves in a few. */
const REFUSAL_BYTES_MAX = 4 * 1024 * 1024;

const CANCELLED: Failure = { kind: 'cancelled', message: 'The client left before the answer was complete.' };
const TOO_LARGE: Failure = { kind: 'protocol', message: 'The provider’s refusal is larger than 4 MiB.' };

/**
 * Passes one upstream answer to the client as it comes; resolves when it is over, whichever way. Never rejects. An
 * answer that broke off leaves the client's answer without an end where its kind has no words for that: whoever owns
 * the connection must then close it.
 */
export function passAttempt(input: PassInput): Promise<PassReport> {
  return new Promise((resolve) => new PassAttempt(input, resolve).run());
}

class PassAttempt implements UpstreamHandler, ClientWatcher, UploadWatcher {
  readonly #input: PassInput;
  readonly #resolve: (report: PassReport) => void;
  readonly #startedMs: number;
  readonly #deadline: Deadline;
  #phase: TimeoutPhase = 'connect';
  #control: UpstreamControl | undefined;
  #status: number | undefined;
  #headers: UpstreamHeaders = {};
  /** Absent while there is no answer that may pass. */
  #lane: PassLane | undefined;
  #refusal: Buffer[] = [];
  #refusalBytes = 0;
  #committed = false;
  #waiting = false;
  #firstTokenMs: number | undefined;
  #over = false;

  constructor(input: PassInput, resolve: (report: PassReport) => void) {
    this.#input = input;
    this.#resolve = resolve;
    this.#startedMs = input.wheel.nowMs();
    this.#deadline = { atMs: 0, onDue: () => this.#onDue() };
  }

  run(): void {
    const { client, wheel, upstream, request, upload, timeouts } = this.#input;
    if (client.gone) return this.#settle(CANCELLED);
    client.watcher = this;
    if (upload !== undefined) upload.watcher = this;
    wheel.add(this.#deadline);
    this.#enter('connect', timeouts.connectMs);
    const control = upstream.dispatch(request, this, upload);
    if (this.#over) control.abort();
    this.#control = control;
  }

  /** Starts a phase: its own budget or the call's whole budget, whichever ends first; 0 is no budget of its own. */
  #enter(phase: TimeoutPhase, budgetMs: number): void {
    const { totalAtMs, wheel } = this.#input;
    const dueMs = budgetMs > 0 ? wheel.nowMs() + budgetMs : Infinity;
    const isTotal = totalAtMs > 0 && totalAtMs < dueMs;
    this.#phase = isTotal ? 'total' : phase;
    const atMs = isTotal ? totalAtMs : dueMs;
    this.#deadline.atMs = atMs === Infinity ? 0 : atMs;
  }

  onConnected(): void {
    this.onMoved();
  }

  /** While the client has the word, the upstream's silence is no fault of its own. */
  onMoved(): void {
    if (this.#over || this.#status !== undefined) return;
    const isClients = this.#input.upload?.waitsFor === 'client';
    this.#enter('headers', isClients ? 0 : this.#input.timeouts.headersMs);
  }

  onProblem(failure: Failure): void {
    this.#control?.abort();
    if (!this.#over) this.onFailure(failure);
  }

  onHeaders(status: number, headers: UpstreamHeaders): void {
    this.#status = status;
    this.#headers = headers;
    this.#enter('first-token', this.#input.timeouts.firstTokenMs);
    if (status < 200 || status >= this.#input.refusesFrom) return;
    this.#lane = this.#input.lane(headers);
    // The first event may be long in coming; that the stream is there is news by itself.
    if (isEventStream(headers)) this.#write([NOTHING]);
  }

  onData(chunk: Buffer): void {
    if (this.#lane === undefined) return this.#keepRefusal(chunk);
    this.#firstTokenMs ??= this.#input.wheel.nowMs() - this.#startedMs;
    const made = this.#lane.push(chunk);
    if ('kind' in made) return this.#breakOff(made, this.#lane);
    if (made.length > 0) this.#write(made);
    // While the client is behind, the upstream is paused by us: its silence is no fault of its own.
    this.#enter('idle', this.#waiting ? 0 : this.#input.timeouts.idleMs);
  }

  #keepRefusal(chunk: Buffer): void {
    this.#refusal.push(chunk);
    this.#refusalBytes += chunk.length;
    if (this.#refusalBytes <= REFUSAL_BYTES_MAX) return;
    this.#control?.abort();
    this.#settle(TOO_LARGE);
  }

  #write(pieces: readonly Buffer[]): void {
    this.#commit();
    for (const piece of pieces) {
      spentBytes.count(piece.length);
      if (!this.#input.client.write(piece)) this.#waiting = true;
    }
    if (this.#waiting) this.#control?.pause();
  }

  #commit(): void {
    if (this.#committed) return;
    this.#committed = true;
    const headers = this.#input.headers(this.#headers, this.#status ?? 200);
    const length = String(this.#headers['content-length'] ?? '');
    if (this.#lane?.keepsLength === true && /^\d+$/.test(length)) headers['content-length'] = length;
    this.#input.client.start(this.#status ?? 200, headers);
  }

  onReady(): void {
    this.#waiting = false;
    if (!this.#over) this.#enter('idle', this.#input.timeouts.idleMs);
    this.#control?.resume();
  }

  onEnd(): void {
    const lane = this.#lane;
    if (lane === undefined) return this.#refused();
    const last = lane.end();
    this.#write(last);
    this.#input.client.end();
    this.#settle(undefined);
  }

  #refused(): void {
    const status = this.#status ?? 502;
    const body = Buffer.concat(this.#refusal);
    const failure = this.#input.refusal(status, body, this.#headers);
    this.#settle(failure, { status, headers: this.#headers, body });
  }

  onFailure(failure: Failure): void {
    if (this.#lane === undefined) this.#settle(failure);
    else this.#breakOff(failure, this.#lane);
  }

  #onDue(): void {
    const phase = this.#phase;
    this.#control?.abort();
    this.onFailure({ kind: 'timeout', phase, message: `The provider took too long (${PHASE_WORDS[phase]}).` });
  }

  onGone(): void {
    this.#control?.abort();
    this.#settle(CANCELLED);
  }

  /** Ends an answer in its middle; one that has not begun for the client may still be given by another try. */
  #breakOff(failure: Failure, lane: PassLane): void {
    this.#control?.abort();
    const words = this.#committed ? lane.cut(failure) : undefined;
    if (words !== undefined) this.#input.client.end(words);
    this.#settle(failure);
  }

  #settle(failure: Failure | undefined, raw?: RawAnswer): void {
    if (this.#over) return;
    this.#over = true;
    this.#input.wheel.remove(this.#deadline);
    this.#input.client.watcher = undefined;
    if (this.#input.upload !== undefined) this.#input.upload.watcher = undefined;
    this.#resolve({
      committed: this.#committed,
      failure,
      raw,
      status: this.#status,
      firstTokenMs: this.#firstTokenMs,
      usage: this.#lane?.usage(),
      reshaped: this.#lane?.reshaped ?? false,
    });
  }
}

const NOTHING = Buffer.alloc(0);

const PHASE_WORDS: Readonly<Record<TimeoutPhase, string>> = {
  connect: 'no connection',
  headers: 'no answer',
  'first-token': 'no first byte',
  idle: 'silence in the middle of the answer',
  total: 'the whole call',
};
