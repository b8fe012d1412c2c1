import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import { NO_BROWSER, startConsole, type ConsoleStage, type Window } from './support/console-browser.ts';

const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>';
const fragmentOf = (chat: unknown): string => `#chat=${deflateRawSync(JSON.stringify(chat)).toString('base64url')}`;

async function ask({ page }: Window, text: string): Promise<void> {
  await page.getByLabel('Message').fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('article').last().getByText(text, { exact: true }).waitFor();
}

describe('chats of the playground', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  before(async () => {
    stage = await startConsole();
    await stage.addUser('the-user', 'user');
    await stage.addUser('the-other', 'user');
  });
  after(() => stage.close());

  it('are saved on the browser for whoever saved them, renamed, deleted and brought back', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/playground?model=simulator/echo');
    const { page } = window;
    const openList = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Saved' }).click();
      await page.getByRole('menuitem', { name: 'Saved chats…' }).click();
    };
    await openList();
    await page.getByText('Nothing saved yet').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Top P').fill('0.9');
    await ask(window, `Rain ${HOSTILE}`);
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('menuitem', { name: 'Save this chat' }).click();
    await page.getByText('Saved on this browser as').waitFor();
    await window.visit('/playground');
    await openList();
    await page.getByRole('button', { name: /^Rename Rain/ }).click();
    await page.getByLabel('Name').fill('About rain');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('button', { name: 'Delete About rain' }).click();
    await page.getByText('Nothing saved yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await window.assertAccessible();
    await page.getByRole('button', { name: /^About rain/ }).click();
    await page.getByRole('article', { name: 'Answer of simulator/echo' }).getByText(HOSTILE).waitFor();
    assert.equal(await page.getByLabel('Top P').inputValue(), '0.9');
    window.assertSound();
    const other = await window.context.newPage();
    await window.context.clearCookies();
    await other.goto('/sign-in');
    await other.getByLabel('User name or e-mail address').fill('the-other');
    await other.getByLabel('Password').fill('canary-password-of-the-console');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('navigation', { name: 'Sections' }).waitFor();
    await other.goto('/playground');
    await other.getByRole('button', { name: 'Saved' }).click();
    await other.getByRole('menuitem', { name: 'Saved chats…' }).click();
    await other.getByText('Nothing saved yet').waitFor();
    await window.close();
  });

  it('are shared by a link that holds them and goes to no server', async () => {
    const window = await stage.open();
    const asked: string[] = [];
    window.page.on('request', (request) =>
      asked.push(`${request.url()} ${request.postData() ?? ''} ${request.headers()['referer'] ?? ''}`),
    );
    await window.signIn('the-user');
    await window.visit('/playground?model=simulator/echo');
    const { page } = window;
    await page.getByLabel('System prompt').fill('Be brief.');
    await page
      .getByLabel('Choose files')
      .setInputFiles({ name: 'large.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(9000) });
    await page.getByText('large.pdf').waitFor();
    await ask(window, 'What is rain?');
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('Too large for a link, and left out: large.pdf.').waitFor();
    await window.assertAccessible();
    const link = await page.getByLabel('Link', { exact: true }).inputValue();
    assert.match(link, /\/playground#chat=/);
    window.assertSound();
    // Whoever opens it signs in first; it must be there afterwards, and on its way be told to nobody.
    const reader = await stage.open({ width: 390 });
    reader.page.on('request', (request) =>
      asked.push(`${request.url()} ${request.postData() ?? ''} ${request.headers()['referer'] ?? ''}`),
    );
    await reader.page.goto(link);
    await reader.page.getByLabel('User name or e-mail address').fill('the-other');
    await reader.page.reload();
    await reader.page.getByLabel('User name or e-mail address').fill('the-other');
    await reader.page.getByLabel('Password').fill('canary-password-of-the-console');
    await reader.page.getByRole('button', { name: 'Sign in' }).click();
    await reader.page.getByText('Opened from a link').waitFor();
    const answer = reader.page.getByRole('article', { name: 'Answer of simulator/echo' });
    await answer.getByText('What is rain?').waitFor();
    await reader.page.getByText('left out of the link').waitFor();
    assert.match(reader.page.url(), /\/playground\?model=simulator(?:%2F|\/)echo$/);
    await reader.page.getByRole('button', { name: 'Parameters' }).click();
    assert.equal(await reader.page.getByLabel('System prompt').inputValue(), 'Be brief.');
    await reader.assertAccessible();
    reader.assertSound();
    const content = link.slice(link.indexOf('#chat=') + 6, link.indexOf('#chat=') + 46);
    assert.deepEqual(
      asked.filter((each) => each.includes(content)),
      [],
    );
    await reader.close();
    await window.close();
  });

  it('of a hostile link are text', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    const reply = {
      model: HOSTILE,
      state: 'done',
      text: `${HOSTILE} [a](javascript:alert(1))`,
      reasoning: HOSTILE,
      error: HOSTILE,
    };
    const chat = {
      models: [HOSTILE, 'simulator/echo'],
      settings: { system: HOSTILE },
      tools: [{ name: HOSTILE, description: HOSTILE, schema: HOSTILE }],
      turns: [
        {
          text: HOSTILE,
          attachments: [{ kind: 'image', name: HOSTILE, mediaType: 'image/png', bytes: 1, content: 'AAAA' }],
          lanes: [
            [reply, { ...reply, calls: [{ id: 'a', name: HOSTILE, argumentsJson: HOSTILE, result: HOSTILE }] }],
            [reply],
          ],
        },
      ],
    };
    await window.visit(`/playground${fragmentOf(chat)}`);
    const { page } = window;
    await page.getByText('Opened from a link').waitFor();
    assert.ok((await page.getByText(HOSTILE).count()) >= 5);
    await page.getByRole('tab', { name: 'Tools (1)' }).click();
    await page.getByRole('button', { name: `Change ${HOSTILE}` }).click();
    await page.getByText('This is no JSON').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#main img[src=x], #main script').count(), 0);
    await page.getByRole('button', { name: 'Code', exact: true }).click();
    await page.getByRole('region', { name: 'The program' }).waitFor();
    window.assertSound();
    await window.close();
  });

  it('of a link that was cut say so', async () => {
    const window = await stage.open();
    await window.signIn('the-user');
    await window.visit('/playground?model=simulator/echo');
    const { page } = window;
    await page.evaluate((hash) => void (location.hash = hash), fragmentOf({ models: [] }).slice(0, 9));
    await page.getByRole('alert').getByText('This link cannot be read. Was it copied whole?').waitFor();
    window.assertSound();
    await window.close();
  });
});
