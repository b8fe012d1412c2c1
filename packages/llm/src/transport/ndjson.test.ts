import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NdjsonDecoder } from './ndjson.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function decode(pieces: readonly (string | Uint8Array)[], lineBytesMax?: number): readonly string[] {
  const decoder = new NdjsonDecoder(lineBytesMax === undefined ? {} : { lineBytesMax });
  const lines = pieces.flatMap((piece) => decoder.push(typeof piece === 'string' ? bytesOf(piece) : piece));
  return [...lines, ...decoder.end()];
}

const SAMPLES: readonly (readonly [name: string, text: string, lines: readonly string[]])[] = [
  ['lines', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
  ['a last line without its line end', '{"a":1}\n[2]', ['{"a":1}', '[2]']],
  ['carriage returns before line feeds', '1\r\n2\r\n', ['1', '2']],
  ['a carriage return as white space inside a line', '[1,\r2]\n', ['[1,\r2]']],
  ['blank lines as keep-alives', '\n\n1\n \r\n2\n\n', ['1', '2']],
  ['a byte order mark', '\uFEFF{}\n', ['{}']],
  ['characters of several bytes', '"é漢🙂"\n"ключ"\n', ['"é漢🙂"', '"ключ"']],
  ['nothing', '', []],
];

describe('NdjsonDecoder', () => {
  for (const [name, text, lines] of SAMPLES) it(`reads ${name}`, () => assert.deepEqual(decode([text]), lines));

  it('hears the same wherever the bytes are split', () => {
    for (const [name, text, lines] of SAMPLES) {
      const bytes = bytesOf(text);
      assert.deepEqual(decode([...bytes].map((byte) => Uint8Array.of(byte))), lines, `${name}, byte by byte`);
      for (let at = 0; at <= bytes.length; at += 1)
        assert.deepEqual(decode([bytes.subarray(0, at), bytes.subarray(at)]), lines, `${name}, split at ${at}`);
    }
  });

  it('overflows on a line beyond the limit and keeps the lines before it, however the bytes are split', () => {
    const text = '12345\n123456\n1\n';
    for (const pieces of [[text], text.split(''), ['12345\n1234', '56\n1\n']])
      assert.deepEqual(decode(pieces, 5), ['12345']);
    const decoder = new NdjsonDecoder({ lineBytesMax: 5 });
    assert.deepEqual(decoder.push(bytesOf('123456')), []);
    assert.equal(decoder.overflowed, true);
    assert.deepEqual(decoder.push(bytesOf('\n1\n')), []);
  });

  it('allows eight mebibytes a line unless told otherwise', () => {
    const decoder = new NdjsonDecoder();
    decoder.push(new Uint8Array(8 * 1024 * 1024).fill(0x20));
    assert.equal(decoder.overflowed, false);
    decoder.push(Uint8Array.of(0x20));
    assert.equal(decoder.overflowed, true);
  });
});
