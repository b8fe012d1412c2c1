const CR = 0x0d;
const LF = 0x0a;
const SEMICOLON = 0x3b;
/** Largest piece a server may announce, in bytes. */
const PIECE_BYTES_MAX = 2 ** 40;
/** Longest run of extensions and trailers, in bytes: they mean nothing to us and no vendor sends any. */
const NOISE_BYTES_MAX = 16 * 1024;

type State = 'size' | 'extension' | 'size-end' | 'data' | 'data-cr' | 'data-lf' | 'trailer' | 'trailer-line' | 'last';

/** Takes a body in chunked transfer coding apart, wherever its bytes are split. */
export class ChunkReader {
  /** True once the last byte of the body has been read. */
  done = false;
  /** What is wrong with the coding, once something is. */
  problem: string | undefined;
  #state: State = 'size';
  #size = 0;
  #digits = 0;
  #noise = 0;

  /** Adds the data in `bytes` from `at` on to `pieces`, as views; returns where it stopped. */
  read(bytes: Buffer, at: number, pieces: Buffer[]): number {
    let next = at;
    while (next < bytes.length && !this.done && this.problem === undefined) {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, next + this.#size);
        pieces.push(bytes.subarray(next, end));
        this.#size -= end - next;
        next = end;
        if (this.#size === 0) this.#state = 'data-cr';
        continue;
      }
      this.#state = this.#step(bytes[next] as number);
      next += 1;
    }
    return next;
  }

  #step(byte: number): State {
    switch (this.#state) {
      case 'size':
        return this.#sizeDigit(byte);
      case 'extension':
        this.#countNoise();
        return byte === CR ? 'size-end' : 'extension';
      case 'size-end':
        return this.#wanted(byte === LF, this.#size === 0 ? 'trailer' : 'data');
      case 'data-cr':
        return this.#wanted(byte === CR, 'data-lf');
      case 'data-lf':
        this.#digits = 0;
        return this.#wanted(byte === LF, 'size');
      case 'trailer':
        return byte === CR ? 'last' : 'trailer-line';
      case 'trailer-line':
        this.#countNoise();
        return byte === LF ? 'trailer' : 'trailer-line';
      default:
        this.done = byte === LF;
        return this.#wanted(this.done, 'last');
    }
  }

  #sizeDigit(byte: number): State {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#size = this.#digits === 0 ? digit : this.#size * 16 + digit;
      this.#digits += 1;
      return this.#wanted(this.#size <= PIECE_BYTES_MAX, 'size');
    }
    if (byte === CR) return this.#wanted(this.#digits > 0, 'size-end');
    return this.#wanted(this.#digits > 0 && (byte === SEMICOLON || byte === 0x20 || byte === 0x09), 'extension');
  }

  #countNoise(): void {
    this.#noise += 1;
    if (this.#noise > NOISE_BYTES_MAX) this.problem = 'more than 16 KiB beside the body';
  }

  #wanted(fits: boolean, next: State): State {
    if (!fits) this.problem ??= 'a chunk that is not framed as HTTP/1.1 says';
    return next;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
