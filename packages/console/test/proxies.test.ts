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
    await page.getByRole('dialog').getByText('No account would move').waitFor();
    await window.assertAccessible();
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

  it('say which accounts would move before they do, and which would rest', async () => {
    const window = await at();
    const { page } = window;
    for (const name of ['leaving', 'staying']) {
      await page.getByRole('button', { name: 'Add a proxy' }).click();
      await page.getByLabel('Address').fill(`http://us:${PASSWORD}@${name}.example:8080`);
      await page.getByLabel('Name').fill(name);
      await page.getByLabel('Accounts at most').fill('1');
      await page.getByLabel('Priority').fill(name === 'leaving' ? '9' : '1');
      await page.getByRole('dialog').getByRole('button', { name: 'Add the proxy' }).click();
      await page.getByText(`${name} was added.`).waitFor();
      if (name === 'leaving') await addAccount(window, 'the mover');
    }
    await window.visit('/proxies');
    await turnOff(window, 'leaving');
    await page.getByRole('button', { name: 'Recalculate…' }).click();
    const dialog = page.getByRole('dialog');
    const moving = dialog.getByRole('list', { name: 'Accounts that would move' });
    await moving.getByText('the mover').waitFor();
    await moving.locator('del', { hasText: 'leaving' }).waitFor();
    await moving.locator('ins', { hasText: 'staying' }).waitFor();
    await window.assertAccessible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('row').filter({ hasText: 'staying' }).getByText('0 of 1').waitFor();
    await page.getByRole('button', { name: 'Recalculate…' }).click();
    await page.getByRole('button', { name: 'Recalculate', exact: true }).click();
    await page.getByText('1 account got another proxy.').waitFor();
    await page.getByRole('row').filter({ hasText: 'staying' }).getByText('1 of 1').waitFor();
    await turnOff(window, 'staying');
    await page.getByRole('button', { name: 'Recalculate…' }).click();
    await dialog.getByText('1 would find no proxy with room, and rest').waitFor();
    await dialog.getByRole('list', { name: 'Accounts that would rest' }).getByText('the mover').waitFor();
    window.assertSound();
    await window.close();
  });

  const turnOff = async ({ page }: Window, name: string): Promise<void> => {
    await page.getByRole('button', { name: `What to do with ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await page.getByRole('row').filter({ hasText: name }).getByText('off', { exact: true }).waitFor();
  };

  const addAccount = async (window: Window, name: string): Promise<void> => {
    const { page } = window;
    await window.visit('/accounts');
    await page.getByRole('button', { name: 'Add an account' }).click();
    await page.getByRole('combobox', { name: 'Provider' }).click();
    await page.getByPlaceholder('Search…').fill('groq');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name').fill(name);
    await page.getByRole('dialog').getByLabel('API key', { exact: true }).fill('canary-of-the-mover-01');
    await page.getByRole('button', { name: 'Add the account' }).click();
    await page.getByText('was added.').waitFor();
    await window.visit('/proxies');
  };

  it('are kept from whoever may not see them', async () => {
    const window = await at('the-viewer');
    await window.page.getByText('Not for this account').waitFor();
    window.assertSound();
    await window.close();
  });
});
