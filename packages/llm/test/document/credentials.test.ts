import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';

import {
  type AUTH_ERRORS,
  AuthError,
  AuthManagerBuilder,
  newApiKeyAuthenticator,
  newFileTokenStorage,
  newMemoryTokenStorage,
  newOAuthAuthenticator,
  type OAuthConfig,
} from '../../src/kit/auth.ts';
import { newKeyManager } from '../../src/kit/keys.ts';
import { TokenServer, type Answer } from './token-server.ts';

let server: TokenServer;
let folder: string;
const configOf = (more: OAuthConfig = {}): OAuthConfig => ({
  clientId: 'client',
  authUrl: `${server.url}/authorize`,
  tokenUrl: `${server.url}/token`,
  redirectUrl: 'http://localhost:8080/callback',
  ...more,
});
/** A sign-in whose code meets this answer. */
async function signIn(answer?: Answer): Promise<void> {
  const authenticator = newOAuthAuthenticator('gemini', newMemoryTokenStorage(), configOf());
  const { code, state } = server.agree(await authenticator.startOAuthFlow());
  if (answer !== undefined) server.answers.push(answer);
  await authenticator.handleCallback(code, state);
}
const expired = { accessToken: 'old', refreshToken: 'not-sold', expiresAt: new Date(0) };
const refusals = (error: string, status = 400): Answer => ({ status, body: { error } });

before(async () => {
  server = await TokenServer.start();
  folder = await mkdtemp(path.join(tmpdir(), 'auth-codes-'));
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  server.answers.length = 0;
  server.told.length = 0;
});

describe('Authentication Error Codes', () => {
  const CAUSES: Readonly<Record<keyof typeof AUTH_ERRORS, readonly [boolean, () => Promise<unknown>]>> = {
    invalid_credentials: [false, () => signIn(refusals('invalid_client', 401))],
    token_expired: [
      true,
      async () => newOAuthAuthenticator('gemini', newMemoryTokenStorage(), configOf(expired)).getToken(),
    ],
    refresh_failed: [
      true,
      async () => newOAuthAuthenticator('gemini', newMemoryTokenStorage(), configOf(expired)).refreshToken(),
    ],
    oauth_flow_failed: [false, () => signIn(refusals('invalid_grant'))],
    invalid_config: [false, () => newOAuthAuthenticator('gemini', newMemoryTokenStorage(), {}).startOAuthFlow()],
    network_error: [true, () => signIn('reset')],
    provider_unavailable: [true, () => signIn({ status: 503, body: 'down' })],
    scope_insufficient: [false, () => signIn(refusals('invalid_scope'))],
    key_rotation_failed: [
      true,
      () => {
        const authenticator = newApiKeyAuthenticator('openai', ['sk-only-key-of-tests']);
        authenticator.reportKeyFailure('sk-only-key-of-tests');
        return authenticator.rotateKey();
      },
    ],
    all_keys_exhausted: [true, () => newKeyManager('openai', ['a', 'b']).executeWithFailover(() => signIn('reset'))],
    storage_error: [
      true,
      async () => {
        const file = path.join(folder, 'unreadable.json');
        await mkdir(file, { recursive: true });
        await newFileTokenStorage(file, { layout: 'file' }).retrieveToken('gemini');
      },
    ],
    encryption_error: [
      false,
      async () => {
        const file = path.join(folder, 'sealed.json');
        await newFileTokenStorage(file, { encryptionKey: 'right' }).storeToken('gemini', expired);
        await newFileTokenStorage(file, { encryptionKey: 'wrong' }).retrieveToken('gemini');
      },
    ],
  };
  for (const [code, [isRetryable, meet]] of Object.entries(CAUSES))
    it(`${code} comes of a real cause and is ${isRetryable ? '' : 'not '}retryable`, async () => {
      const error: unknown = await meet().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof AuthError, String(error));
      assert.equal(error.code, code);
      assert.equal(error.isRetryable(), isRetryable);
      assert.equal(String(error), `${error.provider} authentication error: ${error.message} (${code})`);
    });

  it('tells sign-ins apart by what the server answered', async () => {
    const cases: readonly (readonly [Answer, string])[] = [
      [refusals('unauthorized_client'), 'invalid_credentials'],
      [refusals('insufficient_scope', 403), 'scope_insufficient'],
      [refusals('slow', 429), 'provider_unavailable'],
      [{ status: 500, body: '' }, 'provider_unavailable'],
      [{ status: 403, body: '{}' }, 'oauth_flow_failed'],
      [{ status: 200, body: '<html>garbage' }, 'oauth_flow_failed'],
      [{ status: 200, body: '{"access_token":7}' }, 'oauth_flow_failed'],
    ];
    for (const [answer, code] of cases)
      await assert.rejects(signIn(answer), { name: 'AuthError', code }, JSON.stringify(answer));
  });
});

