import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, PASSWORD } from './support/console-browser.ts';
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
    await page.getByRole('row').filter({ hasText: HOSTILE }).getByText('off', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('row').filter({ hasText: HOSTILE }).getByText('open', { exact: true }).waitFor();
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('are rotated: both secrets work for a while, and the old one is ended', async () => {
    const made = await ask('POST /v1/api-keys', { label: 'turned' });
    const statusOf = async (key: string): Promise<number> => {
      const answer = await fetch(`${stage.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key.trim()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'simulator/echo', messages: [{ role: 'user', content: 'hi' }] }),
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    const window = await stage.open();
    await window.signIn();
    await window.visit('/keys');
    const { page } = window;
    await page.getByRole('button', { name: 'What to do with turned' }).click();
    await page.getByRole('menuitem', { name: 'Rotate…' }).click();
    await page.getByLabel('The old secret still works').selectOption({ label: 'for three days' });
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Rotate the key' }).click();
    const key = (await page.getByRole('region', { name: 'The key' }).textContent()) ?? '';
    assert.notEqual(key.trim(), made.key);
    assert.deepEqual([await statusOf(key), await statusOf(made.key)], [200, 200]);
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('row').filter({ hasText: 'turned' }).click();
    const sheet = page.getByRole('dialog', { name: 'turned' });
    await sheet.getByText('It was rotated: the old secret works, too, until').waitFor();
    await window.assertAccessible();
    await sheet.getByRole('button', { name: 'End it now' }).click();
    await page.getByText('The old secret opens nothing any more.').waitFor();
    await sheet.getByText('works, too, until').waitFor({ state: 'detached' });
    assert.deepEqual([await statusOf(key), await statusOf(made.key)], [200, 401]);
    assert.equal((await page.content()).includes(key.trim()), false);
    window.assertSound();
    await window.close();
  });

  it('tell what is left of a budget day by day, and from where somebody is told', async () => {
    const made = await ask('POST /v1/api-keys', {
      label: 'budgeted',
      limits: { budget_usd: 10, soft_budget_usd: 6, budget_period: 'month' },
    });
    spend(made.id, 7_000_000_000);
    const window = await stage.open();
    await window.signIn();
    await window.visit('/keys');
    const { page } = window;
    await page.getByRole('row').filter({ hasText: 'budgeted' }).click();
    const sheet = page.getByRole('dialog', { name: 'budgeted' });
    await sheet.getByText('$7.00 of $10.00').waitFor();
    await sheet.getByText('Somebody was told at $6.00; calls go on.').waitFor();
    await sheet.getByText(/Calls are refused once it is spent until/).waitFor();
    const chart = sheet.getByRole('img', { name: 'What is left of the budget' });
    await chart.locator('canvas').waitFor();
    for (const label of ['Left', 'Even pace', 'Told from here']) await chart.getByText(label).waitFor();
    assert.match(page.url(), /key=/);
    await window.assertAccessible();
    window.assertSound();
    await window.close();
    const phone = await stage.open({ width: 360, theme: 'dark' });
    await phone.signIn();
    await phone.visit(`/keys?key=${made.id}`);
    await phone.page.getByRole('dialog', { name: 'budgeted' }).locator('canvas').waitFor();
    const overflow = await phone.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0);
    phone.assertSound();
    await phone.close();
  });

  it('keep what was said of answers from memory and of bodies when something else is changed', async () => {
    const limits = { cache_answers: false, requests_per_minute: 7 };
    const { id } = await ask('POST /v1/api-keys', { label: 'careful', limits, capture: 'off' });
    const window = await stage.open();
    await window.signIn();
    await window.visit('/keys');
    const { page } = window;
    const change = async (fill: () => Promise<unknown>): Promise<void> => {
      await page.getByRole('button', { name: 'What to do with careful' }).click();
      await page.getByRole('menuitem', { name: 'Change…' }).click();
      await fill();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    };
    await change(() => page.getByLabel('Requests a minute').fill('8'));
    assert.deepEqual(saidOf(id), [{ cache_answers: false, requests_per_minute: 8 }, 'off']);
    await change(async () => {
      await page.getByLabel('Questions asked before').selectOption('answered from memory');
      await page.getByLabel('Bodies of its calls').selectOption('as for all keys');
    });
    assert.deepEqual(saidOf(id), [{ cache_answers: true, requests_per_minute: 8 }, null]);
    await window.close();
  });

  it('of users are named and paused by themselves; limits and ends are the administrator’s to change', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/keys');
    const { page } = window;
    await page.getByRole('button', { name: 'Make a key' }).first().click();
    await page.getByLabel('Name').fill('of a user');
    await page.getByLabel('Ends').fill('2999-12-31T12:00');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByRole('button', { name: 'I have copied it' }).click();
    const menu = page.getByRole('button', { name: 'What to do with of a user' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Change…' }).click();
    const form = page.getByRole('dialog', { name: 'Change the key' });
    await form.getByText('Its limits and its end are changed by administrators.').waitFor();
    assert.equal(await form.getByLabel('Requests a minute').count(), 0);
    await form.getByLabel('Name').fill('renamed');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('renamed was changed.').waitFor();
    await page.getByRole('button', { name: 'What to do with renamed' }).click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    const row = page.getByRole('row').filter({ hasText: 'renamed' });
    await row.getByText('off', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByText('open', { exact: true }).waitFor();
    window.assertSound();
    await window.close();
    const admin = await stage.open();
    await admin.signIn();
    await admin.visit('/keys');
    await admin.page.getByRole('button', { name: 'What to do with renamed' }).click();
    await admin.page.getByRole('menuitem', { name: 'Change…' }).click();
    assert.equal(await admin.page.getByLabel('Ends').inputValue(), '2999-12-31T12:00');
    await admin.page.getByLabel('Ends').fill('2000-01-01T12:00');
    await admin.page.getByRole('button', { name: 'Save' }).click();
    await admin.page.getByRole('row').filter({ hasText: 'renamed' }).getByText('ended').waitFor();
    admin.assertSound();
    await admin.close();
  });

  const ask = async (route: string, body: object): Promise<{ readonly id: string; readonly key: string }> => {
    const [method = 'GET', path = ''] = route.split(' ');
    const login = await fetch(`${stage.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: PASSWORD }),
    });
    const { token } = (await login.json()) as { readonly token: string };
    const answer = await fetch(stage.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${route}: ${answer.status}`);
    return (await answer.json()) as { readonly id: string; readonly key: string };
  };

  /** What the store has of a key's limits and of the bodies of its calls. */
  const saidOf = (id: string): readonly unknown[] => {
    const store = new DatabaseSync(path.join(stage.gateway.dataDir, 'patchbay.db'), { readOnly: true });
    const row = store.prepare('select limits, capture from api_keys where id = ?').get(id);
    store.close();
    return [JSON.parse(String(row?.['limits'])), row?.['capture']];
  };

  /** Puts an hour with these costs into the usage of a key, as calls would. */
  const spend = (keyId: string, nanoUsd: number): void => {
    const byHand = new DatabaseSync(path.join(stage.gateway.dataDir, 'patchbay.db'), { timeout: 10_000 });
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    byHand
      .prepare(
        `insert into usage_hours (hour_start_ms, provider_id, model, key_id, attempts, successes, input_tokens,
          output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, latency_ms, cost_nano_usd, unpriced)
          values (?, 'groq', 'm', ?, 1, 1, 10, 5, 0, 0, 0, 1, ?, 0)`,
      )
      .run(hour, keyId, nanoUsd);
    byHand.close();
  };
});
