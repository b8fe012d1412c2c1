import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { PROCESS_KEY } from '../../gateway/test/support/gateway-process.ts';
import { sendJson, startUpstream } from '../../gateway/test/support/scripted-upstream.ts';
import { ALL_PATHS } from './support/all-paths.ts';
import { NO_BROWSER, startConsole, tokenOf, type ConsoleStage, type Window } from './support/console-browser.ts';
import { HOSTILE } from './support/traffic-stage.ts';

const MEGABYTE = 'x'.repeat(1_000_000);
const MODEL = 'hostile-model';

describe('hostile words', { skip: NO_BROWSER }, () => {
  let stage: ConsoleStage;
  let closeUpstream: () => Promise<void>;
  let providerId = '';
  before(async () => {
    const upstream = await startUpstream((request, response) => {
      if (request.path.endsWith('/models')) return sendJson(response, 200, { object: 'list', data: [{ id: HOSTILE }] });
      if (request.body.includes('fail'))
        return sendJson(response, 400, { error: { message: `${HOSTILE} ${MEGABYTE}`, type: HOSTILE, code: HOSTILE } });
      return sendStream(response, [HOSTILE, MEGABYTE, ' the end']);
    });
    closeUpstream = () => upstream.close();
    stage = await startConsole({ EGRESS_ALLOW: '127.0.0.1', CAPTURE_PAYLOADS: 'all' });
    const token = await tokenOf(stage.url);
    const send = (path: string, body: object, key = token): Promise<Response> =>
      fetch(stage.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      });
    const made = (await (await send('/api/admin/providers', providerAt(`${upstream.url}/v1`))).json()) as {
      readonly id: string;
    };
    providerId = made.id;
    const described = { identifier: MODEL, name: HOSTILE, contextLength: 64_000, capabilities: ABILITIES };
    const label = HOSTILE.slice(0, 100);
    const account = { provider_id: 'groq', label, auth_data: { api_key: 'canary-account-0123456789' } };
    for (const [path, body] of [
      [`/api/admin/providers/${providerId}/models`, described],
      ['/v1/api-keys', { label }],
      ['/api/v1/accounts', account],
    ] as const)
      // Each stands before what follows.
      // oxlint-disable-next-line no-await-in-loop
      assert.equal((await send(path, body)).status, 201, path);
    for (const [model, text] of [
      [`hostile/${MODEL}`, 'a tale'],
      [`hostile/${MODEL}`, 'fail'],
      [`simulator/${HOSTILE}`, HOSTILE],
    ] as const) {
      const asked = { model, messages: [{ role: 'user', content: text }], stream: true };
      // oxlint-disable-next-line no-await-in-loop
      await (await send('/v1/chat/completions', asked, PROCESS_KEY)).arrayBuffer();
    }
  });
  after(async () => {
    await stage.close();
    await closeUpstream();
  });

  /** No word has become markup, none is wider than the page, and nothing of it ran. */
  const assertHarmless = async (window: Window): Promise<void> => {
    assert.equal(await window.page.locator('img[src=x]').count(), 0, window.page.url());
    const overflow = await window.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0, window.page.url());
    window.assertSound();
  };

  for (const width of [1440, 360])
    it(`are words on every page, ${width} pixels wide`, async () => {
      const window = await stage.open({ width });
      window.page.on('dialog', () => window.troubles.push('A word opened a dialog.'));
      await window.signIn();
      for (const path of ALL_PATHS) {
        await window.visit(path);
        await assertHarmless(window);
      }
      await window.visit('/keys');
      await window.page.getByText(HOSTILE.slice(0, 20)).first().waitFor();
      await window.visit('/providers');
      await window.page.getByText(HOSTILE.slice(0, 20)).first().waitFor();
      await window.assertAccessible();
      await window.close();
    });

  it('are words in an answer as it streams, a megabyte of it, and in the reason of a failure', async () => {
    const window = await stage.open({ width: 360 });
    await window.signIn();
    await window.visit(`/first-run?step=request&provider=${providerId}`);
    const { page } = window;
    await page.getByLabel('Model').selectOption(`hostile/${MODEL}`);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const answer = page.getByRole('article', { name: `Answer of hostile/${MODEL}` });
    await answer.getByText(/the end$/).waitFor();
    assert.ok((await answer.textContent())?.includes('<img src=x onerror=alert(2)>'));
    await assertHarmless(window);
    await page.getByLabel('What to say').fill('fail');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await answer.getByRole('alert').getByText('<script>alert(1)</script>').waitFor();
    await assertHarmless(window);
    await window.close();
  });

  it('are words in the log of calls: the error, both wires, the reason', async () => {
    const window = await stage.open();
    await window.signIn();
    await window.visit('/traffic?live=off&outcome=4xx');
    const { page } = window;
    await page.getByRole('grid', { name: 'Calls' }).locator('[role=row][aria-selected]').first().click();
    const sheet = page.getByRole('dialog', { name: 'Call' });
    await sheet.getByRole('list', { name: 'Attempts' }).waitFor();
    await sheet.getByText(HOSTILE.slice(0, 20)).first().waitFor();
    await assertHarmless(window);
    await sheet.getByRole('tab', { name: 'Wires' }).click();
    await sheet.getByRole('region', { name: 'Request of the client' }).first().waitFor();
    await assertHarmless(window);
    await window.close();
  });
});

/** An answer in pieces, in OpenAI's chat dialect. */
function sendStream(response: ServerResponse, pieces: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const frame = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: HOSTILE, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  for (const content of pieces) response.write(frame({ role: 'assistant', content }, null));
  response.end(`${frame({}, 'stop')}data: [DONE]\n\n`);
}

const ABILITIES = {
  maxContextLength: 64_000,
  supportedRoles: ['system', 'user', 'assistant'],
  supportsStreaming: true,
  supportsSystemMessages: true,
  supportsTools: true,
};

const providerAt = (apiEndpoint: string) => ({
  identifier: 'hostile',
  name: HOSTILE,
  description: HOSTILE,
  apiEndpoint,
  authMethod: 'api_key',
  authConfig: { type: 'api_key', fields: { apiKey: 'canary-hostile-0123456789' } },
  capabilities: ABILITIES,
});
