import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { ChunkReader } from './chunk-reader.ts';

interface Reading {
  readonly body: string;
  /** Bytes taken, of those that were offered. */
  readonly taken: number;
  readonly done: boolean;
  readonly problem: boolean;
}

/** What a reader makes of a body that comes in these pieces. */
function read(pieces: readonly Buffer[]): Reading {
  const reader = new ChunkReader();
  const data: Buffer[] = [];
  let taken = 0;
  for (const piece of pieces) {
    const places: number[] = [];
    taken += reader.read(piece, 0, places);
    for (let at = 0; at < places.length; at += 2) data.push(piece.subarray(places[at], places[at + 1]));
    if (reader.done || reader.problem !== undefined) break;
  }
  const body = Buffer.concat(data).toString('latin1');
  return { body, taken, done: reader.done, problem: reader.problem !== undefined };
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** `text` in one piece, in two pieces cut anywhere, and byte by byte; whatever the cut, the outcome is one. */
function readAnyhow(text: string): Reading {
  const bytes = bytesOf(text);
  const whole = read([bytes]);
  for (let at = 1; at < bytes.length; at += 1)
    assert.deepEqual(read([bytes.subarray(0, at), bytes.subarray(at)]), whole, `cut at ${at}`);
  assert.deepEqual(read(Array.from(bytes, (byte) => Buffer.of(byte))), whole, 'byte by byte');
  return whole;
}

describe('a chunked body', () => {
  for (const [what, text, body] of [
    ['of one piece', '5\r\nhello\r\n0\r\n\r\n', 'hello'],
    ['of several pieces', '5\r\nhello\r\n1\r\n,\r\n00d\r\n to the world\r\n0\r\n\r\n', 'hello, to the world'],
    ['of nothing', '0\r\n\r\n', ''],
    ['that ends with many zeros', '1\r\na\r\n0000\r\n\r\n', 'a'],
    [
      'with sizes in either case',
      `a\r\n${'x'.repeat(10)}\r\nB\r\n${'y'.repeat(11)}\r\n0\r\n\r\n`,
      `${'x'.repeat(10)}${'y'.repeat(11)}`,
    ],
    ['that looks like its own framing', '9\r\n0\r\n\r\n5\r\nX\r\n0\r\n\r\n', '0\r\n\r\n5\r\nX'],
    ['with extensions', '5;a;b=c; d="e f"\r\nhello\r\n0;last\r\n\r\n', 'hello'],
    ['with blanks after the size', '5 \t \r\nhello\r\n0  ;x\r\n\r\n', 'hello'],
    ['with trailers', '5\r\nhello\r\n0\r\nx-sum: 1\r\nY:\r\nz-name:\tgr\xfc\xdf\r\n\r\n', 'hello'],
  ] as const)
    it(`is read ${what}`, () =>
      assert.deepEqual(readAnyhow(text), { body, taken: text.length, done: true, problem: false }));

  it('ends where it ends, and leaves what follows', () => {
    const text = '1\r\na\r\n0\r\n\r\n';
    assert.deepEqual(read([bytesOf(`${text}HTTP/1.1`)]), { body: 'a', taken: text.length, done: true, problem: false });
  });

  it('is not over before its last byte', () => {
    const text = '5;a\r\nhello\r\n0\r\nx: y\r\n\r\n';
    for (let length = 0; length < text.length; length += 1) {
      const { done, problem } = readAnyhow(text.slice(0, length));
      assert.deepEqual([done, problem], [false, false], text.slice(0, length));
    }
  });

  it('gives random bodies back, whatever the sizes of its pieces and of the reads', () => {
    const piece = fc.record({
      data: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      size: fc.constantFrom(
        (bytes: number) => bytes.toString(16),
        (bytes: number) => bytes.toString(16).toUpperCase().padStart(4, '0'),
        (bytes: number) => `${bytes.toString(16)};name="va lue"`,
      ),
    });
    const cuts = fc.array(fc.nat({ max: 600 }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), cuts, (pieces, edges) => {
        const framed = pieces.flatMap(({ data, size }) => [bytesOf(`${size(data.length)}\r\n`), data, bytesOf('\r\n')]);
        const bytes = Buffer.concat([...framed, bytesOf('0\r\n\r\n')]);
        const places = [0, ...edges.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length];
        const reads = places.slice(1).map((at, index) => bytes.subarray(places[index], at));
        const body = Buffer.concat(pieces.map(({ data }) => data)).toString('latin1');
        assert.deepEqual(read(reads), { body, taken: bytes.length, done: true, problem: false });
      }),
    );
  });
});

