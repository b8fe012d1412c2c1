import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lastBoundary } from './sse-boundary.ts';
import { SseDecoder, type SseFrame } from './sse-decode.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function decode(pieces: readonly Uint8Array[]): readonly SseFrame[] {
  const decoder = new SseDecoder();
  const frames = pieces.flatMap((piece) => decoder.push(piece));
  return [...frames, ...decoder.end()];
}

describe('lastBoundary', () => {
  it('is the index after the last blank line, whatever its line ends', () => {
    assert.equal(lastBoundary(bytesOf('a\n\nb\n\nc')), 6);
    assert.equal(lastBoundary(bytesOf('a\r\n\r\nb\r\n')), 5);
    assert.equal(lastBoundary(bytesOf('a\r\rb\r')), 3);
    assert.equal(lastBoundary(bytesOf('a\n\r\nb')), 4);
    assert.equal(lastBoundary(bytesOf('a\n\n')), 3);
  });

  it('is 0 when there is no blank line', () => {
    for (const text of ['', '\n', '\r', '\r\n', 'a', 'data: a\n', 'data: a\r\ndata: b\r\n', 'a\nb\nc'])
      assert.equal(lastBoundary(bytesOf(text)), 0, JSON.stringify(text));
  });

  it('cuts only between events: the events before it and after it are the events of the whole', () => {
    const streams = fc.array(fc.constantFrom('data: a', 'event: e', ':', '\n', '\r', '\r\n', '\n\n'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(streams, (lines) => {
        const bytes = bytesOf(lines.join(''));
        const at = lastBoundary(bytes);
        // One decoder for each side, so that nothing may be left open at the cut.
        const apart = [...decode([bytes.subarray(0, at)]), ...decode([bytes.subarray(at)])];
        assert.deepEqual(apart, decode([bytes]));
      }),
      { numRuns: 2_000 },
    );
  });
});
