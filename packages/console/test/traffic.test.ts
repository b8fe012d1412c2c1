import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, type Window } from './support/console-browser.ts';
import { HOSTILE, makeCalls, startTraffic, type TrafficStage } from './support/traffic-stage.ts';

const SEEDED = 100_000;

describe('traffic', { skip: NO_BROWSER }, () => {
  let stage: TrafficStage;
  let window: Window;
  before(async () => {
    stage = await startTraffic();
    await stage.addUser('the-user', 'user');
    await stage.addUser('the-viewer', 'viewer');
    stage.seed(SEEDED);
    await makeCalls(stage);
  });
  after(() => stage.close());

  const at = async (address: string, options = {}): Promise<Window['page']> => {
    window = await stage.open(options);
    await window.signIn();
    await window.visit(address);
    return window.page;
  };
  const leave = async (): Promise<void> => {
    window.assertSound();
    await window.close();
  };
  const rowsOf = (page: Window['page']) =>
    page.getByRole('grid', { name: 'Calls' }).locator('[role=row][aria-selected]');

  it('scrolls through a hundred thousand calls with few rows in the page', async () => {
    const page = await at('/traffic?live=off');
    const grid = page.getByRole('grid', { name: 'Calls' });
    await rowsOf(page).first().waitFor();
    await grid.focus();
    const body = grid.locator('[role=rowgroup]').last();
    for (let end = 0; end < 12; end += 1) {
      const before = await body.evaluate((rows) => rows.clientHeight);
      await page.keyboard.press('End');
      await page.waitForFunction(
        (height) =>
          [...document.querySelectorAll('[role=grid] [role=rowgroup]')].some((each) => each.clientHeight > height),
        before,
      );
      assert.ok((await rowsOf(page).count()) < 80, `${await rowsOf(page).count()} rows in the page`);
    }
    await page.getByText('12.1k read so far').waitFor();
    assert.ok((await body.evaluate((rows) => rows.clientHeight)) > 480_000);
    await leave();
  });

  it('narrows by every filter, in the address, and clears them', async () => {
    const page = await at('/traffic?live=off');
    await rowsOf(page).first().waitFor();
    await page.getByLabel('Outcome').selectOption('5xx');
    await page.waitForURL(/outcome=5xx/);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[role=row][aria-selected]')].every((row) => /50\d/.test(row.textContent ?? '')),
    );
    await page.getByLabel('Provider').selectOption('groq');
    await page.getByText('No call fits these filters').waitFor();
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await rowsOf(page).first().waitFor();
    await page.getByLabel('Search calls').fill('moved-on');
    await page.waitForURL(/search=moved-on/);
    await page.waitForFunction(() => document.querySelectorAll('[role=row][aria-selected]').length === 2);
    await page.getByRole('button', { name: 'More filters' }).click();
    const dialog = page.getByRole('dialog', { name: 'More filters' });
    await dialog.getByLabel('Came from another account').selectOption('true');
    await window.assertAccessible();
    await dialog.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/switched=true/);
    await page.waitForFunction(() => document.querySelectorAll('[role=row][aria-selected]').length === 1);
    await page.getByRole('button', { name: 'Remove Switched account yes' }).click();
    await page.waitForFunction(() => document.querySelectorAll('[role=row][aria-selected]').length === 2);
    await window.assertAccessible();
    await leave();
  });

  it('shows a call that moved on: both attempts, why the first was left, its time, its price, and what to do', async () => {
    const page = await at('/traffic?live=off&search=moved-on');
    await rowsOf(page).first().click();
    const sheet = page.getByRole('dialog', { name: 'Call' });
    const attempts = sheet.getByRole('list', { name: 'Attempts' }).getByRole('listitem');
    await attempts.first().waitFor();
    assert.equal(await attempts.count(), 2);
    assert.match(await attempts.nth(0).innerText(), /401 failed[\s\S]*authentication[\s\S]*groq-1/);
    assert.match(await attempts.nth(1).innerText(), /200 ok[\s\S]*groq-2[\s\S]*after groq-1/);
    await sheet.getByText(/after 2 attempts/).waitFor();
    await sheet
      .getByRole('region', { name: 'What to do' })
      .getByText(/new credential/)
      .waitFor();
    const cost = sheet.getByRole('table', { name: /llama-3.3-70b-versatile cost/ });
    await cost.getByText('Output').waitFor();
    assert.match(await cost.innerText(), /1,200 × \$[\d.]+ \/ M[\s\S]*340 × /);
    await sheet.getByText(/exactly what was written down/).waitFor();
    await window.assertAccessible();
    await sheet.getByRole('tab', { name: 'Wires' }).click();
    await sheet.getByRole('region', { name: 'Answer of the provider' }).first().getByText('Wrong key').waitFor();
    await sheet.getByRole('region', { name: 'Request of the client' }).first().getByText('A fox?').waitFor();
    await page.waitForURL(/call=moved-on&tab=wires/);
    await window.assertAccessible();
    assert.doesNotMatch(await sheet.innerText(), /canary-(?:refused|taken)/);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await leave();
  });

  it('sends a call again to another model and shows in what the answers differ', async () => {
    const page = await at('/traffic/moved-on?tab=replay');
    await page.getByLabel('Model', { exact: true }).fill('simulator/echo');
    assert.match(await page.getByLabel('Body').inputValue(), /A fox\?/);
    await page.getByRole('button', { name: 'Send again' }).click();
    const outcome = page.getByRole('region', { name: 'Answer to the replay' });
    const difference = outcome.getByRole('region', { name: 'Difference of the answers' });
    await difference.waitFor();
    assert.equal(await difference.locator('ins').first().innerText(), 'A fox?');
    assert.ok((await difference.locator('del').count()) > 0);
    await window.assertAccessible();
    const again = outcome.getByRole('link', { name: 'This call in the log' });
    const id = ((await again.getAttribute('href')) ?? '').split('/').at(-1) ?? '';
    await stage.logged(id, 1);
    await again.click();
    await page.getByText('Answered by simulator/echo').waitFor();
    // The console traces its own calls.
    await page.getByText(/Authentication: .+ Name and targets: /).waitFor();
    await page.getByText(/Connection: .+ Until headers: .+ Answer: /).waitFor();
    await leave();
  });

  it('takes the words of others for words', async () => {
    const page = await at('/traffic?live=off&search=hostile');
    await rowsOf(page).first().waitFor();
    assert.ok((await page.getByText(HOSTILE.slice(0, 20)).count()) > 0);
    for (const id of ['hostile-words', 'hostile-model']) {
      await window.visit(`/traffic/${id}`);
      await page.getByRole('list', { name: 'Attempts' }).waitFor();
      assert.equal(await page.locator('img[src=x]').count(), 0);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(overflow, 0);
      await window.visit(`/traffic/${id}?tab=wires`);
      await page.getByRole('region', { name: 'Request of the client' }).waitFor();
    }
    await leave();
  });

  it('grows by itself, holds still while one reads further down, and pauses', async () => {
    const page = await at('/traffic');
    await page.getByText('live', { exact: true }).waitFor();
    await stage.call('while-looking', 'simulator/tools');
    await page.waitForFunction(() =>
      document.querySelector('[role=row][aria-selected]')?.textContent?.includes('simulator/tools'),
    );
    await page.getByRole('grid', { name: 'Calls' }).evaluate((grid) => grid.scrollTo(0, 2000));
    await stage.call('while-reading', 'simulator/echo');
    await page.getByRole('button', { name: '1 new' }).click();
    await page.getByRole('button', { name: 'Pause the live calls' }).click();
    await page.waitForURL(/live=off/);
    await page.getByText('paused', { exact: true }).waitFor();
    await leave();
  });

  it('remembers which columns somebody wants, and makes a file of what is filtered', async () => {
    const page = await at('/traffic?live=off&search=moved-on');
    await rowsOf(page).first().waitFor();
    await page.getByRole('button', { name: 'View: columns and density' }).click();
    await page.getByRole('menuitem', { name: 'Request', exact: true }).click();
    await page.getByRole('columnheader', { name: 'Request' }).waitFor();
    await page.reload();
    await page.getByRole('columnheader', { name: 'Request' }).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByLabel('Export as CSV').click()]);
    assert.equal(download.suggestedFilename(), 'calls.csv');
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    assert.equal(lines.length, 3);
    await leave();
  });

  it('says that a request is not in the log, and where ids stand', async () => {
    const page = await at('/traffic/nobody-asked');
    await page.getByText('This request is not in the log').waitFor();
    await page.getByText(/x-request-id/).waitFor();
    await leave();
  });

  it('shows users their own calls, keeps wires from them, and all of it from viewers', async () => {
    window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/traffic');
    await window.page.getByText('No calls yet').waitFor();
    await window.visit('/traffic/moved-on');
    await window.page.getByText('This request is not in the log').waitFor();
    await leave();
    window = await stage.open();
    await window.signIn('the-viewer');
    for (const path of ['/traffic', '/traffic/moved-on', '/']) {
      await window.visit(path);
      await window.page.getByText('Not for this account').waitFor();
    }
    await leave();
  });
});

