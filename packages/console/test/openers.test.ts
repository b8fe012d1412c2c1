import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';
import { furnish, type Furniture } from './support/furnish.ts';
import { makeTraffic } from './support/make-traffic.ts';
import { closeAll, open, openersOf, type Opener } from './support/openers.ts';

describe('whatever opens in front of a page', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let furniture: Furniture;
  before(async () => {
    stage = await startConsole();
    furniture = await furnish(stage);
    await makeTraffic(stage);
  });
  after(() => stage.close());

  /** What is wrong with one of them, in either theme; in words, so that the walk goes on. */
  const faultsOf = async (window: Window, opener: Opener): Promise<readonly string[]> => {
    const { page } = window;
    const faults: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const)
      try {
        await page.emulateMedia({ colorScheme });
        // Charts are drawn anew in the colours of the theme, a frame later.
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        if (colorScheme === 'light') await open(page, opener);
        await window.assertAccessible();
        window.assertSound();
      } catch (error) {
        faults.push(`${opener.name}, ${colorScheme}: ${error instanceof Error ? error.message : String(error)}`);
      }
    return faults;
  };

  it('is sound and accessible in both themes, and Escape closes it', async () => {
    const window = await stage.open();
    await window.signIn();
    const faults: string[] = [];
    let path = '';
    for (const opener of openersOf(furniture)) {
      if (opener.path !== path) await window.visit(opener.path);
      ({ path } = opener);
      faults.push(...(await faultsOf(window, opener)));
      await closeAll(window.page);
    }
    assert.deepEqual(faults, []);
    await window.close();
  });
});
