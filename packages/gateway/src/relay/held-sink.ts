import type { AnswerSink, ClientWatcher } from './client-sink.ts';

/** The end of an answer that the gateway wants whole and for itself. Never behind. */
export class HeldSink implements AnswerSink {
  watcher: ClientWatcher | undefined;
  gone = false;
  started = false;
  status = 0;
  /** True once the answer has come to its end, and not only to its last byte so far. */
  ended = false;
  /** True where it grew longer than it may. */
  overflowed = false;
  readonly #bytesMax: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** `bytesMax`: longest answer taken; a longer one is given up. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  add(): void {
    // Nobody reads headers here.
  }

  start(status: number): void {
    this.started = true;
    this.status = status;
  }

  write(data: Buffer | string): boolean {
    const piece = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
    this.#bytes += piece.length;
    if (this.#bytes <= this.#bytesMax) this.#pieces.push(piece);
    else {
      this.overflowed = true;
      this.#pieces = [];
      this.abandon();
    }
    return true;
  }

  end(data?: Buffer | string): void {
    if (data !== undefined) this.write(data);
    this.ended = !this.overflowed;
  }

  /** Nobody wants the answer any more: whoever makes it stops. */
  abandon(): void {
    if (this.gone) return;
    this.gone = true;
    this.watcher?.onGone();
  }
}
