import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { Secret } from '@patchbay/llm/credentials/secret';

import { callbackPolicy } from '../../src/operations/oauth/callback-page.ts';
import { as, until } from '../accounts/account-gateway.ts';
import { AuthorizationServer } from '../support/authorization-server.ts';
import { startOAuth, variablesFor, type OAuthGateway, type Seen } from './oauth-gateway.ts';

let server: AuthorizationServer;
let oauth: OAuthGateway;

before(async () => {
  server = await AuthorizationServer.start();
  oauth = await startOAuth(server, {
    ...variablesFor(server),
    ...variablesFor(server, 'ANTIGRAVITY'),
    QWEN_OAUTH_CLIENT_ID: server.clientId,
    QWEN_OAUTH_DEVICE_URL: `${server.url}/device`,
    QWEN_OAUTH_TOKEN_URL: `${server.url}/token`,
    OIDC_OAUTH_CLIENT_ID: server.clientId,
    OIDC_OAUTH_CLIENT_SECRET: server.clientSecret,
    OIDC_OAUTH_ISSUER: server.url,
    OIDC_OAUTH_PROVIDER: 'openai',
  });
});
after(async () => {
  await oauth.close();
  await server.close();
});
beforeEach(async () => {
  server.seen.length = 0;
  for (const { id } of await oauth.store.rows.accounts.all()) await oauth.store.rows.accounts.remove(id);
});

const begin = (body: object, by = as('admin')): Promise<Seen> => oauth.does('oauth.init', { body }, by);
const codeOf = (answer: Seen): string => String(answer.code);

/** Signs an account in as a person does; resolves to what the exchange answers. */
async function signIn(body: object = { provider: 'openai', flow_type: 'manual' }, by = as('admin')): Promise<Seen> {
  const { auth_url } = await begin(body, by);
  return oauth.does('oauth.exchange', { body: { callback_url: await server.agree(auth_url) } }, by);
}

describe('the list of ways to sign in', () => {
  it('says which are configured, and which variables the others want', async () => {
    const { providers } = await oauth.does('oauth.providers');
    const of = (id: string): Seen => providers.find((each: Seen) => each.id === id);
    assert.deepEqual([of('openai').configured, of('openai').missing], [true, []]);
    assert.deepEqual(of('google').missing, ['GOOGLE_OAUTH_CLIENT_ID', 'GOOGLE_OAUTH_CLIENT_SECRET']);
    assert.deepEqual([of('openrouter').configured, of('qwen').flows], [true, ['device_code']]);
  });
});

describe('beginning', () => {
  it('answers an address with a proof, and a state that is kept ten minutes', async () => {
    const started = await begin({ provider: 'openai' });
    const { searchParams: asked } = new URL(started.auth_url);
    assert.equal(asked.get('code_challenge_method'), 'S256');
    assert.equal(asked.get('redirect_uri'), 'http://localhost:8000/api/v1/oauth/callback');
    assert.equal(asked.get('state'), started.state);
    assert.equal(started.flow_type, 'auto');
    const endsMs = Date.parse(started.expires_at) - Date.now();
    assert.ok(endsMs > 590_000 && endsMs <= 600_000, String(endsMs));
    assert.ok(await oauth.cache.get(`oauth:session:${started.state}`));
    assert.equal((await oauth.does('oauth.status', { params: { state: started.state } })).status, 'pending');
  });

  it('says what is missing', async () => {
    assert.match(
      (await begin({ provider: 'google' })).message,
      /Set GOOGLE_OAUTH_CLIENT_ID and GOOGLE_OAUTH_CLIENT_SECRET/,
    );
    assert.equal((await begin({ provider: 'nobody' })).message, 'provider not found: nobody');
    assert.match((await begin({ provider: 'antigravity' })).message, /project_id is required/);
    assert.match((await begin({ provider: 'openai', flow_type: 'device' })).message, /no device codes/);
    for (const redirect_uri of ['http://attacker.example/x', 'javascript:alert(1)', 'https://a@b.example/'])
      assert.equal(codeOf(await begin({ provider: 'openai', redirect_uri })), 'VALIDATION_ERROR', redirect_uri);
  });
});

