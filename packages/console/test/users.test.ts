import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, PASSWORD, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

describe('users', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    for (const [name, role] of [
      ['the-viewer', 'viewer'],
      ['another-viewer', 'viewer'],
      ['the-provider', 'provider'],
    ] as const)
      await stage.addUser(name, role);
  });
  after(() => stage.close());

  const at = async (path: string, user = 'admin'): Promise<Window> => {
    const window = await stage.open();
    await window.signIn(user);
    await window.visit(path);
    return window;
  };

  it('are signed out of one session, of all, and see the end of their own within seconds', async () => {
    const [one, two, three] = [
      await at('/', 'the-provider'),
      await at('/', 'the-provider'),
      await at('/', 'the-provider'),
    ];
    const window = await at('/users');
    const { page } = window;
    await page.getByRole('row').filter({ hasText: 'the-provider' }).click();
    const sheet = page.getByRole('dialog', { name: 'the-provider' });
    await sheet.getByRole('button', { name: 'End' }).nth(2).waitFor();
    assert.match(page.url(), /user=/);
    await window.assertAccessible();
    await sheet.getByRole('button', { name: 'End' }).first().click();
    await page.getByText('A session of the-provider has ended.').waitFor();
    await sheet.getByRole('button', { name: 'End' }).nth(2).waitFor({ state: 'detached' });
    await sheet.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByText('the-provider is signed out everywhere else.').waitFor();
    await sheet.getByText('Nowhere.').waitFor();
    for (const each of [one, two, three]) {
      await each.page.goto('/accounts');
      await each.page.getByRole('button', { name: 'Sign in' }).waitFor();
      await each.close();
    }
    await page.goto('/users');
    await page.getByRole('row').filter({ hasText: 'admin' }).first().click();
    await page.getByRole('dialog', { name: 'admin' }).getByText('this one').waitFor();
    window.assertSound();
    await window.close();
  });

  it('get a password that is shown once, are kept out and deleted by name', async () => {
    const window = await at('/users');
    const { page } = window;
    const menu = (item: string) => async (): Promise<void> => {
      await page.getByRole('button', { name: 'What to do with another-viewer' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await menu('New password…')();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Make a password' }).click();
    const password = (await page.getByRole('region', { name: 'The password' }).textContent())?.trim() ?? '';
    assert.ok(password.length >= 16);
    await page.getByRole('button', { name: 'I have handed it over' }).click();
    const other = await stage.open();
    await other.signIn('another-viewer', password);
    await other.close();
    await menu('Keep out')();
    await page.getByText('another-viewer is kept out; every session has ended.').waitFor();
    await page.getByRole('row').filter({ hasText: 'another-viewer' }).getByText('disabled').waitFor();
    await menu('Delete…')();
    const remove = page.getByRole('button', { name: 'Delete user' });
    assert.equal(await remove.isDisabled(), true);
    await page.getByLabel(/to confirm/).fill('another-viewer');
    await remove.click();
    await page.getByText('another-viewer was deleted.').waitFor();
    await page.getByRole('row').filter({ hasText: 'another-viewer' }).waitFor({ state: 'detached' });
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('are made in a form that says beside the field what is wrong', async () => {
    const window = await at('/users');
    const { page } = window;
    await page.getByRole('button', { name: 'Make a user' }).click();
    await page.getByLabel('User name').fill('x');
    await page.getByRole('button', { name: 'Make the user' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
    assert.equal(await page.locator('[aria-invalid=true]').count(), 3);
    await page.getByLabel('User name').fill('newcomer');
    await page.getByLabel('E-mail address').fill('newcomer@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the user' }).click();
    await page.getByText('newcomer can sign in.').waitFor();
    await page.getByRole('row').filter({ hasText: 'newcomer' }).waitFor();
    window.assertSound();
    await window.close();
  });
});
