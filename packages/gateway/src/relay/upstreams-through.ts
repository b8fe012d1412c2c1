import type { Connect } from '../egress/guarded-connect.ts';
import { proxyKey } from '../egress/proxy-login.ts';
import type { ProxyAddress } from '../egress/proxy-url.ts';
import type { Deadline, DeadlineWheel } from './deadline-wheel.ts';
import { http1Upstream, type NetworkUpstream } from './http1/http1-upstream.ts';
import type { Upstream, UpstreamControl, UpstreamHandler } from './upstream.ts';

/** Upstreams behind proxies. */
export interface ProxiedUpstreams {
  /** The one upstream through this proxy, with connections of its own, which are shared with nobody else. */
  through(proxy: ProxyAddress): Upstream;
  /** How many there are now. */
  readonly size: number;
  /** Closes every connection; exchanges that run fail. */
  close(): void;
}

/** How long the upstream of a proxy is kept that nobody uses, in milliseconds. Its connections go before it. */
const UNUSED_MS = 60_000;

/** Makes an upstream when its proxy is first used and takes it away when nobody has used it for a minute. */
export function upstreamsThrough(
  connectThrough: (proxy: ProxyAddress) => Connect,
  wheel: DeadlineWheel,
): ProxiedUpstreams {
  const kept = new Map<string, KeptUpstream>();
  const keep = (key: string, proxy: ProxyAddress): KeptUpstream => {
    const upstream = new KeptUpstream(http1Upstream(connectThrough(proxy), wheel), wheel, () => kept.delete(key));
    kept.set(key, upstream);
    return upstream;
  };
  return {
    through(proxy) {
      const key = proxyKey(proxy);
      // Looked up with each exchange: whoever holds this may use it long after the upstream went.
      return { dispatch: (...exchange) => (kept.get(key) ?? keep(key, proxy)).dispatch(...exchange) };
    },
    get size() {
      return kept.size;
    },
    close() {
      for (const upstream of kept.values()) upstream.close();
    },
  };
}

/** An upstream that knows whether it is used. */
class KeptUpstream implements NetworkUpstream {
  readonly #upstream: NetworkUpstream;
  readonly #wheel: DeadlineWheel;
  readonly #onClosed: () => void;
  readonly #unused: Deadline;
  #running = 0;

  constructor(upstream: NetworkUpstream, wheel: DeadlineWheel, onClosed: () => void) {
    this.#upstream = upstream;
    this.#wheel = wheel;
    this.#onClosed = onClosed;
    this.#unused = { atMs: 0, onDue: () => this.close() };
    wheel.add(this.#unused);
  }

  dispatch(...[request, handler, body]: Parameters<Upstream['dispatch']>): UpstreamControl {
    this.#running += 1;
    this.#unused.atMs = 0;
    const over = once(() => this.#onOver());
    const control = this.#upstream.dispatch(request, new EndListener(handler, over), body);
    return {
      pause: () => control.pause(),
      resume: () => control.resume(),
      abort: () => {
        control.abort();
        over();
      },
    };
  }

  close(): void {
    this.#wheel.remove(this.#unused);
    this.#onClosed();
    this.#upstream.close();
  }

  #onOver(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#unused.atMs = this.#wheel.nowMs() + UNUSED_MS;
  }
}

/** Passes everything on, and says when an exchange is over. */
class EndListener implements UpstreamHandler {
  readonly #handler: UpstreamHandler;
  readonly #over: () => void;

  constructor(handler: UpstreamHandler, over: () => void) {
    this.#handler = handler;
    this.#over = over;
  }

  onConnected(): void {
    this.#handler.onConnected();
  }

  onHeaders(...head: Parameters<UpstreamHandler['onHeaders']>): void {
    this.#handler.onHeaders(...head);
  }

  onData(chunk: Buffer): void {
    this.#handler.onData(chunk);
  }

  onEnd(): void {
    this.#over();
    this.#handler.onEnd();
  }

  onFailure(...failure: Parameters<UpstreamHandler['onFailure']>): void {
    this.#over();
    this.#handler.onFailure(...failure);
  }
}

function once(task: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    task();
  };
}
