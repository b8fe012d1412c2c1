import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { PROCESS_KEY, startProcess, type GatewayProcess } from '../../gateway/test/support/gateway-process.ts';
import {
  NO_BROWSER,
  PASSWORD,
  startFresh,
  type ConsoleStage,
  type Window,
  type WindowOptions,
} from './support/console-browser.ts';

const run = promisify(execFile);

const PHONE: WindowOptions = { width: 360, height: 740, theme: 'dark' };

describe('the first run', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let upstream: GatewayProcess;
  let password = '';
  before(async () => {
    // The provider: another gateway, whose simulator answers for a model of the template.
    upstream = await startProcess({ MODEL_ALIASES: 'gpt-5.4-mini=simulator/echo' });
    stage = await startFresh({ EGRESS_ALLOW: '127.0.0.1' });
    password =
      /password \(shown once\): (\S+)/.exec(stage.gateway.output())?.[1] ?? assert.fail(stage.gateway.output());
  });
  after(async () => {
    await stage.close();
    await upstream.stop();
    await upstream.remove();
  });

  const guideIn = async (options: WindowOptions = {}): Promise<Window> => {
    const window = await stage.open(options);
    await window.signIn('admin', password);
    await window.page.getByRole('heading', { name: 'First steps' }).waitFor();
    return window;
  };
  const assertFits = async ({ page }: Window): Promise<void> => {
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0, `${page.url()} is wider than its window`);
  };

  it('shows the guide to an administrator alone, until it is left, and again after a reload', async () => {
    const window = await guideIn(PHONE);
    await window.page
      .getByRole('button', { name: /^OpenAI/ })
      .first()
      .waitFor();
    await window.assertAccessible();
    await assertFits(window);
    await window.page.getByRole('button', { name: /^Pass over/ }).click();
    await window.page.getByRole('button', { name: 'Make the key' }).waitFor();
    await window.assertAccessible();
    await assertFits(window);
    await window.page.getByRole('button', { name: 'Pass over' }).click();
    await window.page.reload();
    const answer = window.page.getByRole('article', { name: 'Answer of simulator/echo' });
    await window.page.getByLabel('What to say').fill('An echo, please.');
    await window.page.getByRole('button', { name: 'Send', exact: true }).click();
    await answer.getByText('An echo, please.').waitFor();
    await window.assertAccessible();
    await assertFits(window);
    window.assertSound();
    await window.page.goto('/');
    await window.close();
  });

  it('leads from nothing to an answer of a provider: tested in phases, with a key shown once', async () => {
    // A key was made for the request from the page, so the guide is opened by its address.
    const window = await stage.open();
    await window.signIn('admin', password);
    await window.visit('/first-run');
    const { page } = window;
    await page.getByLabel('Templates named').fill('OpenAI');
    await page
      .getByRole('list', { name: 'Templates' })
      .getByRole('button', { name: /^OpenAI/ })
      .first()
      .click();
    const form = page.getByRole('dialog');
    await form.getByLabel('API key').fill(PROCESS_KEY);
    await form.getByLabel('Address').fill(`${upstream.url}/v1`);
    await form.getByLabel('Identifier').fill('first');
    await form.getByRole('button', { name: 'Add and test' }).click();
    await page.getByRole('list', { name: 'Steps of the test' }).waitFor();
    await page.getByText('It works, tested').waitFor();
    await window.assertAccessible();
    await page.getByRole('button', { name: 'Next: a key' }).click();
    await page.getByLabel('Name').fill('guided');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const key = await page.getByRole('region', { name: 'The key' }).innerText();
    assert.match(key, /^ak_[0-9a-f]{48}$/);
    await page.getByRole('button', { name: 'Next: a request' }).click();
    await page.getByLabel('Model').selectOption('first/gpt-5.4-mini');
    await page.getByLabel('What to say').fill('Is somebody’s there?');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const answer = page.getByRole('article', { name: 'Answer of first/gpt-5.4-mini' });
    await answer.getByText('Is somebody’s there?').waitFor();
    await answer.getByRole('link', { name: 'In the log' }).waitFor();
    await window.assertAccessible();
    await assertFits(window);
    await runsAsWritten(window, key);
    window.assertSound();
    await page.getByRole('link', { name: 'Done: go to the overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await window.close();
  });

  it('is never shown again, on whatever browser', async () => {
    const window = await stage.open();
    await window.signIn('admin', password);
    await window.page.getByRole('heading', { name: 'Overview' }).waitFor();
    await window.settle();
    assert.equal(new URL(window.page.url()).pathname, '/');
    await window.close();
  });
});

describe('the guide', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startFresh({ ADMIN_PASSWORD: PASSWORD });
    await stage.addUser('the-user', 'user');
    await stage.addUser('another', 'admin');
  });
  after(() => stage.close());

  it('is left by any way, and is not for those who may not add providers', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.page.getByRole('heading', { name: 'First steps' }).waitFor();
    await window.page.getByRole('link', { name: 'Leave the guide' }).click();
    await window.page.getByRole('heading', { name: 'Overview' }).waitFor();
    await window.page.reload();
    await window.page.getByRole('heading', { name: 'Overview' }).waitFor();
    await window.settle();
    await window.page.getByRole('heading', { name: 'Overview' }).waitFor();
    await window.close();
    const theirs = await stage.open();
    await theirs.signIn('the-user');
    await theirs.page.getByRole('heading', { name: 'Overview' }).waitFor();
    await theirs.visit('/first-run');
    await theirs.page.getByText('Not for this account').waitFor();
    await theirs.close();
  });

  it('does not stand in the way of an address that was wanted', async () => {
    const window = await stage.open();
    await window.visit('/users');
    await window.page.getByLabel('User name or e-mail address').fill('another');
    await window.page.getByLabel('Password').fill(PASSWORD);
    await window.page.getByRole('button', { name: 'Sign in' }).click();
    await window.page.getByRole('heading', { name: 'Users' }).waitFor();
    await window.settle();
    assert.equal(new URL(window.page.url()).pathname, '/users');
    await window.close();
  });
});

/** What the page writes for programs is what a shell and Node run. */
async function runsAsWritten({ page }: Window, key: string): Promise<void> {
  const env = { ...process.env, PATCHBAY_API_KEY: key };
  const written = async (program: string): Promise<string> => {
    await page.getByRole('radio', { name: program, exact: true }).click();
    return page.getByRole('region', { name: 'The request' }).innerText();
  };
  const variable = await page.getByRole('region', { name: 'The variable with the key' }).innerText();
  assert.equal(variable, `export PATCHBAY_API_KEY=${key}`);
  const told = await run('bash', ['-c', `${variable}\n${await written('curl')}`]);
  assert.match(told.stdout, /Is somebody’s there\?/);
  for (const program of ['OpenAI SDK', 'Anthropic SDK']) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', await written(program)], { env });
    assert.match(stdout, /Is somebody’s there\?/, program);
  }
  assert.match(await written('AI SDK'), /createOpenAI\(/);
  assert.match(await written('Claude Code'), new RegExp(`ANTHROPIC_BASE_URL=${new URL(page.url()).origin}\n`));
  assert.match(await written('Codex'), /wire_api='"responses"'/);
  assert.match(await written('Gemini CLI'), /GOOGLE_GEMINI_BASE_URL=/);
}
