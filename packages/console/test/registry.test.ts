import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';

import { askAs, providerBody } from './support/ask-gateway.ts';
import { NO_BROWSER, PASSWORD, startConsole, type ConsoleStage } from './support/console-browser.ts';

const KEY = 'canary-key-of-the-registry';

describe('the registry', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    await stage.addUser('the-viewer', 'viewer');
  });
  after(() => stage.close());

  it('shows its version, reads again, and names rows that cannot be used', async () => {
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn();
    await window.visit('/registry');
    const { page } = window;
    await page.getByText('Every row is served').waitFor();
    await addProvider(stage.url);
    const byHand = new DatabaseSync(path.join(stage.gateway.dataDir, 'patchbay.db'), { timeout: 10_000 });
    const { changes } = byHand
      .prepare(`update providers set api_endpoint = 'https://{nowhere}.example.com/v1' where identifier = 'by-hand'`)
      .run();
    byHand.close();
    assert.equal(Number(changes), 1);
    await page.getByRole('button', { name: 'Read again' }).click();
    await page.getByText(/The store was read again; version \d+ is served/).waitFor();
    await page.getByRole('link', { name: 'Look at it' }).waitFor();
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('tells what each version changed, and who did it', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/registry');
    const { page } = window;
    await page
      .getByText(/^Version \d+$/)
      .first()
      .waitFor();
    const admin = await askAs(stage);
    const made = await admin('POST', '/api/admin/providers', providerBody('told', 'https://example.com/v1', KEY));
    await admin('PUT', `/api/admin/providers/${String(made['id'])}`, { name: 'Told anew' });
    const row = page
      .getByRole('listitem')
      .filter({ hasText: /changed\s*provider\s*told/ })
      .last();
    await row.getByRole('button', { name: 'What changed' }).click();
    await row.getByText('Told anew').waitFor();
    await row.getByText('admin').waitFor();
    assert.equal(await page.getByText(KEY).count(), 0);
    await window.assertAccessible();
    window.assertSound();
    await window.close();
  });

  it('is read by a viewer, who cannot have it read again', async () => {
    const window = await stage.open();
    await window.signIn('the-viewer');
    await window.visit('/registry');
    await window.page.getByText('How it watches').waitFor();
    assert.equal(await window.page.getByRole('button', { name: 'Read again' }).count(), 0);
    assert.equal(await window.page.getByRole('button', { name: 'What changed' }).count(), 0);
    window.assertSound();
    await window.close();
  });
});

/** One with a key: a row without a key is not served anyway, whatever else is wrong with it. */
async function addProvider(url: string): Promise<void> {
  const send = (path: string, body: object, token = ''): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  const login = await send('/api/auth/login', { username: 'admin', password: PASSWORD });
  const { token } = (await login.json()) as { readonly token: string };
  const customizations = { authConfig: { apiKey: 'canary-by-hand-0123456789' } };
  const body = { identifier: 'by-hand', name: 'By hand', customizations };
  const made = await send('/api/admin/provider-templates/openai/apply', body, token);
  assert.equal(made.status, 201, await made.text());
}
