import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';

import {
  AuthError,
  newFileTokenStorage,
  newMemoryTokenStorage,
  newOAuthAuthenticator,
  type OAuthAuthenticator,
  type OAuthConfig,
  type StoredToken,
  type TokenStorage,
} from '../../src/kit/auth.ts';
import { systemClock } from '../../src/model/clock.ts';
import { TokenServer, type Answer } from './token-server.ts';

let server: TokenServer;
let storage: TokenStorage;
let shiftMs: number;
const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + shiftMs };

const configOf = (more: OAuthConfig = {}): OAuthConfig => ({
  clientId: 'client',
  clientSecret: 'secret-of-tests',
  authUrl: `${server.url}/authorize`,
  tokenUrl: `${server.url}/token`,
  revokeUrl: `${server.url}/revoke`,
  redirectUrl: 'http://localhost:8080/callback',
  defaultScopes: ['https://www.googleapis.com/auth/cloud-platform'],
  ...more,
});
const authenticatorOf = (more?: OAuthConfig, kept: TokenStorage = storage): OAuthAuthenticator =>
  newOAuthAuthenticator('gemini', kept, configOf(more), { clock });
/** A stored token that ends in so many milliseconds. */
const store = async (leftMs: number, more: Partial<StoredToken> = {}): Promise<void> =>
  storage.storeToken('gemini', {
    accessToken: 'old-access-of-tests',
    refreshToken: server.sellRefreshToken(),
    expiresAt: new Date(clock.nowMs() + leftMs),
    ...more,
  });
const errorOf = async (running: Promise<unknown>): Promise<AuthError> => {
  const error: unknown = await running.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AuthError, String(error));
  return error;
};

before(async () => {
  server = await TokenServer.start();
});
after(() => server.close());
beforeEach(() => {
  server.told.length = 0;
  server.answers.length = 0;
  server.livesS = 3600;
  storage = newMemoryTokenStorage({ clock });
  shiftMs = 0;
});

describe('Authentication Failures: OAuth token expired', () => {
  it('renews by itself, five minutes before the end', async () => {
    await store(299_000);
    const authenticator = authenticatorOf({ refresh: { enabled: true, buffer: 5 * 60_000 } });
    assert.equal(await authenticator.getToken(), 'old-access-of-tests');
    // Joins the renewal that the call before began.
    await authenticator.refreshToken();
    assert.equal(server.asked('refresh_token'), 1);
    assert.match(await authenticator.getToken(), /^access-of-tests-/);
  });

  it('leaves a token alone that ends later than the buffer', async () => {
    await store(301_000);
    assert.equal(await authenticatorOf().getToken(), 'old-access-of-tests');
    assert.equal(server.told.length, 0);
    const careful = authenticatorOf({ refresh: { buffer: 30 * 60_000 } });
    assert.equal(await careful.getToken(), 'old-access-of-tests');
    await careful.refreshToken();
    assert.equal(server.asked('refresh_token'), 1);
  });

  it('asks the server once however many ask for a token that ended', async () => {
    await store(-1000);
    const authenticator = authenticatorOf();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => authenticator.getToken()));
    assert.equal(server.asked('refresh_token'), 1);
    assert.equal(new Set(tokens).size, 1);
    assert.match(tokens[0] ?? '', /^access-of-tests-/);
    const stored = await storage.retrieveToken('gemini');
    assert.equal(stored?.accessToken, tokens[0]);
  });

  it('asks the server once although several stores share one file, where a refresh token counts once', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'shared-tokens-'));
    const file = path.join(folder, '.tokens.json');
    try {
      storage = newFileTokenStorage(file);
      await store(-1000);
      const all = Array.from({ length: 6 }, () => authenticatorOf({}, newFileTokenStorage(file)));
      const tokens = await Promise.all(all.map((each) => each.getToken()));
      assert.equal(new Set(tokens).size, 1);
      assert.equal(server.asked('refresh_token'), 1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says token_expired where the renewal is refused, with the reason', async () => {
    await store(-1000, { refreshToken: 'revoked' });
    const error = await errorOf(authenticatorOf().getToken());
    assert.equal(String(error), 'gemini authentication error: Stored token expired and refresh failed (token_expired)');
    assert.equal(error.isRetryable(), true);
    assert.equal(error.details, 'Token refresh failed with status 400');
    assert.equal((error.cause as AuthError).code, 'refresh_failed');
  });

  it('says so, too, where refresh is disabled or there is no refresh token, and asks nobody', async () => {
    await store(-1000);
    const disabled = await errorOf(authenticatorOf({ refresh: { enabled: false } }).getToken());
    assert.equal(disabled.code, 'token_expired');
    assert.match(disabled.message, /refresh is disabled/);
    await store(-1000, { refreshToken: '' });
    const without = await errorOf(authenticatorOf().getToken());
    assert.match(without.message, /no refresh token/);
    assert.equal(server.told.length, 0);
  });

  it('is refreshed by hand, or signed in again', async () => {
    await store(-1000, { refreshToken: 'revoked' });
    const authenticator = authenticatorOf();
    assert.equal(await authenticator.isAuthenticated(), false);
    const error = await errorOf(authenticator.refreshToken());
    assert.equal(String(error), 'gemini authentication error: Token refresh failed with status 400 (refresh_failed)');
    assert.match(error.details, /invalid_grant/);
    assert.doesNotMatch(JSON.stringify(error), /revoked/);
    const { code, state } = server.agree(await authenticator.startOAuthFlow(['openid']));
    await authenticator.handleCallback(code, state);
    assert.equal(await authenticator.isAuthenticated(), true);
    assert.match(await authenticator.getToken(), /^access-of-tests-/);
  });

  it('starts from scratch after logout, which gives the token up at the server', async () => {
    await store(3_600_000);
    const authenticator = authenticatorOf();
    assert.deepEqual(await authenticator.logout(), { isRevoked: true });
    assert.equal(await storage.retrieveToken('gemini'), undefined);
    assert.equal(await authenticator.isAuthenticated(), false);
    assert.match(server.told[0]?.form['token'] ?? '', /^refresh-of-tests-/);
    assert.equal(server.told[0]?.form['token_type_hint'], 'refresh_token');
    const error = await errorOf(authenticator.getToken());
    assert.equal(error.code, 'invalid_credentials');
    assert.match(error.message, /startOAuthFlow/);
  });
});

