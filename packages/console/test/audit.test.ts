import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';

const HOSTILE = '<script>alert(1)</script>';

describe('the audit log', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    await stage.addUser('the-first', 'viewer');
    await stage.addUser('the-second', 'viewer');
  });
  after(() => stage.close());

  it('shows what differs, leads to the thing, and narrows to it and to whoever did it', async () => {
    const window = await stage.open();
    await window.signIn();
    const { page } = window;
    await window.visit('/users');
    await page.getByRole('button', { name: 'What to do with the-first' }).click();
    await page.getByRole('menuitem', { name: 'Role developer' }).click();
    await page.getByText('the-first is developer now.').waitFor();
    await window.visit('/keys');
    await page.getByRole('button', { name: 'Make a key' }).first().click();
    await page.getByLabel('Name').fill(HOSTILE);
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByRole('button', { name: 'I have copied it' }).click();

    await window.visit('/audit');
    const rows = page.getByRole('row');
    await rows.filter({ hasText: 'keys.create' }).waitFor();
    await rows.filter({ hasText: 'users.setRole' }).click();
    const sheet = page.getByRole('dialog', { name: 'users.setRole' });
    const changes = sheet.getByLabel('Changes of the user');
    await changes.locator('del', { hasText: 'viewer' }).waitFor();
    await changes.locator('ins', { hasText: 'developer' }).first().waitFor();
    assert.equal(await changes.getByText('the-first').count(), 0, 'what stayed as it was is not shown');
    await sheet.getByText('As it was written down').click();
    await sheet.getByRole('region', { name: 'Before', exact: true }).waitFor();
    await window.assertAccessible();

    await sheet.getByRole('button', { name: 'All of this user' }).click();
    await rows.filter({ hasText: 'keys.create' }).waitFor({ state: 'detached' });
    assert.equal(await rows.filter({ hasText: /users\.(?:create|setRole)/ }).count(), 2);
    assert.match(page.url(), /thing=/);
    await page.goBack();
    await page
      .getByRole('dialog', { name: 'users.setRole' })
      .getByRole('link', { name: /^user / })
      .click();
    await page.getByRole('dialog', { name: 'the-first' }).waitFor();

    await window.visit('/audit?actor=admin');
    await rows.filter({ hasText: 'keys.create' }).click();
    await page.getByRole('dialog', { name: 'keys.create' }).getByText(HOSTILE).first().waitFor();
    await page
      .getByRole('dialog', { name: 'keys.create' })
      .getByRole('link', { name: /^api-key / })
      .click();
    await page.getByRole('dialog', { name: HOSTILE }).waitFor();
    await window.visit('/audit?actor=nobody');
    await page.getByText('No change fits these filters').waitFor();
    window.assertSound();
    await window.close();
  });

  it('tells of a change in another window within seconds', async () => {
    const [window, other] = [await stage.open(), await stage.open({ width: 360, theme: 'dark' })];
    await window.signIn();
    await other.signIn();
    await other.visit('/audit?subject=user');
    await window.visit('/users');
    await window.page.getByRole('button', { name: 'What to do with the-second' }).click();
    await window.page.getByRole('menuitem', { name: 'Keep out' }).click();
    await other.page.getByRole('row').filter({ hasText: 'users.setStatus' }).waitFor();
    await other.assertAccessible();
    for (const each of [window, other]) {
      each.assertSound();
      await each.close();
    }
  });
});
