import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

import type { CallRecord } from '../telemetry/call-record.ts';
import { spentBytes } from './collect-spent-bytes.ts';
import type { Deadline, DeadlineWheel } from './deadline-wheel.ts';

/** Hears what the client of an answer does. */
export interface ClientWatcher {
  /** Once, when the client left before the answer ended. */
  onGone(): void;
  /** A slow client has taken what it was owed: more may be sent. */
  onReady(): void;
}

/** Where an answer goes. */
export interface AnswerSink {
  /** Who is told what the one at the other end does; at most one at a time. */
  watcher: ClientWatcher | undefined;
  /** True when nobody takes the answer any more. */
  readonly gone: boolean;
  readonly started: boolean;
  readonly status: number;
  /** Headers of our own for whatever answer there will be; of no use once it has started. */
  add(headers: OutgoingHttpHeaders): void;
  start(status: number, headers: OutgoingHttpHeaders): void;
  /** Returns false when the other end is behind: stop reading the upstream until the watcher's `onReady`. */
  write(data: Buffer | string): boolean;
  end(data?: Buffer | string): void;
}

/** What the headers of an answer say of its call. */
export type AnsweredCall = Pick<CallRecord, 'requestId' | 'registryVersion' | 'tap' | 'trace'>;

/** The client's end of one answer: knows when it left, when it is slow and when it stopped reading altogether. */
export class ClientSink implements AnswerSink {
  /**
   * Who is told what the client does; at most one at a time. An object and not functions: functions made for each call
   * were allocated among the old by the engine and kept every finished call from being collected young.
   */
  watcher: ClientWatcher | undefined;
  readonly #response: ServerResponse;
  readonly #call: AnsweredCall;
  readonly #wheel: DeadlineWheel;
  readonly #stallMs: number;
  readonly #stall: Deadline;
  #behind = false;
  #ended = false;
  #gone = false;
  #added: OutgoingHttpHeaders | undefined;

  /** `stallMs`: longest time a client may take no bytes while some wait for it; 0 disables. */
  constructor(response: ServerResponse, call: AnsweredCall, wheel: DeadlineWheel, stallMs: number) {
    this.#response = response;
    this.#call = call;
    this.#wheel = wheel;
    this.#stallMs = stallMs;
    this.#stall = { atMs: 0, onDue: () => response.destroy() };
    wheel.add(this.#stall);
    response.on('close', () => this.#close());
    // A reset client socket reports an error besides `close`; without a listener it would end the process.
    response.on('error', destroyIt);
    if (response.destroyed) this.#close();
  }

  get gone(): boolean {
    return this.#gone;
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  get status(): number {
    return this.#response.statusCode;
  }

  add(headers: OutgoingHttpHeaders): void {
    this.#added = { ...this.#added, ...headers };
  }

  start(status: number, headers: OutgoingHttpHeaders): void {
    // All headers in one call: one set before would cost every other a slower way.
    if (this.#gone) return;
    const { requestId, registryVersion, trace } = this.#call;
    this.#response.writeHead(status, {
      'x-request-id': requestId,
      'x-patchbay-registry': registryVersion,
      ...headers,
      ...this.#added,
      ...trace?.headers(),
    });
  }

  /** Returns false when the client is behind: stop reading the upstream until the watcher's `onReady`. */
  write(data: Buffer | string): boolean {
    if (this.#gone || this.#ended) return true;
    this.#call.tap?.answered(data);
    if (this.#response.write(data)) return true;
    if (!this.#behind) this.#response.once('drain', () => this.#onDrain());
    this.#setBehind(true);
    if (this.#stallMs > 0) this.#stall.atMs = this.#wheel.nowMs() + this.#stallMs;
    return false;
  }

  #onDrain(): void {
    this.#stall.atMs = 0;
    this.#setBehind(false);
    this.watcher?.onReady();
  }

  end(data?: Buffer | string): void {
    if (this.#gone || this.#ended) return;
    this.#ended = true;
    // The last bytes of a client that never reads would wait forever too.
    if (this.#stallMs > 0) this.#stall.atMs = this.#wheel.nowMs() + this.#stallMs;
    if (data !== undefined) this.#call.tap?.answered(data);
    this.#response.end(data);
  }

  #setBehind(behind: boolean): void {
    if (this.#behind === behind) return;
    this.#behind = behind;
    spentBytes.countBehind(behind ? 1 : -1);
  }

  #close(): void {
    this.#wheel.remove(this.#stall);
    this.#setBehind(false);
    // A connection also closes after an answer that is complete.
    if (this.#gone || this.#ended) return;
    this.#gone = true;
    this.watcher?.onGone();
  }
}

function destroyIt(this: ServerResponse): void {
  this.destroy();
}
