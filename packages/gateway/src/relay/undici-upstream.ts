import type { Failure } from '@patchbay/llm/model/failure';
import type { Dispatcher } from 'undici';

import type { Upstream, UpstreamControl, UpstreamHandler } from './upstream.ts';

/** Sends requests with undici's `dispatch`, the cheapest way to a socket that Node offers; redirects are not followed. */
export function undiciUpstream(dispatcher: Dispatcher): Upstream {
  return {
    dispatch(request, handler) {
      const exchange = new UndiciExchange(handler);
      const [origin, path] = splitUrl(request.url);
      dispatcher.dispatch(
        {
          origin,
          path,
          method: request.method,
          headers: request.headers,
          body: request.body ?? null,
          // Phases are watched by the relay's own deadlines, which know about first tokens.
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        exchange,
      );
      return exchange;
    },
  };
}

/** Origin and path of an absolute URL, as they are written: base URLs are checked when settings are read. */
function splitUrl(url: string): readonly [origin: string, path: string] {
  const slash = url.indexOf('/', url.indexOf('://') + 3);
  return slash < 0 ? [url, '/'] : [url.slice(0, slash), url.slice(slash)];
}

const ABORTED = new Error('aborted by the gateway');

class UndiciExchange implements UpstreamControl, Dispatcher.DispatchHandler {
  /** Let go of at the end: the connection remembers its last requests, and they us. */
  #handler: UpstreamHandler | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;

  constructor(handler: UpstreamHandler) {
    this.#handler = handler;
  }

  pause(): void {
    if (!this.#over) this.#controller?.pause();
  }

  resume(): void {
    if (!this.#over) this.#controller?.resume();
  }

  abort(): void {
    if (this.#over) return;
    this.#finish();
    this.#controller?.abort(ABORTED);
  }

  #finish(): UpstreamHandler | undefined {
    const handler = this.#handler;
    this.#over = true;
    this.#handler = undefined;
    return handler;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(ABORTED);
    else this.#handler?.onConnected();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (!this.#over && status >= 200) this.#handler?.onHeaders(status, headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over) this.#handler?.onData(chunk);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#finish()?.onEnd();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    this.#finish()?.onFailure(networkFailure(error));
  }
}

const TLS_CODE = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME/;

/** Names the transport fault without the address book of the installation: codes only, no URLs. */
export function networkFailure(error: Error & { code?: string; cause?: unknown }): Failure {
  const code = error.code ?? (error.cause as { code?: string } | undefined)?.code ?? error.name;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return {
      kind: 'timeout',
      phase: 'connect',
      message: 'The provider could not be reached in time.',
      code,
      detail: error.message,
    };
  }
  if (code === 'EGRESS_DENIED') {
    return {
      kind: 'permission',
      message:
        'The provider address is private and not allowed. Name it in EGRESS_ALLOW or in the provider’s base URL setting.',
      code,
      detail: error.message,
    };
  }
  const what = TLS_CODE.test(code)
    ? `Secure connection to the provider failed (${code}).`
    : `The connection to the provider failed (${code}).`;
  return { kind: 'network', message: what, code, detail: error.message };
}
