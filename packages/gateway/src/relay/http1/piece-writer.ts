import type { Duplex } from 'node:stream';

import type { PieceTarget, UpstreamBody } from '../upstream.ts';

/** A body of another length than was announced: what follows it would be taken for the next request. */
class WrongLength extends Error {
  readonly code = 'WRONG_BODY_LENGTH';
}

/** Writes one request's body to a connection, piece by piece: as many bytes as were announced, or in chunks. */
export class PieceWriter implements PieceTarget {
  readonly #socket: Duplex;
  readonly #body: UpstreamBody;
  readonly #onFault: (error: Error) => void;
  /** Bytes that are still owed; absent when the body goes out in chunks. */
  #owed: number | undefined;
  #unfinished = true;
  #open = true;

  /** `onFault` is told when the body breaks the length it announced. */
  constructor(socket: Duplex, body: UpstreamBody, onFault: (error: Error) => void) {
    this.#socket = socket;
    this.#body = body;
    this.#onFault = onFault;
    this.#owed = body.lengthBytes;
  }

  /** True until the whole body has been handed to the connection. */
  get unfinished(): boolean {
    return this.#unfinished;
  }

  write(piece: Buffer): boolean {
    if (!this.#open || piece.length === 0) return true;
    if (this.#owed === undefined) this.#writeChunk(piece);
    else if (piece.length <= this.#owed) {
      this.#owed -= piece.length;
      this.#socket.write(piece);
    } else return this.#fail('longer');
    return !this.#socket.writableNeedDrain;
  }

  #writeChunk(piece: Buffer): void {
    this.#socket.cork();
    this.#socket.write(`${piece.length.toString(16)}\r\n`, 'latin1');
    this.#socket.write(piece);
    this.#socket.write('\r\n', 'latin1');
    this.#socket.uncork();
  }

  end(): void {
    if (!this.#open) return;
    if (this.#owed !== undefined && this.#owed > 0) return void this.#fail('shorter');
    this.#open = false;
    this.#unfinished = false;
    if (this.#owed === undefined) this.#socket.write('0\r\n\r\n', 'latin1');
  }

  #fail(how: 'longer' | 'shorter'): true {
    this.#open = false;
    this.#onFault(new WrongLength(`the request's body is ${how} than it was announced`));
    return true;
  }

  onDrain(): void {
    if (this.#open) this.#body.onReady();
  }

  /** Nothing more goes out. Whoever writes may write on, so that what it reads from is read to its end. */
  close(): void {
    const waited = this.#open && this.#socket.writableNeedDrain;
    this.#open = false;
    if (waited) this.#body.onReady();
  }
}
