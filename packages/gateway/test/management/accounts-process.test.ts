import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { BY_HAND, type ByHand, type Row } from './databases-by-hand.ts';
import { askOf, type Answered, type Sent } from './management-gateway.ts';

const PASSWORD = 'canary-password-of-the-process';
const chatOf = (model: string) => ({ model, messages: [{ role: 'user', content: 'hello' }] });

/** Asks again until it is so, for as long as a change may take to be noticed. */
async function within(condition: () => Promise<boolean>, ms = 3000): Promise<void> {
  for (let tries = 0; tries < ms / 50; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`It did not come to be within ${ms} ms.`);
}

for (const { name, skip, open } of BY_HAND)
  describe(`a gateway process and its accounts interface on ${name}`, { skip }, () => {
    let hand: ByHand;
    let gateway: GatewayProcess;
    let admin: string;
    const ask = (route: string, sent?: Sent): Promise<Answered> => askOf(gateway.url, route, sent);
    const chat = (key: string, model = 'simulator/echo'): Promise<Answered> =>
      ask('POST /v1/chat/completions', { token: key, body: chatOf(model) });
    const newKey = async (body: object, token = admin): Promise<{ readonly id: string; readonly key: string }> => {
      const made = await ask('POST /v1/api-keys', { token, body });
      assert.equal(made.status, 201, made.text);
      return made.json;
    };

    before(async () => {
      hand = await open();
      gateway = await startProcess({ ...hand.environment, ADMIN_PASSWORD: PASSWORD, RATE_LIMIT_ENABLED: 'false' });
      const body = { username: 'admin', password: PASSWORD };
      const login = await ask('POST /api/v1/auth/login', { body });
      assert.equal(login.status, 200, login.text);
      admin = login.json.token;
    });
    after(async () => {
      await gateway?.stop();
      await gateway?.remove();
      await hand?.drop();
    });

    it('opens calls with a new key at once, and refuses it within a second of its revocation, also by hand', async () => {
      const [first, second] = [await newKey({ label: 'one' }), await newKey({ label: 'two' })];
      assert.equal((await chat(first.key)).status, 200);
      assert.equal((await ask('GET /api/v1/accounts', { token: first.key })).status, 403);
      assert.equal((await ask(`DELETE /api/v1/api-keys/${first.id}`, { token: admin })).status, 200);
      assert.equal((await chat(first.key)).status, 401);
      assert.equal((await chat(second.key)).status, 200);
      await hand.query(gateway, `UPDATE api_keys SET is_active = false WHERE id = '${second.id}'`);
      await within(async () => (await chat(second.key)).status === 401);
    });

    it('opens the management with an administrative key, and nothing there with the key for calls', async () => {
      const { key } = await newKey({ label: 'ops', role: 'admin' });
      assert.equal((await ask('GET /api/v1/users', { headers: { 'x-api-key': key } })).status, 200);
      assert.equal((await ask('GET /api/admin/users', { token: key })).status, 200);
      assert.equal((await ask('GET /api/v1/users', { token: PROCESS_KEY })).status, 403);
    });

    it('lets a key call its models alone, until its end', async () => {
      const { key } = await newKey({ limits: { models: ['simulator/echo'] } });
      assert.equal((await chat(key)).status, 200);
      const refused = await chat(key, 'simulator/stall');
      assert.equal(refused.status, 403);
      assert.match(refused.json.error.message, /may not call the model `simulator\/stall`/);
      const messages = { token: key, body: { ...chatOf('simulator/stall'), max_tokens: 5 } };
      const anthropic = await ask('POST /v1/messages', messages);
      assert.deepEqual([anthropic.status, anthropic.json.error.type], [403, 'permission_error']);
      const passed = await ask('GET /pass/simulator/models', { token: key });
      assert.equal(passed.status, 403);
      const over = await newKey({ expires_at: new Date(Date.now() + 1500).toISOString() });
      assert.equal((await chat(over.key)).status, 200);
      await within(async () => (await chat(over.key)).status === 401);
    });

    it('calls a model by a name given to it, one’s own before everybody’s', async () => {
      const mapping = { alias: 'fast', provider_id: 'simulator', model_name: 'no-such-script', is_global: true };
      assert.equal((await ask('POST /api/v1/model-mappings', { token: admin, body: mapping })).status, 201);
      const user = { username: 'mapper', password: PASSWORD, role: 'user' };
      assert.equal((await ask('POST /api/v1/users', { token: admin, body: user })).status, 201);
      const login = await ask('POST /api/v1/auth/login', { body: { username: 'mapper', password: PASSWORD } });
      const { key } = await newKey({ limits: { models: ['fast', 'simulator/echo'] } }, login.json.token);
      assert.notEqual((await chat(key, 'fast')).status, 200);
      const own = { alias: 'fast', provider_id: 'simulator', model_name: 'echo' };
      assert.equal((await ask('POST /api/v1/model-mappings', { token: login.json.token, body: own })).status, 201);
      assert.equal((await chat(key, 'fast')).status, 200);
      const sly = { alias: 'simulator/echo', provider_id: 'simulator', model_name: 'stall' };
      assert.equal((await ask('POST /api/v1/model-mappings', { token: login.json.token, body: sly })).status, 201);
      assert.equal((await chat(key)).status, 403);
    });

    it('shows attempts to those whose keys made them, page by page', async () => {
      const { key, id } = await newKey({ label: 'logged' });
      const requestId = `canary-${name}`;
      const sent = { token: key, body: chatOf('simulator/echo'), headers: { 'x-request-id': requestId } };
      assert.equal((await ask('POST /v1/chat/completions', sent)).status, 200);
      const logs = (query: string, token = admin) => ask(`GET /api/v1/stats/logs?${query}`, { token });
      await within(async () => (await logs(`request_id=${requestId}`)).json.logs.length === 1);
      const [log] = (await logs(`search=${requestId.toUpperCase()}`)).json.logs;
      assert.deepEqual(
        [log.key_id, log.status_code, log.provider_id, log.retry_count, log.switched_from_account_id, log.error],
        [id, 200, 'simulator', 0, null, null],
      );
      const page = await logs('limit=2');
      assert.equal(page.json.logs.length, 2);
      const next = await logs(`limit=2&before=${page.json.next}`);
      assert.ok(next.json.logs[0].id < page.json.logs[1].id);
      const login = await ask('POST /api/v1/auth/login', { body: { username: 'mapper', password: PASSWORD } });
      const own = await logs('limit=1000', login.json.token);
      assert.ok(own.json.logs.length > 0 && own.json.logs.every((each: Row) => each['key_id'] !== id));
      const errors = await ask('GET /api/v1/logs/errors?limit=50', { token: admin });
      assert.ok(errors.json.logs.length > 0 && errors.json.logs.every((each: Row) => each['state'] !== 'success'));
      const from = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
      const range = await ask(`GET /api/v1/logs/errors/range?from=${from}`, { token: admin });
      assert.deepEqual(range.json.logs, []);
    });

    it('tells when a key was last used, and opens calls and the management with an access key', async () => {
      const { key, id } = await newKey({ label: 'used' });
      assert.equal((await chat(key)).status, 200);
      const made = await ask('POST /api/v1/auth/regenerate-key', { token: admin });
      const headers = { 'x-access-key': made.json.access_key };
      assert.equal((await ask('POST /v1/chat/completions', { headers, body: chatOf('simulator/echo') })).status, 200);
      assert.equal((await ask('GET /api/v1/auth-manager/health', { headers })).json.total, 0);
      const next = await ask('POST /api/v1/auth/regenerate-key', { token: admin });
      assert.equal((await ask('GET /api/v1/users', { headers })).status, 401);
      assert.equal((await ask('GET /api/v1/users', { token: next.json.access_key })).status, 200);
      const used = async () => (await ask(`GET /api/v1/api-keys/${id}`, { token: admin })).json.last_used_at !== null;
      await within(used, 10_000);
    });

    it('opens nothing with keys of a user who is kept out, and no more than the user may', async () => {
      const body = { username: 'second', password: PASSWORD, role: 'admin' };
      const made = await ask('POST /api/v1/users', { token: admin, body });
      const login = await ask('POST /api/v1/auth/login', { body: { username: 'second', password: PASSWORD } });
      const { key } = await newKey({ role: 'admin' }, login.json.token);
      const change = (changes: object) => ask(`PUT /api/v1/users/${made.json.id}`, { token: admin, body: changes });
      assert.equal((await ask('GET /api/v1/users', { token: key })).status, 200);
      assert.equal((await change({ role: 'user' })).status, 200);
      await within(async () => (await ask('GET /api/v1/users', { token: key })).status === 403);
      assert.equal((await chat(key)).status, 200);
      assert.equal((await change({ is_active: false })).status, 200);
      await within(async () => (await chat(key)).status === 401);
    });

    it('lets administrators alone say whether the calls of a key are kept', async () => {
      const body = { username: 'third', password: PASSWORD, role: 'user' };
      assert.equal((await ask('POST /api/v1/users', { token: admin, body })).status, 201);
      const login = await ask('POST /api/v1/auth/login', { body: { username: 'third', password: PASSWORD } });
      const token: string = login.json.token;
      for (const capture of ['on', 'off']) {
        const refused = await ask('POST /api/v1/api-keys', { token, body: { capture } });
        assert.equal(refused.status, 403, refused.text);
      }
      const { id } = await newKey({ capture: 'inherit' }, token);
      assert.equal((await ask(`PUT /api/v1/api-keys/${id}`, { token, body: { capture: 'off' } })).status, 403);
      const changed = await ask(`PUT /api/v1/api-keys/${id}`, { token: admin, body: { capture: 'off' } });
      assert.deepEqual([changed.status, changed.json.capture], [200, 'off']);
      assert.equal((await ask(`GET /api/v1/api-keys/${id}`, { token })).json.capture, 'off');
      assert.equal((await ask('POST /api/v1/api-keys', { token: admin, body: { capture: 'maybe' } })).status, 400);
    });

    it('answers what its operator asks in SQL, as guides print it', async () => {
      const { hourAgo } = hand;
      for (const sql of [
        `SELECT proxy_id, AVG(latency_ms) as avg_latency FROM request_logs WHERE created_at >= ${hourAgo} GROUP BY proxy_id ORDER BY avg_latency DESC`,
        `SELECT provider_id, AVG(latency_ms) as avg_latency FROM request_logs WHERE created_at >= ${hourAgo} GROUP BY provider_id`,
        'SELECT COUNT(*) FROM request_logs',
        'SELECT status_code, error, retry_count, switched_from_account_id, registry_version FROM request_logs LIMIT 1',
        'SELECT id, user_id, key_hash, key_prefix, label, is_active, last_used_at FROM api_keys LIMIT 1',
        'SELECT alias, provider_id, model_name, enabled, priority, owner_id FROM model_mappings LIMIT 1',
      ])
        assert.ok((await hand.query(gateway, sql)).length > 0, sql);
    });

    it('says nowhere what a key is', async () => {
      const { key } = await newKey({ label: 'canary' });
      assert.equal((await chat(key)).status, 200);
      const [audit] = await hand.query(gateway, `SELECT COUNT(*) AS count FROM audit_log WHERE action = 'keys.create'`);
      assert.ok(Number(audit?.['count']) > 0);
      const rows = await hand.query(gateway, `SELECT * FROM audit_log WHERE action = 'keys.create'`);
      const keys = await hand.query(gateway, 'SELECT * FROM api_keys');
      assert.doesNotMatch(JSON.stringify([rows, keys]), new RegExp(key.slice(12)));
      assert.doesNotMatch(gateway.output(), new RegExp(key.slice(12)));
    });
  });
