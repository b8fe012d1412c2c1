/** Events kept: enough for a finish, a usage and a closing event, with keep-alives between. */
const EVENTS_MAX = 6;
/** Bytes from which on no further event of a piece is kept; the last one always is, because it may tell the finish. */
const BYTES_MAX = 32 * 1024;

interface Piece {
  readonly bytes: Buffer;
  readonly events: number;
  /** Where in the whole stream it ends. */
  readonly endOffset: number;
}

/**
 * The last few events of a stream that passes unread. Keeps copies of just these bytes: a slice would hold on to the
 * whole chunk it was cut from, for as long as the client takes to read.
 */
export class StreamTail {
  #pieces: Piece[] = [];
  #events = 0;

  /** Takes whole events; `endOffset` is where in the stream they end. */
  push(slice: Buffer, endOffset: number): void {
    const { start, events } = lastEvents(slice);
    this.#pieces.push({ bytes: Buffer.from(slice.subarray(start)), events, endOffset });
    this.#events += events;
    while (this.#events - (this.#pieces[0]?.events ?? 0) >= EVENTS_MAX) {
      this.#events -= this.#pieces[0]?.events ?? 0;
      this.#pieces.shift();
    }
  }

  /** What is kept of the bytes behind `offset`. */
  after(offset: number): Buffer {
    return Buffer.concat(
      this.#pieces.flatMap(({ bytes, endOffset }) => {
        const unread = Math.min(bytes.length, endOffset - offset);
        return unread > 0 ? [bytes.subarray(bytes.length - unread)] : [];
      }),
    );
  }
}

/** Where the last few events of a slice begin, and how many they are. */
function lastEvents(slice: Buffer): { start: number; events: number } {
  const blank = slice[slice.length - 2] === CR ? '\n\r\n' : '\n\n';
  let events = 0;
  let start = slice.length;
  while (start > 0 && events < EVENTS_MAX && slice.length - start < BYTES_MAX) {
    // The blank line that ends the event before: the event's own begins one byte further on at the latest.
    const before = start > blank.length ? slice.lastIndexOf(blank, start - blank.length - 1) : -1;
    start = before < 0 ? 0 : before + blank.length;
    events += 1;
  }
  return { start, events };
}

const CR = 0x0d;
