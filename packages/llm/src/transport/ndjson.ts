import { HeldBytes } from './held-bytes.ts';

/** Longest line in bytes: whole images travel in one line, anything longer is a fault or an attack. */
const LINE_BYTES_MAX = 8 * 1024 * 1024;
const LF = 0x0a;

/**
 * Lines of newline-delimited JSON from bytes, pushed as they come. Blank lines are keep-alives and are dropped, as are
 * the white space around a line and a byte order mark before the first; what a line holds is the reader's to parse.
 */
export class NdjsonDecoder {
  /** True once a line grew beyond the limit; no lines come after it. */
  overflowed = false;
  readonly #lineBytesMax: number;
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #partial = new HeldBytes();

  constructor(options: { readonly lineBytesMax?: number } = {}) {
    this.#lineBytesMax = options.lineBytesMax ?? LINE_BYTES_MAX;
  }

  /** The lines that `chunk` completes. */
  push(chunk: Uint8Array): readonly string[] {
    const lines: string[] = [];
    let from = 0;
    while (!this.overflowed) {
      const at = chunk.indexOf(LF, from);
      if (at < 0) break;
      this.#line(chunk.subarray(from, at), lines);
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    if (rest.length > 0 && this.#fits(rest)) this.#partial.append(rest);
    return lines;
  }

  /** The last line, when its line end never came. */
  end(): readonly string[] {
    const lines: string[] = [];
    this.#line(new Uint8Array(0), lines);
    return lines;
  }

  #fits(rest: Uint8Array): boolean {
    this.overflowed ||= this.#partial.sizeBytes + rest.length > this.#lineBytesMax;
    if (this.overflowed) this.#partial.clear();
    return !this.overflowed;
  }

  #line(rest: Uint8Array, lines: string[]): void {
    if (!this.#fits(rest)) return;
    let bytes = rest;
    if (this.#partial.sizeBytes > 0) {
      this.#partial.append(rest);
      bytes = this.#partial.take();
    }
    // A byte order mark counts as white space here.
    const line = this.#text.decode(bytes).trim();
    if (line !== '') lines.push(line);
  }
}