describe('what is not framed as chunks', () => {
  const FIRST = '1\r\na\r\n';
  for (const [what, text] of [
    ['a size that is no number', 'g\r\n'],
    ['no size', '\r\n'],
    ['an extension without a size', ';a\r\n'],
    ['a negative size', '-1\r\n'],
    ['a size with a sign', '+1\r\n'],
    ['a size with a prefix', '0x5\r\n'],
    ['a blank before the size', ' 5\r\n'],
    ['two sizes', '5 6\r\n'],
    ['a word after the size', '5 a\r\n'],
    ['a size beyond all bounds', 'fffffffffff\r\n'],
    ['a size that overflows', '10000000000000005\r\n'],
    ['zeros without end', '00000000000000000'],
    ['a bare line feed after the size', '5\n'],
    ['a bare carriage return after the size', '5\rhello'],
    ['a bare line feed in an extension', '5;a\nhello'],
    ['a bare carriage return in an extension', '5;a\rb\r\n'],
    ['a control character in an extension', '5;a\0\r\n'],
    ['a delete character in an extension', '5;a\x7f\r\n'],
    ['no line end after the data', '5\r\nhelloX'],
    ['more data than was announced', '5\r\nhello!\r\n'],
    ['a bare line feed after the data', '5\r\nhello\n'],
    ['a bare carriage return after the data', '5\r\nhello\rX'],
    ['a trailer without a colon', '0\r\nx\r\n\r\n'],
    ['a trailer without a name', '0\r\n: y\r\n\r\n'],
    ['a trailer name with a blank', '0\r\nx : y\r\n\r\n'],
    ['a folded trailer', '0\r\nx: y\r\n z\r\n\r\n'],
    ['a bare line feed in the trailers', '0\r\nx: y\n\r\n'],
    ['a bare carriage return in the trailers', '0\r\nx: y\rz\r\n\r\n'],
    ['a control character in the trailers', '0\r\nx: \x01\r\n\r\n'],
    ['a bare line feed instead of the last line', '0\r\n\n'],
    ['a bare carriage return instead of the last line', '0\r\n\rX'],
  ] as const) {
    it(`is refused: ${what}`, () => {
      const { body, done, problem } = readAnyhow(text);
      assert.deepEqual([done, problem], [false, true]);
      const later = readAnyhow(FIRST + text);
      assert.deepEqual([later.body, later.done, later.problem], [`a${body}`, false, true]);
    });
  }

  for (const [what, endless] of [
    ['an extension', '5;'],
    ['blanks after a size', '5 '],
    ['a trailer', '0\r\nx: '],
    ['the name of a trailer', '0\r\n'],
  ] as const)
    it(`is refused after 16 KiB of ${what}, and not before`, () => {
      const filler = what.startsWith('blanks') ? ' ' : 'a';
      assert.equal(read([bytesOf(endless + filler.repeat(16_000))]).problem, false);
      assert.equal(read([bytesOf(endless + filler.repeat(17_000))]).problem, true);
    });

  it('is refused after 16 KiB of many short trailers', () => {
    assert.equal(read([bytesOf(`0\r\n${'a:\r\n'.repeat(5000)}`)]).problem, true);
  });

  it('is not the sum of the extensions of a long body', () => {
    const text = `1;${'e'.repeat(1000)}\r\na\r\n`.repeat(100);
    assert.deepEqual(read([bytesOf(`${text}0\r\n\r\n`)]).body, 'a'.repeat(100));
  });
});
