import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, PASSWORD, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

describe('the frame', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let window: Window;
  before(async () => {
    stage = await startConsole();
  });
  after(() => stage.close());

  const signedIn = async (): Promise<Window> => {
    window = await stage.open();
    await window.signIn();
    return window;
  };

  it('asks to sign in and comes back to the address that was wanted', async () => {
    window = await stage.open();
    const { page } = window;
    await window.visit('/users?role=admin');
    assert.equal(new URL(page.url()).pathname, '/sign-in');
    await page.getByLabel('User name or e-mail address').fill('admin');
    await page.getByLabel('Password').fill('a wrong password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The user name or the password is wrong.').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/users?role=admin');
    window.assertSound();
    await window.close();
  });

  it('goes on only to addresses of its own', async () => {
    window = await stage.open();
    await window.visit('/sign-in?next=//elsewhere.example/steal');
    await window.signIn();
    assert.ok(window.page.url().startsWith(stage.url));
    await window.close();
  });

  it('keeps nothing of the session where scripts could read it', async () => {
    const { page, context } = await signedIn();
    const readable = await page.evaluate(
      () => document.cookie + JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
    );
    assert.doesNotMatch(readable, /eyJ|session=/);
    const [cookie] = await context.cookies();
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, 'Strict']);
    await window.close();
  });

  it('goes to pages by the palette and by keys, and shows which keys there are', async () => {
    const { page } = await signedIn();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or do something').fill('aud');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await window.assertAccessible();
    await page.keyboard.press('Escape');
    window.assertSound();
    await window.close();
  });

  it('offers in the palette what the page can do', async () => {
    const { page } = await signedIn();
    await window.visit('/users');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or do something').fill('make a user');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Make a user' }).waitFor();
    await window.close();
  });

  it('keeps the theme that was chosen, without a flash of the other', async () => {
    const { page } = await signedIn();
    await page.getByRole('button', { name: /^Account of admin/ }).click();
    await page.getByRole('menuitem', { name: 'Dark theme' }).click();
    await page.reload();
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
    window.assertSound();
    await window.close();
  });

  it('shows the sign-in as soon as the session has ended elsewhere', async () => {
    const { page, context } = await signedIn();
    const [cookie] = await context.cookies();
    const told = (await (
      await fetch(`${stage.url}/api/session`, { headers: { cookie: `${cookie?.name}=${cookie?.value}` } })
    ).json()) as { readonly csrfToken: string };
    const headers = { cookie: `${cookie?.name}=${cookie?.value}`, 'x-csrf-token': told.csrfToken };
    assert.equal((await fetch(`${stage.url}/api/session/close`, { method: 'POST', headers })).status, 200);
    // Whatever the page asks next tells it; it may have asked by itself already.
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForURL(/\/sign-in/);
    await window.close();
  });

  it('signs out and forgets', async () => {
    const { page, context } = await signedIn();
    await page.getByRole('button', { name: /^Account of admin/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
    assert.deepEqual(await context.cookies(), []);
    window.assertSound();
    await window.close();
  });

  it('says that the browser is offline', async () => {
    const { page, context } = await signedIn();
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await window.close();
  });

  it('leads through the navigation on a phone', async () => {
    window = await stage.open({ width: 360, height: 740 });
    await window.signIn();
    const { page } = window;
    await page.getByRole('button', { name: 'Open the navigation' }).click();
    await page.getByRole('dialog', { name: 'Navigation' }).getByRole('link', { name: 'Users' }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    window.assertSound();
    await window.close();
  });

  it('tells of an address that is none, and leads back', async () => {
    const { page } = await signedIn();
    await page.goto('/no/such/page');
    await page.getByText('Nothing is plugged in here').waitFor();
    await page.getByRole('link', { name: 'Go to the overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await window.close();
  });
});

describe('users and the audit log', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
  });
  after(() => stage.close());

  it('make, change and delete a user by name, and write all of it down', async () => {
    const window = await stage.open();
    await window.signIn();
    const { page } = window;
    await window.visit('/users');
    await page.getByRole('button', { name: 'Make a user' }).click();
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('E-mail address').fill('no address');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Make the user' }).click();
    await page.locator('[role=alert]').first().waitFor();
    assert.equal(await page.getByLabel('Password').getAttribute('aria-invalid'), 'true');
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the user' }).click();
    await page.getByText('ada can sign in.').waitFor();
    await page.getByRole('button', { name: 'What to do with ada' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const confirm = page.getByRole('button', { name: 'Delete user' });
    assert.equal(await confirm.isDisabled(), true);
    await page.getByLabel('Write “ada” to confirm').fill('ada');
    await confirm.click();
    await page.getByText('ada was deleted.').waitFor();
    await window.visit('/audit');
    await page.getByText('users.delete').waitFor();
    await page.getByRole('grid', { name: 'Audit log' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'users.delete' }).getByText('ada@example.com').first().waitFor();
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('show what others wrote as text, never as markup', async () => {
    const hostile = '<img/src=x/onerror=alert(1)>';
    await stage.addUser(hostile, 'viewer');
    const window = await stage.open();
    await window.signIn();
    await window.visit('/users');
    await window.page.getByText(hostile, { exact: true }).waitFor();
    assert.equal(await window.page.locator('img[src=x]').count(), 0);
    await window.visit('/audit');
    window.assertSound();
    await window.close();
  });
});
