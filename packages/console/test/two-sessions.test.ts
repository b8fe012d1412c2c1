import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sendJson, startUpstream } from '../../gateway/test/support/scripted-upstream.ts';
import { NO_BROWSER, startConsole, tokenOf, type ConsoleStage, type Window } from './support/console-browser.ts';

/** Keys are never asked for again by a clock: what is seen of them was told. */
const TOLD_MS = 8000;

interface Shared {
  readonly page: string;
  /** Where the API shows it, and what it is called there. */
  readonly api: string;
  readonly nameOf: (row: Readonly<Record<string, unknown>>) => unknown;
}

describe('two who change the same thing', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let closeUpstream: () => Promise<void>;
  let token = '';
  let one: Window;
  let other: Window;
  const shared = new Map<string, Shared>();

  const send = async (method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await fetch(stage.url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  };

  before(async () => {
    const upstream = await startUpstream((_, response) => sendJson(response, 200, { object: 'list', data: [] }));
    closeUpstream = () => upstream.close();
    stage = await startConsole({ EGRESS_ALLOW: '127.0.0.1', GROQ_BASE_URL: `${upstream.url}/v1` });
    await stage.addUser('the-other', 'admin');
    token = await tokenOf(stage.url);
    const provider = await send('POST', '/api/admin/providers', providerAt(`${upstream.url}/v1`));
    const model = await send('POST', `/api/admin/providers/${String(provider['id'])}/models`, MODEL);
    const account = await send('POST', '/api/v1/accounts', ACCOUNT);
    const key = await send('POST', '/v1/api-keys', { label: 'shared' });
    const named = (row: Readonly<Record<string, unknown>>): unknown => row['name'];
    const labelled = (row: Readonly<Record<string, unknown>>): unknown => row['label'];
    shared.set('provider', {
      page: '/providers',
      api: `/api/admin/providers/${String(provider['id'])}`,
      nameOf: named,
    });
    shared.set('model', {
      page: '/models?search=shared',
      api: `/api/admin/models/${String(model['id'])}`,
      nameOf: named,
    });
    shared.set('account', { page: '/accounts', api: `/api/v1/accounts/${String(account['id'])}`, nameOf: labelled });
    shared.set('key', { page: '/keys', api: `/api/v1/api-keys/${String(key['id'])}`, nameOf: labelled });
    one = await stage.open();
    other = await stage.open();
    await one.signIn();
    await other.signIn('the-other');
  });
  after(async () => {
    await stage.close();
    await closeUpstream();
  });

  const openForm = async ({ page }: Window): Promise<void> => {
    await page.getByRole('button', { name: 'What to do with shared' }).first().click();
    await page.getByRole('menuitem', { name: 'Change…' }).click();
  };
  const saveAs = async ({ page }: Window, name: string): Promise<void> => {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /^Name/ }).fill(name);
    await dialog.getByRole('button', { name: 'Save' }).click();
  };

  for (const what of ['provider', 'model', 'account', 'key'])
    it(`see each other’s ${what} at once and overwrite nothing`, async (test) => {
      const { page, api, nameOf } = shared.get(what) ?? assert.fail();
      await Promise.all([one.visit(page), other.visit(page)]);
      await openForm(other);
      await openForm(one);
      await saveAs(one, 'by the one');
      await one.page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
      const savedMs = performance.now();
      // The form in front hides what is behind it from screen readers, not from eyes.
      await other.page.locator('[role=row]', { hasText: 'by the one' }).first().waitFor({ timeout: TOLD_MS });
      test.diagnostic(`told after ${Math.round(performance.now() - savedMs)} ms`);

      await saveAs(other, 'by the other');
      await other.page
        .getByRole('dialog')
        .getByText(/Somebody else changed this in the meantime/)
        .first()
        .waitFor();
      assert.equal(nameOf(await send('GET', api)), 'by the one');
      await other.assertAccessible();
      await other.page.keyboard.press('Escape');
      one.assertSound();
      other.assertSound();
    });

  it('see what was changed while they looked elsewhere', async () => {
    await other.visit('/keys');
    // Chromium hides a page whose tab is not in front; here the page is told so.
    const hide = (isHidden: boolean): Promise<void> =>
      other.page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
        Object.defineProperty(document, 'visibilityState', {
          configurable: true,
          get: () => (hidden ? 'hidden' : 'visible'),
        });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await hide(true);
    await send('POST', '/v1/api-keys', { label: 'made meanwhile' });
    await hide(false);
    await other.page.getByText('made meanwhile').waitFor({ timeout: TOLD_MS });
  });
});

const ABILITIES = {
  maxContextLength: 64_000,
  supportedRoles: ['system', 'user', 'assistant'],
  supportsStreaming: true,
  supportsSystemMessages: true,
  supportsTools: true,
};

const providerAt = (apiEndpoint: string) => ({
  identifier: 'shared',
  name: 'shared',
  apiEndpoint,
  authMethod: 'api_key',
  authConfig: { type: 'api_key', fields: { apiKey: 'canary-shared-0123456789' } },
  capabilities: ABILITIES,
});

const MODEL = { identifier: 'shared-model', name: 'shared', contextLength: 64_000, capabilities: ABILITIES };

const ACCOUNT = { provider_id: 'groq', label: 'shared', auth_data: { api_key: 'canary-account-0123456789' } };
