import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { askAs, providerBody, type AskGateway } from './support/ask-gateway.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

const KEY = 'canary-key-of-the-transfer-page';
const PASSPHRASE = 'canary passphrase of the page';
const HOSTILE = '<script>alert(1)</script>\u202Etxet';

interface Document {
  readonly data: { readonly providers: Record<string, unknown>[]; readonly models: Record<string, unknown>[] };
}

describe('import, export and backups', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let admin: AskGateway;
  let folder = '';
  before(async () => {
    stage = await startConsole();
    await stage.addUser('the-user', 'user');
    admin = await askAs(stage);
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-transfer-'));
    for (const identifier of ['first', 'second'])
      await admin('POST', '/api/admin/providers', providerBody(identifier, 'https://example.com/v1', KEY));
  });
  after(async () => {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the browser keeps once a button was pressed. */
  const kept = async ({ page }: Window, button: string, isItem = false): Promise<{ name: string; text: string }> => {
    const coming = page.waitForEvent('download');
    await page.getByRole(isItem ? 'menuitem' : 'button', { name: button, exact: true }).click();
    const file = await coming;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  };

  it('leave as a file in either form, and with secrets only sealed', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/transfer');
    const { page } = window;
    await page.getByLabel('Built-in providers').click();
    await page.getByText('YAML', { exact: true }).click();
    const yaml = await kept(window, 'Download');
    assert.match(yaml.name, /^providers-[\d-]+\.yaml$/);
    assert.match(yaml.text, /identifier: first/);
    await page.getByText('Chosen ones').click();
    await page.getByRole('checkbox', { name: 'second', exact: true }).click();
    assert.equal(await page.getByText('YAML', { exact: true }).count(), 0);
    await page.getByLabel('Secrets, sealed').click();
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await window.assertAccessible();
    await page.getByLabel('Passphrase').fill(PASSPHRASE);
    const sealed = await kept(window, 'Download');
    assert.ok(!sealed.text.includes(KEY) && !sealed.text.includes(PASSPHRASE));
    const { data } = JSON.parse(sealed.text) as Document;
    assert.deepEqual(
      data.providers.map(({ identifier }) => identifier),
      ['second'],
    );
    window.assertSound();
    await window.close();
  });

  it('come in after a look at what would change, member by member', async () => {
    const document = (await admin('POST', '/api/admin/providers/export', {
      includeSystemProviders: false,
    })) as unknown as Document;
    const [first, second] = document.data.providers;
    assert.ok(first && second);
    first['apiEndpoint'] = 'https://elsewhere.example.com/v1';
    document.data.providers.push({ ...second, identifier: 'third', name: HOSTILE });
    const file = path.join(folder, 'changed.json');
    await writeFile(file, JSON.stringify(document));
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn();
    await window.visit('/transfer?tab=import');
    const { page } = window;
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('button', { name: 'Preview the changes' }).click();
    const changed = page.getByRole('region', { name: 'To be changed' });
    await changed.getByText('https://example.com/v1').waitFor();
    await changed.getByText('https://elsewhere.example.com/v1').waitFor();
    await page.getByRole('region', { name: 'To be added' }).getByText('third').waitFor();
    await page.getByRole('region', { name: 'Left as they are' }).waitFor();
    await window.assertAccessible();
    const before = await admin('GET', '/api/admin/providers/first');
    assert.equal(before['apiEndpoint'], 'https://example.com/v1');
    await page.getByLabel('What is there already').selectOption('skip');
    await page.getByRole('button', { name: 'Preview the changes' }).click();
    await page.getByRole('region', { name: 'To be added' }).waitFor();
    assert.equal(await changed.count(), 0);
    await page.getByLabel('What is there already').selectOption('merge');
    await page.getByRole('button', { name: 'Preview the changes' }).click();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('region', { name: 'Added', exact: true }).getByText('third').waitFor();
    await page.getByRole('region', { name: 'Changed', exact: true }).getByText('first').waitFor();
    assert.equal((await admin('GET', '/api/admin/providers/first'))['apiEndpoint'], 'https://elsewhere.example.com/v1');
    assert.equal((await admin('GET', '/api/admin/providers/backups'))['total'], 1);
    window.assertSound();
    await window.close();
  });

  it('say where a file is wrong, and take nothing of it', async () => {
    const files = { text: path.join(folder, 'no.json'), wrong: path.join(folder, 'wrong.yaml') };
    await writeFile(files.text, '{ "data": ');
    await writeFile(
      files.wrong,
      `data:\n  providers:\n    - identifier: Not Good\n      name: "${HOSTILE.slice(0, 20)}"\n`,
    );
    const window = await stage.open();
    await window.signIn();
    await window.visit('/transfer?tab=import');
    const { page } = window;
    await page.locator('input[type=file]').setInputFiles(files.text);
    await page.getByRole('button', { name: 'Preview the changes' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /line 1/i })
      .waitFor();
    await page.locator('input[type=file]').setInputFiles(files.wrong);
    await page.getByRole('button', { name: 'Preview the changes' }).click();
    await page
      .getByText(/data\.providers\.0\.apiEndpoint/)
      .first()
      .waitFor();
    assert.equal(await page.getByRole('button', { name: 'Import', exact: true }).count(), 0);
    await window.assertAccessible();
    window.assertSound();
    await window.close();
  });

  it('are kept as backups: made, downloaded, restored by name and deleted', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/transfer?tab=backups');
    const { page } = window;
    await page.getByRole('button', { name: 'Make a backup' }).first().click();
    await page.getByLabel('Secrets, sealed').click();
    await page.getByRole('button', { name: 'Make the backup' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await window.assertAccessible();
    await page.getByLabel('Passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Make the backup' }).click();
    const said = await page.getByText(/^Backup \w+ was made/).innerText();
    const [, name = ''] = /^Backup (\w+)/.exec(said) ?? [];
    const menu = page.getByRole('button', { name: `What to do with backup ${name}` });
    await menu.click();
    const file = await kept(window, 'Download', true);
    assert.ok(!file.text.includes(KEY));

    await admin('PUT', '/api/admin/providers/second', { name: 'Changed since' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Restore…' }).click();
    await page.getByLabel('Passphrase').fill('canary another one');
    await page.getByRole('button', { name: 'Preview the changes' }).click();
    await page.getByRole('alert').filter({ hasText: 'passphrase' }).waitFor();
    await page.getByLabel('Passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Preview the changes' }).click();
    await page.getByRole('region', { name: 'To be changed' }).getByText('Changed since').waitFor();
    const restore = page.getByRole('button', { name: 'Restore', exact: true });
    assert.equal(await restore.isDisabled(), true);
    await window.assertAccessible();
    assert.equal((await admin('GET', '/api/admin/providers/second'))['name'], 'Changed since');
    await page.getByLabel(/to confirm/).fill(name);
    await restore.click();
    await page.getByText(`Backup ${name} was restored`).waitFor();
    assert.equal((await admin('GET', '/api/admin/providers/second'))['name'], 'second');
    await page.getByRole('button', { name: 'Close' }).last().click();

    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByLabel(/to confirm/).fill(name);
    await page.getByRole('button', { name: 'Delete backup' }).click();
    await menu.waitFor({ state: 'detached' });
    window.assertSound();
    await window.close();
  });

  it('are not for whoever may not take configuration out', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/transfer');
    await window.page.getByText('Not for this account').waitFor();
    window.assertSound();
    await window.close();
  });
});
