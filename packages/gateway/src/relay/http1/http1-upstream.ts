import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { Connect } from '../../egress/guarded-connect.ts';
import type { DeadlineWheel } from '../deadline-wheel.ts';
import { networkFailure } from '../network-failure.ts';
import type { Upstream, UpstreamControl, UpstreamHandler } from '../upstream.ts';
import type { Connection, ConnectionUser } from './connection.ts';
import { Origin } from './origin.ts';
import { requestHead } from './request-bytes.ts';
import type { ResponseHead } from './response-head.ts';

/** The network behind `Upstream`, with its open connections. */
export interface NetworkUpstream extends Upstream {
  /** Closes every connection, also those in use. */
  close(): void;
}

/**
 * Speaks HTTP/1.1 on sockets of its own: one request at a time on a connection, which is kept for the next; redirects
 * are not followed, and nothing is sent twice. Phases are watched by the caller's deadlines, so none are set here.
 */
export function http1Upstream(connect: Connect, wheel: DeadlineWheel): NetworkUpstream {
  const origins = new Map<string, Origin>();
  return {
    dispatch(request, handler) {
      const [name, path] = splitUrl(request.url);
      let origin = origins.get(name);
      if (origin === undefined) {
        origin = new Origin(name, connect, wheel);
        origins.set(name, origin);
      }
      const exchange = new Exchange(request, path, origin, handler);
      exchange.run();
      return exchange;
    },
    close() {
      for (const origin of origins.values()) origin.close();
    },
  };
}

/** Origin and path of an absolute URL, as they are written: base URLs are checked when settings are read. */
function splitUrl(url: string): readonly [origin: string, path: string] {
  const slash = url.indexOf('/', url.indexOf('://') + 3);
  return slash < 0 ? [url, '/'] : [url.slice(0, slash), url.slice(slash)];
}

class Exchange implements UpstreamControl, ConnectionUser {
  readonly #origin: Origin;
  readonly #path: string;
  /** Both let go of at the end: a request may be large, and whoever holds the exchange holds it. */
  #request: UpstreamRequest | undefined;
  #handler: UpstreamHandler | undefined;
  #connection: Connection | undefined;

  constructor(request: UpstreamRequest, path: string, origin: Origin, handler: UpstreamHandler) {
    this.#request = request;
    this.#path = path;
    this.#origin = origin;
    this.#handler = handler;
  }

  run(): void {
    try {
      this.#connection = this.#origin.takeFree(this);
      if (this.#connection === undefined) this.#connection = this.#origin.open(this);
      else this.onUp();
    } catch (error) {
      // Told later, as every other fault is: the caller does not hold its control yet.
      process.nextTick(() => this.onBroken(error as Error));
    }
  }

  onUp(): void {
    const { method, headers, body, url } = this.#request as UpstreamRequest;
    const bytes = body === undefined ? undefined : asBuffer(body);
    this.#request = undefined;
    try {
      const head = requestHead({ method, headers, url }, this.#origin.host, this.#path, bytes?.length ?? 0);
      this.#connection?.send(head, bytes);
    } catch (error) {
      process.nextTick(() => this.onBroken(error as Error));
      return;
    }
    this.#handler?.onConnected();
  }

  onHead({ status, headers }: ResponseHead): void {
    this.#handler?.onHeaders(status, headers);
  }

  onBody(data: Buffer): void {
    this.#handler?.onData(data);
  }

  onComplete(): void {
    this.#finish()?.onEnd();
  }

  onBroken(error: Error): void {
    this.#connection?.close();
    this.#finish()?.onFailure(networkFailure(error));
  }

  pause(): void {
    this.#connection?.pause();
  }

  resume(): void {
    this.#connection?.resume();
  }

  abort(): void {
    const connection = this.#connection;
    this.#finish();
    connection?.close();
  }

  #finish(): UpstreamHandler | undefined {
    const handler = this.#handler;
    this.#handler = undefined;
    this.#connection = undefined;
    this.#request = undefined;
    return handler;
  }
}

function asBuffer(body: string | Uint8Array): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
