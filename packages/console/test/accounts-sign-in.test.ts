import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { Page } from 'playwright-core';

import { AuthorizationServer } from '../../gateway/test/support/authorization-server.ts';
import { NO_BROWSER, PASSWORD, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

describe('signing accounts in', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let server: AuthorizationServer;
  let window: Window;
  let page: Page;
  /** Providers lead back to the gateway by this name, so the console is opened by it, too. */
  let home: string;
  before(async () => {
    server = await AuthorizationServer.start();
    stage = await startConsole({
      EGRESS_ALLOW: '127.0.0.1',
      OIDC_OAUTH_CLIENT_ID: server.clientId,
      OIDC_OAUTH_CLIENT_SECRET: server.clientSecret,
      OIDC_OAUTH_ISSUER: server.url,
      OIDC_OAUTH_PROVIDER: 'groq',
    });
    home = `http://localhost:${new URL(stage.url).port}`;
    window = await stage.open();
    ({ page } = window);
    await page.goto(`${home}/sign-in?next=/accounts`);
    await page.getByLabel('User name or e-mail address').fill('admin');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  });
  after(async () => {
    await window.close();
    await stage.close();
    await server.close();
  });
  beforeEach(async () => {
    server.consent = 'given';
    await page.goto(`${home}/accounts`);
    await page.getByRole('button', { name: 'Sign in…' }).click();
  });

  const asked = () => page.getByRole('dialog', { name: 'Sign an account in' });
  const goOn = async (label: string, way: 'browser' | 'device' = 'browser'): Promise<void> => {
    await asked().getByLabel('Provider').selectOption({ value: 'oidc' });
    await asked().getByLabel('Name').fill(label);
    await asked().getByLabel('How').selectOption(way);
    await asked()
      .getByRole('button', { name: /^Go on to/ })
      .click();
  };
  const popupOf = async (act: Promise<void>): Promise<Page> => {
    const opened = window.context.waitForEvent('page');
    await act;
    return opened;
  };
  const assertSound = (): void => {
    const ours = (each: string): boolean => each.startsWith(`elsewhere: ${home}`);
    assert.deepEqual(
      window.troubles.filter((each) => !ours(each)),
      [],
    );
  };

  it('in a window that goes to the provider, comes back, tells and shuts itself', async () => {
    const popup = await popupOf(goOn('by window'));
    await page.getByText('The account is signed in.').waitFor();
    await asked().waitFor({ state: 'detached' });
    const row = page.getByRole('row').filter({ hasText: 'by window' });
    await row.getByText('signed in').waitFor();
    await row.getByText('healthy').waitFor();
    if (!popup.isClosed()) await popup.waitForEvent('close');
    const exchanged = server.seen.filter(({ form }) => form['grant_type'] === 'authorization_code');
    assert.equal(exchanged.length, 1);
    assert.equal((await page.content()).includes('canary-access'), false);
    assertSound();
  });

  it('with a code on another device', async () => {
    await goOn('by device', 'device');
    const shown = asked().getByRole('region', { name: 'The code to type in' });
    const code = (await shown.textContent())?.trim() ?? '';
    await window.assertAccessible();
    server.answerDevice(code, 'approved');
    await page.getByRole('row').filter({ hasText: 'by device' }).getByText('signed in').waitFor();
    await asked().waitFor({ state: 'detached' });
    assertSound();
  });

  it('ends in words when consent is denied, in the window and with a code, and can begin anew', async () => {
    server.consent = 'denied';
    const popup = await popupOf(goOn('denied'));
    await popup.getByText(/The sign-in failed: .*access_denied/).waitFor();
    await asked()
      .getByRole('alert')
      .filter({ hasText: /did not sign the account in/ })
      .waitFor();
    await window.assertAccessible();
    await asked().getByRole('button', { name: 'Begin anew' }).click();
    await goOn('denied', 'device');
    const shown = asked().getByRole('region', { name: 'The code to type in' });
    server.answerDevice((await shown.textContent())?.trim() ?? '', 'denied');
    await asked().getByRole('alert').waitFor();
    assert.equal(await page.getByRole('row').filter({ hasText: 'denied' }).count(), 0);
    assertSound();
  });

  it('says that a window was shut, and ends in words when its time is up', async () => {
    server.consent = 'undecided';
    const popup = await popupOf(goOn('late'));
    await popup.getByText('May it?').waitFor();
    await asked().getByText('Waiting for the provider.').waitFor();
    await popup.close();
    await asked().getByText('The window was shut.').waitFor();
    await window.assertAccessible();
    const byHand = new DatabaseSync(path.join(stage.gateway.dataDir, 'patchbay.db'), { timeout: 10_000 });
    byHand.exec(`update oauth_sessions set expires_at = '2020-01-01T00:00:00.000Z' where status = 'pending'`);
    byHand.close();
    await asked().getByText('The sign-in took too long, and its time is up.').waitFor();
    await asked().getByRole('button', { name: 'Cancel' }).click();
    assertSound();
  });

  it('is taken back at the provider, which is asked for by name', async () => {
    await goOn('to leave', 'device');
    const shown = asked().getByRole('region', { name: 'The code to type in' });
    server.answerDevice((await shown.textContent())?.trim() ?? '', 'approved');
    const row = page.getByRole('row').filter({ hasText: 'to leave' });
    await row.getByText('healthy').waitFor();
    await page.getByRole('button', { name: 'What to do with to leave' }).click();
    await page.getByRole('menuitem', { name: 'Sign out…' }).click();
    const revoke = page.getByRole('button', { name: 'Sign the account out' });
    assert.equal(await revoke.isDisabled(), true);
    await page.getByLabel(/to confirm/).fill('to leave');
    await revoke.click();
    await row.getByText('off', { exact: true }).waitFor();
    assert.ok(server.seen.some(({ path: asked }) => asked === '/revoke'));
    assertSound();
  });

  it('tells in plain words of a state that is not known', async () => {
    await asked().getByRole('button', { name: 'Cancel' }).click();
    const other = await window.context.newPage();
    await other.goto(`${home}/api/v1/oauth/callback?state=never-begun&code=canary`);
    await other.getByText('The sign-in failed: This sign-in is over, was used already, or never began.').waitFor();
    await other.close();
    assertSound();
  });

  it('takes the address of a page that does not load', async () => {
    server.consent = 'undecided';
    const popup = await popupOf(goOn('by hand'));
    await popup.getByText('May it?').waitFor();
    server.consent = 'given';
    const back = await server.agree(popup.url());
    await asked().getByLabel('It ended on a page that does not load?').fill('https://elsewhere.example/?state=wrong');
    await asked().getByRole('button', { name: 'End the sign-in' }).click();
    await asked().locator('[aria-invalid=true]').waitFor();
    await asked().getByLabel('It ended on a page that does not load?').fill(back);
    await asked().getByRole('button', { name: 'End the sign-in' }).click();
    await page.getByRole('row').filter({ hasText: 'by hand' }).getByText('signed in').waitFor();
    assertSound();
  });
});
