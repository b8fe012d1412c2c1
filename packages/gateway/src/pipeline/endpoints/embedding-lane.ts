import type { Failure } from '@patchbay/llm/model/failure';
import type { Usage } from '@patchbay/llm/model/usage';

import type { PassLane } from '../../relay/pass-lane.ts';
import { PassTail } from '../../relay/pass-tail.ts';
import { recodeVector, type VectorEncoding } from './vector-encoding.ts';

/** Longest vector taken to be rewritten, in bytes; the longest of today are a fortieth of it. */
const VECTOR_BYTES_MAX = 4 * 1024 * 1024;
/** Bytes before the first vector that are held until it tells the encoding. */
const PREAMBLE_BYTES_MAX = 64 * 1024;

const TOO_LONG: Failure = { kind: 'protocol', message: 'The provider sent a vector of more than 4 MiB.' };

const NAME = Buffer.from('"embedding"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/**
 * An answer with vectors on its way to a caller who wants them in one encoding. Providers that do not know the one that
 * was asked for answer in the other without a word, and clients then read nonsense without a word. One vector at a time
 * is rewritten; where the first already stands as it is wanted, everything passes as it came.
 */
export class EmbeddingLane implements PassLane {
  readonly #wanted: VectorEncoding;
  readonly #tail = new PassTail();
  /** Bytes whose meaning depends on what follows: the name of a member, or the beginning of a vector. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** What closes the vector that has begun; absent between vectors. */
  #closing: typeof QUOTE | typeof CLOSE_LIST | undefined;
  /** True when the last byte that is held takes the meaning of the next one. */
  #escaped = false;
  /** `unknown` until the first vector was seen. */
  #mode: 'unknown' | 'pass' | 'recode' = 'unknown';

  constructor(wanted: VectorEncoding) {
    this.#wanted = wanted;
  }

  get keepsLength(): boolean {
    return this.#mode === 'pass';
  }

  get reshaped(): boolean {
    return this.#mode === 'recode';
  }

  push(chunk: Buffer): readonly Buffer[] | Failure {
    this.#tail.push(chunk);
    if (this.#mode === 'pass') return [chunk];
    const passed: Buffer[] = [];
    let rest: Buffer | undefined = chunk;
    while (rest !== undefined && rest.length > 0) {
      rest = this.#closing === undefined ? this.#search(rest, passed) : this.#collect(rest, passed, this.#closing);
      if (this.#heldBytes > VECTOR_BYTES_MAX) return TOO_LONG;
    }
    return passed;
  }

  /** Looks for the next vector; returns what is left to be looked at. */
  #search(chunk: Buffer, passed: Buffer[]): Buffer | undefined {
    const bytes = this.#heldBytes === 0 ? chunk : Buffer.concat([...this.#held, chunk]);
    this.#release();
    const { at, closing } = nextVector(bytes);
    if (closing === undefined) {
      // Nothing is said before the encoding is known, because it decides whether the announced length is right.
      const from = this.#mode === 'unknown' && bytes.length <= PREAMBLE_BYTES_MAX ? 0 : at;
      if (from > 0) passed.push(bytes.subarray(0, from));
      this.#hold(bytes.subarray(from));
      return undefined;
    }
    if (this.#mode === 'unknown') {
      this.#mode = (closing === QUOTE) === (this.#wanted === 'base64') ? 'pass' : 'recode';
    }
    if (this.#mode === 'pass') {
      passed.push(bytes);
      return undefined;
    }
    passed.push(bytes.subarray(0, at));
    this.#closing = closing;
    return bytes.subarray(at);
  }

  /** Collects the vector that has begun; returns what follows it. */
  #collect(bytes: Buffer, passed: Buffer[], closing: number): Buffer | undefined {
    const end = closing === QUOTE ? this.#textEnd(bytes) : bytes.indexOf(closing);
    if (end < 0) {
      this.#hold(bytes);
      return undefined;
    }
    this.#hold(bytes.subarray(0, end + 1));
    const vector = Buffer.concat(this.#held);
    this.#release();
    this.#closing = undefined;
    const recoded = recodeVector(vector.toString());
    passed.push(recoded === undefined ? vector : Buffer.from(recoded));
    return bytes.subarray(end + 1);
  }

  /** Where the quote stands that closes the text, whose own quote opens it when nothing of it is held. */
  #textEnd(bytes: Buffer): number {
    for (let at = this.#heldBytes === 0 ? 1 : 0; at < bytes.length; at += 1) {
      if (this.#escaped) this.#escaped = false;
      else if (bytes[at] === BACKSLASH) this.#escaped = true;
      else if (bytes[at] === QUOTE) return at;
    }
    return -1;
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #release(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  end(): readonly Buffer[] {
    return this.#held;
  }

  cut(): undefined {
    return undefined;
  }

  usage(): Usage | undefined {
    return this.#tail.usage();
  }
}

/** Where the next vector begins and what closes it; without one, from where on the bytes may yet bring one. */
function nextVector(bytes: Buffer): { at: number; closing?: typeof QUOTE | typeof CLOSE_LIST } {
  for (let name = bytes.indexOf(NAME); name >= 0; name = bytes.indexOf(NAME, name + 1)) {
    // Behind a backslash it is the end of some longer text.
    if (bytes[name - 1] === BACKSLASH) continue;
    const colon = skipBlanks(bytes, name + NAME.length);
    if (colon === bytes.length) return { at: name };
    if (bytes[colon] !== COLON) continue;
    const at = skipBlanks(bytes, colon + 1);
    if (at === bytes.length) return { at: name };
    if (bytes[at] === QUOTE) return { at, closing: QUOTE };
    if (bytes[at] === OPEN_LIST) return { at, closing: CLOSE_LIST };
  }
  return { at: Math.max(0, bytes.length - NAME.length) };
}

function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] as number) <= 0x20) at += 1;
  return at;
}