describe('Token Refresh Failures: OAuth token refresh failed', () => {
  const CASES: readonly (readonly [string, Answer, string, RegExp])[] = [
    [
      '400',
      { status: 400, body: { error: 'invalid_grant' } },
      'refresh_failed',
      /^Token refresh failed with status 400$/,
    ],
    ['401', { status: 401, body: { error: 'invalid_client' } }, 'refresh_failed', /with status 401$/],
    ['403', { status: 403, body: '{}' }, 'refresh_failed', /with status 403$/],
    ['429', { status: 429, body: '' }, 'refresh_failed', /with status 429$/],
    ['500', { status: 500, body: '<html>' }, 'refresh_failed', /with status 500$/],
    ['200 without a token', { status: 200, body: '{}' }, 'refresh_failed', /without a token/],
    ['200 with garbage', { status: 200, body: '<html>' }, 'refresh_failed', /without a token/],
    ['a broken connection', 'reset', 'network_error', /could not be reached/],
    ['silence', 'silence', 'network_error', /did not answer within 0\.2 s/],
  ];
  for (const [name, answer, code, message] of CASES)
    it(`says ${code} when the server answers with ${name}, and keeps the tokens`, async () => {
      await store(60_000);
      server.answers.push(answer);
      const authenticator = authenticatorOf({ http: { timeout: 200 } });
      const error = await errorOf(authenticator.refreshToken());
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.equal(error.isRetryable(), true);
      assert.equal(await authenticator.getToken(), 'old-access-of-tests');
    });

  it('says network_error when nobody listens', async () => {
    const gone = await TokenServer.start();
    await gone.close();
    await store(-1000);
    const error = await errorOf(authenticatorOf({ tokenUrl: `${gone.url}/token` }).getToken());
    assert.equal(error.code, 'network_error');
    assert.match(error.message, /ECONNREFUSED/);
  });

  it('spares a server in trouble, and serves again once it is well', async () => {
    await store(-1000);
    const authenticator = authenticatorOf();
    server.answers.push({ status: 500, body: '' });
    await errorOf(authenticator.getToken());
    await errorOf(authenticator.getToken());
    assert.equal(server.asked('refresh_token'), 1);
    shiftMs = 3000;
    assert.match(await authenticator.getToken(), /^access-of-tests-/);
  });

  it('shows what is known of the token, masked', async () => {
    await store(-1000, { refreshToken: '', accessToken: 'a-long-access-token-of-tests' });
    const info = await authenticatorOf().getTokenInfo();
    assert.equal(info.isExpired, true);
    assert.equal(info.refreshToken, '');
    assert.equal(info.expiresIn, 0);
    assert.equal(info.accessToken, '********ests');
    await storage.deleteToken('gemini');
    assert.equal((await errorOf(authenticatorOf().getTokenInfo())).code, 'invalid_credentials');
  });

  it('tells the callback of renewed tokens, and says what it threw', async () => {
    await store(-1000);
    const told: unknown[] = [];
    const authenticator = authenticatorOf({
      http: { timeout: 30_000, userAgent: 'AI-Provider-Kit/1.0' },
      onTokenRefresh: (...tokens) => void told.push(tokens),
    });
    await authenticator.refreshToken();
    const token = await authenticator.getToken();
    const stored = await storage.retrieveToken('gemini');
    assert.deepEqual(told, [['gemini', token, stored?.refreshToken, stored?.expiresAt]]);
    assert.equal(server.told[0]?.userAgent, 'AI-Provider-Kit/1.0');
    const failing = authenticatorOf({ onTokenRefresh: () => Promise.reject(new Error('disk full')) });
    const error = await errorOf(failing.refreshToken());
    assert.equal(error.code, 'storage_error');
    assert.match(error.message, /disk full/);
  });

  it('renews within the hour what can be renewed and has no end', async () => {
    server.livesS = undefined;
    const authenticator = authenticatorOf();
    const { code, state } = server.agree(await authenticator.startOAuthFlow());
    await authenticator.handleCallback(code, state);
    assert.equal((await storage.retrieveToken('gemini'))?.expiresAt !== undefined, true);
    shiftMs = 3_600_000;
    await authenticator.getToken();
    assert.equal(server.asked('refresh_token'), 1);
  });
});

