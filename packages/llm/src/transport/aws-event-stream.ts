import { crc32 } from './crc32.ts';
import { HeldBytes } from './held-bytes.ts';
import type { SseFrame } from './sse-decode.ts';

/** Longest message in bytes, as long as an event of any other framing may be. */
const FRAME_BYTES_MAX = 8 * 1024 * 1024;
/** Total length, length of the headers and the checksum of both. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/** Headers of text, by name. */
type Headers = ReadonlyMap<string, string>;

/**
 * Messages of `application/vnd.amazon.eventstream` from bytes, pushed as they come. A frame's `event` is the message's
 * `:event-type` or `:exception-type`, its `data` the payload's text. A message that reports an error of the stream
 * itself is the event `error` with `{"code", "message"}`. A message whose end never came says nothing.
 */
export class AwsEventStreamDecoder {
  /** True once a message said that it is longer than the limit; no frames come after it. */
  overflowed = false;
  /** True once a checksum or a length was wrong: where the next message begins is unknown, so no frames come after it. */
  damaged = false;
  readonly #frameBytesMax: number;
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #prelude = new DataView(new ArrayBuffer(PRELUDE_BYTES));
  readonly #partial = new HeldBytes();
  #preludeBytes = 0;
  #last: { readonly bytes: Uint8Array; readonly headers: Headers } = { bytes: new Uint8Array(0), headers: new Map() };

  constructor(options: { readonly frameBytesMax?: number } = {}) {
    this.#frameBytesMax = options.frameBytesMax ?? FRAME_BYTES_MAX;
  }

  /** The messages that `chunk` completes. */
  push(chunk: Uint8Array): readonly SseFrame[] {
    const frames: SseFrame[] = [];
    let from = 0;
    while (from < chunk.length && !this.overflowed && !this.damaged)
      from = this.#preludeBytes < PRELUDE_BYTES ? this.#begin(chunk, from) : this.#goOn(chunk, from, frames);
    return frames;
  }

  /** Nothing: no message is complete without its checksum. */
  end(): readonly SseFrame[] {
    this.#partial.clear();
    this.#preludeBytes = 0;
    return [];
  }

  /** Reads on in the prelude; where it stopped. */
  #begin(chunk: Uint8Array, from: number): number {
    const to = Math.min(chunk.length, from + PRELUDE_BYTES - this.#preludeBytes);
    for (let at = from; at < to; at += 1) {
      this.#prelude.setUint8(this.#preludeBytes, chunk[at] as number);
      this.#preludeBytes += 1;
    }
    if (this.#preludeBytes < PRELUDE_BYTES) return to;
    const [totalBytes, headerBytes] = [this.#prelude.getUint32(0), this.#prelude.getUint32(4)];
    const fits = PRELUDE_BYTES + headerBytes + CHECKSUM_BYTES <= totalBytes;
    this.damaged = !fits || this.#prelude.getUint32(8) !== crc32(new Uint8Array(this.#prelude.buffer, 0, 8));
    this.overflowed = !this.damaged && totalBytes > this.#frameBytesMax;
    return to;
  }

  /** Reads on behind the prelude; where it stopped. */
  #goOn(chunk: Uint8Array, from: number, frames: SseFrame[]): number {
    const missingBytes = this.#prelude.getUint32(0) - PRELUDE_BYTES - this.#partial.sizeBytes;
    const piece = chunk.subarray(from, from + missingBytes);
    if (piece.length < missingBytes) this.#partial.append(piece);
    else if (this.#partial.sizeBytes === 0) this.#message(piece, frames);
    else {
      this.#partial.append(piece);
      this.#message(this.#partial.take(), frames);
    }
    return from + piece.length;
  }

  /** Reads headers, payload and checksum of a message whose prelude is known. */
  #message(bytes: Uint8Array, frames: SseFrame[]): void {
    this.#preludeBytes = 0;
    const end = bytes.length - CHECKSUM_BYTES;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const sum = crc32(bytes.subarray(0, end), crc32(new Uint8Array(this.#prelude.buffer)));
    const headerBytes = this.#prelude.getUint32(4);
    const headers = sum === view.getUint32(end) ? this.#headersOf(bytes.subarray(0, headerBytes)) : undefined;
    this.damaged = headers === undefined;
    if (headers === undefined) return;
    const data = this.#text.decode(bytes.subarray(headerBytes, end));
    frames.push(frameOf(headers, data));
  }

  /** Most messages have the very headers of the one before them: reading them again would be most of the work. */
  #headersOf(bytes: Uint8Array): Headers | undefined {
    const { bytes: before, headers } = this.#last;
    if (isSame(before, bytes)) return headers;
    const read = this.#headers(bytes);
    if (read !== undefined) this.#last = { bytes: bytes.slice(), headers: read };
    return read;
  }

  /** Headers of text by name; `undefined` where they do not fill their bytes. */
  #headers(bytes: Uint8Array): Headers | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const headers = new Map<string, string>();
    let at = 0;
    while (at < bytes.length) {
      const nameEnd = at + 1 + view.getUint8(at);
      const type = bytes[nameEnd] ?? VALUE_BYTES.length;
      const fixed = VALUE_BYTES[type];
      const start = nameEnd + 1 + (fixed === undefined ? 2 : 0);
      if (type >= VALUE_BYTES.length || start > bytes.length) return undefined;
      const end = start + (fixed ?? view.getUint16(start - 2));
      if (end > bytes.length) return undefined;
      if (type === TEXT)
        headers.set(this.#text.decode(bytes.subarray(at + 1, nameEnd)), this.#text.decode(bytes.subarray(start, end)));
      at = end;
    }
    return headers;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** Sizes of header values by their type, in bytes: yes, no, numbers, bytes, text, a time and a UUID. */
const VALUE_BYTES: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const TEXT = 7;

function frameOf(headers: Headers, data: string): SseFrame {
  const type = headers.get(':message-type');
  if (type === 'exception') return { event: headers.get(':exception-type') ?? 'exception', data };
  if (type !== 'error') return { event: headers.get(':event-type') ?? '', data };
  const report = { code: headers.get(':error-code') ?? '', message: headers.get(':error-message') ?? '' };
  return { event: 'error', data: JSON.stringify(report) };
}
