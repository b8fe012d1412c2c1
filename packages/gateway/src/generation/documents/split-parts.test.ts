import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { PART_CHARS_MAX, splitParts } from './split-parts.ts';

const partsOf = (text: string): readonly string[] => splitParts([{ text }]).parts.map((part) => part.text);

describe('splitParts', () => {
  it('cuts between paragraphs rather than sentences, and between these rather than words', () => {
    const sentence = `${'word '.repeat(120)}end. `;
    assert.deepEqual(partsOf(`${sentence}${sentence}\n\n${sentence}${sentence}`), [
      `${sentence}${sentence}`.trim(),
      `${sentence}${sentence}`.trim(),
    ]);
    assert.ok(partsOf(sentence.repeat(5)).every((part) => part.endsWith('end.')));
    assert.ok(partsOf('word '.repeat(1000)).every((part) => part.endsWith('word')));
    assert.deepEqual(
      partsOf('x'.repeat(4001)).map(({ length }) => length),
      [2000, 2000, 1],
    );
  });

  it('names parts by page and place', () => {
    const { parts } = splitParts([
      { page: 4, text: 'a' },
      { page: 4, text: 'b' },
      { page: 5, text: ' ' },
      { page: 6, text: 'c' },
    ]);
    assert.deepEqual(
      parts.map(({ id }) => id),
      ['p4-1', 'p4-2', 'p6-1'],
    );
  });

  it('loses no word of any text, cuts no character in two, and keeps to its size', () => {
    const words = (text: string): string => text.replace(/\s+/g, '');
    const texts = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('😀'.repeat(700), 'a b. '.repeat(300))),
    );
    fc.assert(
      fc.property(texts, (pieces) => {
        const text = pieces.join(' ').replace(/[\p{Cc}\ufffe\uffff]/gu, ' ');
        const parts = partsOf(text);
        assert.equal(words(parts.join('')), words(text));
        for (const part of parts)
          assert.ok(part.length <= PART_CHARS_MAX && part.isWellFormed() && part.trim() === part);
      }),
      { numRuns: 100 },
    );
  });
});
