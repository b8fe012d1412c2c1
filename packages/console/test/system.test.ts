import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { REDIS_URL, skipRedis } from '../../gateway/test/coordination/engines.ts';
import { startProcess } from '../../gateway/test/support/gateway-process.ts';
import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';

describe('the system and its settings', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole(skipRedis === false ? { REDIS_URL } : {});
    await stage.addUser('the-viewer', 'viewer');
  });
  after(() => stage.close());

  it('show every part and process, and keep themselves tidy', async () => {
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn();
    await window.visit('/system');
    const { page } = window;
    await page.getByRole('heading', { name: 'Store' }).waitFor();
    await page.getByText('this one').waitFor();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('Every provider has been checked').waitFor();
    await page.getByRole('button', { name: 'Outlines' }).click();
    await page.getByText(/^Outlines: 0 remembered answers/).waitFor();
    await page.getByRole('button', { name: 'Clean up…' }).click();
    await page.getByText('kept for 90 days').waitFor();
    await window.assertAccessible();
    await page.getByLabel('Write “clean up” to confirm').fill('clean up');
    await page.getByRole('button', { name: 'Clean up', exact: true }).click();
    await page.getByText('0 removed').first().waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).first().click();
    await window.assertAccessible();
    window.assertSound();
    await window.close();
  });

  it('show another process on the same Redis, and that it is set otherwise', { skip: skipRedis }, async () => {
    const other = await startProcess({ REDIS_URL, LOG_LEVEL: 'warn' });
    const window = await stage.open();
    await window.signIn();
    await window.visit('/system');
    await window.page.getByText('other settings').first().waitFor();
    window.assertSound();
    await window.close();
    await other.stop();
    await other.remove();
  });

  it('are changed where they can be while it runs, and otherwise say how', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/settings?view=running');
    const { page } = window;
    await page.getByLabel('Check every').fill('1');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    assert.equal(await page.getByLabel('Check every').getAttribute('aria-invalid'), 'true');
    await window.assertAccessible();
    await page.getByLabel('Check every').fill('45');
    await page.getByLabel('Slow from').fill('1500');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('It watches so from now on').waitFor();
    await page.reload();
    assert.equal(await page.getByLabel('Slow from').inputValue(), '1500');
    await window.visit('/registry');
    await page.getByText('every 45').waitFor();
    await window.visit('/settings?search=PORT');
    await page.getByRole('row').filter({ hasText: /^PORT/ }).first().click();
    await page.getByText('PORT=…').waitFor();
    window.assertSound();
    await window.close();
  });

  it('are seen by viewers, who change nothing', async () => {
    const window = await stage.open();
    await window.signIn('the-viewer');
    await window.visit('/system');
    const { page } = window;
    await page.getByText('this one').waitFor();
    assert.equal(await page.getByRole('button', { name: /Check now|Clean up/ }).count(), 0);
    await window.visit('/settings');
    await page.getByText('Not for this account').waitFor();
    window.assertSound();
    await window.close();
  });
});
