import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { startHttpProxy, type LocalProxy } from '@patchbay/llm/testing/local-proxies';

import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

const NAME = '<script>alert(1)</script> \u202Etxet';
const PASSWORD = 'canary-proxy-password';

describe('egress proxies', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let proxy: LocalProxy;
  before(async () => {
    proxy = await startHttpProxy({ login: `us:${PASSWORD}` });
    stage = await startConsole({ EGRESS_ALLOW: '127.0.0.1' });
    await stage.addUser('the-viewer', 'viewer');
  });
  after(async () => {
    await stage.close();
    await proxy.close();
  });

  const at = async (user = 'admin'): Promise<Window> => {
    const window = await stage.open();
    await window.signIn(user);
    await window.visit('/proxies');
    return window;
  };

  it('are added, tried, recalculated, switched off and deleted by name', async () => {
    const window = await at();
    const other = await at();
    const { page } = window;
    await page.getByText('No proxies').waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Add a proxy' }).click();
    const add = page.getByRole('dialog').getByRole('button', { name: 'Add the proxy' });
    await page.getByLabel('Address').fill('gopher://nowhere');
    await add.click();
    await page.locator('[aria-invalid=true]').waitFor();
    await window.assertAccessible();
    await page.getByLabel('Address').fill(`http://us:${PASSWORD}@127.0.0.1:${proxy.port}`);
    await page.getByLabel('Name').fill(NAME);
    await page.getByLabel('Accounts at most').fill('5');
    await add.click();
    await page.getByText('was added.').waitFor();
    const row = page.getByRole('row').filter({ hasText: NAME });
    await row.getByText('0 of 5').waitFor();
    await other.page.getByRole('row').filter({ hasText: NAME }).waitFor();
    assert.equal((await page.content()).includes(PASSWORD), false);

    await row.click();
    const sheet = page.getByRole('dialog', { name: NAME });
    await sheet.getByRole('button', { name: 'Try it now' }).click();
    await page.getByText('answers.').waitFor();
    await sheet.getByText('healthy', { exact: true }).waitFor();
    await sheet.getByText('None.').waitFor();
    assert.match(page.url(), /proxy=1/);
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: 'Recalculate…' }).click();
    await page.getByRole('dialog').getByText('0 accounts now').waitFor();
    await page.getByRole('button', { name: 'Recalculate', exact: true }).click();
    await page.getByText('Assignments were recalculated.').waitFor();

    const menu = page.getByRole('button', { name: `What to do with ${NAME}` });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await row.getByText('off', { exact: true }).waitFor();
    await other.page.getByRole('row').filter({ hasText: NAME }).getByText('off', { exact: true }).waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const remove = page.getByRole('button', { name: 'Delete proxy' });
    assert.equal(await remove.isDisabled(), true);
    await page.getByLabel(/to confirm/).fill(NAME);
    await remove.click();
    await other.page.getByText('No proxies').waitFor();
    for (const each of [window, other]) {
      each.assertSound();
      await each.close();
    }
  });

  it('are kept from whoever may not see them', async () => {
    const window = await at('the-viewer');
    await window.page.getByText('Not for this account').waitFor();
    window.assertSound();
    await window.close();
  });
});
