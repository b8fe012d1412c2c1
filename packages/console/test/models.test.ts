import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sendJson, startUpstream } from '../../gateway/test/support/scripted-upstream.ts';
import { NO_BROWSER, PASSWORD, startConsole, type ConsoleStage } from './support/console-browser.ts';

const HOSTILE = '<script>alert(1)</script>\u202Etxet';

describe('models', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let upstream: Awaited<ReturnType<typeof startUpstream>>;
  before(async () => {
    upstream = await startUpstream((request, response) => {
      if (request.path.endsWith('/models')) {
        const data = ['gpt-4o', 'gpt-4o-mini'].map((id) => ({ id, object: 'model' }));
        return sendJson(response, 200, { object: 'list', data });
      }
      return sendJson(response, 400, { error: { message: `No. ${HOSTILE} ${'x'.repeat(1_000_000)}` } });
    });
    stage = await startConsole({ EGRESS_ALLOW: '127.0.0.1' });
    await stage.addUser('the-viewer', 'viewer');
    await addProvider(stage.url, `${upstream.url}/v1`);
  });
  after(async () => {
    await stage.close();
    await upstream.close();
  });

  it('are added, tried, changed, switched off together, deleted, and come back', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/models');
    const { page } = window;
    await page.getByRole('button', { name: 'Add a model' }).click();
    await page.getByLabel('Provider', { exact: true }).click();
    await page.getByPlaceholder('Search…').fill('own-upstream');
    await page.getByRole('option', { name: /own-upstream/ }).click();
    await page.getByLabel('Identifier').fill('my/model');
    await page.getByLabel('Name', { exact: true }).fill(HOSTILE);
    await page.getByLabel('Context', { exact: true }).fill('9000000');
    await page.getByLabel('Price of input').fill('0.15');
    await page.getByLabel('Price of output').fill('0.6');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
    assert.equal(await page.getByLabel('Context', { exact: true }).getAttribute('aria-invalid'), 'true');
    await window.assertAccessible();
    await page.getByLabel('Context', { exact: true }).fill('64000');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('was added').waitFor();
    await page.getByLabel('Models named').fill('my/model');
    await page.getByText('$0.15').waitFor();

    const menu = page.getByRole('button', { name: `What to do with ${HOSTILE}` });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Try it' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: HOSTILE })
      .or(page.getByRole('alert').filter({ hasText: 'No.' }))
      .first()
      .waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByLabel('Price of input').fill('0.25');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('was changed').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByText('$0.25').waitFor();

    await page.getByRole('checkbox', { name: `Mark ${HOSTILE}` }).click();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('1 models are switched off').waitFor();
    await page.getByRole('grid').getByText('inactive', { exact: true }).waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByLabel(/to confirm/).fill('my/model');
    await page.getByRole('button', { name: 'Delete model' }).click();
    await page.getByText('No model fits these filters').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await menu.waitFor();
    await page.getByText('$0.25').waitFor();
    window.assertSound();
    await window.close();
  });

  it('are discovered from their provider, after a look at what would be added', async () => {
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn();
    await window.visit('/models');
    const { page } = window;
    await page.getByRole('button', { name: 'Discover' }).click();
    await page.getByLabel('Provider', { exact: true }).click();
    await page.getByPlaceholder('Search…').fill('own-upstream');
    await page.getByRole('option', { name: /own-upstream/ }).click();
    await page.getByText('To be added 2').waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Add 2 models' }).click();
    await page.getByText('2 models were added').waitFor();
    await page.getByRole('button', { name: 'Discover' }).click();
    await page.getByLabel('Provider', { exact: true }).click();
    await page.getByRole('option', { name: /own-upstream/ }).click();
    await page.getByText('Left as they are 2').waitFor();
    window.assertSound();
    await window.close();
  });

  it('are shown to a viewer, who cannot change them', async () => {
    const window = await stage.open();
    await window.signIn('the-viewer');
    await window.visit('/models');
    await window.page.getByRole('grid', { name: 'Models' }).waitFor();
    assert.equal(await window.page.getByRole('button', { name: 'Add a model' }).count(), 0);
    assert.equal(await window.page.getByRole('checkbox').count(), 0);
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });
});

async function addProvider(url: string, apiEndpoint: string): Promise<void> {
  const send = (path: string, body: object, token = ''): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  const login = await send('/api/auth/login', { username: 'admin', password: PASSWORD });
  const { token } = (await login.json()) as { readonly token: string };
  const made = await send(
    '/api/admin/providers',
    {
      identifier: 'own-upstream',
      name: 'Own',
      apiEndpoint,
      authMethod: 'api_key',
      authConfig: { type: 'api_key', fields: { apiKey: 'canary-right-key-0123456789' } },
      capabilities: {
        supportsSystemMessages: true,
        maxContextLength: 128_000,
        supportedRoles: ['system', 'user', 'assistant'],
        supportsStreaming: true,
        supportsTools: true,
      },
    },
    token,
  );
  assert.equal(made.status, 201, await made.text());
}
