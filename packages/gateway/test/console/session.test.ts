import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ENGINES, type TestStore } from '../storage/engines.ts';
import {
  ADMIN_KEY,
  PASSWORD,
  startManagement,
  type Answered,
  type ManagementGateway,
  type Sent,
} from '../management/management-gateway.ts';

interface Browser {
  readonly cookie: string;
  readonly csrf: string;
}

const cookieOf = ({ headers }: Answered): string => headers.getSetCookie()[0]?.split(';')[0] ?? '';

for (const engine of ENGINES)
  describe(`the console's session on ${engine.name}`, { skip: engine.skip }, () => {
    let made: TestStore;
    let gateway: ManagementGateway;
    const open = (headers: Record<string, string> = {}, username = 'admin', password = PASSWORD) =>
      gateway.ask('POST /api/session', { body: { username, password }, headers });
    const browser = async (username = 'admin'): Promise<Browser> => {
      const answer = await open({}, username);
      assert.equal(answer.status, 200, answer.text);
      return { cookie: cookieOf(answer), csrf: answer.json.csrfToken };
    };
    const by = (
      { cookie, csrf }: Browser,
      route: string,
      { headers = {}, ...sent }: Omit<Sent, 'token'> & { readonly headers?: Record<string, string> } = {},
    ): Promise<Answered> => gateway.ask(route, { ...sent, headers: { cookie, 'x-csrf-token': csrf, ...headers } });

    before(async () => {
      made = await engine.make();
      gateway = await startManagement(made.store);
    });
    after(async () => {
      await gateway.close();
      await made.close();
    });

    it('is a cookie that no script reads and no other site sends, and no token in the answer', async () => {
      const answer = await open();
      const [cookie = ''] = answer.headers.getSetCookie();
      assert.match(cookie, /^patchbay_session=eyJ[\w.-]+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/);
      const text = cookieOf(answer).slice('patchbay_session='.length);
      assert.ok(!answer.text.includes(text));
      assert.deepEqual(Object.keys(answer.json).sort(), ['csrfToken', 'kind', 'name', 'permissions', 'role', 'user']);
      assert.deepEqual([answer.json.kind, answer.json.name, answer.json.role], ['user', 'admin', 'admin']);
    });

    for (const [what, header] of [
      ['its page', { origin: 'https://console.example.com' }],
      ['whoever ends TLS', { 'x-forwarded-proto': 'https' }],
    ] as const)
      it(`is secure and bound to the host where ${what} says that the browser came over TLS`, async () => {
        const [cookie = ''] = (await open(header)).headers.getSetCookie();
        assert.match(cookie, /^__Host-patchbay_session=eyJ/);
        assert.match(cookie, /; HttpOnly; SameSite=Strict; Secure$/);
        const me = await gateway.ask('GET /api/session', { headers: { cookie: cookie.split(';')[0] ?? '' } });
        assert.equal(me.json.name, 'admin');
      });

    it('opens every interface of the management as its user', async () => {
      const admin = await browser();
      for (const route of [
        'GET /api/auth/me',
        'GET /api/admin/users',
        'GET /api/system/audit',
        'GET /api/v1/api-keys',
        'GET /api/v1/accounts',
      ])
        assert.equal((await by(admin, route)).status, 200, route);
      const viewer = await browser('viewer');
      assert.equal((await by(viewer, 'GET /api/admin/users')).status, 403);
    });

    it('changes nothing without the word that its page was told', async () => {
      const admin = await browser();
      const other = await browser();
      const body = { username: 'planted', email: 'planted@example.com', password: 'a-planted-password' };
      for (const csrf of ['', 'wrong', other.csrf]) {
        const answer = await by({ ...admin, csrf }, 'POST /api/admin/users', { body });
        assert.equal(answer.status, 403, csrf);
        assert.match(answer.text, /X-CSRF-Token/);
      }
      const keys = await by({ ...admin, csrf: '' }, 'POST /api/v1/api-keys', { body: { label: 'planted' } });
      assert.equal(keys.status, 403);
      const tools = await by({ ...admin, csrf: '' }, 'POST /mcp', { body: { jsonrpc: '2.0', id: 1, method: 'ping' } });
      assert.equal(tools.status, 403);
      assert.equal((await by(admin, 'POST /api/admin/users', { body })).status, 201);
    });

    it('is refused to pages of other sites, also where they only read', async () => {
      const admin = await browser();
      for (const site of ['cross-site', 'same-site']) {
        const headers = { 'sec-fetch-site': site };
        assert.equal((await by(admin, 'GET /api/auth/me', { headers })).status, 403, site);
        assert.equal((await by(admin, 'POST /api/session/close', { headers })).status, 403, site);
      }
      for (const site of ['same-origin', 'none'])
        assert.equal((await by(admin, 'GET /api/auth/me', { headers: { 'sec-fetch-site': site } })).status, 200, site);
    });

    it('is a new one at each sign-in, whatever the browser was made to hold before', async () => {
      const planted = await browser('viewer');
      const answer = await open({ cookie: planted.cookie });
      const mine = { cookie: cookieOf(answer), csrf: answer.json.csrfToken };
      assert.notEqual(mine.cookie, planted.cookie);
      assert.notEqual(mine.csrf, planted.csrf);
      assert.equal((await by(planted, 'GET /api/session')).json.name, 'viewer');
      assert.equal((await by(mine, 'GET /api/session')).json.name, 'admin');
    });

    it('ends when its user signs out, for whoever still holds the cookie', async () => {
      const admin = await browser();
      const closed = await by(admin, 'POST /api/session/close');
      assert.equal(closed.status, 200);
      assert.match(closed.headers.getSetCookie()[0] ?? '', /^patchbay_session=; Path=\/; Max-Age=0; HttpOnly/);
      const after401 = await by(admin, 'GET /api/session');
      assert.deepEqual([after401.status, after401.json.error.details.reason], [401, 'SESSION_ENDED']);
      assert.equal((await by(admin, 'POST /api/session/renew')).status, 401);
    });

    it('lasts on when it is renewed', async () => {
      const admin = await browser();
      const renewed = await by(admin, 'POST /api/session/renew');
      assert.equal(renewed.status, 200, renewed.text);
      assert.match(renewed.headers.getSetCookie()[0] ?? '', /Max-Age=604800/);
      assert.equal(renewed.json.csrfToken, admin.csrf);
      assert.equal((await by({ ...admin, cookie: cookieOf(renewed) }, 'GET /api/session')).status, 200);
    });

    it('ends with its user: once disabled, the cookie opens nothing', async () => {
      const [admin, user] = [await browser(), await browser('user')];
      const { user: row } = (await by(user, 'GET /api/session')).json;
      const disabled = await by(admin, `PUT /api/admin/users/${row.id}/status`, { body: { status: 'disabled' } });
      assert.equal(disabled.status, 200, disabled.text);
      assert.equal((await by(user, 'GET /api/session')).status, 401);
    });

    it('is no token, and a token is no cookie', async () => {
      const admin = await browser();
      const text = admin.cookie.slice('patchbay_session='.length);
      assert.equal((await gateway.ask('GET /api/auth/me', { token: text })).status, 401);
      const cookie = `patchbay_session=${await gateway.signIn('admin')}`;
      assert.equal((await gateway.ask('GET /api/auth/me', { headers: { cookie } })).status, 401);
    });

    it('stands behind a token or a key that comes along', async () => {
      const { cookie } = await browser();
      const viewer = await gateway.ask('GET /api/auth/me', {
        token: await gateway.signIn('viewer'),
        headers: { cookie },
      });
      assert.equal(viewer.json.username, 'viewer');
      const body = { username: 'by-key', email: 'by-key@example.com', password: 'a-key-made-this' };
      const headers = { cookie, 'x-api-key': ADMIN_KEY, 'sec-fetch-site': 'cross-site' };
      assert.equal((await gateway.ask('POST /api/admin/users', { body, headers })).status, 201);
    });

    it('says to keys who they are, and renews nothing for them or for tokens', async () => {
      const headers = { 'x-api-key': ADMIN_KEY };
      const { json } = await gateway.ask('GET /api/session', { headers });
      assert.deepEqual([json.kind, json.role, json.csrfToken, json.user], ['api-key', 'admin', undefined, undefined]);
      const renewed = await gateway.ask('POST /api/session/renew', { headers });
      assert.equal(renewed.status, 400);
      assert.deepEqual(renewed.headers.getSetCookie(), []);
      const byToken = await gateway.ask('POST /api/session/renew', { token: await gateway.signIn('admin') });
      assert.deepEqual([byToken.status, byToken.headers.getSetCookie()], [400, []]);
    });

    it('is not opened with a wrong password', async () => {
      const answer = await open({}, 'admin', 'not the password');
      assert.deepEqual([answer.status, answer.json.error.code], [401, 'INVALID_CREDENTIALS']);
      assert.deepEqual(answer.headers.getSetCookie(), []);
    });
  });
