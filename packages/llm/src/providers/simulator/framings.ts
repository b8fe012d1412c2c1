import { encodeAwsMessage } from '../../transport/aws-event-stream-encode.ts';
import { FRAMING_TYPES } from '../../transport/framing-types.ts';
import { encodeFrame } from '../../transport/sse-encode.ts';
import type { Frame, Framing } from '../../wire/codec.ts';

/** How the frames of a stream become bytes. */
export interface FrameWriter {
  /** The content type of the whole. */
  readonly type: string;
  readonly encode: (frames: readonly Frame[]) => Uint8Array;
  /** The beginning of a frame whose rest never comes. */
  readonly half: Uint8Array;
}

const utf8 = new TextEncoder();

/** The writers of every framing. */
export const FRAME_WRITERS: Readonly<Record<Framing, FrameWriter>> = {
  sse: {
    type: FRAMING_TYPES.sse,
    encode: (frames) => utf8.encode(frames.map(encodeFrame).join('')),
    half: utf8.encode('data: {"half'),
  },
  ndjson: {
    type: FRAMING_TYPES.ndjson,
    encode: (frames) => utf8.encode(frames.map(({ data }) => `${data}\n`).join('')),
    half: utf8.encode('{"half'),
  },
  'aws-event-stream': {
    type: FRAMING_TYPES['aws-event-stream'],
    encode: (frames) => joined(frames.map(encodeAwsMessage)),
    half: encodeAwsMessage({ event: 'chunk', data: '{}' }).subarray(0, 30),
  },
};

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
