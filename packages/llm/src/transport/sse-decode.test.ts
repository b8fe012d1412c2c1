import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pullFrames } from './pull-frames.ts';
import { SseDecoder, type SseFrame } from './sse-decode.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function decode(pieces: readonly (string | Uint8Array)[], eventBytesMax?: number): readonly SseFrame[] {
  const decoder = new SseDecoder(eventBytesMax === undefined ? {} : { eventBytesMax });
  const frames = pieces.flatMap((piece) => decoder.push(typeof piece === 'string' ? bytesOf(piece) : piece));
  return [...frames, ...decoder.end()];
}

const data = (...texts: readonly string[]): readonly SseFrame[] => texts.map((text) => ({ event: '', data: text }));

/** Streams as servers write them, and what a reader that follows WHATWG hears. */
const SAMPLES: readonly (readonly [name: string, text: string, frames: readonly SseFrame[]])[] = [
  ['line feeds', 'data: a\n\ndata: b\n\n', data('a', 'b')],
  ['carriage returns', 'data: a\r\rdata: b\r\r', data('a', 'b')],
  ['carriage returns with line feeds', 'data: a\r\n\r\ndata: b\r\n\r\n', data('a', 'b')],
  ['all line ends at once', 'data: a\r\ndata: b\n\rdata: c\r\r\n', data('a\nb', 'c')],
  ['a byte order mark', '\uFEFFdata: a\n\n', data('a')],
  ['a byte order mark before a blank line', '\uFEFF\n\ndata: a\n\n', data('a')],
  ['a byte order mark that is no first character', 'data: a\n\n\uFEFFdata: b\n\n', data('a')],
  ['comments', ': hello\n\n:\ndata: a\n: between\ndata: b\n\n', data('a\nb')],
  ['several lines of data', 'data: a\ndata:\ndata: b\n\n', data('a\n\nb')],
  ['one space after the colon, and no more', 'data:a\ndata: a\ndata:  a\n\n', data('a\na\n a')],
  ['a colon in data', 'data: {"a":"b: c"}\n\n', data('{"a":"b: c"}')],
  ['a field without a colon', 'data\n\ndata\ndata\n\n', data('', '\n')],
  ['an event name', 'event: ping\ndata: a\n\ndata: b\n\n', [{ event: 'ping', data: 'a' }, ...data('b')]],
  ['the last of two event names', 'event: x\nevent: y\ndata: a\n\n', [{ event: 'y', data: 'a' }]],
  ['an event name without data', 'event: ping\n\ndata: a\n\n', data('a')],
  ['ids, retries and unknown fields', 'id: 1\nretry: 5\nfoo: b\n data: no\nDATA: no\ndata: a\n\n', data('a')],
  ['no final blank line', 'data: a\n\nevent: last\ndata: b\n', [...data('a'), { event: 'last', data: 'b' }]],
  ['no final line end', 'data: a\n\ndata: b', data('a', 'b')],
  [
    'characters of two, three and four bytes',
    'event: é\ndata: ключ 漢字 🙂\n\n',
    [{ event: 'é', data: 'ключ 漢字 🙂' }],
  ],
  ['nothing', '', []],
  ['only blank lines', '\n\r\n\r\n\n', []],
];

describe('SseDecoder', () => {
  for (const [name, text, frames] of SAMPLES) it(`reads ${name}`, () => assert.deepEqual(decode([text]), frames));

  it('hears the same wherever the bytes are split', () => {
    for (const [name, text, frames] of SAMPLES) {
      const bytes = bytesOf(text);
      assert.deepEqual(decode([...bytes].map((byte) => Uint8Array.of(byte))), frames, `${name}, byte by byte`);
      for (let at = 0; at <= bytes.length; at += 1)
        assert.deepEqual(
          decode([bytes.subarray(0, at), new Uint8Array(0), bytes.subarray(at)]),
          frames,
          `${name}, split at ${at}`,
        );
    }
  });

  it('replaces bytes that are no UTF-8 and reads on', () => {
    const broken = Uint8Array.of(...bytesOf('data: a'), 0xff, ...bytesOf('\n\ndata: b\n\n'));
    assert.deepEqual(decode([broken]), data('a\uFFFD', 'b'));
  });

  it('delivers an event as soon as its blank line is there', () => {
    const decoder = new SseDecoder();
    assert.deepEqual(decoder.push(bytesOf('data: a\r\n\r')), data('a'));
    assert.deepEqual(decoder.push(bytesOf('\ndata: b\n\n')), data('b'));
    assert.deepEqual(decoder.end(), []);
  });

  it('overflows on an event beyond the limit and keeps the events before it, however the bytes are split', () => {
    const text = 'data: 123456\n\ndata: 1234567\n\ndata: 1\n\n';
    const splits = [[text], text.split(''), ['data: 123456\n\ndata: 12', '34567\n\ndata: 1\n\n']];
    for (const pieces of splits) assert.deepEqual(decode(pieces, 12), data('123456'));
    const decoder = new SseDecoder({ eventBytesMax: 12 });
    decoder.push(bytesOf(text));
    assert.equal(decoder.overflowed, true);
  });

  it('counts all lines of an event towards the limit, and every event anew', () => {
    assert.deepEqual(decode(['data:12\ndata:34\n\n'], 14), data('12\n34'));
    assert.deepEqual(decode(['data:12\ndata:34\n\n'], 13), []);
    assert.deepEqual(decode(['data: 1\n\n'.repeat(5)], 8), data('1', '1', '1', '1', '1'));
  });

  it('decodes every byte once when they come one by one', (t) => {
    const sizeBytes = 20_000;
    const decoded = t.mock.method(TextDecoder.prototype, 'decode');
    const frames = decode(`data: ${'x'.repeat(sizeBytes)}\n\n`.split(''));
    assert.equal(frames[0]?.data.length, sizeBytes);
    const lengths = decoded.mock.calls.map(({ arguments: [bytes] }) => bytes?.byteLength ?? 0);
    assert.equal(
      lengths.reduce((sum, length) => sum + length, 0),
      'data: '.length + sizeBytes,
    );
  });
});

describe('pullFrames', () => {
  async function framesOf(chunksIn: AsyncIterable<Uint8Array>): Promise<readonly SseFrame[]> {
    const frames: SseFrame[] = [];
    for await (const frame of pullFrames(new SseDecoder(), chunksIn)) frames.push(frame);
    return frames;
  }

  async function* chunks(texts: readonly string[], taken: string[] = []): AsyncGenerator<Uint8Array> {
    for (const text of texts) {
      taken.push(text);
      yield bytesOf(text);
    }
  }

  it('gives the frames of a byte stream, the unfinished last one included', async () => {
    const frames = await framesOf(chunks(['data: a\n', '\nda', 'ta: b']));
    assert.deepEqual(frames, data('a', 'b'));
  });

  it('reads no further once an event grew beyond the limit', async () => {
    const taken: string[] = [];
    const endless = 'x'.repeat(5 * 1024 * 1024);
    const frames = await framesOf(chunks(['data: a\n\ndata: ', endless, endless, endless], taken));
    assert.deepEqual(frames, data('a'));
    assert.equal(taken.length, 3);
  });
});
