import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { PROCESS_KEY } from '../../gateway/test/support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../../gateway/test/support/scripted-upstream.ts';
import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

const MODEL = 'llama-3.3-70b-versatile';
const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: MODEL,
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1200, completion_tokens: 34, total_tokens: 1234 },
};
const SPENT = { error: { message: 'You exceeded your current quota.', code: 'insufficient_quota' } };

describe('accounts by provider', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let upstream: ScriptedUpstream;
  const isSpent = new Set<string>();
  before(async () => {
    upstream = await startUpstream(({ path, headers }, response) => {
      const key = headers.authorization ?? '';
      if (key.includes('wrong')) return sendJson(response, 401, { error: { message: 'Wrong key.' } });
      if (path.endsWith('/models')) return sendJson(response, 200, { data: [{ id: MODEL }] });
      return isSpent.has(key) ? sendJson(response, 429, SPENT) : sendJson(response, 200, CHAT);
    });
    stage = await startConsole({ GROQ_BASE_URL: `${upstream.url}/v1`, ACCOUNT_POLICIES: 'groq=fill-first' });
    const window = await at();
    for (const [provider, name, key] of [
      ['groq', 'the first', 'canary-first-0123456789'],
      ['groq', 'the second', 'canary-wrong-0123456789'],
      ['mistral', 'the third', 'canary-third-0123456789'],
    ] as const)
      await add(window, provider, name, key);
    await window.close();
  });
  after(async () => {
    await stage.close();
    await upstream.close();
  });

  const at = async (options = {}): Promise<Window> => {
    const window = await stage.open(options);
    await window.signIn();
    await window.visit('/accounts');
    return window;
  };
  const add = async ({ page }: Window, provider: string, name: string, key: string): Promise<void> => {
    await page.getByRole('button', { name: 'Add an account' }).click();
    await page.getByRole('combobox', { name: 'Provider' }).click();
    await page.getByPlaceholder('Search…').fill(provider);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name').fill(name);
    await page.getByRole('dialog').getByLabel('API key', { exact: true }).fill(key);
    await page.getByRole('button', { name: 'Add the account' }).click();
    await page.getByText(`${name} was added.`).waitFor();
  };
  const call = async (): Promise<void> => {
    const answer = await fetch(`${stage.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PROCESS_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: `groq/${MODEL}`, messages: [{ role: 'user', content: 'hi' }] }),
    });
    await answer.arrayBuffer();
  };

  it('stand beneath their provider, which tells how they fare and can be shut', async () => {
    const window = await at();
    const { page } = window;
    const groq = page.getByRole('row').filter({ has: page.getByRole('button', { name: /groq/i, expanded: true }) });
    await groq.getByText('2 of 2 usable').waitFor();
    await window.assertAccessible();
    await groq.getByRole('button', { expanded: true }).click();
    await page.getByRole('row').filter({ hasText: 'the first' }).waitFor({ state: 'detached' });
    await page.getByRole('row').filter({ hasText: 'the third' }).waitFor();
    assert.match(page.url(), /shut=groq/);
    await page.reload();
    await page.getByRole('row').filter({ hasText: 'the third' }).waitFor();
    assert.equal(await page.getByRole('row').filter({ hasText: 'the first' }).count(), 0);
    await page.getByRole('button', { name: /groq/i, expanded: false }).click();
    await page.getByRole('button', { name: 'What to do with the second' }).click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await page.getByText('1 of 2 usable').waitFor();
    await page.getByText('1 off').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('2 of 2 usable').waitFor();
    window.assertSound();
    await window.close();
    const phone = await at({ width: 360, theme: 'dark' });
    await phone.page.getByText('2 of 2 usable').waitFor();
    await phone.assertAccessible();
    phone.assertSound();
    await phone.close();
  });

  it('are chosen as an administrator says, with whose word holds and what each way means', async () => {
    const window = await at();
    const { page } = window;
    const groq = page.getByRole('row').filter({ has: page.getByRole('button', { name: /^groq/i, expanded: true }) });
    await groq.getByRole('button', { name: /are chosen one until it is full: change that/ }).click();
    const form = page.getByRole('dialog', { name: /^How accounts of groq are chosen/i });
    await form.getByText('As ACCOUNT_POLICIES says: one until it is full').waitFor();
    assert.equal(await form.getByRole('radio').first().isChecked(), true);
    await window.assertAccessible();
    await form.getByText('Accounts take turns, and one that weighs 3').click();
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^Accounts of groq are chosen: by weight\.$/i).waitFor();
    await groq.getByRole('button', { name: /are chosen by weight/ }).waitFor();
    await page.getByRole('row').filter({ hasText: 'the first' }).click();
    const sheet = page.getByRole('dialog', { name: 'the first' });
    await sheet.getByText('chosen here by an administrator').waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Close' }).click();
    await groq.getByRole('button', { name: /are chosen by weight/ }).click();
    await form.getByRole('radio').first().check();
    await form.getByRole('button', { name: 'Save' }).click();
    await groq.getByRole('button', { name: /are chosen one until it is full/ }).waitFor();
    window.assertSound();
    await window.close();
  });

  it('are tested one by one, step by step', async () => {
    const window = await at();
    const { page } = window;
    await page.getByRole('row').filter({ hasText: 'the first' }).click();
    await page.getByRole('button', { name: 'Test it now' }).click();
    await page.getByText('It may use 1 model.').waitFor();
    await page.getByRole('list', { name: 'Steps of the test' }).getByText('Sign-in passed').waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('row').filter({ hasText: 'the second' }).click();
    await page.getByRole('button', { name: 'Test it now' }).click();
    await page.getByRole('list', { name: 'Steps of the test' }).getByText('Sign-in failed').waitFor();
    await page
      .getByText(/Wrong key\./)
      .first()
      .waitFor();
    window.assertSound();
    await window.close();
  });

  it('take the weight and the limits that are written, and say what is wrong with them beside the field', async () => {
    const window = await at();
    const { page } = window;
    await page.getByRole('row').filter({ hasText: 'the third' }).click();
    const sheet = page.getByRole('dialog', { name: 'the third' });
    await sheet.getByRole('button', { name: 'Change' }).click();
    const form = page.getByRole('dialog', { name: 'Change the account' });
    await form.getByLabel('Requests a minute').fill('many');
    await form.getByRole('button', { name: 'Save' }).click();
    const invalid = form.locator('[aria-invalid=true]');
    await invalid.waitFor();
    assert.equal(await invalid.inputValue(), 'many');
    await window.assertAccessible();
    await form.getByLabel('Requests a minute').fill('30');
    await form.getByLabel('Weight').fill('3');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('the third was changed.').waitFor();
    await sheet.getByText('Its share').waitFor();
    await sheet.getByText('Requests a minute').waitFor();
    await sheet.getByRole('button', { name: 'Change' }).click();
    assert.equal(await form.getByLabel('Weight').inputValue(), '3');
    await form.getByLabel('Weight').fill('');
    await form.getByLabel('Requests a minute').fill('');
    await form.getByRole('button', { name: 'Save' }).click();
    await sheet.getByText('Requests a minute').waitFor({ state: 'detached' });
    window.assertSound();
    await window.close();
  });

  it('take limits of single models, which stand in the sheet and can be taken away', async () => {
    const window = await at();
    const { page } = window;
    await page.getByRole('row').filter({ hasText: 'the third' }).click();
    const sheet = page.getByRole('dialog', { name: 'the third' });
    const form = page.getByRole('dialog', { name: 'Change the account' });
    const single = form.getByRole('group', { name: /^Limits for/ });
    await sheet.getByRole('button', { name: 'Change' }).click();
    await form.getByRole('button', { name: 'Limit one model' }).click();
    await single.getByLabel('Tokens a day').fill('1.5');
    await single.getByText('Say which model.').waitFor();
    assert.equal(await form.getByRole('button', { name: 'Save' }).isDisabled(), true);
    await single.getByRole('textbox', { name: 'Model' }).fill('mistral-large');
    await form.getByRole('button', { name: 'Save' }).click();
    const invalid = form.locator('[aria-invalid=true]');
    await invalid.waitFor();
    assert.equal(await invalid.inputValue(), '1.5');
    await window.assertAccessible();
    await single.getByLabel('Tokens a day').fill('1500');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('the third was changed.').waitFor();
    await sheet.getByText('1,500 tokens a day').waitFor();
    await sheet.getByRole('button', { name: 'Change' }).click();
    assert.equal(await single.getByRole('textbox', { name: 'Model' }).inputValue(), 'mistral-large');
    await single.getByRole('button', { name: 'Remove the limits for mistral-large' }).click();
    await form.getByRole('button', { name: 'Save' }).click();
    await sheet.getByText('1,500 tokens a day').waitFor({ state: 'detached' });
    window.assertSound();
    await window.close();
  });

  it('tell what was used of their quota and when it starts anew, and are woken for one model', async () => {
    const window = await at();
    const { page } = window;
    await page.getByRole('row').filter({ hasText: 'the first' }).click();
    await call();
    const sheet = page.getByRole('dialog', { name: 'the first' });
    await sheet.getByText('limit not learned yet').waitFor();
    await sheet.getByText('one until it is full').waitFor();
    isSpent.add('Bearer canary-first-0123456789');
    await call();
    await sheet.getByRole('img', { name: `100 % of ${MODEL} used` }).waitFor();
    await sheet.getByText(/starts anew/).waitFor();
    await window.assertAccessible();
    await sheet.getByRole('button', { name: 'Wake it' }).first().click();
    await sheet.getByText('It rests for no model: it may be chosen.').waitFor();
    await sheet.getByRole('button', { name: 'Forget', exact: true }).click();
    await page.getByText(`What was used of ${MODEL} is forgotten.`).waitFor();
    await sheet.getByText('Quota', { exact: true }).waitFor({ state: 'detached' });
    window.assertSound();
    await window.close();
  });
});