describe('PKCE errors', () => {
  it('proves with S256 and a verifier of 128 characters that the code is ours', async () => {
    const authenticator = authenticatorOf({ pkce: { enabled: true, method: 'S256', verifierLength: 128 } });
    const { code, state, asked } = server.agree(await authenticator.startOAuthFlow());
    assert.equal(asked.get('code_challenge_method'), 'S256');
    assert.match(asked.get('code_challenge') ?? '', /^[\w-]{43}$/);
    await authenticator.handleCallback(code, state);
    assert.match(server.told[0]?.form['code_verifier'] ?? '', /^[\w.~-]{128}$/);
  });

  it('takes any length that the standard allows, and no other', async () => {
    for (const verifierLength of [43, 44, 127]) {
      const authenticator = authenticatorOf({ pkce: { verifierLength } });
      const { code, state } = server.agree(await authenticator.startOAuthFlow());
      await authenticator.handleCallback(code, state);
      assert.equal(server.told.at(-1)?.form['code_verifier']?.length, verifierLength);
    }
    for (const pkce of [{ verifierLength: 42 }, { verifierLength: 129 }, { verifierLength: 50.5 }, { method: 'plain' }])
      assert.throws(() => authenticatorOf({ pkce }), { code: 'invalid_config' });
  });

  it('fails with oauth_flow_failed where the proof does not fit', async () => {
    const authenticator = authenticatorOf();
    const first = server.agree(await authenticator.startOAuthFlow());
    const second = server.agree(await authenticator.startOAuthFlow());
    const error = await errorOf(authenticator.handleCallback(first.code, second.state));
    assert.equal(error.code, 'oauth_flow_failed');
    assert.match(error.message, /invalid_grant/);
  });

  it('is left out for servers that do not know it', async () => {
    const authenticator = authenticatorOf({ pkce: { enabled: false } });
    const { code, state, asked } = server.agree(await authenticator.startOAuthFlow());
    assert.equal(asked.has('code_challenge'), false);
    assert.equal(asked.has('code_challenge_method'), false);
    await authenticator.handleCallback(code, state);
    assert.equal('code_verifier' in (server.told[0]?.form ?? {}), false);
  });
});

