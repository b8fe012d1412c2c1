import type { IncomingMessage } from 'node:http';

/** A request's body, or why it was not taken; nothing when the client left before it was sent. */
export type TakenBody = Buffer | 'too-large' | 'encoded';

const NOTHING = Buffer.alloc(0);

/**
 * Takes a whole body of at most `limitBytes`. One that is announced longer is refused before any of it is read, one
 * that grows longer as soon as it does. `done` is called once, or never when the client leaves in the middle.
 */
export function takeBody(request: IncomingMessage, limitBytes: number, done: (body: TakenBody) => void): void {
  const { 'content-length': announced, 'content-encoding': encoding } = request.headers;
  if (announced !== undefined && Number(announced) > limitBytes) return done('too-large');
  if (encoding !== undefined && encoding !== 'identity') return done('encoded');
  let first: Buffer = NOTHING;
  let rest: Buffer[] | undefined;
  let large: LargeBody | undefined;
  let size = 0;
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > limitBytes) {
      request.off('data', onData).off('end', onEnd);
      return done('too-large');
    }
    if (size > JOINED_BYTES_MAX) {
      large ??= new LargeBody(rest ?? [first], Number(announced ?? 2 * JOINED_BYTES_MAX));
      large.add(chunk);
      first = NOTHING;
      rest = undefined;
      return;
    }
    // Most bodies come in one piece, which then is the body.
    if (size === chunk.length) first = chunk;
    else (rest ??= [first]).push(chunk);
  };
  const onEnd = (): void => {
    const body = large?.bytes ?? (rest === undefined ? first : Buffer.concat(rest, size));
    // The request lives as long as its answer, and these functions with it: the pieces must not.
    first = NOTHING;
    rest = undefined;
    large = undefined;
    done(body);
  };
  request.on('data', onData).on('end', onEnd);
  // A client that leaves in the middle reports an error, which would otherwise end the process.
  request.on('error', () => undefined);
}

/** Longest body that is joined once it has ended, in bytes: joining a longer one would hold up the event loop. */
const JOINED_BYTES_MAX = 1024 * 1024;

/** A long body, put together as it comes. One of the length that was announced lies alone in its memory. */
class LargeBody {
  #room: Buffer;
  #size = 0;

  constructor(pieces: readonly Buffer[], roomBytes: number) {
    // Memory that is never written to is never provided by the system: to announce much costs us nothing.
    this.#room = Buffer.allocUnsafeSlow(roomBytes);
    for (const piece of pieces) this.add(piece);
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.#size);
  }

  add(piece: Buffer): void {
    const size = this.#size + piece.length;
    if (size > this.#room.length) {
      const roomier = Buffer.allocUnsafeSlow(2 * size);
      this.bytes.copy(roomier);
      this.#room = roomier;
    }
    piece.copy(this.#room, this.#size);
    this.#size = size;
  }
}
