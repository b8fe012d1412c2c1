import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { decodeText } from './decode-text.ts';

const TEXT = 'Übung – 潮汐 😀';
const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('decodeText', () => {
  it('reads UTF-8 and UTF-16 with a mark', () => {
    assert.equal(decodeText(Buffer.from(`\ufeff${TEXT}`)), TEXT);
    assert.equal(decodeText(Buffer.from(`\ufeff${TEXT}`, 'utf16le')), TEXT);
    assert.equal(decodeText(swapped(`\ufeff${TEXT}`)), TEXT);
  });

  it('reads them without one', () => {
    assert.equal(decodeText(Buffer.from(TEXT)), TEXT);
    assert.equal(decodeText(Buffer.from('plain words', 'utf16le')), 'plain words');
    assert.equal(decodeText(swapped('plain words')), 'plain words');
  });

  it('reads Western text, and others as they are declared', () => {
    assert.equal(decodeText(Buffer.from('Caf\xe9 \x80', 'latin1')), 'Café €');
    assert.equal(decodeText(Buffer.from([0xf0, 0xd2]), 'koi8-r'), 'Пр');
    assert.equal(decodeText(Buffer.from('é'), 'no-such-encoding'), 'é');
  });

  it('believes bytes rather than a declaration that they break', () => {
    assert.equal(decodeText(Buffer.from('Caf\xe9', 'latin1'), 'utf-8'), 'Café');
  });

  it('takes no bytes for text that are none', () => {
    assert.equal(decodeText(Buffer.from([1, 0, 0, 2, 0, 0xff])), undefined);
  });
});
