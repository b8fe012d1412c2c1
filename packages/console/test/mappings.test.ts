import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { askAs } from './support/ask-gateway.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

const HOSTILE = '<b>fast</b>\u202Etsaf';

describe('mappings', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole({ SIMULATOR: 'true' });
    for (const role of ['user', 'viewer']) await stage.addUser(`the-${role}`, role);
  });
  after(() => stage.close());

  const fill = async ({ page }: Window, alias: string, model: string): Promise<void> => {
    await page.getByRole('button', { name: 'Add a name' }).click();
    await page.getByLabel('Name', { exact: true }).fill(alias);
    await page.getByLabel('Provider', { exact: true }).click();
    await page.getByPlaceholder('Search…').fill('simulator');
    await page.getByRole('option').first().click();
    await page.getByLabel('Model', { exact: true }).fill(model);
  };

  it('are made, tried, changed, switched off and deleted, and come back', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/mappings');
    const { page } = window;
    await page.getByText('No names yet').waitFor();
    await fill(window, HOSTILE, 'echo');
    await page.getByLabel('Priority').fill('first');
    await page.getByLabel('For everybody').click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await window.assertAccessible();
    await page.getByLabel('Priority').fill('5');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('was added').waitFor();
    const row = page.getByRole('row').filter({ hasText: HOSTILE });
    await row.getByText('everybody’s').waitFor();

    await row.click();
    await page.getByText('Where your calls by this name go').waitFor();
    await page.getByRole('article').filter({ hasText: 'simulator/echo' }).waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByLabel('Model', { exact: true }).fill('echo-two');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('was changed').waitFor();
    await page.getByRole('article').filter({ hasText: 'simulator/echo-two' }).waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();

    const menu = page.getByRole('button', { name: `What to do with ${HOSTILE}` });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await row.getByText('off', { exact: true }).waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByLabel(/to confirm/).fill(HOSTILE);
    await page.getByRole('button', { name: 'Delete name' }).click();
    await page.getByText('No names yet').waitFor();
    const deleted = page.getByRole('listitem').filter({ hasText: 'was deleted' });
    await deleted.getByRole('button', { name: 'Undo' }).click();
    await row.getByText('off', { exact: true }).waitFor();
    await row.getByText('simulator/echo-two').waitFor();
    await row.getByText('everybody’s').waitFor();
    window.assertSound();
    await window.close();
  });

  it('tell where any name goes, or why a call by it would be refused', async () => {
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn();
    await window.visit('/mappings');
    const { page } = window;
    await page.getByRole('button', { name: 'Try a name' }).click();
    await page.getByLabel('Name or model').fill('nobody-knows-it');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByText(/It would be refused with 404/).waitFor();
    await window.assertAccessible();
    await page.getByLabel('Name or model').fill('simulator/echo');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByRole('article').filter({ hasText: 'simulator/echo' }).waitFor();
    assert.equal(await page.getByText(/It would be refused/).count(), 0);
    window.assertSound();
    await window.close();
  });

  it('are everybody’s to see and each one’s own to change, and the slower of two is told', async () => {
    const admin = await askAs(stage);
    const body = { alias: 'shared', provider_id: 'simulator', model_name: 'echo', is_global: true };
    await admin('POST', '/api/v1/model-mappings', body);
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn('the-user');
    await window.visit('/mappings');
    const { page } = window;
    await page.getByRole('row').filter({ hasText: 'shared' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'What to do with shared' }).count(), 0);
    await fill(window, 'shared', 'echo');
    assert.equal(await page.getByLabel('For everybody').count(), 0);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('was added').waitFor();
    await page.getByRole('button', { name: 'What to do with shared' }).click();
    await page.getByRole('menuitem', { name: 'Change…' }).click();
    const listed = await admin('GET', '/api/v1/model-mappings?search=shared');
    const own = (listed['data'] as { readonly id: string; readonly is_global: boolean }[]).find(
      (each) => !each.is_global,
    );
    assert.ok(own);
    await admin('PUT', `/api/v1/model-mappings/${own.id}`, { model_name: 'theirs' });
    await page.getByLabel('Model', { exact: true }).fill('mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else changed this').waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Take the other version' }).click();
    assert.equal(await page.getByLabel('Model', { exact: true }).inputValue(), 'theirs');
    window.assertSound();
    await window.close();
  });

  it('are not for viewers', async () => {
    const window = await stage.open();
    await window.signIn('the-viewer');
    await window.visit('/mappings');
    await window.page.getByText('Not for this account').waitFor();
    window.assertSound();
    await window.close();
  });
});
