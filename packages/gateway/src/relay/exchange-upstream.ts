import type { Exchange, UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { Upstream, UpstreamControl, UpstreamHandler } from './upstream.ts';

/** Lets a pull-style exchange, such as the built-in simulator, stand where an upstream is wanted. */
export function exchangeUpstream(exchange: Exchange): Upstream {
  return {
    dispatch(request, handler) {
      const control = new PumpControl();
      void pump(exchange, request, handler, control);
      return control;
    },
  };
}

class PumpControl implements UpstreamControl {
  readonly abortion = new AbortController();
  #resumed: (() => void) | undefined;
  #paused: Promise<void> | undefined;

  pause(): void {
    this.#paused ??= new Promise((resolve) => (this.#resumed = resolve));
  }

  resume(): void {
    this.#resumed?.();
    this.#resumed = undefined;
    this.#paused = undefined;
  }

  abort(): void {
    this.abortion.abort();
    this.resume();
  }

  async ready(): Promise<void> {
    while (this.#paused !== undefined) await this.#paused;
  }
}

async function pump(
  exchange: Exchange,
  request: UpstreamRequest,
  handler: UpstreamHandler,
  control: PumpControl,
): Promise<void> {
  const { signal } = control.abortion;
  try {
    handler.onConnected();
    const answer = await exchange.send(request, signal);
    if (signal.aborted) return;
    if (!answer.ok) return handler.onFailure(answer.failure);
    handler.onHeaders(answer.value.status, answer.value.headers);
    for await (const chunk of answer.value.body) {
      await control.ready();
      if (signal.aborted) return;
      handler.onData(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
    if (!signal.aborted) handler.onEnd();
  } catch (error) {
    if (!signal.aborted)
      handler.onFailure({ kind: 'network', message: 'The provider’s stream broke off.', detail: String(error) });
  }
}
