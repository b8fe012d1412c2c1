const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const DELETE = 0x7f;
/** Largest piece a server may announce, in bytes. */
const PIECE_BYTES_MAX = 2 ** 40;
/** Longest size, in digits: zeros before it would otherwise go on for ever. */
const DIGITS_MAX = 16;
/** Longest extension of one piece and longest trailer section, in bytes: they mean nothing to us. */
const NOISE_BYTES_MAX = 16 * 1024;
const NAME_BYTE = /[!#$%&'*+.^_`|~0-9A-Za-z-]/;

type State =
  | 'size'
  | 'size-pad'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-name'
  | 'trailer-value'
  | 'trailer-lf'
  | 'last-lf';

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

  /** Adds where data begins and ends in `bytes` from `at` on to `places`, in pairs; returns where it stopped. */
  read(bytes: Buffer, at: number, places: number[]): number {
    let next = at;
    while (next < bytes.length && !this.done && this.problem === undefined) {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, next + this.#size);
        places.push(next, end);
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
      case 'size-lf':
        return this.#wanted(byte === LF, this.#size === 0 ? 'trailer' : 'data');
      case 'data-cr':
        return this.#wanted(byte === CR, 'data-lf');
      case 'data-lf':
        this.#digits = 0;
        this.#noise = 0;
        return this.#wanted(byte === LF, 'size');
      case 'size-pad':
      case 'extension':
        return this.#extension(byte);
      case 'last-lf':
        this.done = byte === LF;
        return this.#wanted(this.done, 'last-lf');
      default:
        return this.#trailer(byte);
    }
  }

  #sizeDigit(byte: number): State {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#size = this.#digits === 0 ? digit : this.#size * 16 + digit;
      this.#digits += 1;
      return this.#wanted(this.#size <= PIECE_BYTES_MAX && this.#digits <= DIGITS_MAX, 'size');
    }
    return this.#wanted(this.#digits > 0, this.#afterSize(byte));
  }

  /** A server may write blanks after the size, but a second word there is two sizes to two readers. */
  #afterSize(byte: number): State {
    if (byte === CR) return 'size-lf';
    if (byte === SEMICOLON) return 'extension';
    return this.#wanted(byte === SPACE || byte === TAB, 'size-pad');
  }

  #extension(byte: number): State {
    this.#countNoise();
    if (this.#state === 'size-pad') return this.#afterSize(byte);
    return byte === CR ? 'size-lf' : this.#wanted(isText(byte), 'extension');
  }

  #trailer(byte: number): State {
    this.#countNoise();
    switch (this.#state) {
      case 'trailer':
        return byte === CR ? 'last-lf' : this.#wanted(isName(byte), 'trailer-name');
      case 'trailer-name':
        return byte === COLON ? 'trailer-value' : this.#wanted(isName(byte), 'trailer-name');
      case 'trailer-value':
        return byte === CR ? 'trailer-lf' : this.#wanted(isText(byte), 'trailer-value');
      default:
        return this.#wanted(byte === LF, 'trailer');
    }
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

const isText = (byte: number): boolean => byte === TAB || (byte >= SPACE && byte !== DELETE);

const isName = (byte: number): boolean => NAME_BYTE.test(String.fromCharCode(byte));

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
