import type { OutgoingHttpHeaders } from 'node:http';

import type { AnswerSink } from './client-sink.ts';
import { PassingSink } from './passing-sink.ts';

/** An answer on its way to its client that is also kept, if it comes to its end and is not too long. */
export class RecordingSink extends PassingSink {
  readonly #bytesMax: number;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #type: string | undefined;
  #ended = false;

  /** `bytesMax`: longest answer that is kept. */
  constructor(client: AnswerSink, bytesMax: number) {
    super(client);
    this.#bytesMax = bytesMax;
  }

  /** The answer with its type; `undefined` for one that was refused, cut or too long. */
  get recorded(): { readonly type: string; readonly text: string } | undefined {
    const isWhole = this.#ended && this.#type !== undefined && this.#bytes <= this.#bytesMax && !this.gone;
    return isWhole && this.#type !== undefined
      ? { type: this.#type, text: Buffer.concat(this.#pieces).toString() }
      : undefined;
  }

  override start(status: number, headers: OutgoingHttpHeaders): void {
    const type = headers['content-type'];
    if (status === 200 && typeof type === 'string') this.#type = type;
    this.next.start(status, headers);
  }

  override write(data: Buffer | string): boolean {
    this.#keep(data);
    return this.next.write(data);
  }

  override end(data?: Buffer | string): void {
    if (data !== undefined) this.#keep(data);
    this.#ended = true;
    this.next.end(data);
  }

  #keep(data: Buffer | string): void {
    // A copy: the memory of bytes that pass is used again.
    const piece = Buffer.from(data as string);
    this.#bytes += piece.length;
    if (this.#bytes <= this.#bytesMax) this.#pieces.push(piece);
    else this.#pieces = [];
  }
}
