/** Events kept: enough for a finish, a usage and a closing event, with keep-alives between. */
const EVENTS_MAX = 6;
/** An event beyond this is no usage; it is forgotten rather than copied. */
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
    if (slice.length - start > BYTES_MAX) {
      this.#pieces = [];
      this.#events = 0;
      return;
    }
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

const NEWLINES = '\n\n';

/** Where the last few events of a slice begin, and how many they are. */
function lastEvents(slice: Buffer): { start: number; events: number } {
  let events = 1;
  for (let at = slice.length - NEWLINES.length; at > 0; events += 1) {
    at = slice.lastIndexOf(NEWLINES, at - 1);
    if (at < 0) break;
    if (events === EVENTS_MAX) return { start: at + NEWLINES.length, events };
  }
  return { start: 0, events };
}