describe('an API key authenticator', () => {
  it('presents its keys in turn, and is out of date when none is healthy', async () => {
    const authenticator = newApiKeyAuthenticator('openai', []);
    await assert.rejects(authenticator.authenticate(), { code: 'invalid_credentials' });
    await authenticator.authenticate({ apiKey: 'key-1' });
    await authenticator.authenticate({ apiKey: 'key-2' });
    assert.deepEqual([await authenticator.getToken(), await authenticator.rotateKey()], ['key-1', 'key-2']);
    assert.equal(authenticator.getAuthMethod(), 'api_key');
    for (let at = 0; at < 3; at += 1) for (const key of ['key-1', 'key-2']) authenticator.reportKeyFailure(key);
    assert.equal(await authenticator.isAuthenticated(), false);
    authenticator.reportKeySuccess('key-1');
    authenticator.reportKeySuccess('key-1');
    assert.equal(await authenticator.isAuthenticated(), true);
    await authenticator.logout();
    assert.deepEqual(authenticator.getKeyManager().getKeys(), []);
  });
});

describe('an auth manager', () => {
  it('holds accounts of several providers, and signs in to those that can be signed in to', async () => {
    const storage = newMemoryTokenStorage();
    const manager = new AuthManagerBuilder()
      .withStorage(storage)
      .withOAuth('gemini', configOf())
      .withApiKeys('openai', ['key-1'])
      .build();
    assert.deepEqual(await manager.getAuthenticatedProviders(), ['openai']);
    const { code, state } = server.agree(await manager.startOAuthFlow('gemini'));
    await manager.handleOAuthCallback('gemini', code, state);
    assert.deepEqual(await manager.getAuthStatus(), [
      { provider: 'gemini', method: 'oauth', isAuthenticated: true },
      { provider: 'openai', method: 'api_key', isAuthenticated: true },
    ]);
    assert.equal((await manager.getTokenInfo('gemini')).isExpired, false);
    const before = await manager.getAuthenticator('gemini').getToken();
    assert.deepEqual([...(await manager.refreshAllTokens())], []);
    assert.notEqual(await manager.getAuthenticator('gemini').getToken(), before);
    const visited: string[] = [];
    await manager.forEachAuthenticated((provider) => void visited.push(provider));
    assert.deepEqual(visited, ['gemini', 'openai']);
    await manager.logout('gemini');
    assert.deepEqual([await manager.isAuthenticated('gemini'), await storage.listTokens()], [false, []]);
    assert.equal((await manager.refreshAllTokens()).get('gemini') instanceof AuthError, true);
    assert.throws(() => manager.getAuthenticator('qwen'), {
      code: 'invalid_config',
      message: /there are: gemini, openai/,
    });
    assert.throws(() => manager.startOAuthFlow('openai'), { code: 'invalid_config' });
    assert.equal(manager.removeAuthenticator('openai'), true);
    manager.close();
    assert.deepEqual(await manager.getAuthStatus(), []);
  });

  it('deletes stored tokens that ended and cannot be renewed', async () => {
    const storage = newMemoryTokenStorage();
    const manager = new AuthManagerBuilder().withStorage(storage).build();
    await storage.storeToken('ended', { accessToken: 'a', expiresAt: new Date(1000) });
    await storage.storeToken('renewable', { accessToken: 'a', refreshToken: 'r', expiresAt: new Date(1000) });
    assert.deepEqual(await manager.cleanupExpired(999), []);
    assert.deepEqual(await manager.cleanupExpired(1000), ['ended']);
    assert.deepEqual(await storage.listTokens(), ['renewable']);
  });
});
