import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { ResponseHead } from './response-head.ts';
import { ResponseReader, type ResponseListener } from './response-reader.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Everything a listener hears of one response. */
class Heard implements ResponseListener {
  readonly heads: ResponseHead[] = [];
  readonly data: Buffer[] = [];
  readonly ends: string[] = [];

  onHead(head: ResponseHead): void {
    assert.deepEqual([this.data.length, this.ends.length], [0, 0], 'a head after the body or the end');
    this.heads.push(head);
  }

  onBody(data: Buffer): void {
    assert.deepEqual([this.heads.length, this.ends.length], [1, 0], 'data without a head or after the end');
    assert.ok(data.length > 0, 'data without bytes');
    this.data.push(data);
  }

  onComplete(clean: boolean): void {
    assert.equal(this.heads.length, 1, 'an end without a head');
    this.ends.push(clean ? 'complete' : 'complete, not clean');
  }

  onMalformed(): void {
    this.ends.push('malformed');
  }

  /** What must not depend on where the bytes were split. */
  get sum() {
    const [head] = this.heads;
    const shown = head && { ...head, headers: { ...head.headers } };
    return { head: shown, body: Buffer.concat(this.data).toString('latin1'), ends: this.ends };
  }
}

/** What a reader makes of these reads; each comes in the same memory, as it does from a socket. */
function hear(reads: readonly Buffer[], { closes = false, reader = new ResponseReader() } = {}): Heard {
  const heard = new Heard();
  reader.begin(heard);
  const memory = Buffer.alloc(Math.max(...reads.map(({ length }) => length), 1));
  for (const read of reads) {
    read.copy(memory);
    reader.read(memory.subarray(0, read.length));
    memory.fill(0x58);
  }
  if (closes) reader.end();
  return heard;
}

type Sum = Heard['sum'];

/** The outcome of `text` in one read; in two, cut at every byte; in three around every byte; and byte by byte. */
function hearAnyhow(text: string, closes = false): Sum {
  const bytes = bytesOf(text);
  const whole = hear([bytes], { closes }).sum;
  const same = (reads: readonly Buffer[], how: string): void =>
    assert.deepEqual(withoutCleanness(hear(reads, { closes }).sum), withoutCleanness(whole), how);
  for (let at = 1; at < bytes.length; at += 1) {
    same([bytes.subarray(0, at), bytes.subarray(at)], `cut at ${at}`);
    same([bytes.subarray(0, at - 1), bytes.subarray(at - 1, at), bytes.subarray(at)].filter(isFilled), `byte ${at}`);
  }
  same(
    Array.from(bytes, (byte) => Buffer.of(byte)),
    'byte by byte',
  );
  return whole;
}

const isFilled = ({ length }: Buffer): boolean => length > 0;

/** Whether anything follows can only be told of the read that brings the end. */
const withoutCleanness = ({ head, body, ends }: Sum) => ({ head, body, ends: ends.map((end) => end.split(',')[0]) });

const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx: y\r\n\r\nhello';
const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

