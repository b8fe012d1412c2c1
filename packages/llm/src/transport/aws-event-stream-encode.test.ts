import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import fc from 'fast-check';

import { encodeAwsMessage } from './aws-event-stream-encode.ts';
import { AwsEventStreamDecoder } from './aws-event-stream.ts';

/** Amazon's own codec of messages. */
const official = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

describe('a message of Amazon’s event stream', () => {
  it('is what Amazon’s own codec reads', () => {
    const { headers, body } = official.decode(encodeAwsMessage({ event: 'messageStart', data: '{"role":"é漢🙂"}' }));
    assert.deepEqual(Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])), {
      ':event-type': 'messageStart',
      ':content-type': 'application/json',
      ':message-type': 'event',
    });
    assert.equal(Buffer.from(body).toString(), '{"role":"é漢🙂"}');
  });

  it('is an exception where its name says so', () => {
    const { headers } = official.decode(encodeAwsMessage({ event: 'throttlingException', data: '{}' }));
    assert.equal(headers[':message-type']?.value, 'exception');
    assert.equal(headers[':exception-type']?.value, 'throttlingException');
  });

  it('comes back from our own decoder, however it is split', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (data, size) => {
        const frame = { event: 'chunk', data: data.toWellFormed() };
        const bytes = encodeAwsMessage(frame);
        const decoder = new AwsEventStreamDecoder();
        const frames = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          decoder.push(bytes.subarray(at * size, (at + 1) * size)),
        ).flat();
        assert.deepEqual(frames, [frame]);
      }),
    );
  });
});
