import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';

import { OPERATIONS } from '@patchbay/contract';

import { createPasswords } from '../../src/identity/passwords.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { TEST_KEY } from '../support/test-gateway.ts';
import {
  ADMIN_KEY,
  PASSWORD,
  startManagement,
  VIEWER_KEY,
  type ManagementGateway,
  type Sent,
} from './management-gateway.ts';

const NEW_USER = { username: 'somebody', email: 'somebody@example.com', password: 'canary-somebody' };

for (const engine of ENGINES) {
  describe(`answers on ${engine.name}`, { skip: engine.skip }, () => {
    let made: TestStore;
    let gateway: ManagementGateway;
    const asAdmin = (route: string, body?: unknown, headers: Sent['headers'] = {}) =>
      gateway.ask(route, { token: ADMIN_KEY, headers, ...(body !== undefined && { body }) });
    const audit = () => made.store.rows.audit.page({ limit: 100, sortBy: 'atMs', sortOrder: 'desc' });
    const idOf = async (username: string): Promise<string> =>
      (await made.store.rows.users.findByLogin(username))?.id ?? assert.fail(username);

    before(async () => {
      made = await engine.make();
      gateway = await startManagement(made.store, { registrationOpen: true, corsOrigins: ['https://console.example'] });
    });
    after(async () => {
      await gateway.close();
      await made.close();
    });

    it('200: users are listed by page, role and words', async () => {
      const { status, json } = await asAdmin('GET /api/admin/users?limit=2&page=2');
      assert.equal(status, 200);
      assert.deepEqual([json.data.length, json.pagination.page, json.pagination.limit], [2, 2, 2]);
      const admins = (await asAdmin('GET /api/admin/users?role=admin')).json.data;
      assert.deepEqual(
        admins.map((each: { username: string }) => each.username),
        ['admin'],
      );
      assert.equal((await asAdmin('GET /api/admin/users?search=DEVEL')).json.data[0].username, 'developer');
    });

    it('200: an administrative key is taken as bearer and as X-API-Key', async () => {
      assert.equal((await asAdmin('GET /api/admin/users')).status, 200);
      assert.equal((await gateway.ask('GET /api/admin/users', { headers: { 'x-api-key': ADMIN_KEY } })).status, 200);
    });

    it('200: a user changes its own address and preferences', async () => {
      const token = await gateway.signIn('viewer');
      const body = { email: 'viewer@new.example', preferences: { theme: 'dark' } };
      const { status, json } = await gateway.ask('PUT /api/auth/me', { token, body });
      assert.equal(status, 200);
      assert.deepEqual([json.email, json.preferences, json.role], ['viewer@new.example', { theme: 'dark' }, 'viewer']);
    });

    it('200: what was read may be sent back as it is', async () => {
      const path = `/api/admin/users/${await idOf('user')}`;
      const { json } = await asAdmin(`GET ${path}`);
      const { status, json: after } = await asAdmin(`PUT ${path}`, json);
      assert.equal(status, 200);
      assert.deepEqual({ ...after, updatedAt: json.updatedAt }, json);
    });

    it('200: a password that was reset is shown once and ends the sessions', async () => {
      const token = await gateway.signIn('provider');
      const path = `POST /api/admin/users/${await idOf('provider')}/reset-password`;
      const { status, json } = await asAdmin(path);
      assert.equal(status, 200);
      assert.equal((await gateway.ask('GET /api/auth/me', { token })).status, 401);
      await gateway.signIn('provider', json.password);
      assert.deepEqual((await asAdmin(path, { newPassword: PASSWORD })).json, { success: true });
      await gateway.signIn('provider');
    });

    it('200: HEAD answers like GET, OPTIONS says what there is', async () => {
      const head = await asAdmin('HEAD /api/admin/users');
      assert.deepEqual([head.status, head.text], [200, '']);
      const options = await gateway.ask('OPTIONS /api/admin/users', { headers: { origin: 'https://console.example' } });
      assert.equal(options.status, 204);
      assert.equal(options.headers.get('allow'), 'GET, POST, HEAD, OPTIONS');
      assert.equal(options.headers.get('access-control-allow-origin'), 'https://console.example');
      const foreign = await gateway.ask('OPTIONS /api/admin/users', { headers: { origin: 'https://evil.example' } });
      assert.equal(foreign.headers.get('access-control-allow-origin'), null);
    });

    it('201 and 204: a user is made, is written down with who made it, and is removed', async () => {
      const { status, json } = await asAdmin('POST /api/admin/users', { ...NEW_USER, role: 'viewer' });
      assert.equal(status, 201);
      const [created] = (await audit()).items;
      assert.deepEqual(
        [created?.action, created?.resource, created?.resourceId, created?.actorName],
        ['users.create', 'user', json.id, 'a key'],
      );
      await gateway.signIn(NEW_USER.username, NEW_USER.password);
      const removed = await asAdmin(`DELETE /api/admin/users/${json.id}`);
      assert.deepEqual([removed.status, removed.text], [204, '']);
      assert.equal((await audit()).items[0]?.action, 'users.delete');
      assert.equal((await asAdmin(`GET /api/admin/users/${json.id}`)).status, 404);
    });

    it('201: strangers make accounts for themselves, but no administrators', async () => {
      const body = { username: 'stranger', email: 'stranger@example.com', password: 'canary-stranger' };
      const tooMuch = await gateway.ask('POST /api/auth/register', { body: { ...body, role: 'admin' } });
      assert.equal(tooMuch.status, 422);
      const { status, json } = await gateway.ask('POST /api/auth/register', { body });
      assert.deepEqual([status, json.user.role], [201, 'user']);
      assert.equal((await gateway.ask('GET /api/auth/me', { token: json.token })).status, 200);
    });

    it('400: what is no JSON object in UTF-8', async () => {
      const bodies: readonly (readonly [string | Uint8Array, string])[] = [
        ['{"username":', 'application/json'],
        ['', 'application/json'],
        ['[]', 'application/json'],
        ['"text"', 'application/json'],
        ['{}', 'text/plain'],
        ['{}', 'application/json; charset=utf-16'],
        [Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 'application/json'],
      ];
      for (const [body, type] of bodies) {
        const { status, json } = await asAdmin('POST /api/auth/login', body, { 'content-type': type });
        assert.deepEqual([status, json.error.code], [400, 'INVALID_INPUT'], `${String(body)} as ${type}`);
      }
    });

    it('400: a query that is not valid, with its place', async () => {
      const { status, json } = await asAdmin('GET /api/admin/users?limit=1000&role=king');
      assert.equal(status, 400);
      assert.equal(json.error.code, 'INVALID_INPUT');
      assert.deepEqual(
        json.error.validationErrors.map(({ field }: { field: string }) => field),
        ['role', 'limit'],
      );
    });

    it('401: nothing, no bearer, a wrong key, with the way to ask', async () => {
      const cases = [{}, { authorization: 'Basic YTpi' }, { authorization: ADMIN_KEY }, { 'x-api-key': 'pb_wrong' }];
      for (const headers of cases) {
        const answer = await gateway.ask('GET /api/admin/users', { headers });
        assert.equal(answer.status, 401);
        assert.equal(answer.json.error.code, 'UNAUTHORIZED');
        assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer realm="patchbay"/);
      }
    });

    it('401: wrong passwords and names that do not exist, in the same words', async () => {
      const wrong = await gateway.ask('POST /api/auth/login', {
        body: { username: 'admin', password: 'canary-wrong' },
      });
      const unknown = await gateway.ask('POST /api/auth/login', { body: { username: 'nobody', password: 'canary' } });
      assert.equal(wrong.status, 401);
      assert.equal(wrong.json.error.code, 'INVALID_CREDENTIALS');
      assert.deepEqual(wrong.json.error, unknown.json.error);
    });

    it('403: a role that may not, a key for calls, and keys that have no account', async () => {
      const viewer = await gateway.ask('GET /api/admin/users', { token: VIEWER_KEY });
      assert.deepEqual([viewer.status, viewer.json.error.code], [403, 'INSUFFICIENT_PERMISSIONS']);
      assert.deepEqual(viewer.json.error.details, { required: 'users:read', role: 'viewer' });
      assert.equal((await gateway.ask('GET /api/admin/users', { token: TEST_KEY })).status, 403);
      assert.equal((await asAdmin('GET /api/auth/me')).status, 403);
    });

    it('404: unknown users and paths, with those that are near', async () => {
      const user = await asAdmin('GET /api/admin/users/nobody');
      assert.deepEqual(
        [user.status, user.json.error.code, user.json.path],
        [404, 'USER_NOT_FOUND', '/api/admin/users/nobody'],
      );
      const path = await asAdmin('GET /api/admin/usres?key=canary-in-query');
      assert.deepEqual([path.status, path.json.error.code], [404, 'NOT_FOUND']);
      assert.ok(path.json.error.suggestions.includes('/api/admin/users'));
      assert.ok(!path.text.includes('canary'));
    });

    it('405: another method, with those that there are', async () => {
      const { status, json, headers } = await asAdmin('PATCH /api/admin/users', {});
      assert.deepEqual([status, json.error.code], [405, 'METHOD_NOT_ALLOWED']);
      assert.equal(headers.get('allow'), 'GET, POST, HEAD, OPTIONS');
      const literal = await asAdmin('DELETE /api/admin/providers/export');
      assert.deepEqual([literal.status, literal.headers.get('allow')], [405, 'POST, GET, HEAD, OPTIONS']);
      assert.equal((await asAdmin('GET /api/admin/providers/import')).status, 405);
    });

    it('409: names and addresses that others have, whatever their letter case', async () => {
      for (const body of [
        { ...NEW_USER, username: 'ADMIN' },
        { ...NEW_USER, email: 'Admin@Example.com' },
      ]) {
        const { status, json } = await asAdmin('POST /api/admin/users', body);
        assert.deepEqual([status, json.error.code], [409, 'ALREADY_EXISTS']);
      }
    });

    it('409: the last administrator neither goes nor steps down', async () => {
      const path = `/api/admin/users/${await idOf('admin')}`;
      const tries = [
        asAdmin(`DELETE ${path}`),
        asAdmin(`PUT ${path}`, { role: 'viewer' }),
        asAdmin(`PUT ${path}/role`, { role: 'viewer' }),
        asAdmin(`PUT ${path}/status`, { status: 'disabled' }),
      ];
      for (const { status, json } of await Promise.all(tries))
        assert.deepEqual([status, json.error.code], [409, 'CONFLICT']);
    });

    it('409: of two administrators who step down at once, one stays', async () => {
      const body = { ...NEW_USER, username: 'second', email: 'second@example.com', role: 'admin' };
      const { id } = (await asAdmin('POST /api/admin/users', body)).json;
      const down = (of: string) => asAdmin(`PUT /api/admin/users/${of}/role`, { role: 'viewer' });
      const both = await Promise.all([down(id), down(await idOf('admin'))]);
      assert.deepEqual(
        both.map(({ status }) => status).sort((one, other) => one - other),
        [200, 409],
      );
    });

    it('413: a body of more than 10 MB', async () => {
      const { status, json } = await asAdmin('POST /api/admin/users', `{"username":"${'x'.repeat(10 * 1024 * 1024)}"}`);
      assert.deepEqual([status, json.error.code], [413, 'PAYLOAD_TOO_LARGE']);
    });

    it('422: members that are missing or wrong, each with its place and never with its value', async () => {
      const body = { username: 'x', email: 'canary-no-address', password: 'canary1' };
      const answer = await asAdmin('POST /api/admin/users', body);
      assert.deepEqual([answer.status, answer.json.error.code], [422, 'VALIDATION_ERROR']);
      assert.deepEqual(
        answer.json.error.validationErrors.map(({ field }: { field: string }) => field),
        ['username', 'email', 'password'],
      );
      assert.ok(!answer.text.includes('canary'));
    });

    it('422: members that there are not, with the nearest', async () => {
      const { status, json } = await asAdmin('POST /api/admin/users', { ...NEW_USER, roles: 'admin' });
      assert.equal(status, 422);
      assert.deepEqual([json.error.field, json.error.suggestions], ['roles', ['role']]);
    });

    it('422: two new passwords that are not the same', async () => {
      const token = await gateway.signIn('user');
      const body = { currentPassword: PASSWORD, newPassword: 'canary-new-one', confirmPassword: 'canary-other' };
      const { status, json } = await gateway.ask('PUT /api/auth/me/password', { token, body });
      assert.deepEqual([status, json.error.field], [422, 'confirmPassword']);
    });

    it('wear one envelope, the request id and headers against sniffing', async () => {
      const { json, headers } = await asAdmin('GET /api/admin/users/nobody', undefined, {
        'x-request-id': 'req-123456',
      });
      assert.deepEqual(Object.keys(json).sort(), ['error', 'path', 'requestId', 'timestamp']);
      assert.equal(json.requestId, 'req-123456');
      assert.equal(headers.get('x-request-id'), 'req-123456');
      assert.ok(!Number.isNaN(Date.parse(json.timestamp)));
      assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cache-control'), 'no-store');
    });

    it('hold no body for strangers: they are refused before it is read', async () => {
      const { port } = new URL(gateway.url);
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(
        'POST /api/admin/users HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n{',
      );
      assert.match(await text(socket), /^HTTP\/1\.1 401 /);
    });

    it('describe every served route, and show a page that asks nobody else', async () => {
      const { json } = await gateway.ask('GET /openapi.json');
      assert.equal(json.openapi, '3.1.0');
      assert.equal(json.paths['/api/auth/login'].post.summary, OPERATIONS['auth.login'].summary);
      const page = await gateway.ask('GET /docs');
      assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
      const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, at]) => at ?? '');
      assert.ok(assets.length >= 3 && assets.every((at) => at.startsWith('/')));
      for (const at of assets) assert.equal((await gateway.ask(`GET ${at}`)).status, 200, at);
    });

    it('never show a hash, and write none into the audit log', async () => {
      const hash = await createPasswords({ memoryKiB: 64, passes: 1 }).hash('x');
      assert.match(hash, /^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
      const shown = (await asAdmin('GET /api/admin/users?limit=100')).text;
      const written = JSON.stringify(await made.byHand('select * from audit_log'));
      for (const seen of [shown, written]) assert.ok(!/argon2id|canary/.test(seen));
      assert.deepEqual(gateway.gateway.errors, []);
    });
  });
}