describe('a response', () => {
  for (const [what, text, body] of [
    ['with a length', LENGTH, 'hello'],
    ['with the length 0', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ''],
    ['with chunks', `${CHUNKED}5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`, 'hello world'],
    ['with chunks, extensions and trailers', `${CHUNKED}5;a="b"\r\nhello\r\n0;c\r\nsum: 1\r\n\r\n`, 'hello'],
    ['with chunks of nothing', `${CHUNKED}0\r\n\r\n`, ''],
    ['without content', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
    ['that was not modified', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n', ''],
    ['after 100 Continue', `HTTP/1.1 100 Continue\r\n\r\n${LENGTH}`, 'hello'],
    ['after several announcements', `HTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\nlink: </a>\r\n\r\n${LENGTH}`, 'hello'],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nhello', 'hello'],
    [
      'that looks like another',
      'HTTP/1.1 200 OK\r\ncontent-length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
      'HTTP/1.1 200 OK\r\n\r\n',
    ],
  ] as const)
    it(`${what} is the same wherever its bytes are split`, () => {
      const heard = hearAnyhow(text);
      assert.deepEqual([heard.body, heard.ends], [body, ['complete']]);
    });

  for (const body of ['', 'hello', 'hello\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'])
    it(`that lasts until the connection closes is the same wherever its ${body.length} bytes are split`, () => {
      const text = `HTTP/1.1 200 OK\r\nx: y\r\n\r\n${body}`;
      assert.deepEqual(hearAnyhow(text).ends, []);
      const heard = hearAnyhow(text, true);
      assert.deepEqual([heard.body, heard.ends], [body, ['complete, not clean']]);
    });

  it('is not over, and not whole at the end of the connection, before its last byte', () => {
    for (const text of [LENGTH, `HTTP/1.1 100 C\r\n\r\n${CHUNKED}5;a\r\nhello\r\n0\r\nx: y\r\n\r\n`])
      for (let length = 0; length < text.length; length += 1)
        assert.deepEqual(hear([bytesOf(text.slice(0, length))], { closes: true }).ends, [], text.slice(0, length));
  });

  it('says whether the connection ended whole', () => {
    const reader = new ResponseReader();
    hear([bytesOf('HTTP/1.1 200 OK\r\n\r\nhel')], { reader });
    assert.equal(reader.end(), true);
    assert.equal(reader.end(), false);
    hear([bytesOf(LENGTH.slice(0, -1))], { reader });
    assert.equal(reader.end(), false);
  });

  it('comes after another on the same connection', () => {
    const reader = new ResponseReader();
    for (const text of [LENGTH, `${CHUNKED}1\r\na\r\n0\r\n\r\n`, 'HTTP/1.1 204 No\r\n\r\n', LENGTH]) {
      const bytes = bytesOf(text);
      assert.deepEqual(hear([bytes.subarray(0, 9), bytes.subarray(9)], { reader }).sum, hear([bytes]).sum);
    }
  });

  for (const [what, text] of [
    ['a length', LENGTH],
    ['the length 0', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['chunks', `${CHUNKED}1\r\na\r\n0\r\n\r\n`],
    ['no content', 'HTTP/1.1 204 No\r\n\r\n'],
  ] as const)
    it(`with ${what} leaves a connection that is not clean when bytes follow it`, () => {
      for (const extra of ['\r\n', 'X', LENGTH])
        assert.deepEqual(hear([bytesOf(text + extra)]).ends, ['complete, not clean']);
      assert.deepEqual(hear([bytesOf(text), bytesOf('X')]).ends, ['complete']);
    });

  it('is given as one buffer for each read, with all the chunks of it', () => {
    const chunks = Array.from({ length: 100 }, (_, index) => `2\r\n${String(index).padStart(2, '0')}\r\n`).join('');
    const heard = hear([bytesOf(CHUNKED + chunks), bytesOf('1\r\nx\r\n'), bytesOf('0\r\n'), bytesOf('\r\n')]);
    assert.deepEqual(
      heard.data.map(({ length }) => length),
      [200, 1],
    );
    assert.deepEqual(heard.ends, ['complete']);
  });

  it('may be followed by the next, begun from within its end', () => {
    const reader = new ResponseReader();
    const next = new Heard();
    const heard = new (class extends Heard {
      override onComplete(clean: boolean): void {
        super.onComplete(clean);
        reader.begin(next);
      }
    })();
    reader.begin(heard);
    reader.read(bytesOf(LENGTH));
    reader.read(bytesOf(LENGTH));
    assert.deepEqual([heard.sum, next.sum], [hear([bytesOf(LENGTH)]).sum, hear([bytesOf(LENGTH)]).sum]);
  });

  it('is given back whatever it holds, however it is framed and split', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const cuts = fc.array(fc.nat({ max: 3000 }), { maxLength: 10 });
    const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 10 });
    const framing = fc.constantFrom('length', 'chunked', 'close');
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 2000 }), framing, sizes, cuts, fc.nat({ max: 2 }), (...drawn) => {
        const [body, kind, pieceSizes, edges, announcements] = drawn;
        const data = Buffer.from(body);
        const bytes = Buffer.concat([
          bytesOf('HTTP/1.1 103 Early\r\n\r\n'.repeat(announcements)),
          framed(data, kind, pieceSizes),
        ]);
        const places = [0, ...edges.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length];
        const reads = places.slice(1).map((at, index) => bytes.subarray(places[index], at));
        const heard = hear(reads.filter(isFilled), { closes: kind === 'close' });
        assert.deepEqual(Buffer.concat(heard.data), data);
        assert.deepEqual(heard.ends, [kind === 'close' ? 'complete, not clean' : 'complete']);
      }),
    );
  });
});

