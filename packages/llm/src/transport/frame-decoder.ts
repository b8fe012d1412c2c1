import { AwsEventStreamDecoder } from './aws-event-stream.ts';
import { NdjsonDecoder } from './ndjson.ts';
import { SseDecoder, type SseFrame } from './sse-decode.ts';

/** Frames of a streamed answer from bytes, pushed as they come, however the format at hand bounds them. */
export interface FrameDecoder {
  /** True once a frame grew beyond the limit; no frames come after it. */
  readonly overflowed: boolean;
  /** True once the bytes contradicted their own checksums; no frames come after it. Absent where there are none. */
  readonly damaged?: boolean;
  /** The frames that `chunk` completes. */
  push(chunk: Uint8Array): readonly SseFrame[];
  /** What is left when the bytes are over. */
  end(): readonly SseFrame[];
}

/** How a format bounds the frames of a streamed answer. */
export type Framing = keyof typeof DECODERS;

/** Bounds of a decoder. */
export interface FrameLimits {
  /** Longest frame in bytes. Default 8 MiB. */
  readonly frameBytesMax?: number;
}

/**
 * The decoder of a framing. A line of `ndjson` is a frame without an event name; what the frames of
 * `aws-event-stream` hold is said at `AwsEventStreamDecoder`.
 */
export const createFrameDecoder = (framing: Framing, limits: FrameLimits = {}): FrameDecoder =>
  DECODERS[framing](limits);

const DECODERS = {
  sse: ({ frameBytesMax }: FrameLimits): FrameDecoder =>
    new SseDecoder(frameBytesMax === undefined ? {} : { eventBytesMax: frameBytesMax }),
  ndjson: (limits: FrameLimits): FrameDecoder => new LineFrames(limits),
  'aws-event-stream': (limits: FrameLimits): FrameDecoder => new AwsEventStreamDecoder(limits),
} as const;

/** Lines in the guise of frames. */
class LineFrames implements FrameDecoder {
  readonly #lines: NdjsonDecoder;

  constructor({ frameBytesMax }: FrameLimits) {
    this.#lines = new NdjsonDecoder(frameBytesMax === undefined ? {} : { lineBytesMax: frameBytesMax });
  }

  get overflowed(): boolean {
    return this.#lines.overflowed;
  }

  push(chunk: Uint8Array): readonly SseFrame[] {
    return this.#lines.push(chunk).map(lineFrame);
  }

  end(): readonly SseFrame[] {
    return this.#lines.end().map(lineFrame);
  }
}

const lineFrame = (data: string): SseFrame => ({ event: '', data });
