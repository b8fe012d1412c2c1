import type { Failure } from '@patchbay/llm/model/failure';
import type { Exchange, UpstreamRequest } from '@patchbay/llm/transport/exchange';

import type { Upstream, UpstreamBody, UpstreamControl, UpstreamHandler } from './upstream.ts';

/** Longest body that is put together of pieces, in bytes: an exchange takes it whole. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;
const TOO_LARGE: Failure = { kind: 'payload-too-large', message: 'The request body is larger than 32 MiB. Send less.' };

/** Lets a pull-style exchange, such as the built-in simulator, stand where an upstream is wanted. */
export function exchangeUpstream(exchange: Exchange): Upstream {
  return {
    dispatch(request, handler, body) {
      const control = new PumpControl();
      if (body === undefined) void pump(exchange, request, handler, control);
      else
        gather(body, (bytes) => {
          if (bytes === undefined) handler.onFailure(TOO_LARGE);
          else void pump(exchange, { ...request, body: bytes }, handler, control);
        });
      return control;
    },
  };
}

/** Puts a body together; `undefined` when it is too long. */
function gather(body: UpstreamBody, done: (bytes: Buffer | undefined) => void): void {
  const pieces: Buffer[] = [];
  let size = 0;
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    done(size > BODY_BYTES_MAX ? undefined : Buffer.concat(pieces));
    pieces.length = 0;
  };
  body.start({
    write(piece) {
      size += piece.length;
      if (size > BODY_BYTES_MAX) finish();
      else pieces.push(piece);
      return true;
    },
    end: finish,
  });
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
