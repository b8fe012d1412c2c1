import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { createAccessTokens } from '../../src/identity/access-tokens.ts';
import { JWT_SECRET, PASSWORD, VIEWER_KEY } from '../management/management-gateway.ts';
import { post, TEST_KEY } from '../support/test-gateway.ts';
import { startDoctorGateway, type DoctorGateway } from './doctor-gateway.ts';

const byText = (one: string, other: string): number => one.localeCompare(other);

describe('credentials that were refused', () => {
  let gateway: DoctorGateway;
  before(async () => {
    gateway = await startDoctorGateway();
  });
  after(() => gateway.close());

  const signed = (secret: Secret, nowMs: number): Promise<string> =>
    createAccessTokens({ secret, expiresInS: 60, clock: { ...systemClock, nowMs: () => nowMs } }).sign({
      userId: 'canary-user',
      sessionId: 's',
      username: 'admin',
      role: 'admin',
      permissions: [],
    });
  const ask = async (token: string, headers?: Record<string, string>) =>
    (await gateway.management.ask('GET /api/admin/providers', headers === undefined ? { token } : { headers })).status;

  it('are none on a gateway that nobody was refused at', async () => {
    assert.deepEqual(await gateway.find(), []);
  });

  it('are told by why: expired, of another environment, malformed, without a role, for calls only', async () => {
    const nowMs = systemClock.nowMs();
    assert.equal(await ask(await signed(JWT_SECRET, nowMs - 3_600_000)), 401);
    assert.equal(await ask(await signed(new Secret('canary-secret-of-another-environment'), nowMs)), 401);
    assert.equal(await ask('', { authorization: 'Token abc' }), 401);
    assert.equal(await ask(TEST_KEY), 403);
    assert.equal(await ask('pb_nobody_knows_this_key'), 401);
    assert.equal((await gateway.management.ask('GET /api/admin/providers')).status, 401);
    const { status } = await gateway.management.ask('POST /api/admin/providers', { token: VIEWER_KEY, body: {} });
    assert.equal(status, 403);
    const wanted = [
      ['token-expired', /Sign in again/],
      ['token-wrong-environment', /JWT_SECRET/],
      ['token-malformed', /Authorization: Bearer/],
      ['key-without-role', /"role":"admin"/],
      ['key-unknown', /patchbay keys list/],
      ['credential-missing', /X-API-Key/],
      ['role-missing', /another role/],
    ] as const;
    for (const [code, remedy] of wanted) {
      const found = await gateway.one(code);
      assert.match(found.remedy, remedy);
      assert.deepEqual([found.subject, found.severity, found.evidence['count']], ['routes of management', 'info', 1]);
    }
    assert.match(
      (await gateway.one('role-missing')).cause,
      /providers\.create \(the role read_only|providers\.create \(the role viewer/,
    );
  });

  it('are told when the session has ended', async () => {
    const token = await gateway.management.signIn('admin');
    assert.equal((await gateway.management.ask('POST /api/auth/logout', { token, body: {} })).status, 200);
    assert.equal(await ask(token), 401);
    assert.match((await gateway.one('token-session-ended')).remedy, /Sign in again/);
  });

  it('are told for tokens that nobody here made', async () => {
    assert.equal(await ask('eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl'), 401);
    const found = await gateway.one('token-unknown');
    assert.match(found.cause, /none of this gateway\. Once in the last 15 minutes, last on providers\.list/);
    assert.match(found.remedy, /api\/auth\/login[\s\S]*A key of ours begins with pb_/);
  });

  it('are told for pages of other origins, and for pages that do not say their word', async () => {
    const body = { username: 'admin', password: PASSWORD };
    const opened = await gateway.management.ask('POST /api/session', { body });
    assert.equal(opened.status, 200, opened.text);
    const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    assert.equal(await ask('', { cookie, 'sec-fetch-site': 'cross-site' }), 403);
    const foreign = await gateway.one('origin-not-allowed');
    assert.match(foreign.cause, /A page of another origin made browsers send requests/);
    assert.match(foreign.remedy, /CORS_ORIGIN/);
    const silent = await gateway.management.ask('POST /api/admin/providers', { headers: { cookie }, body: {} });
    assert.equal(silent.status, 403, silent.text);
    const found = await gateway.one('origin-not-allowed');
    assert.match(found.cause, /without the header `X-CSRF-Token`\. 2 times/);
    assert.match(found.remedy, /GET \/api\/session/);
  });

  it('are a warning once they come again and again', async () => {
    for (let times = 0; times < 3; times += 1) {
      const headers = { authorization: 'Bearer pb_canary_unknown_key' };
      assert.equal((await post(gateway.management.gateway, '/v1/chat/completions', {}, headers)).status, 401);
      assert.equal(
        (await post(gateway.management.gateway, '/v1/messages', {}, { authorization: 'Bearer revoked' })).status,
        401,
      );
    }
    const unknown = (await gateway.find()).filter(({ code }) => code === 'key-unknown');
    assert.deepEqual(unknown.map(({ subject, severity }) => `${severity} ${subject}`).toSorted(byText), [
      'info routes of management',
      'warning routes of models',
    ]);
  });

  it('are told for changes that were rejected, by operation and member', async () => {
    const body = { name: 'x', identifier: 'Not An Identifier' };
    const token = 'pb_canary_admin_key_of_the_suite';
    assert.equal((await gateway.management.ask('POST /api/admin/providers', { token, body })).status, 422);
    const found = await gateway.one('provider-rejected');
    assert.match(found.cause, /providers\.create was rejected once/);
    const [first] = (await gateway.management.ask('GET /api/admin/providers', { token })).json.data;
    const models = `POST /api/admin/providers/${first.id}/models`;
    assert.equal((await gateway.management.ask(models, { token, body: { contextLength: -1 } })).status, 422);
    const model = await gateway.one('model-rejected');
    assert.deepEqual([model.subject, model.severity], ['operation models.create', 'info']);
    assert.match(model.cause, /rejected once with VALIDATION_ERROR: .*identifier/);
    assert.match(model.remedy, /\/openapi\.json/);
    await gateway.management.ask('POST /api/admin/providers/import', { token, body: { nothing: true } });
    assert.equal((await gateway.one('import-rejected')).severity, 'info');
    const { status } = await gateway.management.ask('POST /api/admin/provider-templates/no-such/apply', {
      token,
      body: {},
    });
    assert.ok(status >= 400 && status < 500, String(status));
    assert.equal((await gateway.one('template-rejected')).severity, 'info');
  });
});
