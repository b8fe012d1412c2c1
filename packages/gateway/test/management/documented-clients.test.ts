import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';

import { ENGINES, type TestStore } from '../storage/engines.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { startManagement, type ManagementGateway } from './management-gateway.ts';

const KEY = 'sk-canary-of-the-documented-client-71f0';
const MODELS = {
  data: [{ id: 'claude-3-opus-20240229', type: 'model', display_name: 'Claude 3 Opus' }],
  has_more: false,
};

for (const engine of ENGINES) {
  describe(`the clients of the integration guide on ${engine.name}`, { skip: engine.skip }, () => {
    let made: TestStore;
    let upstream: ScriptedUpstream;
    let gateway: ManagementGateway;
    let token = '';
    let asked: readonly (string | undefined)[] = [];

    before(async () => {
      made = await engine.make();
      upstream = await startUpstream((request, response) => {
        asked = [...asked, request.headers['x-api-key'] as string | undefined];
        sendJson(response, 200, MODELS);
      });
      gateway = await startManagement(made.store, {}, { egressAllow: ['127.0.0.1'] });
      token = await gateway.signIn('admin');
    });
    after(async () => {
      await gateway.close();
      await upstream.close();
      await made.close();
    });

    it('set a provider up as printed, in JavaScript', async () => {
      const printed = await readFile(new URL('documented/javascript-client.txt', import.meta.url), 'utf8');
      const script = printed
        .replace('http://localhost:8000/api', `${gateway.url}/api`)
        .replace('your-jwt-token', token)
        .replace('https://api.anthropic.com', upstream.url);
      const said: string[] = [];
      const say = (...words: readonly unknown[]): void => void said.push(words.join(' '));
      const surroundings = { fetch, process: { env: { ANTHROPIC_API_KEY: KEY } }, console: { log: say, error: say } };
      await runInNewContext(`${script}\nsetupNewProvider()`, surroundings);
      assert.deepEqual(said, ['Provider setup completed successfully']);
      assert.ok(asked.includes(KEY));
    });

    it('get what they read: an id, results with errors that can be joined, and messages', async () => {
      const ask = (route: string, body?: unknown) => gateway.ask(route, { token, ...(body !== undefined && { body }) });
      const config = {
        identifier: 'my-openai',
        name: 'My OpenAI Provider',
        apiEndpoint: `${upstream.url}/v1`,
        authMethod: 'api_key',
        authConfig: { type: 'api_key', fields: { apiKey: KEY }, headers: { Authorization: 'Bearer {{apiKey}}' } },
        capabilities: {
          supportsSystemMessages: true,
          maxContextLength: 128_000,
          supportedRoles: ['system', 'user', 'assistant'],
          supportsStreaming: true,
          supportsTools: true,
        },
      };
      const created = await ask('POST /api/admin/providers', config);
      assert.equal(created.status, 201);
      const path = `/api/admin/providers/${created.json.id}`;
      // The Python client says that its empty body is JSON.
      const headers = { 'content-type': 'application/json' };
      const tried = await gateway.ask(`POST ${path}/test`, { token, headers });
      assert.equal(tried.status, 200);
      assert.ok(Array.isArray(tried.json.errors) && typeof tried.json.success === 'boolean');
      assert.match((await ask('POST /api/admin/providers', config)).json.error.message, /\w/);
      const exported = await ask('POST /api/admin/providers/export', { includeModels: true });
      assert.equal(exported.json.metadata.version, '1.0');
      assert.equal((await ask('POST /api/admin/providers/import', exported.json)).status, 200);
    });

    it('leave their key in no answer, in no audit row and in no row as it is', async () => {
      const { text } = await gateway.ask('GET /api/admin/providers?limit=100', { token });
      assert.ok(text.includes('my-openai') && !text.includes(KEY));
      for (const table of ['providers', 'audit_log', 'settings', 'system_events']) {
        const rows = JSON.stringify(await made.byHand(`select * from ${table}`));
        assert.ok(!rows.includes(KEY), table);
      }
      const written = await made.byHand("select action from audit_log where resource = 'provider'");
      assert.ok(written.length >= 2);
    });
  });
}
