import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { createFrameDecoder, type FrameDecoder } from './frame-decoder.ts';
import type { SseFrame } from './sse-decode.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const amazon = new EventStreamCodec((bytes) => new TextDecoder().decode(bytes), bytesOf);

const SAMPLES = {
  sse: {
    bytes: bytesOf('event: a\ndata: {}\n\ndata: last'),
    frames: [
      { event: 'a', data: '{}' },
      { event: '', data: 'last' },
    ],
  },
  ndjson: {
    bytes: bytesOf('{"a":1}\n{"b":2}'),
    frames: [
      { event: '', data: '{"a":1}' },
      { event: '', data: '{"b":2}' },
    ],
  },
  'aws-event-stream': {
    bytes: amazon.encode({ headers: { ':event-type': { type: 'string', value: 'a' } }, body: bytesOf('{}') }),
    frames: [{ event: 'a', data: '{}' }],
  },
} as const;

const read = (decoder: FrameDecoder, bytes: Uint8Array): readonly SseFrame[] => [
  ...decoder.push(bytes.subarray(0, 5)),
  ...decoder.push(bytes.subarray(5)),
  ...decoder.end(),
];

describe('createFrameDecoder', () => {
  for (const framing of ['sse', 'ndjson', 'aws-event-stream'] as const) {
    const { bytes, frames } = SAMPLES[framing];

    it(`reads the frames of ${framing}`, () => {
      const decoder = createFrameDecoder(framing);
      assert.deepEqual(read(decoder, bytes), frames);
      assert.equal(decoder.overflowed, false);
      assert.notEqual(decoder.damaged, true);
    });

    it(`bounds the frames of ${framing}`, () => {
      const decoder = createFrameDecoder(framing, { frameBytesMax: 4 });
      assert.deepEqual(read(decoder, bytes), []);
      assert.equal(decoder.overflowed, true);
    });
  }
});
