import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ENGINES, type TestStore } from '../storage/engines.ts';
import { TEST_SETTINGS } from '../support/test-gateway.ts';
import { ADMIN_KEY, PASSWORD, startManagement, VIEWER_KEY, type ManagementGateway } from './management-gateway.ts';

/** What a key used in a span. */
interface Step {
  readonly from: string;
  readonly spent_usd: number;
}

for (const { name, skip, make } of ENGINES)
  describe(`the accounts interface on ${name}`, { skip }, () => {
    let made: TestStore;
    let gateway: ManagementGateway;
    let admin: string;
    let user: string;

    before(async () => {
      made = await make();
      gateway = await startManagement(made.store, { limits: { ...TEST_SETTINGS.management.limits, max: 10_000 } });
      [admin, user] = [await gateway.signIn('admin'), await gateway.signIn('user')];
    });
    after(async () => {
      await gateway.close();
      await made.close();
    });

    it('tells failures as one text, with the two that clients compare word for word', async () => {
      const anonymous = await gateway.ask('GET /api/v1/accounts');
      assert.equal(anonymous.status, 401);
      assert.equal(anonymous.json.error, 'authentication required');
      const viewer = await gateway.ask('GET /api/v1/accounts', { headers: { 'x-api-key': VIEWER_KEY } });
      assert.equal(viewer.status, 403);
      assert.equal(viewer.json.error, 'insufficient permissions');
      const missing = await gateway.ask('GET /api/v1/no-such-thing', { token: admin });
      assert.equal(missing.status, 404);
      assert.match(missing.json.error, /^There is no GET \/api\/v1\/no-such-thing here/);
      const method = await gateway.ask('PATCH /api/v1/users', { token: admin, body: {} });
      assert.equal(method.status, 405);
      assert.equal(method.headers.get('allow'), 'GET, POST, HEAD, OPTIONS');
      assert.equal(typeof method.json.error, 'string');
      const invalid = await gateway.ask('POST /api/v1/users', { token: admin, body: { username: 'x' } });
      assert.equal(invalid.status, 400);
      assert.match(invalid.json.error, /username: .*password: /s);
      assert.ok(Number(invalid.headers.get('x-ratelimit-limit')) > 0);
    });

    it('signs in, tells who one is, and changes passwords', async () => {
      const body = { username: 'developer', password: PASSWORD };
      const { status, json } = await gateway.ask('POST /api/v1/auth/login', { body });
      assert.equal(status, 200);
      assert.deepEqual(Object.keys(json.user), ['id', 'username', 'role', 'is_active', 'created_at', 'updated_at']);
      const me = await gateway.ask('GET /api/v1/auth/me', { token: json.token });
      assert.equal(me.json.username, 'developer');
      const wrong = await gateway.ask('POST /api/v1/auth/login', { body: { ...body, password: 'wrong' } });
      assert.equal(wrong.status, 401);
      const change = { currentPassword: PASSWORD, new_password: 'another canary password' };
      const changed = await gateway.ask('PUT /api/v1/auth/password', { token: json.token, body: change });
      assert.equal(changed.status, 200, changed.text);
      const again = { username: 'developer', password: change.new_password };
      assert.equal((await gateway.ask('POST /api/v1/auth/login', { body: again })).status, 200);
    });

    it('keeps users for administrators alone', async () => {
      const body = { username: 'someone', password: 'long enough', role: 'user' };
      assert.equal((await gateway.ask('POST /api/v1/users', { token: user, body })).status, 403);
      const made = await gateway.ask('POST /api/v1/users', { token: admin, body });
      assert.equal(made.status, 201, made.text);
      const path = `/api/v1/users/${made.json.id}`;
      const off = await gateway.ask(`PUT ${path}`, { token: admin, body: { isActive: false } });
      assert.equal(off.json.is_active, false);
      const login = await gateway.ask('POST /api/v1/auth/login', { body });
      assert.equal(login.status, 400, 'role is no member of a login');
      const { role: _, ...credentials } = body;
      assert.equal((await gateway.ask('POST /api/v1/auth/login', { body: credentials })).status, 401);
      assert.equal((await gateway.ask(`DELETE ${path}`, { token: admin })).status, 200);
      assert.equal((await gateway.ask(`GET ${path}`, { token: admin })).status, 404);
    });

    it('adds accounts with members in either case, and refuses a provider that there is not', async () => {
      const body = { providerId: 'openai', label: 'Account 1', authData: { api_key: 'sk-canary-1' }, is_active: true };
      const made = await gateway.ask('POST /api/v1/accounts', { headers: { 'x-api-key': ADMIN_KEY }, body });
      assert.equal(made.status, 201, made.text);
      assert.equal(made.json.provider_id, 'openai');
      assert.doesNotMatch(made.text, /sk-canary-1/);
      const other = await gateway.ask('POST /api/v1/accounts', { token: admin, body: { ...body, providerId: 'nope' } });
      assert.equal(other.status, 404);
      assert.equal(other.json.error, 'provider not found: nope');
    });

    it('lists providers to everybody', async () => {
      const { status, json } = await gateway.ask('GET /api/v1/providers');
      assert.equal(status, 200);
      assert.equal(json.total, json.providers.length);
      assert.ok(json.providers.some(({ id }: { id: string }) => id === 'antigravity'));
    });

    it('keeps names for models: one’s own, and everybody’s', async () => {
      const mapping = { alias: 'fast', provider_id: 'simulator', model_name: 'echo' };
      const global = { ...mapping, is_global: true };
      assert.equal((await gateway.ask('POST /api/v1/model-mappings', { token: user, body: global })).status, 403);
      const made = await gateway.ask('POST /api/v1/model-mappings', { token: admin, body: global });
      assert.equal(made.status, 201, made.text);
      assert.equal(made.json.is_global, true);
      const own = await gateway.ask('POST /api/v1/model-mappings', { token: user, body: mapping });
      assert.equal(own.status, 201);
      const twice = await gateway.ask('POST /api/v1/model-mappings', { token: user, body: mapping });
      assert.equal(twice.status, 409);
      const list = await gateway.ask('GET /api/v1/model-mappings', { token: user });
      assert.equal(list.json.total, 2);
      const seen = await gateway.ask('GET /api/v1/model-mappings/fast', { token: user });
      assert.equal(seen.json.is_global, false);
      const theirs = await gateway.ask(`PUT /api/v1/model-mappings/${own.json.id}`, {
        token: admin,
        body: { priority: 7 },
      });
      assert.deepEqual([theirs.json.id, theirs.json.priority], [own.json.id, 7]);
      assert.equal((await gateway.ask(`GET /api/v1/model-mappings/${made.json.id}`, { token: user })).json.priority, 0);
      const second = await gateway.ask(`PUT /api/v1/model-mappings/${own.json.id}`, {
        token: admin,
        body: { is_global: true },
      });
      assert.equal(second.status, 409);
      assert.match(second.json.error, /already/);
      const stale = await gateway.ask('PUT /api/v1/model-mappings/fast', {
        token: user,
        body: { enabled: false, version: 9 },
      });
      assert.equal(stale.status, 409);
      assert.equal((await gateway.ask('DELETE /api/v1/model-mappings/fast', { token: user })).status, 200);
      const others = await gateway.ask('DELETE /api/v1/model-mappings/fast', { token: user });
      assert.equal(others.status, 403);
      assert.match(others.json.error, /administrators/);
    });

    it('shows keys once, to their owners', async () => {
      const made = await gateway.ask('POST /v1/api-keys', { token: user, body: { label: 'mine' } });
      assert.equal(made.status, 201, made.text);
      assert.match(made.json.key, /^ak_[0-9a-f]{48}$/);
      const list = await gateway.ask('GET /api/v1/api-keys', { token: user });
      assert.equal(list.json.total, 1);
      assert.doesNotMatch(list.text, new RegExp(made.json.key));
      const [row] = await rowOf(made.json.id);
      assert.doesNotMatch(JSON.stringify(row), new RegExp(made.json.key));
      const other = await gateway.signIn('provider');
      assert.equal((await gateway.ask(`GET /api/v1/api-keys/${made.json.id}`, { token: other })).status, 403);
      const administrative = await gateway.ask('POST /v1/api-keys', { token: user, body: { role: 'admin' } });
      assert.equal(administrative.status, 403);
      const limits = { limits: { budget_usd: 1 } };
      assert.equal(
        (await gateway.ask(`PUT /api/v1/api-keys/${made.json.id}`, { token: user, body: limits })).status,
        403,
      );
      assert.equal(
        (await gateway.ask(`PUT /api/v1/api-keys/${made.json.id}`, { token: admin, body: limits })).status,
        200,
      );
      const late = { label: 'late', version: made.json.version };
      const overtaken = await gateway.ask(`PUT /api/v1/api-keys/${made.json.id}`, { token: user, body: late });
      assert.equal(overtaken.status, 409);
      const now = { label: 'in time', version: made.json.version + 1 };
      const inTime = await gateway.ask(`PUT /api/v1/api-keys/${made.json.id}`, { token: user, body: now });
      assert.deepEqual([inTime.status, inTime.json.label, inTime.json.version], [200, 'in time', now.version + 1]);
      const revoked = await gateway.ask(`DELETE /api/v1/api-keys/${made.json.id}`, { token: user });
      assert.equal(revoked.status, 200);
      const full = await gateway.ask('GET /api/v1/auth/my-key/full', { token: user });
      assert.equal(full.status, 409);
      const access = await gateway.ask('POST /api/v1/auth/regenerate-key', { token: user });
      assert.match(access.json.access_key, /^uk_[0-9a-f]{64}$/);
    });

    it('keeps a key closed to its owner that an administrator switched off', async () => {
      const { id } = (await gateway.ask('POST /v1/api-keys', { token: user, body: { label: 'lost' } })).json;
      const turn = async (token: string, isActive: boolean): Promise<readonly unknown[]> => {
        const { status, json } = await gateway.ask(`PUT /api/v1/api-keys/${id}`, {
          token,
          body: { is_active: isActive },
        });
        return [status, json.is_active ?? json.error];
      };
      assert.deepEqual(await turn(user, false), [200, false]);
      assert.deepEqual(await turn(user, true), [200, true], 'what it did itself it takes back');
      assert.deepEqual(await turn(admin, false), [200, false]);
      assert.deepEqual(await turn(user, false), [200, false]);
      const [status, told] = await turn(user, true);
      assert.equal(status, 403);
      assert.match(String(told), /An administrator switched this key off/);
      assert.deepEqual(await turn(admin, true), [200, true]);
      assert.equal((await gateway.ask(`DELETE /api/v1/api-keys/${id}`, { token: admin })).status, 200);
      assert.equal((await turn(user, true))[0], 403);
    });

    it('tells what a key used in the period that its budget is held to, step by step', async () => {
      const limits = { budget_usd: 5, budget_period: 'month' };
      const { id } = (await gateway.ask('POST /v1/api-keys', { token: admin, body: { limits } })).json;
      await made.byHand(`update api_keys set created_at = '2020-01-01T00:00:00.000Z' where id = '${id}'`);
      const now = new Date();
      const begins = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
      const ends = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
      const used = (hourMs: number, nanoUsd: number) =>
        made.byHand(`insert into usage_hours (hour_start_ms, provider_id, model, key_id, attempts, successes, input_tokens,
          output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, latency_ms, cost_nano_usd, unpriced)
          values (${hourMs}, 'openai', 'm', '${id}', 1, 1, 10, 5, 0, 0, 0, 1, ${nanoUsd}, 0)`);
      await used(begins - 3_600_000, 4_000_000_000);
      await used(begins, 500_000_000);
      const read = async () => (await gateway.ask(`GET /api/v1/api-keys/${id}/usage`, { token: admin })).json;
      const month = await read();
      assert.deepEqual([month.spent_usd, month.requests], [0.5, 1], 'what was spent before is not of this month');
      assert.deepEqual(
        [month.period_start, month.period_end],
        [begins, ends].map((ms) => new Date(ms).toISOString()),
      );
      assert.deepEqual(
        month.steps.map(({ from, spent_usd: spent }: Step) => [from, spent]),
        [[new Date(begins).toISOString(), 0.5]],
      );
      await gateway.ask(`PUT /api/v1/api-keys/${id}`, { token: admin, body: { limits: { budget_usd: 5 } } });
      const always = await read();
      assert.deepEqual([always.spent_usd, always.steps.length, always.period_end], [4.5, 2, null]);
    });

    const rowOf = (id: string) => made.byHand(`select * from api_keys where id = '${id}'`);
  });
