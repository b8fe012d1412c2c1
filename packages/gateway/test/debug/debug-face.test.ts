import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { strFromU8, unzipSync } from 'fflate';

import {
  ADMIN_KEY,
  PASSWORD,
  startManagement,
  VIEWER_KEY,
  type ManagementGateway,
} from '../management/management-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, TEST_KEY, TEST_SETTINGS } from '../support/test-gateway.ts';

const [SQLITE] = ENGINES;

/** One secret of each class, none of which looks like a credential by itself. */
const CANARIES = {
  providerKey: 'canary provider words',
  accountKey: 'canaryaccountwords77',
  accessToken: 'canary-oauth-access-words',
  refreshToken: 'canary-oauth-refresh-words',
  proxyPassword: 'canaryproxypassword',
  encryptionKey: 'canary encryption words',
  databasePassword: 'canarydatabasepassword',
  payload: 'canary words of a prompt',
};

describe('looking into a gateway', () => {
  let made: TestStore;
  let upstream: ScriptedUpstream;
  let gateway: ManagementGateway;
  before(async () => {
    made = await (SQLITE ?? assert.fail()).make();
    // Some upstreams repeat what they were sent.
    upstream = await startUpstream((seen, response) =>
      sendJson(response, 401, {
        error: { message: `no such key ${seen.headers.authorization}: ${seen.body.toString()}` },
      }),
    );
    gateway = await startManagement(
      made.store,
      { administrator: { ...TEST_SETTINGS.management.administrator, password: new Secret(PASSWORD) } },
      {
        // Some addresses have the key in their path.
        providers: [provider('openai', `${upstream.url}/${CANARIES.accountKey}/v1`, CANARIES.accountKey)],
        encryptionKeys: [new Secret(CANARIES.encryptionKey)],
        databaseUrl: new Secret(`postgres://me:${CANARIES.databasePassword}@db/patchbay`),
        debug: { isOpen: true, areas: [] },
      },
    );
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
    await made.close();
  });

  const statusWith = (path: string, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(`${gateway.url}${path}`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  describe('DEBUG=true', () => {
    it('opens it to this machine, and nothing else', async () => {
      assert.equal((await gateway.ask('GET /v1/debug/config')).status, 200);
      assert.equal((await gateway.ask('GET /api/admin/users')).status, 401);
    });

    it('opens it to no page and no name of others, and to nobody behind a proxy', async () => {
      const cases = [
        { origin: 'https://evil.example' },
        { origin: 'http://localhost:3000' },
        { host: 'evil.example' },
        { 'x-forwarded-for': '127.0.0.1' },
        { 'sec-fetch-site': 'cross-site' },
        { authorization: 'Bearer pb_wrong' },
      ];
      for (const headers of cases)
        assert.equal(await statusWith('/v1/debug/config', headers), 401, JSON.stringify(headers));
    });
  });

  it('is for administrators where DEBUG does not open it', async () => {
    const strict = await startManagement(made.store);
    try {
      for (const route of ['GET /v1/debug/config', 'POST /v1/debug/support-bundle']) {
        assert.equal((await strict.ask(route)).status, 401);
        assert.equal((await strict.ask(route, { token: TEST_KEY })).status, 403);
        assert.equal((await strict.ask(route, { token: VIEWER_KEY })).status, 403);
        assert.equal((await strict.ask(route, { token: ADMIN_KEY })).status, 200);
      }
    } finally {
      await strict.close();
    }
  });

  it('tells failures as its clients know them', async () => {
    const unknown = await gateway.ask('GET /v1/debug/last-prompt?endpoint=poem');
    assert.equal(unknown.status, 422);
    assert.deepEqual([unknown.json.error, unknown.json.status_code], [true, 422]);
    assert.match(unknown.json.message, /endpoint/);
    assert.equal((await gateway.ask('GET /v1/debug/last-prompt')).status, 422);
    const none = await gateway.ask('GET /v1/debug/last-prompt?endpoint=outline');
    assert.equal(none.status, 404);
    assert.match(none.json.message, /POST \/v1\/generate\/outline/);
    assert.equal((await gateway.ask('POST /v1/debug/clear-cache?endpoint=poem')).status, 422);
    assert.equal((await gateway.ask('DELETE /v1/debug/config')).status, 405);
  });

  it('shows the settings without any secret', async () => {
    const { text, json } = await gateway.ask('GET /v1/debug/config');
    assert.equal(json.version, 'test');
    assert.equal(json.providers[0].base_url, `${upstream.url}/[secret]/v1`);
    assert.equal(json.providers[0].accounts, 1);
    assert.match(json.missing.join(' '), /TOGETHER_API_KEY/);
    assert.doesNotMatch(text, /canary/);
  });

  it('clears the cache of a feature', async () => {
    const { status, json } = await gateway.ask('POST /v1/debug/clear-cache?endpoint=outline');
    assert.equal(status, 200);
    assert.deepEqual(json, { cleared: 0, endpoint: 'outline' });
  });

  it('bundles what helps, and no secret of any class', async () => {
    const admin = { token: ADMIN_KEY };
    const created = await gateway.ask('POST /api/v1/accounts', {
      ...admin,
      body: {
        provider_id: 'anthropic',
        label: 'a label',
        auth_data: {
          access_token: CANARIES.accessToken,
          refresh_token: CANARIES.refreshToken,
          expires_at: '2031-01-01T00:00:00Z',
        },
      },
    });
    assert.equal(created.status, 201, created.text);
    const proxy = await gateway.ask('POST /api/v1/proxies', {
      ...admin,
      body: { url: `http://me:${CANARIES.proxyPassword}@127.0.0.1:9`, protocol: 'http' },
    });
    assert.equal(proxy.status, 201, proxy.text);
    const body = { model: 'openai/gpt-test', messages: [{ role: 'user', content: CANARIES.payload }] };
    const call = await post(gateway.gateway, '/v1/chat/completions', body, { 'x-trace-enabled': 'true' });
    assert.equal(call.ok, false);
    const topic = { topic: CANARIES.payload, n_slides: 2 };
    const outline = await gateway.ask('POST /v1/generate/outline', { token: TEST_KEY, body: topic });
    assert.equal(outline.json.error, true, outline.text);
    const last = await gateway.ask('GET /v1/debug/last-prompt?endpoint=outline');
    assert.equal(last.status, 200, last.text);
    assert.ok(last.json.messages.some(({ content }: { content: string }) => content.includes(CANARIES.payload)));
    const response = await fetch(`${gateway.url}/v1/debug/support-bundle`, { method: 'POST' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/zip');
    assert.match(response.headers.get('content-disposition') ?? '', /support-bundle-\d{14}\.zip/);
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    const text = (name: string): string => strFromU8(files[name] ?? assert.fail(name));
    const all = Object.keys(files).map(text).join('\n');
    for (const [name, canary] of Object.entries({
      ...CANARIES,
      PASSWORD,
      TEST_KEY,
      ADMIN_KEY,
      jwt: 'canary-jwt-secret',
    }))
      assert.equal(all.includes(canary), false, `${name} in the bundle`);
    assert.deepEqual(JSON.parse(text('errors.json')), {});
    // What is in the files is looked at by hand.
    // oxlint-disable-next-line typescript/no-explicit-any
    const parsed = (name: string) => JSON.parse(text(name)) as any;
    assert.equal(parsed('about.json').version, 'test');
    assert.deepEqual(Object.keys(parsed('health.json').services).sort(), [
      'api',
      'database',
      'llm',
      'redis',
      'storage',
    ]);
    assert.ok(Array.isArray(parsed('doctor.json').findings));
    assert.equal(parsed('database.json').counts.accounts, 1);
    assert.ok((parsed('registry.json').providers as readonly { id: string }[]).some(({ id }) => id === 'openai'));
    assert.equal(parsed('prompts.json')[0].endpoint, 'outline');
    const traces = JSON.parse(text('traces.json')) as readonly { steps: readonly { name: string }[] }[];
    assert.equal(traces[0]?.steps.at(-1)?.name, 'settled');
  });
});
