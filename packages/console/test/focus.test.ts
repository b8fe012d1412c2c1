import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Page } from 'playwright-core';

import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';

/** Presses Escape, and waits until the focus has a place again. */
async function leave(page: Page): Promise<string> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement !== document.body);
  return page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
  });
}

describe('the focus', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    await stage.addUser('somebody', 'viewer');
  });
  after(() => stage.close());

  it('goes to the first field of a form, and back to where it was', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/users');
    const { page } = window;
    await page.getByRole('button', { name: 'Make a user' }).click();
    await page.waitForFunction(() => document.activeElement?.matches('[role=dialog] input'));
    assert.equal(await leave(page), 'Make a user');
    await page.getByRole('button', { name: 'What to do with somebody' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.waitForFunction(() => document.activeElement?.matches('[role=dialog] input'));
    assert.equal(await leave(page), 'What to do with somebody');
    await page.getByRole('row').filter({ hasText: 'somebody' }).click();
    await page.getByRole('dialog').waitFor();
    assert.equal(await leave(page), 'Users');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    assert.equal(await leave(page), 'Users');
    await window.close();
  });
});