describe('State validation failures: invalid OAuth state error', () => {
  it('takes each state once, of ours, and within ten minutes', async () => {
    const authenticator = authenticatorOf({ state: { enableValidation: true, length: 32 } });
    const { code, state } = server.agree(await authenticator.startOAuthFlow());
    assert.equal(Buffer.from(state, 'base64url').length, 32);
    const foreign = await errorOf(authenticator.handleCallback(code, 'of-somebody-else'));
    assert.equal(foreign.code, 'oauth_flow_failed');
    assert.equal(foreign.isRetryable(), false);
    assert.match(foreign.message, /^Invalid OAuth state/);
    await authenticator.handleCallback(code, state);
    assert.equal((await errorOf(authenticator.handleCallback(code, state))).code, 'oauth_flow_failed');
    const late = server.agree(await authenticator.startOAuthFlow());
    shiftMs = 600_000;
    assert.equal((await errorOf(authenticator.handleCallback(late.code, late.state))).code, 'oauth_flow_failed');
    assert.equal(server.asked('authorization_code'), 1);
  });

  it('may be switched off where PKCE guards the sign-in, and only there', async () => {
    const authenticator = authenticatorOf({ state: { enableValidation: false } });
    const { code } = server.agree(await authenticator.startOAuthFlow());
    await authenticator.handleCallback(code, 'lost on the way');
    assert.equal(await authenticator.isAuthenticated(), true);
    assert.throws(() => authenticatorOf({ state: { enableValidation: false }, pkce: { enabled: false } }), {
      code: 'invalid_config',
    });
  });

  it('reads the whole address that the browser came back to, and why the server said no', async () => {
    const authenticator = authenticatorOf();
    const good = server.agree(await authenticator.startOAuthFlow());
    await authenticator.handleCallbackUrl(`http://localhost:8080/callback?code=${good.code}&state=${good.state}`);
    assert.equal(await authenticator.isAuthenticated(), true);
    const denied = server.agree(await authenticator.startOAuthFlow());
    const url = `/callback?error=access_denied&state=${denied.state}`;
    const error = await errorOf(authenticator.handleCallbackUrl(url));
    assert.equal(error.code, 'oauth_flow_failed');
    assert.match(error.message, /access_denied/);
  });
});

describe('Gemini: OAuth setup', () => {
  it('opens the address that is documented, with Google’s where none are given', async () => {
    const authenticator = newOAuthAuthenticator('gemini', storage, {
      clientId: 'your-client-id.apps.googleusercontent.com',
      clientSecret: 'your-client-secret',
      redirectUrl: 'http://localhost:8080/callback',
    });
    const url = new URL(await authenticator.startOAuthFlow(['https://www.googleapis.com/auth/cloud-platform']));
    assert.equal(url.origin + url.pathname, 'https://accounts.google.com/o/oauth2/v2/auth');
    assert.equal(url.searchParams.get('client_id'), 'your-client-id.apps.googleusercontent.com');
    assert.equal(url.searchParams.get('redirect_uri'), 'http://localhost:8080/callback');
    assert.equal(url.searchParams.get('scope'), 'https://www.googleapis.com/auth/cloud-platform');
    assert.equal(url.searchParams.get('access_type'), 'offline');
  });

  it('names the field that is missing when it is needed, and not before', async () => {
    const authenticator = newOAuthAuthenticator('gemini', storage, { refresh: { enabled: true, buffer: 300_000 } });
    assert.equal(authenticator.isOAuthEnabled(), false);
    const error = await errorOf(authenticator.startOAuthFlow());
    assert.equal(error.code, 'invalid_config');
    assert.match(error.message, /^required field missing: clientId\./);
  });

  it('shows its tokens to nobody but the server that it was told of', async () => {
    await store(3_600_000);
    const { revokeUrl: _, ...config } = configOf();
    const authenticator = newOAuthAuthenticator('gemini', storage, config, { clock });
    assert.deepEqual(await authenticator.logout(), { isRevoked: false });
    assert.equal(server.told.length, 0);
    const inClear = authenticatorOf({ tokenUrl: 'http://tokens.example/token' });
    await store(-1000);
    assert.equal((await errorOf(inClear.getToken())).code, 'invalid_config');
  });
});
