import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SseDecoder, type SseFrame } from './sse-decode.ts';
import { encodeFrame } from './sse-encode.ts';

function heard(text: string): readonly SseFrame[] {
  const decoder = new SseDecoder();
  const frames = decoder.push(new TextEncoder().encode(text));
  assert.deepEqual(decoder.end(), []);
  return frames;
}

describe('encodeFrame', () => {
  it('writes name and data as one event', () => {
    assert.equal(encodeFrame({ event: 'ping', data: '{}' }), 'event: ping\ndata: {}\n\n');
    assert.equal(encodeFrame({ event: '', data: '[DONE]' }), 'data: [DONE]\n\n');
  });

  it('writes every line of data as a line of its own', () => {
    assert.equal(encodeFrame({ event: '', data: 'a\n\nb\n' }), 'data: a\ndata: \ndata: b\ndata: \n\n');
    assert.equal(encodeFrame({ event: '', data: 'a\r\nb\rc' }), 'data: a\ndata: b\ndata: c\n\n');
  });

  it('lets neither data nor a name forge another field or event', () => {
    assert.deepEqual(heard(encodeFrame({ event: 'a\ndata: x\r\n\r\nb', data: 'c\r\revent: d' })), [
      { event: 'adata: xb', data: 'c\n\nevent: d' },
    ]);
  });

  it('is read back as it was said, with every line break as a line feed', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', ':', '\n', '\r', '\uFEFF', '漢', '🙂') });
    fc.assert(
      fc.property(text, text, (event, data) => {
        const frame = { event: event.replaceAll(/[\r\n]/g, ''), data: data.replaceAll(/\r\n|\r/g, '\n') };
        assert.deepEqual(heard(encodeFrame({ event, data })), [frame]);
      }),
    );
  });
});
