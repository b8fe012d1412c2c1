import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sendJson, startUpstream } from '../../gateway/test/support/scripted-upstream.ts';
import { NO_BROWSER, PASSWORD, startConsole, type ConsoleStage } from './support/console-browser.ts';

const HOSTILE = '<script>alert(1)</script>\u202Etxet';
const KEY = 'canary-right-key-0123456789';

describe('providers', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let upstream: Awaited<ReturnType<typeof startUpstream>>;
  let token = '';
  before(async () => {
    upstream = await startUpstream((request, response) =>
      request.headers['authorization'] === `Bearer ${KEY}`
        ? sendJson(response, 200, { object: 'list', data: [{ id: 'gpt-4o', object: 'model' }] })
        : sendJson(response, 401, { error: { message: `Wrong key. ${HOSTILE} ${'x'.repeat(1_000_000)}` } }),
    );
    stage = await startConsole({ EGRESS_ALLOW: '127.0.0.1' });
    await stage.addUser('the-user', 'user');
    ({ token } = (await (await send('POST', '/api/auth/login', { username: 'admin', password: PASSWORD })).json()) as {
      readonly token: string;
    });
  });
  after(async () => {
    await stage.close();
    await upstream.close();
  });
  const send = (method: string, path: string, body: object): Promise<Response> =>
    fetch(stage.url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });

  it('are made from a template, tested in steps, changed, switched off and deleted, and come back', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/providers');
    const { page } = window;
    await page.getByRole('button', { name: 'Add a provider' }).click();
    await page.getByLabel('Templates named').fill('OpenAI');
    await page.getByRole('button', { name: /^OpenAI/ }).click();
    await page.getByLabel('Identifier').fill('Not Good');
    await page.getByLabel('Name', { exact: true }).fill(HOSTILE);
    await page.getByLabel('Address').fill(`${upstream.url}/v1`);
    await page.getByRole('button', { name: 'Add and test' }).click();
    await page.getByText(/lowercase alphanumeric/).waitFor();
    assert.equal(await page.locator('[aria-invalid=true]').inputValue(), 'Not Good');
    await page.getByLabel('Identifier').fill('my-own');
    await page.getByRole('button', { name: 'Add and test' }).click();
    await page.getByText('API key is required').waitFor();
    await page.getByLabel('API key').fill('canary-wrong-key-0123456789');
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Add and test' }).click();
    const steps = page.getByRole('list', { name: 'Steps of the test' });
    await steps.getByText('Sign-in failed').waitFor();
    await steps.getByText(/Check the key/).waitFor();
    await window.assertAccessible();
    assert.equal(await page.getByText('********6789').count(), 1);

    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByLabel('API key').fill(KEY);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('was changed').waitFor();
    await page.getByRole('button', { name: 'Test now' }).click();
    await steps.getByText('Sign-in passed').waitFor();
    await page.getByText(/^It works/).waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();

    const menu = page.getByRole('button', { name: `What to do with ${HOSTILE}` });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await page.getByText('is switched off').waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const remove = page.getByRole('button', { name: 'Delete provider' });
    assert.equal(await remove.isDisabled(), true);
    await page.getByLabel(/to confirm/).fill('my-own');
    await remove.click();
    await page.getByText('was deleted').waitFor();
    await menu.waitFor({ state: 'detached' });
    const deleted = page.getByRole('listitem').filter({ hasText: 'was deleted' });
    await deleted.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('is back as it was').waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Test the connection' }).click();
    await steps.getByText('Sign-in passed').waitFor();
    window.assertSound();
    await window.close();
  });

  it('tell the slower of two what the other saved, and show what others change by themselves', async () => {
    const body = {
      identifier: 'shared',
      name: 'Shared',
      apiEndpoint: `${upstream.url}/v1`,
      authMethod: 'api_key',
      authConfig: { type: 'api_key', fields: { apiKey: KEY } },
      capabilities: {
        supportsSystemMessages: true,
        maxContextLength: 128_000,
        supportedRoles: ['system', 'user', 'assistant'],
        supportsStreaming: true,
        supportsTools: true,
      },
    };
    const made = await send('POST', '/api/admin/providers', body);
    assert.equal(made.status, 201, await made.text());
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn();
    await window.visit('/providers?search=shared');
    const { page } = window;
    await page.getByRole('button', { name: 'What to do with Shared' }).click();
    await page.getByRole('menuitem', { name: 'Change…' }).click();
    await send('PUT', '/api/admin/providers/shared', { name: 'Theirs' });
    await page.getByLabel('Name', { exact: true }).fill('Mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else changed this').waitFor();
    await page.getByRole('region', { name: 'The other version' }).or(page.getByText('Theirs')).first().waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Take the other version' }).click();
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Theirs');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await send('PUT', '/api/admin/providers/shared', { name: 'Changed elsewhere' });
    await page.getByRole('button', { name: 'What to do with Changed elsewhere' }).waitFor();
    window.assertSound();
    await window.close();
  });

  it('are not for whoever may not see them', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/providers');
    await window.page.getByText('Not for this account').waitFor();
    window.assertSound();
    await window.close();
  });
});
