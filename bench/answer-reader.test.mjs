import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerReader } from './answer-reader.mjs';

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n';
const sized = 'HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello';

/** Feeds the answer in pieces of `size` bytes; gives the index of the piece after which it was over. */
function feed(reader, text, size) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    if (reader.push(bytes.subarray(at, at + size))) return Math.ceil((at + size) / size);
  }
  return -1;
}

describe('reading answers', () => {
  for (const size of [1, 2, 7, 1_000]) {
    it(`joins chunks and ends with the last byte, ${size} bytes at a time`, () => {
      const reader = new AnswerReader();
      reader.reset(true);
      assert.equal(feed(reader, chunked, size), Math.ceil(chunked.length / size));
      assert.equal(reader.body(), 'abcdefg');
    });

    it(`ends at the content length, ${size} bytes at a time`, () => {
      const reader = new AnswerReader();
      reader.reset(true);
      assert.equal(feed(reader, sized, size), Math.ceil(sized.length / size));
      assert.equal(reader.body(), 'hello');
      assert.equal(reader.status, 201);
    });
  }

  it('ends an empty chunked answer', () => {
    const reader = new AnswerReader();
    assert.equal(reader.push(Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n')), true);
  });

  it('does not take an unfinished stream for a finished one', () => {
    const reader = new AnswerReader();
    assert.equal(feed(reader, chunked.slice(0, -5), 1_000), -1);
  });
});
