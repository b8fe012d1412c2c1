import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Page } from 'playwright-core';

import { NO_BROWSER, startConsole, type ConsoleStage } from './support/console-browser.ts';

const HOSTILE = '<script>alert(1)</script>\u202Etxet';

/** How many things of the page reach beyond the window. */
const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      [...document.querySelectorAll('#main *')].filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
        .length,
  );

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
    await page.getByRole('button', { name: 'Add a model' }).click();
    await page.getByRole('combobox', { name: 'Model 2' }).click();
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
    assert.match((await left.locator('footer').textContent()) ?? '', /TTFT\d.*→ \d/);
    assert.match(page.url(), /model2=/);
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('stops an answer, shows what the gateway says, and holds back what is not right', async () => {
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
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('Stopped.').waitFor();
    await window.visit('/playground?model=simulator/error-after-first-token');
    await ask('Fails');
    await page.getByRole('alert').getByText('The simulator was asked to fail in mid-answer.').waitFor();
    await window.visit('/playground?model=simulator/nothing');
    await ask('Fails');
    await page.getByRole('alert').getByText('The simulator has no model').waitFor();
    await page.getByRole('button', { name: 'Parameters' }).click();
    await page.getByLabel('Temperature').fill('warm');
    await page.getByText('Write a number from 0 to 2, or nothing.').waitFor();
    await window.assertAccessible();
    await page.keyboard.press('Escape');
    await page.getByText('A parameter is not right.').waitFor();
    await page.getByLabel('Message').fill('Once more');
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), true);
    assert.equal(await overflowOf(page), 0);
    window.assertSound();
    await window.close();
  });

  it('writes the chat as a program in every dialect', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/playground?model=simulator/echo');
    const { page } = window;
    await page.getByLabel('System prompt').fill('Be brief.');
    await page.getByLabel('Temperature').fill('0.5');
    await page.getByLabel('Seed').fill('7');
    await page.getByLabel('Message').fill('What is rain?');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('article').getByText('What is rain?').waitFor();
    await page.getByRole('button', { name: 'Code', exact: true }).click();
    const program = page.getByRole('region', { name: 'The program' });
    assert.match((await program.textContent()) ?? '', /^curl [^]*Be brief\.[^]*rain\?[^]*"temperature": 0\.5/);
    // The answer that is there already is none of the question.
    assert.equal(((await program.textContent()) ?? '').split('What is rain?').length, 2);
    await page.getByRole('radio', { name: 'Python' }).check();
    await program.getByText('from openai import OpenAI').waitFor();
    await page.getByRole('radio', { name: 'Anthropic' }).check();
    await program.getByText('from anthropic import Anthropic').waitFor();
    await page.getByText('This dialect has no word for the seed.', { exact: true }).waitFor();
    await page.getByRole('radio', { name: 'AI SDK' }).check();
    await program.getByText('generateText({').waitFor();
    assert.equal(await page.getByRole('radio', { name: 'curl' }).count(), 0);
    window.assertSound();
    await window.assertAccessible();
    await window.close();
  });

  it('has four models beside one another, one of them at a time on a phone', async () => {
    const window = await stage.open({ width: 360, height: 740 });
    await window.signIn('the-user');
    await window.visit(
      '/playground?model=simulator/echo&model2=simulator/reasoning&model3=simulator/stall&model4=simulator/empty',
    );
    const { page } = window;
    assert.equal(await page.getByRole('button', { name: 'Add a model' }).count(), 0);
    await page.getByLabel('Message').fill('Rain');
    await page.getByRole('button', { name: 'Send' }).click();
    const answer = (name: string) => page.getByRole('article', { name: `Answer of simulator/${name}` });
    await answer('echo').getByText('Rain', { exact: true }).waitFor();
    assert.equal(await answer('stall').isVisible(), false);
    await page.getByRole('radio', { name: '3 stall' }).check();
    await answer('stall').getByText('The', { exact: true }).waitFor();
    assert.deepEqual([await answer('echo').isVisible(), await overflowOf(page)], [false, 0]);
    await window.assertAccessible();
    // Others are done; this one alone is on its way, and taking any out would end it.
    await answer('stall').getByRole('button', { name: 'Stop simulator/stall' }).click();
    await answer('stall').getByText('Stopped.').waitFor();
    await page.setViewportSize({ width: 2560, height: 1200 });
    const tops = await page
      .getByRole('article')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
    assert.deepEqual([tops.length, new Set(tops).size], [4, 1]);
    await page.getByRole('button', { name: 'Remove simulator/stall' }).click();
    await answer('stall').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('article').count(), 3);
    assert.ok(!page.url().includes('stall'));
    await page.getByRole('button', { name: 'Undo' }).click();
    await answer('stall').waitFor();
    assert.match(page.url(), /model3=simulator%2Fstall|model3=simulator\/stall/);
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
