import type { Failure } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { Upstream, UpstreamControl, UpstreamHandler, UpstreamHeaders } from '../../src/relay/upstream.ts';

/** One exchange with everything its handler heard. */
export class HeardExchange implements UpstreamHandler {
  /** Names of the callbacks, in order; several data in a row are one. */
  readonly events: string[] = [];
  status = 0;
  headers: UpstreamHeaders = {};
  failure: Failure | undefined;
  bytes = 0;
  readonly #data: Buffer[] = [];
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();
  #control: UpstreamControl | undefined;

  /** Begins the exchange. */
  static begin(upstream: Upstream, request: UpstreamRequest): HeardExchange {
    const heard = new HeardExchange();
    heard.#control = upstream.dispatch(request, heard);
    return heard;
  }

  get control(): UpstreamControl {
    if (this.#control === undefined) throw new Error('The exchange has not begun.');
    return this.#control;
  }

  get body(): Buffer {
    return Buffer.concat(this.#data);
  }

  /** Resolves when `end` or `failure` has come, to how it came; the events are then complete. */
  async over(): Promise<string> {
    await Promise.race([this.heard('end'), this.heard('failure')]);
    return this.failure === undefined ? 'end' : `${this.failure.kind} ${this.failure.code ?? ''}`.trim();
  }

  /** Resolves once a callback of this name has come. */
  heard(event: string): Promise<void> {
    return this.#of(event).promise;
  }

  onConnected(): void {
    this.#note('connected');
  }

  onHeaders(status: number, headers: UpstreamHeaders): void {
    this.status = status;
    this.headers = headers;
    this.#note('headers');
  }

  onData(chunk: Buffer): void {
    this.#data.push(chunk);
    this.bytes += chunk.length;
    if (this.events.at(-1) !== 'data') this.#note('data');
  }

  onEnd(): void {
    this.#note('end');
  }

  onFailure(failure: Failure): void {
    this.failure = failure;
    this.#note('failure');
  }

  #note(event: string): void {
    this.events.push(event);
    this.#of(event).resolve();
  }

  #of(event: string): PromiseWithResolvers<void> {
    let waiting = this.#waiting.get(event);
    if (waiting === undefined) this.#waiting.set(event, (waiting = Promise.withResolvers()));
    return waiting;
  }
}
