import { HeldBytes } from './held-bytes.ts';
import { lastBoundary } from './sse-boundary.ts';

/** One event: its name, empty when the wire did not give one, and its joined data. */
export interface SseFrame {
  readonly event: string;
  readonly data: string;
}

/** Longest event in bytes: whole images travel in one event, anything longer is a fault or an attack. */
const EVENT_BYTES_MAX = 8 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Server-sent events from bytes, pushed as they come; parsing as WHATWG says, except that an event whose blank line
 * never came is delivered by `end`. Lines are found among the bytes, so a split inside a character changes nothing.
 */
export class SseDecoder {
  /** True once an event grew beyond the limit; no frames come after it. */
  overflowed = false;
  readonly #eventBytesMax: number;
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #partial = new HeldBytes();
  #bytes = 0;
  #data: string[] = [];
  #event = '';
  #afterCr = false;
  #first = true;

  constructor(options: { readonly eventBytesMax?: number } = {}) {
    this.#eventBytesMax = options.eventBytesMax ?? EVENT_BYTES_MAX;
  }

  /** The events that `chunk` completes. */
  push(chunk: Uint8Array): readonly SseFrame[] {
    const frames: SseFrame[] = [];
    if (this.overflowed) return frames;
    let from = this.#afterCr && chunk[0] === LF ? 1 : 0;
    if (chunk.length > 0) this.#afterCr = false;
    // What has begun before ends by itself.
    if (this.#partial.sizeBytes > 0) from = this.#lineAt(chunk, from, frames);
    if (this.#partial.sizeBytes === 0 && !this.overflowed) from = this.#wholeEvents(chunk, from, frames);
    for (let before = -1; before < from;) {
      before = from;
      from = this.#lineAt(chunk, from, frames);
    }
    if (from < chunk.length && !this.overflowed) this.#hold(chunk.subarray(from));
    return frames;
  }

  /**
   * Reads all whole events whose lines end with line feeds, as nearly all do: decoded at once and parted as text they cost a
   * fifth. Returns where they end, which is where they begin if there are none of that kind.
   */
  #wholeEvents(chunk: Uint8Array, from: number, frames: SseFrame[]): number {
    const end = lastBoundary(chunk);
    // Together they stay below what one may have, so that none need be counted.
    if (end <= from || this.#bytes + end - from > this.#eventBytesMax) return from;
    const text = this.#text.decode(chunk.subarray(from, end));
    if (text.includes('\r')) return from;
    for (let start = 0; start < text.length;) {
      const at = text.indexOf('\n', start);
      this.#read(text.slice(start, at), frames);
      start = at + 1;
    }
    return end;
  }

  /** Reads the line that begins at `from`; returns where the next one does, or `from` where this one does not end. */
  #lineAt(chunk: Uint8Array, from: number, frames: SseFrame[]): number {
    const at = this.overflowed ? -1 : lineEnd(chunk, from);
    if (at < 0) return from;
    this.#line(chunk.subarray(from, at), frames);
    const next = at + 1;
    if (chunk[at] !== CR) return next;
    if (next === chunk.length) this.#afterCr = true;
    return chunk[next] === LF ? next + 1 : next;
  }

  /** The last event, when its blank line never came. */
  end(): readonly SseFrame[] {
    const frames: SseFrame[] = [];
    if (this.overflowed) return frames;
    if (this.#partial.sizeBytes > 0) this.#line(new Uint8Array(0), frames);
    this.#dispatch(frames);
    return frames;
  }

  #hold(rest: Uint8Array): void {
    this.#count(rest.length);
    if (!this.overflowed) this.#partial.append(rest);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#eventBytesMax) return;
    this.overflowed = true;
    this.#partial.clear();
    this.#data = [];
  }

  #line(rest: Uint8Array, frames: SseFrame[]): void {
    this.#count(rest.length);
    if (this.overflowed) return;
    let bytes = rest;
    if (this.#partial.sizeBytes > 0) {
      this.#partial.append(rest);
      bytes = this.#partial.take();
    }
    this.#read(this.#text.decode(bytes), frames);
  }

  #read(text: string, frames: SseFrame[]): void {
    const line = this.#first && text.startsWith('\uFEFF') ? text.slice(1) : text;
    this.#first = false;
    if (line === '') this.#dispatch(frames);
    else this.#field(line);
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1);
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#event = value;
  }

  #dispatch(frames: SseFrame[]): void {
    if (this.#data.length > 0) {
      const data = this.#data.length === 1 ? (this.#data[0] as string) : this.#data.join('\n');
      frames.push({ event: this.#event, data });
      this.#data = [];
    }
    this.#event = '';
    this.#bytes = 0;
  }
}

function lineEnd(chunk: Uint8Array, from: number): number {
  for (let at = from; at < chunk.length; at += 1) {
    const byte = chunk[at];
    if (byte === LF || byte === CR) return at;
  }
  return -1;
}
