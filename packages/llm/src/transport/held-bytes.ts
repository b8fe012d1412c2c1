/** Room that is kept between two lines; a larger one is given back once its line is read. */
const KEPT_BYTES_MAX = 64 * 1024;
const FIRST_BYTES = 256;

/**
 * Bytes of a line that has not ended yet. Room doubles as it grows, so that a byte is copied a constant number of times
 * however small the pieces are, and the chunks they came in are not kept alive.
 */
export class HeldBytes {
  /** Bytes held now. */
  sizeBytes = 0;
  #room = new Uint8Array(0);

  append(piece: Uint8Array): void {
    const sizeBytes = this.sizeBytes + piece.length;
    if (sizeBytes > this.#room.length) this.#grow(sizeBytes);
    this.#room.set(piece, this.sizeBytes);
    this.sizeBytes = sizeBytes;
  }

  /** All bytes held, and none are held afterwards. Read them before the next `append`. */
  take(): Uint8Array {
    const taken = this.#room.subarray(0, this.sizeBytes);
    this.clear();
    return taken;
  }

  clear(): void {
    this.sizeBytes = 0;
    if (this.#room.length > KEPT_BYTES_MAX) this.#room = new Uint8Array(0);
  }

  #grow(sizeBytes: number): void {
    const larger = new Uint8Array(Math.max(FIRST_BYTES, sizeBytes, 2 * this.#room.length));
    larger.set(this.#room.subarray(0, this.sizeBytes));
    this.#room = larger;
  }
}
