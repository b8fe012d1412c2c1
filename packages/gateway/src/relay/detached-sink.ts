import type { Frame } from '@patchbay/llm/wire/codec';
import { SseDecoder } from '@patchbay/llm/transport/sse-decode';

import type { AnswerSink, ClientWatcher } from './client-sink.ts';

/** The end of an answer that no client waits for: its events are handed on as they come. Never behind. */
export class DetachedSink implements AnswerSink {
  watcher: ClientWatcher | undefined;
  gone = false;
  started = false;
  status = 0;
  readonly #decoder = new SseDecoder();
  readonly #onFrame: (frame: Frame) => void;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  add(): void {
    // Nobody reads headers here.
  }

  start(status: number): void {
    this.started = true;
    this.status = status;
  }

  write(data: Buffer | string): boolean {
    for (const frame of this.#decoder.push(typeof data === 'string' ? Buffer.from(data) : data)) this.#onFrame(frame);
    return true;
  }

  end(data?: Buffer | string): void {
    if (data !== undefined) this.write(data);
    for (const frame of this.#decoder.end()) this.#onFrame(frame);
  }

  /** Nobody wants the answer any more: whoever makes it stops. */
  abandon(): void {
    if (this.gone) return;
    this.gone = true;
    this.watcher?.onGone();
  }
}
