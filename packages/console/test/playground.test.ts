import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';

const HOSTILE = '<script>alert(1)</script>\u202Etxet';

describe('the playground', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    await stage.addUser('the-user', 'user');
    await stage.addUser('the-viewer', 'viewer');
  });
  after(() => stage.close());

  it('streams the answers of two models beside one another, with thoughts folded and figures beneath', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/playground?model=simulator/reasoning');
    const { page } = window;
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('combobox', { name: 'Model beside it' }).click();
    await page.getByPlaceholder('Search…').fill('echo');
    await page.getByRole('option', { name: /simulator\/echo/ }).click();
    await page.getByLabel('Message').fill(HOSTILE);
    await page.getByLabel('Message').press('Control+Enter');
    const [left, right] = ['reasoning', 'echo'].map((name) =>
      page.getByRole('article', { name: `Answer of simulator/${name}` }),
    );
    assert.ok(left && right);
    await left.getByText(HOSTILE).waitFor();
    await right.getByText(HOSTILE).waitFor();
    const thought = left.getByText('I shall repeat them.');
    assert.equal(await thought.isVisible(), false);
    await left.getByText('Reasoning', { exact: true }).click();
    assert.equal(await thought.isVisible(), true);
    await left.getByText('$0').waitFor();
    assert.match((await left.getByRole('contentinfo').or(left.locator('footer')).textContent()) ?? '', /TTFT\d.*→ \d/);
    assert.match(page.url(), /beside=/);
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('stops an answer, shows what the gateway says, and writes the call as a program', async () => {
    const window = await stage.open({ width: 390, theme: 'dark' });
    await window.signIn('the-user');
    await window.visit('/playground?model=simulator/stall');
    const { page } = window;
    const ask = async (text: string): Promise<void> => {
      await page.getByLabel('Message').fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
    };
    await ask('Never ends');
    await page.getByRole('article').getByText('The', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped.').waitFor();
    await window.visit('/playground?model=simulator/error-after-first-token');
    await ask('Fails');
    await page.getByRole('alert').getByText('The simulator was asked to fail in mid-answer.').waitFor();
    await window.visit('/playground?model=simulator/nothing');
    await ask('Fails');
    await page.getByRole('alert').getByText('The simulator has no model').waitFor();
    await page.getByRole('button', { name: 'Parameters' }).click();
    await page.getByLabel('System prompt').fill('Be brief.');
    await page.getByLabel('Temperature').fill('warm');
    await page.getByText('Write a number, or nothing.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), true);
    await page.getByLabel('Temperature').fill('0.5');
    await page.getByRole('button', { name: 'Code', exact: true }).click();
    const program = page.getByRole('region', { name: 'The program' });
    assert.match((await program.textContent()) ?? '', /Be brief\.[^]*Fails[^]*"temperature": 0\.5/);
    await page.getByRole('radio', { name: 'OpenAI (Python)' }).check();
    await program.getByText('from openai import OpenAI').waitFor();
    await page.keyboard.press('Escape');
    const overflow = await page.evaluate(
      () =>
        [...document.querySelectorAll('#main *')].filter((each) => each.getBoundingClientRect().right > innerWidth)
          .length,
    );
    assert.equal(overflow, 0);
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('is closed to those who call no models', async () => {
    const window = await stage.open();
    await window.signIn('the-viewer');
    await window.visit('/playground');
    await window.page.getByText('Not for this account').waitFor();
    window.assertSound();
    await window.close();
  });
});
