import type { Failure } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { Connect } from '../../egress/guarded-connect.ts';
import type { DeadlineWheel } from '../deadline-wheel.ts';
import { networkFailure } from '../network-failure.ts';
import type { Upstream, UpstreamBody, UpstreamControl, UpstreamHandler } from '../upstream.ts';
import { ConnectionFault, type Connection, type ConnectionUser } from './connection.ts';
import { Origin } from './origin.ts';
import { requestHead, type BodyFraming } from './request-bytes.ts';
import type { ResponseHead } from './response-head.ts';

/** The network behind `Upstream`, with its open connections. */
export interface NetworkUpstream extends Upstream {
  /** Closes every connection; exchanges that run, and any that are begun later, fail. */
  close(): void;
}

/**
 * Speaks HTTP/1.1 on sockets of its own: one request at a time on a connection, which is kept for the next; redirects
 * are not followed, and nothing is sent twice. Phases are watched by the caller's deadlines, so none are set here.
 */
export function http1Upstream(connect: Connect, wheel: DeadlineWheel): NetworkUpstream {
  const origins = new Map<string, Origin>();
  let closing: ConnectionFault | undefined;
  const originOf = (name: string): Origin => {
    if (closing !== undefined) throw closing;
    let origin = origins.get(name);
    if (origin === undefined) {
      origin = new Origin(name, connect, wheel);
      origins.set(name, origin);
    }
    return origin;
  };
  return {
    dispatch(request, handler, body) {
      const exchange = new Exchange(handler);
      exchange.run(request, originOf, body);
      return exchange;
    },
    close() {
      closing = new ConnectionFault('ECONNABORTED', 'the gateway closes its connections');
      for (const origin of origins.values()) origin.close(closing);
    },
  };
}

/** Origin and path of an absolute URL, as they are written. */
function splitUrl(url: string): readonly [origin: string, path: string] {
  const slash = url.indexOf('/', url.indexOf('://') + 3);
  return slash < 0 ? [url, '/'] : [url.slice(0, slash), url.slice(slash)];
}

class Exchange implements UpstreamControl, ConnectionUser {
  /** What is still to be sent. All are let go of in time: a request may be large, and whoever holds the exchange holds it. */
  #head = '';
  #body: Buffer | UpstreamBody | undefined;
  #wantsHead = false;
  #handler: UpstreamHandler | undefined;
  #connection: Connection | undefined;

  constructor(handler: UpstreamHandler) {
    this.#handler = handler;
  }

  run(request: UpstreamRequest, originOf: (name: string) => Origin, body: UpstreamBody | undefined): void {
    try {
      const [name, path] = splitUrl(request.url);
      const origin = originOf(name);
      this.#body = body ?? (request.body === undefined ? undefined : asBuffer(request.body));
      this.#wantsHead = request.method === 'HEAD';
      this.#head = requestHead(request, origin.host, path, framingOf(this.#body));
      this.#connection = origin.takeFree(this);
      if (this.#connection === undefined) this.#connection = origin.open(this);
      else this.onUp();
    } catch (error) {
      // Told later, as every other fault is: the caller does not hold its control yet.
      process.nextTick(() => this.onBroken(error as Error));
    }
  }

  onUp(): void {
    this.#connection?.send({ head: this.#head, body: this.#body, wantsHead: this.#wantsHead });
    this.#head = '';
    this.#body = undefined;
    this.#handler?.onConnected();
  }

  onHead({ status, headers }: ResponseHead): void {
    try {
      this.#handler?.onHeaders(status, headers);
    } catch (error) {
      this.#giveUp(error as Error);
    }
  }

  onBody(data: Buffer): void {
    try {
      this.#handler?.onData(data);
    } catch (error) {
      this.#giveUp(error as Error);
    }
  }

  onComplete(): void {
    const handler = this.#finish();
    try {
      handler?.onEnd();
    } catch (error) {
      handler?.onFailure(ownFault(error as Error));
    }
  }

  onBroken(error: Error): void {
    this.#connection?.close();
    this.#finish()?.onFailure(networkFailure(error));
  }

  /** What a handler throws is a fault of ours: it ends this exchange, not the process with all the others. */
  #giveUp(error: Error): void {
    this.#connection?.close();
    this.#finish()?.onFailure(ownFault(error));
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
    this.#body = undefined;
    return handler;
  }
}

function framingOf(body: Buffer | UpstreamBody | undefined): BodyFraming {
  if (body === undefined) return 0;
  return Buffer.isBuffer(body) ? body.length : (body.lengthBytes ?? 'chunked');
}

const ownFault = (error: Error): Failure => ({
  kind: 'internal',
  message: 'The gateway failed while it read the answer of the provider.',
  code: error.name,
  detail: error.stack ?? error.message,
});

function asBuffer(body: string | Uint8Array): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
