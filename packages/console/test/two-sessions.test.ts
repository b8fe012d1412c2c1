import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sendJson, startUpstream } from '../../gateway/test/support/scripted-upstream.ts';
import { NO_BROWSER, startConsole, tokenOf, type ConsoleStage, type Window } from './support/console-browser.ts';
import { hearChanges, type Heard } from './support/hear-changes.ts';
import { WHAT, type Shared, type What } from './support/shared-things.ts';

/** Longest time from the answer to a change until another window shows it, in milliseconds. */
const TOLD_MS = 2000;

describe('two who change the same thing', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let closeUpstream: () => Promise<void>;
  let token = '';
  let upstreamUrl = '';
  let one: Window;
  let other: Window;
  let heard: Heard;
  const shared = new Map<string, Shared>();

  const send = async (method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await fetch(stage.url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  };

  /** Makes what both change. */
  const made = async ({ make, body, api, ...rest }: What): Promise<Shared> => {
    const parent = String(shared.get('providers')?.api.split('/').at(-1));
    const { id } = await send('POST', make.replace('{provider}', parent), body(upstreamUrl));
    return { ...rest, api: `${api}/${String(id)}` };
  };

  before(async () => {
    const upstream = await startUpstream((_, response) => sendJson(response, 200, { object: 'list', data: [] }));
    closeUpstream = () => upstream.close();
    upstreamUrl = `${upstream.url}/v1`;
    stage = await startConsole({ EGRESS_ALLOW: '127.0.0.1', GROQ_BASE_URL: `${upstream.url}/v1` });
    await stage.addUser('the-other', 'admin');
    token = await tokenOf(stage.url);
    for (const each of WHAT) shared.set(each.resource, await made(each));
    one = await stage.open();
    other = await stage.open();
    await one.signIn();
    await other.signIn('the-other');
    heard = await hearChanges(other);
  });
  after(async () => {
    await stage.close();
    await closeUpstream();
  });

  const openForm = async ({ page }: Window): Promise<void> => {
    await page.getByRole('button', { name: 'What to do with shared' }).first().click();
    await page.getByRole('menuitem', { name: 'Change…' }).click();
  };
  const saveAs = async ({ page }: Window, { field = 'Name' }: Shared, name: string): Promise<void> => {
    const dialog = page.getByRole('dialog');
    await dialog
      .getByLabel(new RegExp(`^${field}`))
      .first()
      .fill(name);
    await dialog.getByRole('button', { name: 'Save' }).click();
  };

  /** Waits for the answer to a change; resolves when the other window shows it, told by the stream and in time. */
  const shown = async ({ api, list, resource }: Shared, text: string, change: () => Promise<void>): Promise<number> => {
    const since = heard.count();
    const answered = one.page.waitForResponse(
      (answer) => answer.request().method() !== 'GET' && new URL(answer.url()).pathname.startsWith(api),
    );
    const [answer] = await Promise.all([answered, change()]);
    assert.equal(answer.status(), 200);
    const answeredMs = performance.now();
    // The form in front hides what is behind it from screen readers, not from eyes.
    await other.page.locator('[role=row]', { hasText: text }).first().waitFor({ timeout: TOLD_MS });
    const tookMs = performance.now() - answeredMs;
    await heard.assertTold(resource, list, since);
    return tookMs;
  };

  for (const { resource } of WHAT)
    it(`see each other’s ${resource} within two seconds and overwrite nothing`, async (test) => {
      const mine = shared.get(resource) ?? assert.fail();
      await Promise.all([one.visit(mine.page), other.visit(mine.page)]);
      await openForm(other);
      await openForm(one);
      const name = `${resource} by the one`;
      const tookMs = await shown(mine, name, () => saveAs(one, mine, name));
      test.diagnostic(`told after ${Math.round(tookMs)} ms`);

      await saveAs(other, mine, 'by the other');
      await other.page
        .getByRole('dialog')
        .getByText(/Somebody else changed this in the meantime/)
        .first()
        .waitFor();
      assert.equal((await send('GET', mine.api))[mine.name], name);
      await other.assertAccessible();
      await other.page.keyboard.press('Escape');
      one.assertSound();
      other.assertSound();
    });

  it('see each other’s users within two seconds', async (test) => {
    await stage.addUser('shared', 'user');
    await Promise.all([one.visit('/users?search=shared'), other.visit('/users?search=shared')]);
    await one.page.getByRole('button', { name: 'What to do with shared' }).click();
    const users = { resource: 'users', list: '/api/admin/users', api: '/api/admin/users', page: '', name: '' } as const;
    const tookMs = await shown(users, 'developer', () =>
      one.page.getByRole('menuitem', { name: 'Role developer' }).click(),
    );
    test.diagnostic(`told after ${Math.round(tookMs)} ms`);
  });

  it('see what was changed while they looked elsewhere', async () => {
    await other.visit('/keys');
    // Chromium hides a page whose tab is not in front; here the page is told so.
    const hide = (isHidden: boolean): Promise<void> =>
      other.page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
        Object.defineProperty(document, 'visibilityState', {
          configurable: true,
          get: () => (hidden ? 'hidden' : 'visible'),
        });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await hide(true);
    await send('POST', '/v1/api-keys', { label: 'made meanwhile' });
    await hide(false);
    await other.page.getByText('made meanwhile').waitFor({ timeout: TOLD_MS });
  });

  it('are told again after the gateway could not tell', async () => {
    const STREAM = '/api/changes/stream';
    await other.page.route(`**${STREAM}`, (route) => route.fulfill({ status: 503 }), { times: 1 });
    const told = other.page.waitForResponse((answer) => answer.url().endsWith(STREAM) && answer.ok());
    await Promise.all([told, other.visit('/keys')]);
    await send('POST', '/v1/api-keys', { label: 'made afterwards' });
    await other.page.getByText('made afterwards').waitFor({ timeout: TOLD_MS });
  });
});
