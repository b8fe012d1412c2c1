import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ENGINES, type TestStore } from '../storage/engines.ts';
import { ADMIN_KEY, PASSWORD, startManagement, tokenAt, type ManagementGateway } from './management-gateway.ts';

/** A session as it is listed. */
interface Session {
  readonly isCurrent: boolean;
  readonly startedAt: string;
  readonly expiresAt: string;
}

for (const engine of ENGINES) {
  describe(`sessions on ${engine.name}`, { skip: engine.skip }, () => {
    let made: TestStore;
    let gateway: ManagementGateway;
    const login = async (username: string, password = PASSWORD) =>
      gateway.ask('POST /api/auth/login', { body: { username, password } });
    const me = (token: string) => gateway.ask('GET /api/auth/me', { token });
    const refresh = (refreshToken: string, path = '/api/auth/refresh') =>
      gateway.ask(`POST ${path}`, { body: { refreshToken } });

    before(async () => {
      made = await engine.make();
      gateway = await startManagement(made.store);
    });
    after(async () => {
      await gateway.close();
      await made.close();
    });

    it('begin with a user name or an e-mail address, whatever its letter case', async () => {
      for (const name of ['admin', 'ADMIN', 'admin@example.com', ' Admin@Example.com ']) {
        const { status, json } = await login(name);
        assert.equal(status, 200, name);
        assert.deepEqual(Object.keys(json).sort(), ['expiresIn', 'refreshToken', 'token', 'user']);
        assert.equal(json.expiresIn, 3600);
        assert.equal(json.user.role, 'admin');
        assert.ok(!('passwordHash' in json.user));
      }
    });

    it('have tokens whose first part is exactly what the documents show', async () => {
      const { json } = await login('admin');
      const [head = '', claims = ''] = (json.token as string).split('.');
      assert.equal(Buffer.from(head, 'base64url').toString(), '{"alg":"HS256","typ":"JWT"}');
      const said = JSON.parse(Buffer.from(claims, 'base64url').toString());
      assert.equal(said.sub, json.user.id);
      assert.equal(said.user_id, json.user.id);
      assert.deepEqual([said.username, said.role, said.exp - said.iat], ['admin', 'admin', 3600]);
      assert.ok(said.permissions.includes('providers:write') && typeof said.sid === 'string');
    });

    it('say who is signed in', async () => {
      const { status, json } = await me(await gateway.signIn('viewer'));
      assert.equal(status, 200);
      assert.deepEqual([json.username, json.role, json.status], ['viewer', 'viewer', 'active']);
    });

    it('go on with new tokens, each of which works once', async () => {
      const first = (await login('user')).json;
      const second = await refresh(first.refreshToken);
      assert.equal(second.status, 200);
      assert.equal((await me(second.json.token)).status, 200);
      const third = await refresh(second.json.refreshToken, '/api/v1/auth/refresh');
      assert.equal(third.status, 200);
      assert.notEqual(third.json.refreshToken, second.json.refreshToken);
    });

    it('end as a whole when a spent refresh token comes back', async () => {
      const first = (await login('user')).json;
      const second = (await refresh(first.refreshToken)).json;
      const stolen = await refresh(first.refreshToken);
      assert.deepEqual([stolen.status, stolen.json.error.code], [401, 'TOKEN_INVALID']);
      assert.equal((await refresh(second.refreshToken)).status, 401);
      assert.equal((await me(second.token)).status, 401);
    });

    it('give one of two that refresh at once a new pair', async () => {
      const { refreshToken } = (await login('user')).json;
      const both = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
      assert.deepEqual(
        both.map(({ status }) => status).sort((one, other) => one - other),
        [200, 401],
      );
    });

    it('end with a logout, and no other does', async () => {
      const [one, other] = [(await login('user')).json, (await login('user')).json];
      const { status, json } = await gateway.ask('POST /api/auth/logout', { token: one.token });
      assert.deepEqual([status, json.success], [200, true]);
      assert.equal((await me(one.token)).status, 401);
      assert.equal((await refresh(one.refreshToken)).status, 401);
      assert.equal((await me(other.token)).status, 200);
    });

    it('of others do not end with a logout that shows their refresh token, one of the own does', async () => {
      const [mine, my, theirs] = [(await login('user')).json, (await login('user')).json, (await login('admin')).json];
      const logout = (body: object) => gateway.ask('POST /api/auth/logout', { token: mine.token, body });
      assert.equal((await logout({ refreshToken: theirs.refreshToken })).status, 200);
      assert.equal((await me(theirs.token)).status, 200);
      const again = await gateway.ask('POST /api/auth/logout', {
        token: (await login('user')).json.token,
        body: { refreshToken: my.refreshToken },
      });
      assert.equal(again.status, 200);
      assert.equal((await me(my.token)).status, 401);
    });

    it('end, except the own one, with a new password', async () => {
      const [own, other] = [(await login('developer')).json, (await login('developer')).json];
      const newPassword = 'canary-another-password';
      const body = { currentPassword: PASSWORD, newPassword, confirmPassword: newPassword };
      const { status } = await gateway.ask('PUT /api/auth/me/password', { token: own.token, body });
      assert.equal(status, 200);
      assert.equal((await me(own.token)).status, 200);
      assert.equal((await refresh(own.refreshToken)).status, 200);
      assert.equal((await me(other.token)).status, 401);
      assert.equal((await refresh(other.refreshToken)).status, 401);
      assert.equal((await login('developer')).json.error.code, 'INVALID_CREDENTIALS');
      assert.equal((await login('developer', newPassword)).status, 200);
    });

    it('end at once for whoever is kept out, also by hand in SQL', async () => {
      const { token, refreshToken } = (await login('provider')).json;
      await made.byHand("update users set status = 'disabled' where username = 'provider'");
      assert.equal((await me(token)).status, 401);
      assert.equal((await refresh(refreshToken)).status, 401);
      assert.equal((await login('provider')).status, 401);
    });

    it('stay over for whoever was kept out and is let in again', async () => {
      const { token, user } = (await login('user')).json;
      const set = (status: string) =>
        gateway.ask(`PUT /api/admin/users/${user.id}/status`, { token: ADMIN_KEY, body: { status } });
      assert.deepEqual([(await set('disabled')).status, (await set('active')).status], [200, 200]);
      assert.equal((await me(token)).status, 401);
      assert.equal((await login('user')).status, 200);
    });

    it('are listed for administrators, and end one by one or all but the one that asks', async () => {
      const [one, other] = [(await login('viewer')).json, (await login('viewer')).json];
      const admin = (await login('admin')).json;
      const path = `/api/admin/users/${one.user.id}/sessions`;
      const list = async (of = path) => (await gateway.ask(`GET ${of}`, { token: admin.token })).json.sessions;
      const before = await list();
      assert.ok(before.length >= 2);
      assert.ok(before.every(({ isCurrent, startedAt, expiresAt }: Session) => !isCurrent && startedAt < expiresAt));
      const sidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sid;
      const end = (of: string) => gateway.ask(`DELETE ${of}`, { token: admin.token });
      assert.equal((await end(`${path}/${sidOf(one.token)}`)).status, 200);
      assert.equal((await me(one.token)).status, 401);
      assert.equal((await refresh(one.refreshToken)).status, 401);
      assert.equal((await me(other.token)).status, 200);
      assert.equal((await end(`${path}/${sidOf(one.token)}`)).status, 404);
      assert.equal((await end(`${path}/${sidOf(admin.token)}`)).status, 404, 'another user’s session');
      assert.equal((await end(path)).status, 200);
      assert.equal((await me(other.token)).status, 401);
      assert.deepEqual(await list(), []);
      const own = `/api/admin/users/${admin.user.id}/sessions`;
      assert.match((await end(own)).json.message, /everywhere but here/);
      assert.deepEqual(
        (await list(own)).map(({ isCurrent }: Session) => isCurrent),
        [true],
      );
      assert.equal((await end('/api/admin/users/nobody/sessions')).status, 404);
      assert.equal((await gateway.ask(`GET ${path}`, { token: (await login('user')).json.token })).status, 403);
    });

    it('give whoever gets another role its permissions at once', async () => {
      const token = await gateway.signIn('viewer');
      const { id } = (await me(token)).json;
      assert.equal((await gateway.ask('GET /api/admin/users', { token })).status, 403);
      const body = { role: 'admin' };
      assert.equal((await gateway.ask(`PUT /api/admin/users/${id}/role`, { token: ADMIN_KEY, body })).status, 200);
      assert.equal((await gateway.ask('GET /api/admin/users', { token })).status, 200);
    });

    it('are not opened to strangers while registration is closed', async () => {
      const body = { username: 'stranger', email: 'stranger@example.com', password: 'canary-stranger' };
      const { status, json } = await gateway.ask('POST /api/auth/register', { body });
      assert.deepEqual([status, json.error.code], [403, 'INSUFFICIENT_PERMISSIONS']);
      assert.equal((await login('stranger', 'canary-stranger')).status, 401);
    });

    it('are not opened by tokens that are over, of others, or of users who are gone', async () => {
      const { json } = await login('admin');
      const { sid } = JSON.parse(Buffer.from(json.token.split('.')[1], 'base64url').toString());
      const nowMs = Date.now();
      assert.equal((await me(await tokenAt(nowMs, json.user.id, sid))).status, 200);
      const over = await me(await tokenAt(nowMs - 3_700_000, json.user.id, sid));
      assert.deepEqual(
        [over.status, over.json.error.code, over.json.error.message, over.json.error.details.reason],
        [401, 'UNAUTHORIZED', 'Invalid or expired JWT token', 'TOKEN_EXPIRED'],
      );
      assert.equal((await me(await tokenAt(nowMs, json.user.id, 'no-session'))).status, 401);
      assert.equal((await me(await tokenAt(nowMs, 'nobody', sid))).status, 401);
      assert.equal((await me(`${json.token.slice(0, -3)}abc`)).status, 401);
    });

    it('keep neither passwords nor tokens in the store', async () => {
      const { json } = await login('admin');
      const users = JSON.stringify(await made.byHand('select * from users'));
      const tokens = JSON.stringify(await made.byHand('select * from refresh_tokens'));
      assert.ok(users.includes('$argon2id$') && !users.includes(PASSWORD));
      assert.ok(!tokens.includes(json.refreshToken));
    });
  });
}
