import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import pg from 'pg';

import { until } from '../accounts/account-gateway.ts';
import { newDatabase, skipPostgres } from '../storage/engines.ts';
import { startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { askOf, type Answered, type Sent } from './management-gateway.ts';

const PASSWORD = 'canary-password-of-rotations';

interface Key {
  readonly id: string;
  readonly key: string;
  readonly key_prefix: string;
  readonly older_ends_at: string | null;
  readonly version: number;
}

describe('a key that is rotated', { skip: skipPostgres, timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let hand: pg.Client;
  let here: GatewayProcess;
  let other: GatewayProcess;
  let admin: string;
  const ask = (route: string, sent: Sent = {}): Promise<Answered> => askOf(here.url, route, { token: admin, ...sent });
  const make = async (more: object = {}, sent: Sent = {}): Promise<Key> => {
    const { status, json, text } = await ask('POST /api/v1/api-keys', { body: { label: 'turned', ...more }, ...sent });
    assert.equal(status, 201, text);
    return json;
  };
  const rotate = (id: string, graceS?: number, sent: Sent = {}): Promise<Answered> =>
    ask(`POST /api/v1/api-keys/${id}/rotate`, {
      ...(graceS !== undefined && { body: { grace_seconds: graceS } }),
      ...sent,
    });
  const rotated = async (id: string, graceS?: number): Promise<Key> => {
    const { status, json, text } = await rotate(id, graceS);
    assert.equal(status, 200, text);
    return json;
  };
  const call = async (token: string, gateway = here): Promise<number> => {
    const body = { model: 'simulator/echo', messages: [{ role: 'user', content: 'hi' }] };
    return (await askOf(gateway.url, 'POST /v1/chat/completions', { token, body })).status;
  };

  before(async () => {
    database = await newDatabase();
    hand = new pg.Client({ connectionString: database.url });
    await hand.connect();
    const environment = {
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      ADMIN_PASSWORD: PASSWORD,
      RATE_LIMIT_ENABLED: 'false',
    };
    here = await startProcess(environment);
    // Both hash keys with the pepper of one folder.
    other = await startProcess(environment, path.dirname(here.dataDir));
    const login = { body: { username: 'admin', password: PASSWORD } };
    admin = (await askOf(here.url, 'POST /api/v1/auth/login', login)).json.token;
  });
  after(async () => {
    for (const each of [here, other]) {
      await each?.stop();
      await each?.remove();
    }
    await hand.end();
    await database.drop();
  });

  it('opens with both texts in every process, and counts them as one key', async () => {
    const made = await make({ limits: { requests_per_minute: 2 } });
    const turned = await rotated(made.id, 3600);
    assert.equal(turned.id, made.id);
    assert.notEqual(turned.key, made.key);
    assert.ok(turned.key.startsWith(turned.key_prefix));
    const leftS = (Date.parse(turned.older_ends_at ?? '') - Date.now()) / 1000;
    assert.ok(leftS > 3500 && leftS <= 3600, String(leftS));
    await until(async () => (await call(turned.key, other)) !== 401);
    assert.notEqual(await call(made.key, other), 401);
    assert.deepEqual([await call(made.key), await call(turned.key), await call(made.key)], [200, 200, 429]);
    await until(async () => {
      const { rows } = await hand.query('select 1 from request_logs where key_id = $1', [made.id]);
      return rows.length >= 4;
    });
  });

  it('ends its older text at once where no grace is given, and in every process', async () => {
    const made = await make();
    await until(async () => (await call(made.key, other)) === 200);
    const turned = await rotated(made.id, 0);
    assert.equal(turned.older_ends_at, null);
    assert.deepEqual([await call(made.key), await call(turned.key)], [401, 200]);
    await until(async () => (await call(made.key, other)) === 401);
    assert.equal(await call(turned.key, other), 200);
  });

  it('opens with its older text for a day where nothing is said, until that is ended', async () => {
    const made = await make();
    const turned = await rotated(made.id);
    const hours = (Date.parse(turned.older_ends_at ?? '') - Date.now()) / 3_600_000;
    assert.ok(hours > 23.9 && hours <= 24, String(hours));
    await until(async () => (await call(turned.key, other)) === 200);
    assert.equal(await call(made.key, other), 200);
    const ended = await ask(`PUT /api/v1/api-keys/${made.id}`, { body: { older_ends_at: null } });
    assert.deepEqual([ended.status, ended.json.older_ends_at], [200, null]);
    assert.equal(await call(made.key), 401);
    await until(async () => (await call(made.key, other)) === 401);
    assert.equal(await call(turned.key, other), 200);
  });

  it('has two texts at most, and the older one ends when its time has come', async () => {
    const made = await make();
    const second = await rotated(made.id, 604_800);
    const third = await rotated(made.id, 604_800);
    const all = [made, second, third];
    const statuses = [];
    for (const { key } of all) statuses.push(await call(key));
    assert.deepEqual(statuses, [401, 200, 200]);
    await hand.query(`update api_keys set older_key_ends_at = now() where id = $1`, [made.id]);
    await until(async () => (await call(second.key)) === 401 && (await call(second.key, other)) === 401);
    assert.equal(await call(third.key, other), 200);
  });

  it('is in the audit log, and neither text nor hash is anywhere but in its answer', async () => {
    const made = await make();
    const turned = await rotated(made.id, 60);
    const { json } = await ask('GET /api/system/audit?subjectType=api-key&limit=1');
    const [{ action, subjectId, before: was, after: is }] = json.entries;
    assert.deepEqual([action, subjectId], ['keys.rotate', made.id]);
    assert.deepEqual([was.key_prefix, is.key_prefix], [made.key_prefix, turned.key_prefix]);
    const { rows } = await hand.query('select * from api_keys where id = $1', [made.id]);
    const hashes = [rows[0].key_hash, rows[0].older_key_hash];
    assert.equal(new Set(hashes).size, 2);
    const audit = await hand.query('select * from audit_log');
    const seen = [
      await ask('GET /api/v1/api-keys'),
      await ask(`GET /api/v1/api-keys/${made.id}`),
      audit.rows,
      here.output(),
      rows[0].key_prefix,
    ];
    for (const secret of [made.key, turned.key, ...hashes])
      assert.equal(JSON.stringify(seen).includes(secret.slice(12)), false);
  });

  it('is one’s own, in force, and of the version that was seen', async () => {
    const made = await make();
    const added = await ask('POST /api/admin/users', {
      body: { username: 'ann', email: 'ann@example.com', password: PASSWORD, role: 'user' },
    });
    assert.equal(added.status, 201, added.text);
    const login = { body: { username: 'ann', password: PASSWORD } };
    const { token } = (await askOf(here.url, 'POST /api/v1/auth/login', login)).json;
    assert.equal((await rotate(made.id, 0, { token })).status, 404);
    const [own, manages] = [await make({}, { token }), await make({ role: 'admin' })];
    assert.equal((await rotate(own.id, 0, { token })).status, 200);
    // A key of an administrator that is no administrator's gets no text that is.
    const lesser = await make({ role: 'user' });
    assert.equal((await rotate(manages.id, 0, { token: lesser.key })).status, 403);
    assert.equal((await rotate(manages.id, 0)).status, 200);
    assert.equal((await rotate(made.id, -1)).status, 400);
    assert.equal((await rotate(made.id, 604_801)).status, 400);
    const stale = await rotate(made.id, 0, { body: { version: made.version + 1 } });
    assert.equal(stale.status, 409);
    await ask(`PUT /api/v1/api-keys/${made.id}`, { body: { is_active: false } });
    const off = await rotate(made.id, 0);
    assert.equal(off.status, 409);
    assert.match(off.text, /opens nothing/);
    assert.equal(await call(made.key), 401);
  });
});
