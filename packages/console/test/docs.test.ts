import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, PASSWORD, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

describe('the API docs', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let window: Window;
  before(async () => {
    stage = await startConsole();
  });
  after(() => stage.close());

  /** Opens an operation by its method and its path, and gives its part of the page. */
  const open = async (named: string) => {
    await window.page.getByRole('searchbox', { name: 'Search' }).fill(named);
    const entry = window.page.locator('details[data-words]:visible').first();
    await entry.locator('summary').first().click();
    return entry;
  };

  it('are reached from the console and try operations as whoever is signed in there, changes, too', async () => {
    window = await stage.open();
    await window.signIn();
    const { page } = window;
    await page.getByRole('link', { name: 'API docs' }).click();
    await page.getByText('Requests are sent as admin (admin)').waitFor();
    const listing = await open('get /api/admin/users ');
    await listing.getByRole('button', { name: 'Send' }).click();
    await listing.getByText(/^200/).waitFor();
    const making = await open('post /api/admin/users ');
    const user = { username: 'by-docs', email: 'by-docs@example.com', password: PASSWORD, role: 'viewer' };
    await making.getByLabel('Body').fill(JSON.stringify(user));
    await making.getByRole('button', { name: 'Send' }).click();
    await making.getByText(/^201/).waitFor();
    window.assertSound();
    await window.assertAccessible();
    await page.getByRole('link', { name: 'Console' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await window.close();
  });

  it('ask for a token where nobody is signed in, and take one before the session', async () => {
    window = await stage.open({ theme: 'dark' });
    await window.page.goto('/docs');
    await window.page.getByText('Nobody is signed in at the console').waitFor();
    const listing = await open('get /api/admin/users ');
    await listing.getByRole('button', { name: 'Send' }).click();
    await listing.getByText(/^401/).waitFor();
    await window.assertAccessible();
    await window.signIn();
    await window.page.goto('/docs');
    await window.page.getByLabel('Other token or key').fill('pb_nobody');
    const refused = await open('get /api/admin/users ');
    await refused.getByRole('button', { name: 'Send' }).click();
    await refused.getByText(/^401/).waitFor();
    window.assertSound();
    await window.close();
  });

  it('search for what was written before they came', async () => {
    window = await stage.open();
    const held = Promise.withResolvers<void>();
    await window.page.route('**/openapi.json', async (route) => {
      await held.promise;
      await route.continue();
    });
    await window.page.goto('/docs');
    await window.page.getByRole('searchbox', { name: 'Search' }).fill('get /api/admin/users ');
    held.resolve();
    const found = window.page.locator('details[data-words]:visible');
    await found.first().waitFor();
    assert.match((await found.first().textContent()) ?? '', /\/api\/admin\/users/);
    await window.close();
  });

  it('send nothing in the name of somebody whom another site’s page would speak for', async () => {
    window = await stage.open();
    await window.signIn();
    const [cookie] = await window.context.cookies();
    const headers = { cookie: `${cookie?.name}=${cookie?.value}`, 'content-type': 'application/json' };
    const user = { username: 'forged', email: 'forged@example.com', password: PASSWORD, role: 'admin' };
    const forged = await fetch(`${stage.url}/api/admin/users`, { method: 'POST', headers, body: JSON.stringify(user) });
    assert.equal(forged.status, 403);
    const framed = await fetch(`${stage.url}/docs`);
    assert.match(framed.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    assert.doesNotMatch(framed.headers.get('content-security-policy') ?? '', /unsafe/);
    await window.close();
  });
});
