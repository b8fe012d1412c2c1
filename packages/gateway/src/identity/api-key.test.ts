import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';

import { hashKeyOf, hashOfKey, mintKey, newPepper, operatorKeyId } from './api-key.ts';

describe('a minted key', () => {
  it('is pb_, its public id and 256 bits', () => {
    const { id, text } = mintKey();
    assert.match(id, /^[0-9A-Za-z]{12}$/);
    assert.match(text, /^pb_[0-9A-Za-z]{12}_[\w-]{43}$/);
    assert.equal(text.slice(3, 15), id);
    assert.equal(Buffer.from(text.slice(16), 'base64url').length, 32);
  });

  it('is made of the bytes it is given', () => {
    const { id, text } = mintKey((count) => new Uint8Array(count).fill(255));
    assert.equal(id, '7'.repeat(12));
    assert.equal(text, `pb_${id}_${Buffer.alloc(32, 255).toString('base64url')}`);
  });

  it('is another one every time', () => {
    const keys = Array.from({ length: 100 }, () => mintKey());
    assert.equal(new Set(keys.map(({ id }) => id)).size, 100);
    assert.equal(new Set(keys.map(({ text }) => text)).size, 100);
  });
});

describe('a pepper', () => {
  it('carries 256 bits and is another one every time', () => {
    assert.match(newPepper(), /^[\w-]{43}$/);
    assert.notEqual(newPepper(), newPepper());
  });

  it('is refused when it is longer than a block', () => {
    assert.throws(() => hashKeyOf(Buffer.alloc(65)), RangeError);
  });
});

describe('the hash of a key', () => {
  it('is the HMAC of the platform, for every length of pepper and any text', () => {
    const texts = ['', 'a', 'pb_canary', 'é😀\u0000', '\ud800', 'x'.repeat(512), randomBytes(100).toString('latin1')];
    for (let length = 0; length <= 64; length += 1) {
      const pepper = randomBytes(length);
      const key = hashKeyOf(pepper);
      for (const text of texts)
        assert.deepEqual(hashOfKey(text, key), createHmac('sha256', pepper).update(text).digest());
    }
  });

  it('gives the public id of an operator key', () => {
    const hash = hashOfKey('canary', hashKeyOf(Buffer.from('pepper')));
    assert.equal(operatorKeyId(hash), `env_${hash.toString('hex').slice(0, 12)}`);
  });
});
