import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Page } from 'playwright-core';

import { NO_BROWSER } from './support/console-browser.ts';
import { startPictures, type PictureStage } from './support/picture-stage.ts';
import { picturesOf } from './support/pictures.ts';

/** What reaches beyond the window, but for what is cut off or scrolls on purpose; and tables beyond theirs. */
const beyond = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    // What slides in has arrived.
    for (const each of document.querySelectorAll('[role=dialog]'))
      await Promise.all(each.getAnimations().map(({ finished }) => finished));
    // What is cut off on purpose, and what one expects to scroll sideways.
    const isHeld = (each: Element): boolean => {
      for (let at = each.parentElement; at !== null && !at.matches('main, [role=dialog]'); at = at.parentElement) {
        const { overflowX } = getComputedStyle(at);
        if (overflowX === 'hidden' || overflowX === 'clip') return true;
        if (overflowX !== 'visible' && at.matches('pre, [role=region], [role=tablist], [role=radiogroup]')) return true;
      }
      return false;
    };
    const wide = [...document.querySelectorAll('body *')].filter(
      (each) => each.getBoundingClientRect().right > innerWidth + 1 && !isHeld(each),
    );
    const tables = [...document.querySelectorAll('[role=grid]')].filter((each) => each.scrollWidth > each.clientWidth);
    return [...wide, ...tables].map((each) => `${each.tagName} ${each.textContent.slice(0, 60)}`);
  });

describe('long values', { skip: NO_BROWSER }, () => {
  let stage: PictureStage;
  before(async () => {
    stage = await startPictures();
  });
  after(() => stage.close());

  it('stay within a window of 360 pixels: on pages, in sheets, in answers', async () => {
    const window = await stage.open({ width: 360, height: 780 });
    await window.signIn();
    const shown = picturesOf(stage.furniture).filter(({ views }) => views === 'extreme');
    assert.ok(shown.length > 10);
    for (const { name, pose } of shown) {
      // One window shows one after the other.
      // oxlint-disable-next-line no-await-in-loop
      await pose(window);
      // oxlint-disable-next-line no-await-in-loop
      assert.deepEqual(await beyond(window.page), [], name);
    }
    window.assertSound();
    await window.close();
  });
});
