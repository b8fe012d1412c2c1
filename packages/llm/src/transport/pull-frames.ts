import type { FrameDecoder } from './frame-decoder.ts';
import type { SseFrame } from './sse-decode.ts';

/** Frames of a pulled byte stream; stops reading when one grows beyond the limit or is damaged. */
export async function* pullFrames(decoder: FrameDecoder, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SseFrame> {
  for await (const chunk of bytes) {
    yield* decoder.push(chunk);
    if (decoder.overflowed || decoder.damaged === true) return;
  }
  yield* decoder.end();
}
