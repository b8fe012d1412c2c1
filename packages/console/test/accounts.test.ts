import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { PROCESS_KEY } from '../../gateway/test/support/gateway-process.ts';
import { sendJson, startUpstream } from '../../gateway/test/support/scripted-upstream.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';
import { HOSTILE } from './support/traffic-stage.ts';

const KEY = 'canary-refused-0123456789';
const NAME = '<script>alert(1)</script> the first';

describe('accounts', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let closeUpstream: () => Promise<void>;
  before(async () => {
    const upstream = await startUpstream((_, response) =>
      sendJson(response, 401, { error: { message: `Wrong key. ${HOSTILE} ${'x'.repeat(1_000_000)}` } }),
    );
    closeUpstream = () => upstream.close();
    stage = await startConsole({ GROQ_BASE_URL: `${upstream.url}/v1` });
    await stage.addUser('the-viewer', 'viewer');
    await stage.addUser('the-keeper', 'provider');
  });
  after(async () => {
    await stage.close();
    await closeUpstream();
  });

  const at = async (user = 'admin'): Promise<Window> => {
    const window = await stage.open();
    await window.signIn(user);
    await window.visit('/accounts');
    return window;
  };

  const call = (): Promise<Response> =>
    fetch(`${stage.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PROCESS_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'groq/llama-3.3-70b-versatile', messages: [{ role: 'user', content: 'hi' }] }),
    });

  it('are added, seen to be refused, reset, switched off and deleted by name', async () => {
    const window = await at();
    const { page } = window;
    const other = await at();
    await page.getByText('No accounts yet').waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Add an account' }).click();
    const add = page.getByRole('dialog').getByRole('button', { name: 'Add the account' });
    await add.click();
    await page.locator('[role=combobox][aria-invalid=true]').click();
    await page.getByPlaceholder('Search…').fill('groq');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name').fill(NAME);
    await add.click();
    await page.locator('input[type=password][aria-invalid=true]').waitFor();
    await window.assertAccessible();
    await page.getByRole('dialog').getByLabel('API key', { exact: true }).fill(KEY);
    await add.click();
    await page.getByText('was added.').waitFor();
    const row = page.getByRole('row').filter({ hasText: NAME });
    await row.getByText('healthy').waitFor();

    await (await call()).arrayBuffer();
    await row.getByText('refused').waitFor();
    await other.page.getByRole('row').filter({ hasText: NAME }).getByText('refused').waitFor();

    await row.click();
    const sheet = page.getByRole('dialog', { name: NAME });
    await sheet.getByText('Last error').waitFor();
    await sheet.getByText('Rests for all models').waitFor();
    assert.match((await sheet.textContent()) ?? '', /Wrong key\..*<script>alert/);
    assert.equal((await page.content()).includes(KEY), false);
    assert.match(page.url(), /account=/);
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Close' }).click();

    const menu = page.getByRole('button', { name: `What to do with ${NAME}` });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Forget its failures' }).click();
    await row.getByText('healthy').waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await row.getByText('off', { exact: true }).waitFor();
    await other.page.getByRole('row').filter({ hasText: NAME }).getByText('off', { exact: true }).waitFor();

    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const remove = page.getByRole('button', { name: 'Delete account' });
    assert.equal(await remove.isDisabled(), true);
    await page.getByLabel(/to confirm/).fill(NAME);
    await remove.click();
    await other.page.getByText('No accounts yet').waitFor();
    for (const each of [window, other]) {
      each.assertSound();
      await each.close();
    }
  });

  it('tell of a change that somebody else made meanwhile, and lead to signing in', async () => {
    const window = await at();
    const other = await at();
    await window.page.getByRole('button', { name: 'Add an account' }).click();
    await window.page.getByRole('combobox', { name: 'Provider' }).click();
    await window.page.getByPlaceholder('Search…').fill('groq');
    await window.page.keyboard.press('Enter');
    await window.page.getByRole('dialog').getByLabel('Name').fill('shared');
    await window.page.getByRole('dialog').getByLabel('API key', { exact: true }).fill('canary-of-two-windows-01');
    await window.page.getByRole('button', { name: 'Add the account' }).click();
    for (const { page } of [window, other]) {
      await page.getByRole('row').filter({ hasText: 'shared' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
      await page.getByRole('dialog').getByLabel('Name').waitFor();
    }
    await other.page.getByRole('dialog').getByLabel('Name').fill('theirs');
    await other.page.getByRole('button', { name: 'Save' }).click();
    await other.page.getByText('theirs was changed.').waitFor();
    await window.page.getByRole('dialog').getByLabel('Name').fill('mine');
    await window.page.getByRole('button', { name: 'Save' }).click();
    await window.page
      .getByRole('alert')
      .filter({ hasText: /version|meanwhile|changed/ })
      .waitFor();
    await window.assertAccessible();
    await window.page.getByRole('button', { name: 'Cancel' }).click();
    await window.visit('/accounts');
    await window.page.getByRole('row').filter({ hasText: 'theirs' }).waitFor();
    assert.equal(await window.page.getByRole('row').filter({ hasText: 'mine' }).count(), 0);
    await window.page.getByRole('button', { name: 'Sign in…' }).click();
    await window.page
      .getByRole('dialog')
      .getByText(/No provider is set up|Go on to/)
      .first()
      .waitFor();
    await window.assertAccessible();
    for (const each of [window, other]) {
      each.assertSound();
      await each.close();
    }
  });

  it('are kept from whoever may not see them, and their end from whoever may not bring it', async () => {
    const viewer = await at('the-viewer');
    await viewer.page.getByText('Not for this account').waitFor();
    viewer.assertSound();
    await viewer.close();
    const keeper = await at('the-keeper');
    await keeper.page.getByRole('button', { name: 'Add an account' }).waitFor();
    await keeper.page.getByRole('button', { name: 'What to do with theirs' }).click();
    await keeper.page.getByRole('menuitem', { name: 'Switch off' }).waitFor();
    assert.equal(await keeper.page.getByRole('menuitem', { name: 'Delete…' }).count(), 0);
    keeper.assertSound();
    await keeper.close();
  });
});
