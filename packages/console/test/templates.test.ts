import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { askAs } from './support/ask-gateway.ts';
import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';

const HOSTILE = '<i>mine</i>\u202Etxet';

describe('templates', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    await stage.addUser('the-viewer', 'viewer');
  });
  after(() => stage.close());

  it('are looked through, and providers are made from them', async () => {
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn();
    await window.visit('/templates');
    const { page } = window;
    await page.getByLabel('Templates named').fill('OpenAI');
    await page
      .getByRole('row')
      .filter({ hasText: /^OpenAI/ })
      .first()
      .click();
    await page.getByText('What it asks for').waitFor();
    await page.getByText('needed').first().waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Add a provider' }).click();
    await page.getByLabel('Identifier').fill('from-a-template');
    await page.getByLabel('API key').fill('canary-key-of-a-template');
    await page.getByRole('button', { name: 'Add and test' }).click();
    await page.waitForURL(/\/providers\?provider=/);
    await page.getByText('from-a-template').first().waitFor();
    window.assertSound();
    await window.close();
  });

  it('are made, copied, changed, downloaded and deleted, and come back', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/templates');
    const { page } = window;
    await page.getByRole('button', { name: 'Make a template' }).click();
    await page.getByLabel('Name', { exact: true }).first().fill(HOSTILE);
    await page.getByRole('textbox', { name: /^Category/ }).fill('ours');
    await page.getByLabel('Name of the provider').fill('Ours');
    await page.getByLabel('Address').fill('nowhere');
    await page.getByLabel('Identifier').fill('big');
    await page.getByLabel('Context').fill('64000');
    await page.getByRole('button', { name: 'Make', exact: true }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
    assert.equal(await page.getByLabel('Address').getAttribute('aria-invalid'), 'true');
    await window.assertAccessible();
    await page.getByLabel('Address').fill('https://example.com/v1');
    await page.getByRole('button', { name: 'Another model' }).click();
    await page.getByLabel('Identifier').nth(1).fill('big');
    await page.getByLabel('Context').nth(1).fill('1000');
    await page.getByRole('button', { name: 'Make', exact: true }).click();
    await page.getByText('`big` is there twice.').waitFor();
    await page.getByLabel('Identifier').nth(1).fill('small');
    await page.getByRole('button', { name: 'Make', exact: true }).click();
    await page.getByText('was made').waitFor();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByRole('button', { name: 'Remove model small' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('was changed').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();

    await page.getByLabel('Templates that are').selectOption('own');
    const menu = page.getByRole('button', { name: `What to do with ${HOSTILE}`, exact: true });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Copy…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(HOSTILE);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await menu.click();
    const coming = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Download' }).click();
    const file = await readFile(await (await coming).path(), 'utf8');
    const { templates } = JSON.parse(file) as { readonly templates: readonly { readonly defaultModels: unknown[] }[] };
    assert.equal(templates[0]?.defaultModels.length, 1);
    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByLabel(/to confirm/).fill(HOSTILE);
    await page.getByRole('button', { name: 'Delete template' }).click();
    await menu.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await menu.waitFor();
    window.assertSound();
    await window.close();
  });

  it('tell the slower of two what the other saved', async () => {
    const admin = await askAs(stage);
    const authConfig = { type: 'api_key', fields: { apiKey: { required: true } } };
    const made = await admin('POST', '/api/admin/provider-templates', {
      name: 'Shared',
      providerConfig: { name: 'S', apiEndpoint: 'https://example.com/v1', authMethod: 'api_key', authConfig },
      defaultModels: [{ identifier: 'm', name: 'M', contextLength: 1000 }],
    });
    const window = await stage.open();
    await window.signIn();
    await window.visit(`/templates?template=${String(made['id'])}`);
    const { page } = window;
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await admin('PUT', `/api/admin/provider-templates/${String(made['id'])}`, { category: 'theirs' });
    await page.getByRole('textbox', { name: /^Category/ }).fill('mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else changed this').waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Take the other version' }).click();
    assert.equal(await page.getByRole('textbox', { name: /^Category/ }).inputValue(), 'theirs');
    window.assertSound();
    await window.close();
  });

  it('are shown to viewers, who cannot do anything with them', async () => {
    const window = await stage.open();
    await window.signIn('the-viewer');
    await window.visit('/templates');
    const { page } = window;
    await page.getByRole('row').nth(1).waitFor();
    assert.equal(await page.getByRole('button', { name: /^What to do with/ }).count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Make a template' }).count(), 0);
    await page.getByRole('row').nth(1).click();
    await page.getByText('What it fills in').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Add a provider' }).count(), 0);
    window.assertSound();
    await window.close();
  });
});
