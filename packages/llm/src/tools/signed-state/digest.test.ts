import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Digest } from './digest.ts';

const digestOf = (text: string): string => new Digest().add(text).hex();
const visibleDigestOf = (text: string): string => {
  const digest = new Digest();
  digest.addVisible(text);
  return digest.hex();
};
const text = fc.string({ unit: 'binary', maxLength: 40 });

describe('Digest', () => {
  it('is the same for a text whole and in pieces', () => {
    fc.assert(
      fc.property(fc.array(text), (pieces) => {
        const digest = new Digest();
        for (const piece of pieces) digest.add(piece);
        assert.equal(digest.hex(), digestOf(pieces.join('')));
      }),
    );
  });

  it('tells texts apart by either half of its digits', () => {
    const halves = new Map<string, string>();
    for (let index = 0; index < 100_000; index += 1) {
      const [first, second] = [digestOf(`call_${index}`).slice(0, 16), digestOf(`call_${index}`).slice(16)];
      for (const half of [first, second]) {
        assert.equal(halves.get(half), undefined, `${index} and ${halves.get(half)}`);
        halves.set(half, `${index}`);
      }
    }
  });

  it('changes about half of its bits when one changes', () => {
    const bits = (hex: string): string =>
      hex
        .split('')
        .map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'))
        .join('');
    for (const [one, other] of [
      ['a', 'b'],
      ['', '\0'],
      ['ab', 'ba'],
      ['x'.repeat(1000), `${'x'.repeat(999)}y`],
    ] as const) {
      const [first, second] = [bits(digestOf(one)), bits(digestOf(other))];
      const changed = (first ?? '').split('').filter((bit, index) => bit !== second[index]).length;
      assert.ok(changed > 40 && changed < 88, `${changed} of 128 between ${one.slice(-4)} and ${other.slice(-4)}`);
    }
  });

  it('does not see the white space that clients trim, wrap and convert', () => {
    const digest = visibleDigestOf('a b\nc');
    for (const same of ['abc', ' a\tb\r\nc\n\n', 'a\u00a0b\u2003c\ufeff', '\u3000ab\u2028c\u0085'])
      assert.equal(visibleDigestOf(same), digest, JSON.stringify(same));
    assert.notEqual(visibleDigestOf('a b d'), digest);
  });

  it('counts what can be seen', () => {
    assert.equal(new Digest().addVisible(' a b\n'), 2);
    assert.equal(new Digest().addVisible('\n \t'), 0);
  });
});