/** A response with this body; chunks have the given sizes in turn. */
function framed(body: Buffer, kind: string, sizes: readonly number[]): Buffer {
  if (kind === 'length')
    return Buffer.concat([bytesOf(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`), body]);
  if (kind === 'close') return Buffer.concat([bytesOf('HTTP/1.1 200 OK\r\nserver: x\r\n\r\n'), body]);
  const parts = [bytesOf(CHUNKED)];
  for (let at = 0, turn = 0; at < body.length; turn += 1) {
    const piece = body.subarray(at, at + (sizes[turn % sizes.length] as number));
    parts.push(bytesOf(`${piece.length.toString(16)}\r\n`), piece, bytesOf('\r\n'));
    at += piece.length;
  }
  return Buffer.concat([...parts, bytesOf('0\r\n\r\n')]);
}

/** Put together at random, they are nearly a response. */
const PARTS_OF_RESPONSES = [
  ['HTTP/1.1 ', 'HTTP/1.0 ', '200', '204', '100', '101', ' OK', '\r\n', '\r\n\r\n', '\r', '\n', '\0', ' ', '\t'],
  ['content-length: ', 'transfer-encoding: ', 'chunked', '5', '0', ',', ':', ';', 'x: y', 'hello', 'f'.repeat(9)],
  ['connection: close', '__proto__: x', 'constructor: x', '0\r\n\r\n', '5\r\nhello\r\n'],
].flat();

describe('a response is malformed', () => {
  for (const [what, text] of [
    ['with two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello'],
    ['with a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['with bare line feeds in its head', 'HTTP/1.1 200 OK\ncontent-length: 5\n\nhello'],
    ['with one bare line feed in its head', 'HTTP/1.1 200 OK\r\nx: y\ncontent-length: 5\r\n\r\nhello'],
    ['with a bare line feed before the end of its head', 'HTTP/1.1 200 OK\r\nx: y\n\r\n'],
    ['with a bare carriage return in its head', 'HTTP/1.1 200 OK\r\nx: a\rb\r\n\r\n'],
    ['with bare carriage returns', 'HTTP/1.1 200 OK\r\rhello'],
    ['with a bare carriage return before the end of its head', 'HTTP/1.1 200 OK\r\nx: y\r\r\n\r\n'],
    ['with a NUL in its head', 'HTTP/1.1 200 OK\r\nx: \0\r\n\r\n'],
    ['with a folded header', 'HTTP/1.1 200 OK\r\nx: a\r\n b: c\r\n\r\n'],
    ['with a header without a colon', 'HTTP/1.1 200 OK\r\nhello\r\n\r\n'],
    ['with a change of protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n'],
    ['with a change of protocol after an announcement', 'HTTP/1.1 100 C\r\n\r\nHTTP/1.1 101 Switching\r\n\r\n'],
    ['after a malformed announcement', 'HTTP/1.1 100 C\r\nx\0: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['with garbage after an announcement', 'HTTP/1.1 100 C\r\n\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['with another version', 'HTTP/2 200\r\n\r\n'],
    ['without a status', 'HTTP/1.1 OK\r\n\r\n'],
    ['with an empty line before it', '\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['as an answer of HTTP/0.9', '<html></html>'],
    ['as the greeting of another protocol', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['as an alert of TLS', '\x15\x03\x03\x00\x02\x02\x46'],
    ['with a size of chunks that is no number', `${CHUNKED}hello\r\n`],
    ['with a size of chunks beyond all bounds', `${CHUNKED}ffffffffffff\r\n`],
    ['with a chunk that does not end', `${CHUNKED}1\r\nabc\r\n0\r\n\r\n`],
    ['with a bare line feed in its chunks', `${CHUNKED}1\na\n0\n\n`],
    ['with a trailer that is none', `${CHUNKED}0\r\nnone\r\n\r\n`],
  ] as const)
    it(`${what}, as soon as that is there, and says so once`, () => {
      assert.deepEqual(hearAnyhow(text).ends, ['malformed']);
      assert.deepEqual(hearAnyhow(text, true).ends, ['malformed']);
    });

  it('with a head over 64 KiB, in whatever reads it comes', () => {
    const start = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\nx: ';
    const long = (length: number): Buffer => bytesOf(`${start}${'y'.repeat(length - start.length)}\r\n\r\nz`);
    for (const readBytes of [100_000, 65_539, 65_537, 65_536, 65_000, 40_000, 1000])
      for (const [length, end] of [
        [65_536, 'complete'],
        [65_537, 'malformed'],
        [80_000, 'malformed'],
      ] as const) {
        const bytes = long(length);
        const reads = Array.from({ length: Math.ceil(bytes.length / readBytes) }, (_, index) =>
          bytes.subarray(index * readBytes, (index + 1) * readBytes),
        );
        assert.deepEqual(hear(reads).ends, [end], `${length} bytes, ${readBytes} at once`);
      }
  });

  it('with a head that does not end, without waiting for its end', () => {
    const reads = Array.from({ length: 70 }, () => bytesOf('x'.repeat(1000)));
    assert.deepEqual(hear([bytesOf('HTTP/1.1 200 OK\r\nx: '), ...reads]).ends, ['malformed']);
  });

  it('with announcements that do not end', () => {
    const announcement = bytesOf('HTTP/1.1 102 Processing\r\n\r\n');
    assert.deepEqual(hear(Array.from({ length: 2000 }, () => announcement)).ends, []);
    assert.deepEqual(hear(Array.from({ length: 3000 }, () => announcement)).ends, ['malformed']);
    assert.deepEqual(hear([Buffer.concat(Array.from({ length: 3000 }, () => announcement))]).ends, ['malformed']);
  });

  it('with announcements that do not end, but not with those of all answers before', () => {
    const announcements = Buffer.concat(Array.from({ length: 2000 }, () => bytesOf('HTTP/1.1 102 P\r\n\r\n')));
    const reader = new ResponseReader();
    for (let turn = 0; turn < 3; turn += 1)
      assert.deepEqual(hear([announcements, bytesOf(LENGTH)], { reader }).ends, ['complete']);
  });

  it('or it is not, but nothing else happens, whatever the bytes', () => {
    const word = fc.constantFrom(...PARTS_OF_RESPONSES);
    const start = fc.constantFrom('', 'HTTP/1.1 200 OK\r\n', LENGTH.slice(0, -5), CHUNKED, 'HTTP/1.1 100 C\r\n\r\n');
    fc.assert(
      fc.property(start, fc.array(word, { maxLength: 12 }), fc.boolean(), (first, words, closes) => {
        const text = first + words.join('');
        if (text !== '') assert.ok(hearAnyhow(text, closes).ends.length <= 1);
      }),
      { numRuns: 300 },
    );
  });
});
