import assert from 'node:assert/strict';
import { chmod, stat } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { PROCESS_KEY } from '../../gateway/test/support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../../gateway/test/support/scripted-upstream.ts';
import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';

describe('the doctor', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let upstream: ScriptedUpstream;
  before(async () => {
    upstream = await startUpstream((_, response) => sendJson(response, 401, { error: { message: 'Wrong key.' } }));
    stage = await startConsole({ GROQ_BASE_URL: `${upstream.url}/v1` });
    await stage.addUser('the-developer', 'developer');
  });
  after(async () => {
    await stage.close();
    await upstream.close();
  });

  it('mends what it may after asking, and says how that is undone', async () => {
    const { dataDir } = stage.gateway;
    await chmod(dataDir, 0o755);
    const window = await stage.open();
    await window.signIn();
    await window.visit('/doctor?reach=here');
    const { page } = window;
    const finding = page
      .getByRole('listitem')
      .filter({ hasText: `chmod 0700 ${dataDir}` })
      .first();
    await finding.getByText('What was seen').click();
    await finding.getByText('0755', { exact: true }).waitFor();
    await window.assertAccessible();
    await finding.getByRole('button', { name: 'Mend' }).click();
    const asked = page.getByRole('dialog');
    await asked.getByText(`chmod 0700 ${dataDir}`).waitFor();
    await window.assertAccessible();
    await asked.getByRole('button', { name: 'Mend it' }).click();
    await page.getByText(/Took others' rights away\. Undo: chmod 0755/).waitFor();
    await finding.waitFor({ state: 'detached' });
    assert.equal((await stat(dataDir)).mode & 0o777, 0o700);
    window.assertSound();
    await window.close();
  });

  it('leads from a finding to the very thing that it is found of', async () => {
    const window = await stage.open();
    await window.signIn();
    const { page } = window;
    await window.visit('/accounts');
    await page.getByRole('button', { name: 'Add an account' }).click();
    await page.getByRole('combobox', { name: 'Provider' }).click();
    await page.getByPlaceholder('Search…').fill('groq');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name').fill('the refused one');
    await page.getByRole('dialog').getByLabel('API key', { exact: true }).fill('canary-refused-by-all-01');
    await page.getByRole('button', { name: 'Add the account' }).click();
    await page.getByText('was added.').waitFor();
    const called = await fetch(`${stage.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PROCESS_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'groq/llama-3.3-70b-versatile', messages: [{ role: 'user', content: 'hi' }] }),
    });
    assert.notEqual(called.status, 200);
    await window.visit('/doctor?reach=here');
    await page.locator('a[href*="accounts?account="]').first().click();
    await page.getByRole('dialog', { name: 'the refused one' }).waitFor();
    assert.match(page.url(), /\/accounts\?account=/);
    window.assertSound();
    await window.close();
  });

  it('is kept from whoever may not see how the gateway is set up', async () => {
    const window = await stage.open({ width: 360 });
    await window.signIn('the-developer');
    await window.visit('/doctor');
    await window.page.getByText('Not for this account').waitFor();
    window.assertSound();
    await window.close();
  });
});
