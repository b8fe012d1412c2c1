import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { Exchange, UpstreamRequest, UpstreamResponse } from '@patchbay/llm/transport/exchange';

import type { Connect } from '../egress/guarded-connect.ts';
import type { DeadlineWheel } from './deadline-wheel.ts';
import { http1Upstream, type NetworkUpstream } from './http1/http1-upstream.ts';
import type { UpstreamControl, UpstreamHandler, UpstreamHeaders } from './upstream.ts';

/** Bytes that may wait for whoever reads the answer before its sender is paused. */
const WAITING_BYTES_MAX = 256 * 1024;

/**
 * The network as an exchange for addresses that callers name: each request has a connection of its own, and nothing of
 * it stays, whichever hosts are asked for. The signal ends it, as does leaving the answer; its body throws when it breaks.
 */
export const loneExchange = (connect: Connect, wheel: DeadlineWheel): Exchange => ({
  send(request, signal) {
    if (signal.aborted) return Promise.resolve(failed(CANCELLED));
    return new LoneAnswer(http1Upstream(connect, wheel), request, signal).head;
  },
});

const CANCELLED: Failure = { kind: 'cancelled', message: 'The request was cancelled.' };

class LoneAnswer implements UpstreamHandler {
  readonly head: Promise<Result<UpstreamResponse>>;
  readonly #network: NetworkUpstream;
  readonly #control: UpstreamControl;
  readonly #signal: AbortSignal;
  readonly #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #end: Result<undefined> | undefined;
  #settle: (result: Result<UpstreamResponse>) => void = () => undefined;
  #wake: () => void = () => undefined;

  constructor(network: NetworkUpstream, request: UpstreamRequest, signal: AbortSignal) {
    this.#network = network;
    this.#signal = signal;
    this.head = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#control = network.dispatch(request, this);
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onConnected(): void {
    // Nothing waits for that.
  }

  onHeaders(status: number, headers: UpstreamHeaders): void {
    this.#settle(ok({ status, headers: singleHeaders(headers), body: this.#body() }));
  }

  onData(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > WAITING_BYTES_MAX) this.#control.pause();
    this.#wake();
  }

  onEnd(): void {
    this.#finish(ok(undefined));
  }

  onFailure(failure: Failure): void {
    this.#finish(failed(failure));
  }

  readonly #onAbort = (): void => this.#finish(failed(CANCELLED));

  #finish(end: Result<undefined>): void {
    this.#end ??= end;
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#control.abort();
    this.#network.close();
    if (!end.ok) this.#settle(end);
    this.#wake();
  }

  async *#body(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          this.#waitingBytes -= chunk.length;
          yield chunk;
        } else if (this.#end === undefined) await this.#more();
        else if (this.#end.ok) return;
        else throw new Error(this.#end.failure.message, { cause: this.#end.failure });
      }
    } finally {
      this.#finish(ok(undefined));
    }
  }

  #more(): Promise<void> {
    this.#control.resume();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

const singleHeaders = (headers: UpstreamHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]],
    ),
  );
