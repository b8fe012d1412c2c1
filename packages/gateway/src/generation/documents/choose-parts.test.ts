import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { chooseParts } from './choose-parts.ts';
import { splitParts } from './split-parts.ts';

const documentOf = (...texts: readonly string[]) => splitParts(texts.map((text, index) => ({ page: index + 1, text })));
const chosen = (texts: readonly string[], topic: string, tokensMax: number): readonly (number | undefined)[] =>
  chooseParts(documentOf(...texts), topic, tokensMax).map(({ page }) => page);

const FILLER = 'about the and of some more words here that say little of anything at all';

describe('chooseParts', () => {
  it('takes a document whole that fits', () => {
    assert.deepEqual(chosen(['bread', 'tides'], 'tides', 100), [1, 2]);
  });

  it('prefers parts that share rare words with the topic, in the order of the document', () => {
    const texts = [`${FILLER} moon`, FILLER, `${FILLER} neap tides and the moon`, `${FILLER} bread`];
    assert.deepEqual(chosen(texts, 'The neap tide of the Moon', 50), [1, 3]);
    assert.deepEqual(chosen(texts, 'The neap tide of the Moon', 30), [3]);
  });

  it('counts a word more where a part says it more often, up to a point', () => {
    assert.deepEqual(chosen([`tide ${FILLER}`, `tide tide tide ${FILLER}`, FILLER], 'tide', 25), [2]);
    assert.deepEqual(chosen([`tide moon ${FILLER}`, `tide tide tide tide ${FILLER}`, FILLER], 'tide moon', 24), [1]);
  });

  it('knows words of scripts without spaces', () => {
    const texts = ['今天面包很好吃我们明天再来买一些', '潮汐由月球引力引起每天两次涨落'];
    assert.deepEqual(chosen(texts, '月球引力', 12), [2]);
  });

  it('takes the beginning where no part is about the topic', () => {
    assert.deepEqual(chosen([FILLER, FILLER, FILLER], 'quantum', 40), [1, 2]);
  });

  it('stays within its budget, whatever it leaves out', () => {
    const { parts } = documentOf(...Array.from({ length: 30 }, (_, index) => `${'tide '.repeat(index)} ${FILLER}`));
    const document = { text: '', parts };
    for (const tokensMax of [0, 1, 20, 137, 400]) {
      const bytes = chooseParts(document, 'tide', tokensMax).reduce((sum, { text }) => sum + text.length, 0);
      assert.ok(bytes <= tokensMax * 4, `${tokensMax}`);
    }
  });
});
