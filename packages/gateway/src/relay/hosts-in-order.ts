import type { Failure } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { Upstream, UpstreamControl, UpstreamHandler, UpstreamHeaders } from './upstream.ts';

/** Refusals that every host would repeat: what is wrong is the request, or who sends it. */
const REPEATED = new Set([400, 401]);

/**
 * An upstream of several hosts: a request for the first address is sent to those of `others` in turn, until one serves
 * it. The last one's answer stands. Bodies on their way can be sent once, and go to the first alone. Without others it
 * is the very same upstream.
 */
export function hostsInOrder(upstream: Upstream, baseUrl: string, others: readonly string[] = []): Upstream {
  if (others.length === 0) return upstream;
  const baseUrls = [baseUrl, ...others] as const;
  return {
    dispatch(request, handler, body) {
      return body === undefined
        ? new HostWalk(upstream, baseUrls, request, handler).start()
        : upstream.dispatch(request, handler, body);
    },
  };
}

class HostWalk implements UpstreamHandler, UpstreamControl {
  readonly #upstream: Upstream;
  readonly #baseUrls: readonly [string, ...string[]];
  readonly #request: UpstreamRequest;
  readonly #handler: UpstreamHandler;
  #at = 0;
  #control: UpstreamControl | undefined;

  constructor(
    upstream: Upstream,
    baseUrls: readonly [string, ...string[]],
    request: UpstreamRequest,
    handler: UpstreamHandler,
  ) {
    this.#upstream = upstream;
    this.#baseUrls = baseUrls;
    this.#request = request;
    this.#handler = handler;
  }

  start(): this {
    const at = this.#at;
    const [first] = this.#baseUrls;
    const url = (this.#baseUrls[at] ?? first) + this.#request.url.slice(first.length);
    const control = this.#upstream.dispatch({ ...this.#request, url }, this);
    // A failure may have come at once, and the next host's exchange have begun.
    if (at === this.#at) this.#control = control;
    return this;
  }

  /** Goes on to the next host; false when this is the last one. */
  #next(): boolean {
    if (this.#at === this.#baseUrls.length - 1) return false;
    this.#control?.abort();
    this.#control = undefined;
    this.#at += 1;
    this.start();
    return true;
  }

  onConnected(): void {
    this.#handler.onConnected();
  }

  onHeaders(status: number, headers: UpstreamHeaders): void {
    if (status >= 400 && !REPEATED.has(status) && this.#next()) return;
    // From here on this host's answer is the one.
    this.#at = this.#baseUrls.length - 1;
    this.#handler.onHeaders(status, headers);
  }

  onData(chunk: Buffer): void {
    this.#handler.onData(chunk);
  }

  onEnd(): void {
    this.#handler.onEnd();
  }

  onFailure(failure: Failure): void {
    if (!this.#next()) this.#handler.onFailure(failure);
  }

  pause(): void {
    this.#control?.pause();
  }

  resume(): void {
    this.#control?.resume();
  }

  abort(): void {
    this.#control?.abort();
  }
}
