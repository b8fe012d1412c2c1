import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { readOAuth } from '../../src/config/oauth-settings.ts';
import { ADMIN_KEY, startManagement, type Answered, type ManagementGateway } from '../management/management-gateway.ts';
import { variablesFor } from '../oauth/oauth-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { AuthorizationServer } from '../support/authorization-server.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider } from '../support/test-gateway.ts';

const [SQLITE] = ENGINES;
const SECRET = /canary-(?:access|refresh|code|client-secret)/;

describe('the kit interface signs accounts in', () => {
  let made: TestStore;
  let server: AuthorizationServer;
  let upstream: ScriptedUpstream;
  let gateway: ManagementGateway;
  const said: string[] = [];
  const ask = async (route: string, token?: string): Promise<Answered> => {
    const answered = await gateway.ask(route, token === undefined ? {} : { token });
    said.push(answered.text);
    return answered;
  };
  const asAdmin = (route: string) => ask(route, ADMIN_KEY);
  /** A browser that is not signed in here, and does not follow where it is sent. */
  const asBrowser = (path: string, token?: string) =>
    fetch(gateway.url + path, {
      redirect: 'manual',
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    });
  const callbackUrl = (name = 'openai') => `${gateway.url}/api/oauth/${name}/callback`;
  const begin = async (name = 'openai', token = ADMIN_KEY) => {
    const query = new URLSearchParams({ response: 'json', redirect_uri: callbackUrl(name) });
    const { status, json, text } = await ask(`POST /api/oauth/${name}/initiate?${query.toString()}`, token);
    assert.equal(status, 200, text);
    return json.data as { provider: string; auth_url: string; state: string };
  };
  const signIn = async (name = 'openai', token = ADMIN_KEY) => {
    const { auth_url: address } = await begin(name, token);
    const back = new URL(await server.agree(address));
    return ask(`GET ${back.pathname}${back.search}`);
  };
  const statusOf = async (name = 'openai') => (await asAdmin(`GET /api/oauth/${name}/status`)).json.data;

  before(async () => {
    made = await (SQLITE ?? assert.fail()).make();
    server = await AuthorizationServer.start();
    upstream = await startUpstream((_, response) => sendJson(response, 200, { data: [] }));
    const values = new Map(
      Object.entries({
        ...variablesFor(server),
        OIDC_OAUTH_ISSUER: server.url,
        OIDC_OAUTH_PROVIDER: 'mistral',
        OIDC_OAUTH_CLIENT_ID: server.clientId,
        OIDC_OAUTH_CLIENT_SECRET: server.clientSecret,
        QWEN_OAUTH_CLIENT_ID: server.clientId,
        QWEN_OAUTH_TOKEN_URL: `${server.url}/token`,
        QWEN_OAUTH_DEVICE_URL: `${server.url}/device`,
      }),
    );
    gateway = await startManagement(
      made.store,
      {},
      {
        providers: [
          provider('openai', `${upstream.url}/v1`, 'sk-of-the-settings'),
          provider('mistral', `${upstream.url}/v1`, 'mk-of-the-settings'),
          provider('groq', `${upstream.url}/v1`, 'gsk-of-the-settings'),
        ],
        egressAllow: ['127.0.0.1'],
        oauth: readOAuth({ values, sources: new Map(), problems: [] }),
      },
    );
  });
  afterEach(async () => {
    for (const { id } of await made.store.rows.accounts.all()) await made.store.rows.accounts.remove(id);
  });
  after(async () => {
    await gateway.close();
    await made.close();
    await server.close();
    await upstream.close();
    assert.doesNotMatch(said.join('\n'), SECRET);
  });

  it('sends a browser to the provider, and says where with response=json', async () => {
    const sent = await asBrowser('/api/oauth/openai/initiate?scopes=openid,email', ADMIN_KEY);
    const address = new URL(sent.headers.get('location') ?? '');
    assert.deepEqual([sent.status, address.origin, address.pathname], [302, server.url, '/authorize']);
    assert.equal(address.searchParams.get('scope'), 'openid email');
    assert.equal(address.searchParams.get('code_challenge_method'), 'S256');
    assert.equal(sent.headers.get('cache-control'), 'no-store');
    const { provider: name, auth_url: url, state } = await begin();
    assert.deepEqual([name, new URL(url).searchParams.get('state')], ['openai', state]);
    assert.equal(new URL(url).searchParams.get('redirect_uri'), callbackUrl());
  });

  it('ends with an account that calls can use, and shows no token', async () => {
    const { status, json, headers } = await signIn();
    assert.deepEqual([status, json.success, json.data.provider, json.data.authenticated], [200, true, 'openai', true]);
    assert.deepEqual([json.data.expired, json.data.refreshable, json.data.token_type], [false, true, 'Bearer']);
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    const shown = await statusOf();
    assert.deepEqual(shown, json.data);
    const [account] = shown.accounts;
    const { items } = await made.store.rows.audit.page({ limit: 1, sortBy: 'atMs', sortOrder: 'desc' });
    assert.deepEqual([items[0]?.resourceId, items[0]?.action], [account.account_id, 'kit.oauthCallback']);
    const listed = (await asAdmin('GET /api/oauth/list')).json.data;
    assert.deepEqual(
      listed.accounts.find((each: { provider: string }) => each.provider === 'openai'),
      shown,
    );
    assert.equal(listed.count, listed.accounts.length);
    assert.deepEqual((await asAdmin('GET /api/oauth')).json.data, listed);
  });

  it('takes a state once, from its own provider, and with a code', async () => {
    const { auth_url: address } = await begin();
    const back = new URL(await server.agree(address));
    const elsewhere = await ask(`GET /api/oauth/qwen/callback${back.search}`);
    assert.deepEqual([elsewhere.status, elsewhere.json.error.code], [400, 'OAUTH_CALLBACK_FAILED']);
    assert.match(elsewhere.json.error.message, /another provider/);
    const codeless = await ask(`GET /api/oauth/openai/callback?state=${back.searchParams.get('state')}`);
    assert.deepEqual([codeless.status, codeless.json.error.code], [400, 'MISSING_PARAMETER']);
    assert.deepEqual(codeless.json.error.details, { parameter: 'code' });
    assert.equal((await ask(`POST /api/oauth/openai/callback${back.search}`)).status, 200);
    const again = await ask(`GET /api/oauth/openai/callback${back.search}`);
    assert.deepEqual([again.status, again.json.error.code], [400, 'OAUTH_CALLBACK_FAILED']);
    assert.deepEqual(again.json.error.details, { provider: 'openai', cause: 'oauth_flow_failed', retryable: false });
    assert.equal((await made.store.rows.accounts.all()).length, 1);
  });

  it('says what the provider refused', async () => {
    const { state } = await begin();
    const refused = await ask(
      `GET /api/oauth/openai/callback?error=access_denied&error_description=Not%20today&state=${state}`,
    );
    assert.deepEqual([refused.status, refused.json.error.code], [400, 'OAUTH_CALLBACK_FAILED']);
    assert.match(refused.json.error.message, /Not today|access_denied/);
    const broken = new URL(await server.agree((await begin()).auth_url));
    server.faults.push({ status: 503, body: '{}' }, { status: 503, body: '{}' }, { status: 503, body: '{}' });
    const lost = await ask(`GET ${broken.pathname}${broken.search}`);
    server.faults.length = 0;
    assert.deepEqual([lost.status, lost.json.error.code], [502, 'OAUTH_CALLBACK_FAILED']);
    assert.deepEqual([lost.json.error.details.cause, lost.json.error.details.retryable], ['network_error', true]);
  });

  it('renews a token now', async () => {
    await signIn();
    const before = server.refreshes;
    const { status, json } = await asAdmin('POST /api/oauth/openai/refresh');
    assert.deepEqual([status, json.data.authenticated, json.data.expired], [200, true, false]);
    assert.equal(server.refreshes, before + 1);
    server.faults.push({ status: 400, body: '{"error":"invalid_grant"}' });
    const refused = await asAdmin('POST /api/oauth/openai/refresh');
    assert.deepEqual([refused.status, refused.json.error.code], [502, 'REFRESH_FAILED']);
    assert.equal(refused.json.error.details.cause, 'refresh_failed');
    assert.equal((await statusOf()).refreshable, false);
  });

  it('gives tokens up by POST and by DELETE', async () => {
    for (const method of ['POST', 'DELETE']) {
      await signIn('mistral');
      const seen = server.seen.length;
      const { status, json } = await asAdmin(`${method} /api/oauth/mistral/revoke`);
      assert.deepEqual([status, json.data.authenticated, json.data.revoked], [200, false, true], method);
      assert.ok(server.seen.slice(seen).some((each) => each.path === '/revoke'));
      assert.deepEqual(await statusOf('mistral'), { provider: 'mistral', authenticated: false, accounts: [] });
    }
    await signIn();
    const untold = await asAdmin('POST /api/oauth/openai/revoke');
    assert.deepEqual([untold.status, untold.json.data.revoked], [200, false]);
    assert.match(untold.json.data.message, /takes no tokens back/);
    const nobody = await asAdmin('POST /api/oauth/openai/revoke');
    assert.deepEqual([nobody.status, nobody.json.error.code], [400, 'REVOKE_FAILED']);
    assert.match(nobody.json.error.message, /\/api\/oauth\/openai\/initiate/);
  });

  it('asks which of several accounts is meant', async () => {
    const ids = [(await signIn()).json.data.accounts[0].account_id, (await signIn()).json.data.accounts[0].account_id];
    const unclear = await asAdmin('POST /api/oauth/openai/refresh');
    assert.deepEqual([unclear.status, unclear.json.error.code], [400, 'MISSING_PARAMETER']);
    for (const id of ids) assert.match(unclear.json.error.message, new RegExp(id));
    const { json } = await asAdmin(`POST /api/oauth/openai/refresh?account_id=${ids[1]}`);
    assert.equal(json.data.accounts[0].account_id, ids[1]);
    const gone = await asAdmin('POST /api/oauth/openai/refresh?account_id=00000000-0000-4000-8000-000000000000');
    assert.deepEqual([gone.status, gone.json.error.code], [404, 'NOT_FOUND']);
  });

  it('signs in on another device, looked at by its state', async () => {
    const begun = await asAdmin('POST /api/oauth/qwen/initiate?flow_type=device');
    assert.equal(begun.status, 200, begun.text);
    const { user_code: code, state, interval } = begun.json.data;
    assert.ok(interval >= 1);
    server.answerDevice(code, 'approved');
    const look = async () => (await asAdmin(`GET /api/oauth/qwen/status?state=${state}`)).json.data;
    assert.equal((await look()).sign_in.status, 'pending');
    let seen = await look();
    while (seen.sign_in.status === 'pending') seen = await look();
    assert.deepEqual([seen.sign_in.status, seen.authenticated], ['done', true]);
    assert.equal(seen.accounts[0].account_id, seen.sign_in.account_id);
  });

  it('tells providers that nobody signs in to from those that there are not', async () => {
    for (const route of ['GET status', 'GET initiate', 'GET callback', 'POST refresh', 'DELETE revoke']) {
      const [method, step] = route.split(' ');
      const none = await asAdmin(`${method} /api/oauth/groq/${step}`);
      assert.deepEqual([none.status, none.json.error.code], [400, 'NOT_OAUTH_PROVIDER'], route);
      const unknown = await asAdmin(`${method} /api/oauth/nobody/${step}`);
      assert.deepEqual([unknown.status, unknown.json.error.code], [404, 'PROVIDER_NOT_FOUND'], route);
    }
    const unset = await asAdmin('GET /api/oauth/google/initiate');
    assert.deepEqual([unset.status, unset.json.error.code], [400, 'NOT_OAUTH_PROVIDER']);
    assert.match(unset.json.error.message, /Set GOOGLE_OAUTH_CLIENT_ID and GOOGLE_OAUTH_CLIENT_SECRET/);
    const wrong = await asAdmin('GET /api/oauth/openai/initiate?redirect_uri=http://far.example/');
    assert.deepEqual([wrong.status, wrong.json.error.code], [400, 'INVALID_REQUEST']);
    assert.equal(wrong.json.error.details.path, 'redirect_uri');
  });

  it('shows users their own accounts, and everybody no more than the callback', async () => {
    const user = await gateway.signIn('user');
    await signIn();
    const own = await signIn('openai', user);
    assert.equal(own.json.data.accounts.length, 1);
    const { json } = await ask('GET /api/oauth/openai/status', user);
    assert.deepEqual(json.data.accounts, own.json.data.accounts);
    assert.equal((await statusOf()).accounts.length, 2);
    // Who keeps accounts alive may not end them.
    const keeper = await gateway.signIn('provider');
    assert.equal((await ask('POST /api/oauth/openai/revoke', keeper)).status, 403);
    assert.equal((await ask('GET /api/oauth/openai/status', keeper)).json.data.accounts.length, 2);
    const viewer = await gateway.signIn('viewer');
    for (const route of ['GET /api/oauth', 'POST /api/oauth/openai/initiate', 'POST /api/oauth/openai/revoke']) {
      assert.equal((await ask(route)).status, 401, route);
      assert.equal((await ask(route, viewer)).status, 403, route);
    }
  });
});
