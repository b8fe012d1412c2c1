import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { EventStreamCodec, type MessageHeaders } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { loadRecordings } from '../testing/recordings.ts';
import { AwsEventStreamDecoder } from './aws-event-stream.ts';
import type { SseFrame } from './sse-decode.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
/** Amazon's own codec of messages. */
const official = new EventStreamCodec(textOf, bytesOf);

const text = (value: string) => ({ type: 'string', value }) as const;
const message = (headers: MessageHeaders, body: string): Uint8Array =>
  official.encode({ headers, body: bytesOf(body) });
const event = (type: string, body: string): Uint8Array =>
  message(
    { ':event-type': text(type), ':content-type': text('application/json'), ':message-type': text('event') },
    body,
  );

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function decode(pieces: readonly Uint8Array[], decoder = new AwsEventStreamDecoder()): readonly SseFrame[] {
  const frames = pieces.flatMap((piece) => decoder.push(piece));
  return [...frames, ...decoder.end()];
}

/** A header of every type there is. */
const ALL_TYPES: MessageHeaders = {
  yes: { type: 'boolean', value: true },
  no: { type: 'boolean', value: false },
  byte: { type: 'byte', value: -3 },
  short: { type: 'short', value: 300 },
  integer: { type: 'integer', value: -70_000 },
  bytes: { type: 'binary', value: Uint8Array.of(1, 2, 3) },
  time: { type: 'timestamp', value: new Date(1_700_000_000_000) },
  uuid: { type: 'uuid', value: '0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f' },
};

const SAMPLES: readonly (readonly [name: string, bytes: Uint8Array, frames: readonly SseFrame[]])[] = [
  [
    'an event',
    event('messageStart', '{"role":"assistant"}'),
    [{ event: 'messageStart', data: '{"role":"assistant"}' }],
  ],
  [
    'events in a row',
    joined([event('a', '{}'), event('b', '"é漢🙂"'), event('c', '')]),
    [
      { event: 'a', data: '{}' },
      { event: 'b', data: '"é漢🙂"' },
      { event: 'c', data: '' },
    ],
  ],
  [
    'an exception',
    message(
      { ':message-type': text('exception'), ':exception-type': text('throttlingException') },
      '{"message":"slow"}',
    ),
    [{ event: 'throttlingException', data: '{"message":"slow"}' }],
  ],
  [
    'an error of the stream itself',
    message({ ':message-type': text('error'), ':error-code': text('500'), ':error-message': text('a "fault"') }, ''),
    [{ event: 'error', data: '{"code":"500","message":"a \\"fault\\""}' }],
  ],
  [
    'headers of every type',
    message({ ...ALL_TYPES, ':event-type': text('x'), after: { type: 'boolean', value: true } }, '1'),
    [{ event: 'x', data: '1' }],
  ],
  ['a message without headers', message({}, '{}'), [{ event: '', data: '{}' }]],
  ['a name of an object’s own', event('__proto__', '{}'), [{ event: '__proto__', data: '{}' }]],
  ['nothing', new Uint8Array(0), []],
];