describe('ending', () => {
  it('adds an account that serves at once', async () => {
    const { success, account } = await signIn({ provider: 'openai', flow_type: 'manual', label: 'mine' });
    assert.deepEqual(
      [success, account.provider_id, account.auth_kind, account.label],
      [true, 'openai', 'oauth', 'mine'],
    );
    assert.equal(account.auth_data.token_url, `${server.url}/token`);
    assert.equal(account.auth_data.client_secret, undefined);
    assert.equal(account.created_by, 'admin');
    assert.equal((await oauth.chat()).status, 200);
  });

  it('keeps the project of an account that works for one', async () => {
    const { account } = await signIn({ provider: 'antigravity', flow_type: 'manual', project_id: 'p-1' });
    assert.equal(account.metadata.project_id, 'p-1');
    assert.equal(account.auth_data.project_id, 'p-1');
  });

  it('takes a code and a state as well, and an issuer’s discovery document', async () => {
    const { auth_url, state } = await begin({ provider: 'oidc', flow_type: 'manual' });
    const { searchParams } = new URL(await server.agree(auth_url));
    const asked = { body: { callback_url: `http://x/?iss=${server.url}`, code: searchParams.get('code'), state } };
    assert.equal((await oauth.does('oauth.exchange', asked)).account.provider_id, 'openai');
  });

  it('works once, also when two try at the same time', async () => {
    const { auth_url, state } = await begin({ provider: 'openai', flow_type: 'manual' });
    const body = { callback_url: await server.agree(auth_url) };
    const answers = await Promise.all([1, 2, 3].map(() => oauth.does('oauth.exchange', { body })));
    assert.equal(answers.filter(({ success }) => success).length, 1);
    assert.equal(server.seen.filter(({ path }) => path === '/token').length, 1);
    assert.equal((await oauth.does('oauth.status', { params: { state } })).status, 'done');
    assert.match((await oauth.does('oauth.exchange', { body })).message, /used already/);
  });

  it('is for who began it, and for administrators', async () => {
    const { auth_url, state } = await begin({ provider: 'openai', flow_type: 'manual' }, as('user', 'ada'));
    const body = { callback_url: await server.agree(auth_url) };
    assert.equal(codeOf(await oauth.does('oauth.exchange', { body }, as('user', 'eve'))), 'VALIDATION_ERROR');
    assert.equal(codeOf(await oauth.does('oauth.status', { params: { state } }, as('user', 'eve'))), 'NOT_FOUND');
    const { account } = await oauth.does('oauth.exchange', { body }, as('user', 'ada'));
    assert.equal(account.created_by, 'ada');
    assert.equal(
      codeOf(await oauth.does('oauth.refresh', { body: { account_id: account.id } }, as('user', 'eve'))),
      'NOT_FOUND',
    );
  });

  it('refuses unknown states, states whose time is over, and the user’s no', async () => {
    const body = { callback_url: 'http://localhost:8000/api/v1/oauth/callback?code=x&state=made-up' };
    assert.match((await oauth.does('oauth.exchange', { body })).message, /never began/);
    const late = await begin({ provider: 'openai' });
    const id = createHash('sha256').update(late.state).digest('hex');
    await oauth.store.rows.oauthSessions.update(id, { expiresAtMs: Date.now() - 1 });
    const back = { callback_url: await server.agree(late.auth_url) };
    assert.equal(codeOf(await oauth.does('oauth.exchange', { body: back })), 'VALIDATION_ERROR');
    assert.equal((await oauth.does('oauth.status', { params: { state: late.state } })).status, 'expired');
    const { state } = await begin({ provider: 'openai' });
    const denied = { callback_url: `http://x/?error=access_denied&state=${state}` };
    assert.match((await oauth.does('oauth.exchange', { body: denied })).message, /access_denied/);
    const { status, error } = await oauth.does('oauth.status', { params: { state } });
    assert.deepEqual([status, /access_denied/.test(error)], ['failed', true]);
  });
});

describe('the page that browsers come back to', () => {
  it('signs in, tells its opener alone, and runs nothing but its own script', async () => {
    const { auth_url } = await begin({ provider: 'openai' }, as('user', 'ada'));
    const query = Object.fromEntries(new URL(await server.agree(auth_url)).searchParams);
    const page: string = await oauth.does('oauth.callback', { query });
    const [account] = await oauth.store.rows.accounts.all();
    assert.equal(account?.createdBy, 'ada');
    assert.match(page, /&quot;type&quot;:&quot;oauth_success&quot;/);
    assert.match(page, /&quot;origins&quot;:\[&quot;https:\/\/console.example&quot;\]/);
    assert.doesNotMatch(page, /postMessage\([^)]*'\*'/);
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    assert.ok(callbackPolicy().includes(`script-src 'sha256-${hash}'`));
    assert.ok(script.includes('2000') && script.includes('3000'));
  });

  it('shows what went wrong as text', async () => {
    const query = { error: '"><script>alert(1)</script>', state: 'made-up' };
    const { state } = await begin({ provider: 'openai' });
    for (const each of [query, { ...query, state }]) {
      const page: string = await oauth.does('oauth.callback', { query: each });
      assert.match(page, /oauth_error/);
      assert.doesNotMatch(page, /<script>alert/);
    }
  });
});

