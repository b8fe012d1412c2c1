import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { NOTHING_YET, withEvent, withoutOpenEnds, type DeckSoFar } from './deck-so-far.ts';

const SLIDE = { title: 'x', template: 'titleAndBody', content: 'Words.' };
const told = (name: string, data: object, deck: DeckSoFar): DeckSoFar => withEvent(deck, { name, data });

const outlined = told('progress', { step: 'outline', stage: 'done', outlines: ['One', 'Two', 'Three'] }, NOTHING_YET);

describe('a deck on its way', () => {
  it('has titles as they come, and all of them at the end of their step', () => {
    const begun = told('item', { step: 'outline', index: 0, item: 'One, at first' }, NOTHING_YET);
    assert.deepEqual([begun.step, begun.titles], ['outline', ['One, at first']]);
    assert.deepEqual(outlined.titles, ['One', 'Two', 'Three']);
    assert.deepEqual(outlined.slides, [undefined, undefined, undefined]);
  });

  it('shows slides in their places under their own titles, and none that cannot be shown', () => {
    const second = told('item', { step: 'slides', index: 1, item: SLIDE }, outlined);
    assert.deepEqual(second.slides, [undefined, { ...SLIDE, title: 'Two' }, undefined]);
    for (const item of [null, 'x', {}, { ...SLIDE, template: 'none' }, { ...SLIDE, content: [1] }])
      assert.equal(told('item', { step: 'slides', index: 0, item }, outlined).slides[0], undefined);
    for (const [template, content] of [
      ['titleAndBullets', ['a', 'b']],
      ['twoColumn', { leftColumn: 'a', rightColumn: ['b'] }],
    ])
      assert.ok(told('item', { step: 'slides', index: 0, item: { ...SLIDE, template, content } }, outlined).slides[0]);
  });

  it('tells how each picture fares', () => {
    const slides = [SLIDE, SLIDE];
    const written = told('progress', { step: 'slides', stage: 'done', slides }, outlined);
    const drawing = told('started', { step: 'images' }, written);
    assert.deepEqual([...drawing.pictures.values()], [{ status: 'drawing' }, { status: 'drawing' }]);
    const item = { title: 'x', image_status: 'error', image_url: null, error: 'No.' };
    const refused = told('item', { step: 'images', index: 1, item }, drawing);
    assert.deepEqual(refused.pictures.get(1), { status: 'error', why: 'No.' });
  });

  it('keeps what came when it ends early, and nothing that is still to come', () => {
    const second = told('item', { step: 'slides', index: 0, item: SLIDE }, outlined);
    const third = told('item', { step: 'slides', index: 2, item: SLIDE }, second);
    const ended = withoutOpenEnds(told('started', { step: 'images' }, third));
    assert.deepEqual([ended.step, ended.slides.length, ended.pictures.size], ['images', 1, 0]);
  });

  it('ends with a link', () => {
    const link = { url: '/static/decks/a.pptx', file_name: 'a.pptx' };
    const done = told('done', link, outlined);
    assert.deepEqual([done.step, done.link], [undefined, link]);
  });
});