describe('AwsEventStreamDecoder', () => {
  for (const [name, bytes, frames] of SAMPLES) it(`reads ${name}`, () => assert.deepEqual(decode([bytes]), frames));

  it('hears the same wherever the bytes are split', () => {
    for (const [name, bytes, frames] of SAMPLES) {
      assert.deepEqual(decode([...bytes].map((byte) => Uint8Array.of(byte))), frames, `${name}, byte by byte`);
      for (let at = 0; at <= bytes.length; at += 1)
        assert.deepEqual(decode([bytes.subarray(0, at), bytes.subarray(at)]), frames, `${name}, split at ${at}`);
    }
  });

  it('hears in any message what Amazon’s own codec hears, however the bytes are split', () => {
    const header = fc.oneof(
      fc.string({ maxLength: 300 }).map(text),
      fc.constantFrom(...Object.values(ALL_TYPES)),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => ({ type: 'integer', value }) as const),
    );
    const name = fc.string({ minLength: 1, maxLength: 40 });
    const headers = fc.dictionary(fc.oneof(name, fc.constantFrom(':event-type', 'x')), header, { maxKeys: 5 });
    const made = fc
      .tuple(headers, fc.string({ unit: 'binary', maxLength: 400 }))
      .map(([some, body]) => message(some, body));
    const cuts = fc.array(fc.nat(2000), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(made, { maxLength: 4 }), cuts, (messages, places) => {
        const bytes = joined(messages);
        const ends = [...places.filter((at) => at <= bytes.length), bytes.length].sort((a, b) => a - b);
        const decoder = new AwsEventStreamDecoder();
        const frames = decode(
          ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end)),
          decoder,
        );
        assert.equal(decoder.damaged, false);
        assert.deepEqual(frames, messages.map(officially));
      }),
      { numRuns: 5000 },
    );
  });

  it('stops at any damage, and Amazon’s own codec refuses the same bytes', () => {
    const bytes = joined([event('a', '{"p":"ab"}'), event('b', '{}')]);
    const first = event('a', '{"p":"ab"}').length;
    fc.assert(
      fc.property(fc.nat(first - 1), fc.integer({ min: 1, max: 255 }), fc.nat(bytes.length), (at, flip, cut) => {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] as number) ^ flip;
        assert.throws(() => official.decode(damaged.subarray(0, first)));
        const decoder = new AwsEventStreamDecoder();
        assert.deepEqual(decode([damaged.subarray(0, cut), damaged.subarray(cut)], decoder), []);
        assert.equal(decoder.damaged, true);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes any bytes without throwing, and what follows damage is not read', () => {
    const noise = fc.uint8Array({ maxLength: 64 });
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 4 }), (pieces) => {
        const decoder = new AwsEventStreamDecoder();
        decode(pieces, decoder);
        if (decoder.damaged) assert.deepEqual(decoder.push(event('a', '{}')), []);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses headers that do not fill their bytes, although every checksum is right', () => {
    for (const headers of [
      [1],
      [1, 97],
      [1, 97, 7],
      [1, 97, 7, 0],
      [1, 97, 7, 0, 9, 98],
      [1, 97, 10],
      [1, 97, 255],
      [9, 97],
    ]) {
      const decoder = new AwsEventStreamDecoder();
      assert.deepEqual(decoder.push(summed(Uint8Array.from(headers))), [], headers.join(' '));
      assert.equal(decoder.damaged, true, headers.join(' '));
    }
  });

  it('overflows on a message beyond the limit before its bytes have come, and keeps the messages before it', () => {
    const long = event('long', 'x'.repeat(100));
    const bytes = joined([event('a', '{}'), long.subarray(0, 12)]);
    const decoder = new AwsEventStreamDecoder({ frameBytesMax: long.length - 1 });
    assert.deepEqual(decoder.push(bytes), [{ event: 'a', data: '{}' }]);
    assert.equal(decoder.overflowed, true);
    assert.deepEqual(decoder.push(event('a', '{}')), []);
    const roomier = new AwsEventStreamDecoder({ frameBytesMax: long.length });
    assert.equal(roomier.push(long).length, 1);
  });

  it('copies every byte a constant number of times however small the pieces are', (t) => {
    const bytes = event('a', 'x'.repeat(100_000));
    const set = t.mock.method(Uint8Array.prototype, 'set');
    const decoder = new AwsEventStreamDecoder();
    let frames = 0;
    for (const byte of bytes) frames += decoder.push(Uint8Array.of(byte)).length;
    const copiedBytes = set.mock.calls.reduce((sum, { arguments: [source] }) => sum + source.length, 0);
    set.mock.restore();
    assert.equal(frames, 1);
    assert.ok(copiedBytes <= 4 * bytes.length, `${copiedBytes} bytes copied for ${bytes.length}`);
  });

  it('says nothing of a message whose end never came', () => {
    const bytes = event('a', '{}');
    assert.deepEqual(decode([bytes.subarray(0, -1)]), []);
    assert.deepEqual(decode([bytes.subarray(0, 5)]), []);
  });

  it('reads recorded streams as Amazon’s own codec does', () => {
    const streams = loadRecordings('bedrock.converse-stream').flatMap(
      ({ response }) => response.eventstream_base64 ?? [],
    );
    assert.ok(streams.length > 0);
    for (const stream of streams) {
      const bytes = Buffer.from(stream, 'base64');
      const messages: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at))
        messages.push(bytes.subarray(at, at + bytes.readUInt32BE(at)));
      assert.deepEqual(decode([bytes]), messages.map(officially));
    }
  });
});

/** What Amazon's codec reads, as a frame; only messages that are events have one. */
function officially(bytes: Uint8Array): SseFrame {
  const { headers, body } = official.decode(bytes);
  const type = headers[':event-type'];
  return { event: type?.type === 'string' ? type.value : '', data: textOf(body) };
}

/** A message of these very header bytes; Amazon's codec writes only right ones, but lends its checksums. */
function summed(headers: Uint8Array): Uint8Array {
  const body = official.encode({ headers: {}, body: headers });
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  view.setUint32(4, headers.length);
  view.setUint32(8, crc32(body.subarray(0, 8)));
  view.setUint32(body.length - 4, crc32(body.subarray(0, -4)));
  return body;
}
