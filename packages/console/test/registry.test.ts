import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';

describe('the registry', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    await stage.addUser('the-viewer', 'viewer');
  });
  after(() => stage.close());

  it('shows its version and reads the store again', async () => {
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn();
    await window.visit('/registry');
    const { page } = window;
    await page.getByText('Every row is served').waitFor();
    await page.getByRole('button', { name: 'Read again' }).click();
    await page.getByText(/The store was read again; version \d+ is served/).waitFor();
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('is read by a viewer, who cannot have it read again', async () => {
    const window = await stage.open();
    await window.signIn('the-viewer');
    await window.visit('/registry');
    await window.page.getByText('How it watches').waitFor();
    assert.equal(await window.page.getByRole('button', { name: 'Read again' }).count(), 0);
    window.assertSound();
    await window.close();
  });
});
