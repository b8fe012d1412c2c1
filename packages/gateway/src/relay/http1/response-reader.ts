import { ChunkReader } from './chunk-reader.ts';
import { headStartProblem, readResponseHead, type ResponseHead } from './response-head.ts';

/** What a reader tells, in order: head, data*, then one of end or malformed. */
export interface ResponseListener {
  onHead(head: ResponseHead): void;
  /** One buffer of its own for all the data that one read brought. */
  onBody(data: Buffer): void;
  /** `clean` is false when bytes follow that nobody asked for: such a connection must not be used again. */
  onComplete(clean: boolean): void;
  onMalformed(what: string): void;
}

const HEAD_END = '\r\n\r\n';
/** Longest head taken, in bytes, together with the heads that only announce it. */
const HEAD_BYTES_MAX = 64 * 1024;

/** Reads one response after another off a connection, whatever pieces its bytes come in. */
export class ResponseReader {
  #listener: ResponseListener | undefined;
  /** Bytes of a head that has not ended yet. */
  #partial: Buffer | undefined;
  /** Bytes of heads that announced the response proper. */
  #announcedBytes = 0;
  #head: ResponseHead | undefined;
  #bodiless = false;
  #remaining = 0;
  #chunks: ChunkReader | undefined;

  /** Starts the next response. `bodiless`: it ends with its head, whatever that announces, because only that was asked for. */
  begin(listener: ResponseListener, bodiless = false): void {
    this.#listener = listener;
    this.#bodiless = bodiless;
    this.#head = undefined;
    this.#announcedBytes = 0;
  }

  /** Takes what one read brought. `bytes` may be overwritten after the call: whatever is kept has been copied. */
  read(bytes: Buffer): void {
    if (this.#listener === undefined) return;
    if (this.#head !== undefined) return this.#readBody(bytes, 0);
    const all = this.#partial === undefined ? bytes : Buffer.concat([this.#partial, bytes]);
    this.#partial = undefined;
    this.#readHead(all, all.length - bytes.length);
  }

  /** The connection ended: a body that lasts until then is complete, anything else was cut off. */
  end(): boolean {
    const listener = this.#listener;
    if (listener === undefined || this.#head?.body !== 'close') return false;
    this.#listener = undefined;
    listener.onComplete(false);
    return true;
  }

  /** `fresh`: where the bytes begin that have not been looked at. */
  #readHead(all: Buffer, fresh: number): void {
    let at = 0;
    for (;;) {
      const end = all.indexOf(HEAD_END, Math.max(at, fresh - HEAD_END.length));
      if (end < 0) return this.#holdHead(all, at, fresh);
      if (this.#announcedBytes + end - at > HEAD_BYTES_MAX) return this.#failLong();
      const head = readResponseHead(all.toString('latin1', at, end));
      this.#announcedBytes += end + HEAD_END.length - at;
      at = end + HEAD_END.length;
      if (typeof head === 'string') return this.#fail(head);
      if (head.status === 101) return this.#fail('a change of protocol that was not asked for');
      // Any other 1xx announces the response proper.
      if (head.status >= 200) return this.#start(head, all, at);
    }
  }

  #holdHead(all: Buffer, at: number, fresh: number): void {
    // The last three bytes may already belong to the end of the head.
    if (this.#announcedBytes + all.length - at - (HEAD_END.length - 1) > HEAD_BYTES_MAX) return this.#failLong();
    const problem = headStartProblem(all, at, Math.max(at, fresh - 1));
    if (problem !== undefined) return this.#fail(problem);
    this.#partial = Buffer.from(all.subarray(at));
  }

  #start(head: ResponseHead, all: Buffer, at: number): void {
    this.#head = head;
    this.#remaining = typeof head.body === 'number' ? head.body : 0;
    this.#chunks = head.body === 'chunked' ? new ChunkReader() : undefined;
    this.#listener?.onHead(head);
    if (head.body === 0 || this.#bodiless) return this.#complete(at === all.length);
    if (at < all.length) this.#readBody(all, at);
  }

  #readBody(bytes: Buffer, at: number): void {
    if (this.#chunks !== undefined) return this.#readChunks(this.#chunks, bytes, at);
    const untilClose = this.#head?.body === 'close';
    const end = untilClose ? bytes.length : Math.min(bytes.length, at + this.#remaining);
    this.#remaining -= end - at;
    this.#listener?.onBody(Buffer.from(bytes.subarray(at, end)));
    if (!untilClose && this.#remaining === 0) this.#complete(end === bytes.length);
  }

  #readChunks(chunks: ChunkReader, bytes: Buffer, at: number): void {
    const places: number[] = [];
    const end = chunks.read(bytes, at, places);
    if (places.length > 0) this.#listener?.onBody(joined(bytes, places));
    if (chunks.problem !== undefined) return this.#fail(chunks.problem);
    if (chunks.done) this.#complete(end === bytes.length);
  }

  #complete(clean: boolean): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.onComplete(clean);
  }

  #failLong(): void {
    this.#fail('headers of more than 64 KiB');
  }

  #fail(what: string): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.onMalformed(what);
  }
}

/** What stands at these places, in a buffer of its own: one copy each, and no view made of any. */
function joined(bytes: Buffer, places: readonly number[]): Buffer {
  let size = 0;
  for (let at = 0; at < places.length; at += 2) size += (places[at + 1] as number) - (places[at] as number);
  const whole = Buffer.allocUnsafe(size);
  let end = 0;
  for (let at = 0; at < places.length; at += 2) end += bytes.copy(whole, end, places[at], places[at + 1]);
  return whole;
}
