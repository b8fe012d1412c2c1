import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER } from './support/console-browser.ts';
import { startTraffic, type TrafficStage } from './support/traffic-stage.ts';

const HOSTILE = '<script>alert(1)</script>';

describe('keys', { skip: NO_BROWSER }, () => {
  let stage: TrafficStage;
  before(async () => {
    stage = await startTraffic();
    await stage.addUser('the-user', 'user');
  });
  after(() => stage.close());

  it('are made with limits, shown once, changed, switched off and revoked by name', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/keys');
    const { page } = window;
    await page.getByRole('button', { name: 'Make a key' }).first().click();
    await page.getByLabel('Name').fill(HOSTILE);
    await page.getByLabel('Requests a minute').fill('many');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const invalid = page.locator('[aria-invalid=true]');
    await invalid.waitFor();
    assert.equal(await invalid.inputValue(), 'many');
    await page.getByLabel('Requests a minute').fill('60');
    await page.getByLabel('Budget in US dollars').fill('5');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const key = (await page.getByRole('region', { name: 'The key' }).textContent()) ?? '';
    assert.match(key, /^ak_|^pb_|^uk_/);
    const answer = await fetch(`${stage.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.trim()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'simulator/echo', messages: [{ role: 'user', content: 'hi' }] }),
    });
    assert.equal(answer.status, 200, await answer.text());
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByText(HOSTILE).first().waitFor();
    await page.getByText('$5.00 a month, 60 requests a minute').waitFor();
    await page.getByRole('button', { name: `What to do with ${HOSTILE}` }).click();
    await page.getByRole('menuitem', { name: 'Revoke…' }).click();
    const revoke = page.getByRole('button', { name: 'Revoke key' });
    assert.equal(await revoke.isDisabled(), true);
    await page.getByLabel(/to confirm/).fill(HOSTILE);
    await revoke.click();
    await page.getByText('opens nothing any more').waitFor();
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });
});
