import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { audio, file, image } from './media-parts.ts';

describe('media for messages', () => {
  it('are known by their first bytes', () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex');
    assert.deepEqual(image(png), {
      type: 'media',
      mediaType: 'image/png',
      source: { kind: 'base64', data: png.toString('base64') },
    });
    assert.equal(file(Buffer.from('%PDF-1.7')).mediaType, 'application/pdf');
    assert.equal(audio(new Uint8Array([1, 2]).buffer).mediaType, 'audio/*');
    assert.equal(audio(new Uint8Array([1]), { mediaType: 'audio/aac' }).mediaType, 'audio/aac');
  });

  it('are carried whole, however large', () => {
    const bytes = Buffer.alloc(100_001, 'abc');
    const { source } = file(bytes, { filename: 'a.txt', mediaType: 'text/plain' });
    assert.ok(source.kind === 'base64');
    assert.ok(Buffer.from(source.data, 'base64').equals(bytes));
  });

  it('are named by addresses and by files of a provider', () => {
    assert.deepEqual(image('https://example.com/a.png').source, { kind: 'url', url: 'https://example.com/a.png' });
    assert.deepEqual(image(new URL('data:image/gif;base64,R0lG')), {
      type: 'media',
      mediaType: 'image/gif',
      source: { kind: 'base64', data: 'R0lG' },
    });
    assert.deepEqual(file({ fileId: 'file-1' }, { filename: 'a.pdf' }), {
      type: 'media',
      mediaType: 'application/octet-stream',
      source: { kind: 'file', fileId: 'file-1' },
      filename: 'a.pdf',
    });
  });

  it('refuse what is neither', () => {
    assert.throws(() => image('/etc/passwd'), /https: or data: address/);
  });
});
