import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { ENGINES, type TestStore } from '../storage/engines.ts';
import { TEST_KEY } from '../support/test-gateway.ts';
import { PASSWORD, startManagement, type ManagementGateway } from './management-gateway.ts';

const [SQLITE] = ENGINES;
const LIMITS = { max: 0, windowMs: 900_000, loginsPerMinute: 0, loginFailuresMax: 0, lockoutS: 900 };

describe('429', () => {
  let made: TestStore;
  let gateway: ManagementGateway;
  before(async () => {
    made = await (SQLITE ?? assert.fail()).make();
  });
  after(() => made.close());

  it('comes after as many requests as an address may, with both families of headers', async () => {
    gateway = await startManagement(made.store, { limits: { ...LIMITS, max: 3 } });
    const first = await gateway.ask('GET /api/auth/me');
    assert.equal(first.status, 401);
    assert.equal(first.headers.get('x-ratelimit-limit'), '3');
    assert.equal(first.headers.get('x-ratelimit-remaining'), '2');
    await gateway.ask('GET /api/nothing-here');
    await gateway.ask('GET /api/auth/me');
    const { status, json, headers } = await gateway.ask('GET /api/auth/me');
    assert.deepEqual([status, json.error.code], [429, 'RATE_LIMIT_EXCEEDED']);
    const resetMs = Date.parse(headers.get('x-ratelimit-reset') ?? '');
    assert.equal(Math.ceil(resetMs / 1000), Number(headers.get('x-rate-limit-reset')));
    assert.equal(headers.get('x-rate-limit-remaining'), '0');
    assert.ok(Number(headers.get('retry-after')) > 800);
    await gateway.close();
  });

  it('does not starve calls of models, a console in use, or those who watch our health', async () => {
    gateway = await startManagement(made.store, { limits: { ...LIMITS, max: 2 } });
    const token = await gateway.signIn('viewer');
    await gateway.ask('GET /api/auth/me', { token });
    assert.equal((await gateway.ask('GET /api/auth/me', { token })).status, 429);
    assert.equal(await consoleStatus(gateway.url, token), 200);
    assert.equal(await consoleStatus(gateway.url, 'eyJhbGciOiJIUzI1NiJ9.e30.x'), 429);
    assert.equal((await gateway.ask('GET /api/health')).status, 200);
    assert.equal((await gateway.ask('GET /api/system/health')).status, 200);
    const body = { model: 'simulator/echo', messages: [{ role: 'user', content: 'hi' }] };
    assert.equal((await gateway.ask('POST /v1/chat/completions', { token: TEST_KEY, body })).status, 200);
    await gateway.close();
  });

  it('comes to whoever tries too many passwords from one address', async () => {
    gateway = await startManagement(made.store, { limits: { ...LIMITS, loginsPerMinute: 2 } });
    const login = (username: string) => gateway.ask('POST /api/auth/login', { body: { username, password: PASSWORD } });
    assert.deepEqual([(await login('a')).status, (await login('b')).status], [401, 401]);
    const { status, json, headers } = await login('admin');
    assert.deepEqual([status, json.error.code], [429, 'RATE_LIMIT_EXCEEDED']);
    assert.ok(Number(headers.get('retry-after')) >= 1);
    await gateway.close();
  });

  it('comes to whoever makes too many accounts from one address, or guesses an old password', async () => {
    gateway = await startManagement(made.store, {
      registrationOpen: true,
      limits: { ...LIMITS, loginsPerMinute: 2, loginFailuresMax: 2 },
    });
    const token = await gateway.signIn('user');
    const register = (username: string) =>
      gateway.ask('POST /api/auth/register', {
        body: { username, email: `${username}@example.com`, password: 'canary-password' },
      });
    assert.deepEqual([(await register('first')).status, (await register('second')).status], [201, 429]);
    const change = (currentPassword: string) =>
      gateway.ask('PUT /api/auth/me/password', { token, body: { currentPassword, newPassword: 'canary-other' } });
    const wrong = await change('canary-wrong');
    assert.deepEqual([wrong.status, wrong.json.error.field], [401, 'currentPassword']);
    assert.equal((await change('canary-wrong')).status, 401);
    const { status, json, headers } = await change(PASSWORD);
    assert.deepEqual([status, json.error.code], [429, 'ACCOUNT_LOCKED']);
    assert.ok(headers.has('retry-after'));
    await gateway.close();
  });

  it('locks an account after wrong passwords, under its name and its address, and no other', async () => {
    gateway = await startManagement(made.store, { limits: { ...LIMITS, loginFailuresMax: 2 } });
    const login = (username: string, password: string) =>
      gateway.ask('POST /api/auth/login', { body: { username, password } });
    assert.equal((await login('admin', 'canary-wrong')).status, 401);
    assert.equal((await login('ADMIN@example.com', 'canary-wrong')).status, 401);
    const { status, json, headers } = await login('admin', PASSWORD);
    assert.deepEqual([status, json.error.code], [429, 'ACCOUNT_LOCKED']);
    assert.ok(Number(headers.get('retry-after')) > 800);
    assert.equal((await login('viewer', PASSWORD)).status, 200);
    await gateway.close();
  });
});

/** `fetch` lets nobody set the header by which browsers say where a request comes from. */
const consoleStatus = (url: string, token: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'sec-fetch-site': 'same-origin' };
    request(`${url}/api/auth/me`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