describe('the overview', { skip: NO_BROWSER }, () => {
  let stage: TrafficStage;
  before(async () => {
    stage = await startTraffic();
    await stage.addUser('the-developer', 'developer');
    await stage.addUser('the-user', 'user');
    await makeCalls(stage);
  });
  after(() => stage.close());

  it('counts requests once, ranks them, draws them, and leads to those of a row', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/?span=1h');
    const { page } = window;
    const figure = (label: string) => page.locator('dl > div', { has: page.getByText(label, { exact: true }) });
    await figure('Requests').getByText('5', { exact: true }).waitFor();
    await figure('Errors').getByText('3', { exact: true }).waitFor();
    for (const measure of ['Latency', 'First token', 'Tokens', 'Spent', 'Requests']) {
      await page.getByRole('radio', { name: measure, exact: true }).click();
      await page
        .getByRole('img', { name: `${measure} over time` })
        .last()
        .locator('canvas')
        .waitFor();
    }
    await window.assertAccessible();
    await page.getByRole('radio', { name: 'Accounts' }).click();
    await page
      .getByRole('list', { name: 'Accounts' })
      .getByRole('link', { name: /groq-2/ })
      .click();
    await page.waitForURL(/\/traffic\?.*account=groq-2/);
    await page.getByRole('grid', { name: 'Calls' }).getByText('groq-2').first().waitFor();
    window.assertSound();
    await window.close();
  });

  it('shows a call as it ends, and what the doctor found', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/');
    const { page } = window;
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByRole('heading', { name: /^Doctor/ }).waitFor();
    const calls = page.getByRole('list', { name: 'Latest calls' });
    const before = await calls.getByText('simulator/tools').count();
    assert.equal(before, 0);
    await stage.call('just-now', 'simulator/tools');
    await calls.getByRole('link', { name: /simulator\/tools/ }).click();
    await page.waitForURL(/\/traffic\/just-now/);
    window.assertSound();
    await window.close();
  });

  it('shows each role what it may see', async () => {
    for (const [role, figures, calls, doctor] of [
      ['the-developer', 1, 1, 0],
      ['the-user', 0, 1, 0],
    ] as const) {
      const window = await stage.open({ width: 360, theme: 'dark' });
      await window.signIn(role);
      await window.visit('/');
      const { page } = window;
      await page.getByRole('heading', { name: /^Calls/ }).waitFor();
      assert.equal(await page.getByText('Latency, median').count(), figures, role);
      assert.equal(await page.getByRole('heading', { name: /^Calls/ }).count(), calls, role);
      assert.equal(await page.getByRole('heading', { name: /^Doctor/ }).count(), doctor, role);
      window.assertSound();
      await window.assertAccessible();
      await window.close();
    }
  });
});
