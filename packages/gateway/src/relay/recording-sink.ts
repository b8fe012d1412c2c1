import type { OutgoingHttpHeaders } from 'node:http';

import type { AnswerSink, ClientWatcher } from './client-sink.ts';

/** An answer on its way to its client that is also kept, if it comes to its end and is not too long. */
export class RecordingSink implements AnswerSink {
  readonly #client: AnswerSink;
  readonly #bytesMax: number;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #type: string | undefined;
  #ended = false;

  /** `bytesMax`: longest answer that is kept. */
  constructor(client: AnswerSink, bytesMax: number) {
    this.#client = client;
    this.#bytesMax = bytesMax;
  }

  get watcher(): ClientWatcher | undefined {
    return this.#client.watcher;
  }

  set watcher(watcher: ClientWatcher | undefined) {
    this.#client.watcher = watcher;
  }

  get gone(): boolean {
    return this.#client.gone;
  }

  get started(): boolean {
    return this.#client.started;
  }

  get status(): number {
    return this.#client.status;
  }

  /** The answer with its type; `undefined` for one that was refused, cut or too long. */
  get recorded(): { readonly type: string; readonly text: string } | undefined {
    const isWhole = this.#ended && this.#type !== undefined && this.#bytes <= this.#bytesMax && !this.gone;
    return isWhole && this.#type !== undefined
      ? { type: this.#type, text: Buffer.concat(this.#pieces).toString() }
      : undefined;
  }

  add(headers: OutgoingHttpHeaders): void {
    this.#client.add(headers);
  }

  start(status: number, headers: OutgoingHttpHeaders): void {
    const type = headers['content-type'];
    if (status === 200 && typeof type === 'string') this.#type = type;
    this.#client.start(status, headers);
  }

  write(data: Buffer | string): boolean {
    this.#keep(data);
    return this.#client.write(data);
  }

  end(data?: Buffer | string): void {
    if (data !== undefined) this.#keep(data);
    this.#ended = true;
    this.#client.end(data);
  }

  #keep(data: Buffer | string): void {
    // A copy: the memory of bytes that pass is used again.
    const piece = Buffer.from(data as string);
    this.#bytes += piece.length;
    if (this.#bytes <= this.#bytesMax) this.#pieces.push(piece);
    else this.#pieces = [];
  }
}