describe('signing in on another device', () => {
  it('ends when the status is asked for after the user has typed the code in', async () => {
    const started = await begin({ provider: 'qwen' });
    assert.deepEqual([started.flow_type, started.interval], ['device', 1]);
    const status = async (): Promise<Seen> => oauth.does('oauth.status', { params: { state: started.state } });
    assert.equal((await status()).status, 'pending');
    assert.equal(server.seen.filter(({ path }) => path === '/token').length, 0);
    server.answerDevice(started.user_code, 'approved');
    await until(async () => (await status()).status === 'done');
    const account = await oauth.store.rows.accounts.get((await status()).account_id);
    assert.equal(account?.providerId, 'qwen');
    const polls = server.seen.filter(({ path }) => path === '/token').length;
    assert.equal(polls, 1);
  });
});

describe('keeping an account signed in', () => {
  it('renews its token ahead of calls, on demand, and by the call that is refused', async () => {
    const { account } = await signIn();
    const before = server.refreshes;
    const body = { account_id: account.id };
    assert.equal((await oauth.does('oauth.refresh', { body })).success, true);
    assert.equal(server.refreshes, before + 1);
    assert.equal((await oauth.chat()).status, 200);
    const sent = oauth.upstream.seen.at(-1)?.headers.authorization?.replace('Bearer ', '') ?? '';
    server.withdraw(sent);
    assert.equal((await oauth.chat()).status, 200);
    assert.equal(server.refreshes, before + 2);
  });

  it('parks it after one renewal for a refused token, and says why', async () => {
    const { account } = await signIn();
    assert.equal((await oauth.chat()).status, 200);
    const sent = oauth.upstream.seen.at(-1)?.headers.authorization?.replace('Bearer ', '') ?? '';
    server.withdraw(sent);
    const row = await oauth.store.rows.accounts.get(account.id);
    const opened = await oauth.store.secrets.openAuthData(account.id, row?.authData ?? null);
    assert.ok(opened.ok);
    server.kill((opened.value as { refresh_token: Secret }).refresh_token.reveal());
    const asked = server.seen.length;
    const refused = await oauth.chat();
    assert.ok(refused.status >= 400, String(refused.status));
    const parked = await oauth.store.rows.accounts.get(account.id);
    assert.match(parked?.lastErrorMsg ?? '', /Failed to refresh OAuth token: invalid_grant/);
    await oauth.chat();
    assert.equal(server.seen.length, asked + 1);
    const again = await oauth.does('oauth.refresh', { body: { account_id: account.id } });
    assert.deepEqual(
      [again.code, /Failed to refresh OAuth token/.test(again.message)],
      ['EXTERNAL_SERVICE_ERROR', true],
    );
  });

  it('works again when somebody signs it in again', async () => {
    const { account } = await signIn();
    const dead = {
      access_token: 'canary-access-dead-dead',
      refresh_token: 'canary-refresh-dead-dead',
      expires_at: '2020-01-01T00:00:00Z',
    };
    await oauth.does('accounts.update', { params: { id: account.id }, body: { auth_data: dead } });
    assert.ok((await oauth.chat()).status >= 400);
    const { access_token, refresh_token } = server.sell();
    const auth_data = { access_token, refresh_token, expires_at: new Date(Date.now() + 3_600_000).toISOString() };
    await oauth.does('accounts.update', { params: { id: account.id }, body: { auth_data } });
    assert.equal((await oauth.chat()).status, 200);
  });

  it('sends our client’s secret nowhere but to our own token address', async () => {
    const other = await AuthorizationServer.start();
    for (const client_id of ['theirs', server.clientId]) {
      const auth_data = { refresh_token: 'canary-refresh-theft', token_url: `${other.url}/token`, client_id };
      const body = { provider_id: 'openai', auth_data };
      const { id } = await oauth.does('accounts.create', { body }, as('user', 'eve'));
      await oauth.does('oauth.refresh', { body: { account_id: id } }, as('user', 'eve'));
    }
    assert.deepEqual(
      other.seen.map(({ form }) => form['client_secret']),
      [undefined, undefined],
    );
    await other.close();
  });

  it('gives its tokens up and switches it off', async () => {
    const { account } = await signIn({ provider: 'oidc', flow_type: 'manual' });
    const body = { account_id: account.id };
    assert.match((await oauth.does('oauth.revoke', { body })).message, /given up at the provider/);
    assert.equal(server.seen.filter(({ path }) => path === '/revoke').length, 1);
    const row = await oauth.store.rows.accounts.get(account.id);
    assert.equal(row?.isActive, false);
    assert.deepEqual(
      Object.keys(row?.authData as object).filter((name) => /access|refresh/.test(name)),
      [],
    );
  });
});

describe('secrets', () => {
  it('stand in no answer, record, log, file or address of ours', async () => {
    await signIn();
    await oauth.chat();
    const canaries = /canary-(?:access|refresh|code|device|client-secret)/;
    for (const each of oauth.said) assert.doesNotMatch(each, canaries);
    assert.doesNotMatch(await oauth.files(), canaries);
    for (const { path } of server.seen) assert.doesNotMatch(path, canaries);
  });
});
