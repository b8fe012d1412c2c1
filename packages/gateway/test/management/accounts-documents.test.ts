import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { BY_HAND, type ByHand } from './databases-by-hand.ts';
import { askOf, type Answered, type Sent } from './management-gateway.ts';

const ANSWER = JSON.stringify({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
});

for (const { name, skip, open } of BY_HAND)
  describe(`the commands of the accounts guide, without any credential, on ${name}`, { skip }, () => {
    let hand: ByHand;
    let gateway: GatewayProcess;
    let provider: ScriptedUpstream;
    const ask = (route: string, sent?: Sent): Promise<Answered> => askOf(gateway.url, route, sent);
    const chat = (accountId: string): Promise<Answered> =>
      ask(`POST /v1/chat/completions?account_id=${accountId}`, {
        token: PROCESS_KEY,
        body: { model: 'openai/gpt-4', messages: [{ role: 'user', content: 'hello' }] },
      });

    before(async () => {
      hand = await open();
      provider = await startUpstream((_, response) => {
        response.setHeader('content-type', 'application/json').end(ANSWER);
      });
      gateway = await startProcess({
        ...hand.environment,
        AUTH_MODE: 'open-loopback',
        OPENAI_API_KEY: 'sk-of-the-settings-0123',
        OPENAI_BASE_URL: `${provider.url}/v1`,
        RATE_LIMIT_ENABLED: 'false',
      });
    });
    after(async () => {
      await gateway?.stop();
      await gateway?.remove();
      await hand?.drop();
      await provider?.close();
    });

    it('adds an account that signed in, keeps what a change does not say, and shows it in SQL', async () => {
      const auth_data = { access_token: 'canary-a', refresh_token: 'canary-r', expires_at: '2034-12-26T10:00:00Z' };
      const body = { provider_id: 'antigravity', label: 'Account 1', auth_data, is_active: true };
      const made = await ask('POST /api/v1/accounts', { body });
      assert.equal(made.status, 201, made.text);
      const later = { auth_data: { ...auth_data, access_token: 'new-token', expires_in: 3600 } };
      const changed = await ask(`PUT /api/v1/accounts/${made.json.id}`, { body: later });
      assert.equal(changed.status, 200, changed.text);
      assert.deepEqual(
        [changed.json.label, changed.json.provider_id, changed.json.is_active],
        ['Account 1', 'antigravity', true],
      );
      const [row] = await hand.query(
        gateway,
        `SELECT id, label, ${hand.member('auth_data', 'expires_at')} as expires_at FROM accounts WHERE provider_id = 'antigravity'`,
      );
      assert.equal(row?.['expires_at'], auth_data.expires_at);
      const active = `SELECT * FROM accounts WHERE provider_id = 'antigravity' AND is_active = true`;
      assert.equal((await hand.query(gateway, active)).length, 1);
      const token = `SELECT ${hand.member('auth_data', 'refresh_token')} as token FROM accounts WHERE id = '${made.json.id}'`;
      assert.match(String((await hand.query(gateway, token))[0]?.['token']), /./);
      const counts = await hand.query(
        gateway,
        'SELECT provider_id, COUNT(*) as account_count FROM accounts WHERE is_active = true GROUP BY provider_id',
      );
      assert.equal(Number(counts[0]?.['account_count']), 1);
    });

    it('calls through a new account at once, with its new key after a change, and logs what it cost', async () => {
      const auth = { auth_data: { api_key: 'sk-proj-xxx' } };
      const body = { provider_id: 'openai', label: 'OpenAI Account 2', ...auth, is_active: true };
      const made = await ask('POST /api/v1/accounts', { body });
      assert.equal(made.status, 201, made.text);
      const answer = await chat(made.json.id);
      assert.equal(answer.status, 200, answer.text);
      assert.match(String(answer.headers.get('x-patchbay-registry')), /^\d+$/);
      const change = { auth_data: { api_key: 'new-key' } };
      assert.equal((await ask(`PUT /api/v1/accounts/${made.json.id}`, { body: change })).status, 200);
      assert.equal((await chat(made.json.id)).status, 200);
      const shown = provider.seen.map(({ headers }) => headers.authorization);
      assert.deepEqual(shown, ['Bearer sk-proj-xxx', 'Bearer new-key']);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { logs } = (await ask('GET /api/v1/stats/logs?limit=100')).json;
      assert.equal(logs.length, 2, 'a second is enough for both to be written');
      // $30 and $60 a million tokens.
      assert.deepEqual([logs[0].account_id, logs[0].cost_nano_usd], [made.json.id, 36_000_000]);
      assert.ok(logs[0].registry_version > logs[1].registry_version);
      const [counted] = await hand.query(gateway, 'SELECT COUNT(*) as count FROM request_logs');
      assert.equal(Number(counted?.['count']), 2);
    });

    it('counts proxies anew, and is well', async () => {
      const recalculated = await ask('POST /api/v1/proxies/recalculate');
      assert.equal(recalculated.status, 200, recalculated.text);
      assert.equal(typeof recalculated.json.message, 'string');
      assert.equal((await ask('GET /health')).json.status, 'ok');
      const unknown = await ask('POST /api/v1/accounts', { body: { provider_id: 'nope', label: 'x', auth_data: {} } });
      assert.deepEqual([unknown.status, unknown.json.error], [404, 'provider not found: nope']);
    });
  });
