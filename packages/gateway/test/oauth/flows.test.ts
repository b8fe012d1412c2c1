import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  authorizationUrl,
  exchangeCode,
  readCallback,
  type SignIn,
} from '@patchbay/llm/credentials/oauth/authorization-code';
import { clientTokens } from '@patchbay/llm/credentials/oauth/client-credentials';
import type { OAuthClient } from '@patchbay/llm/credentials/oauth/definition';
import { anthropic } from '@patchbay/llm/credentials/oauth/definitions/anthropic';
import { google } from '@patchbay/llm/credentials/oauth/definitions/google';
import { openrouter } from '@patchbay/llm/credentials/oauth/definitions/openrouter';
import { pollDevice, startDeviceSignIn, waitForDevice } from '@patchbay/llm/credentials/oauth/device-code';
import { discoverEndpoints } from '@patchbay/llm/credentials/oauth/discovery';
import { newPkce } from '@patchbay/llm/credentials/oauth/pkce';
import { refreshTokens } from '@patchbay/llm/credentials/oauth/refresh';
import { revokeToken } from '@patchbay/llm/credentials/oauth/revoke';
import { newState } from '@patchbay/llm/credentials/oauth/state';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import type { Result } from '@patchbay/llm/model/failure';
import { fetchExchange } from '@patchbay/llm/transport/fetch-exchange';

import { AuthorizationServer } from '../support/authorization-server.ts';

const way = { exchange: fetchExchange(), clock: systemClock };
const { signal } = new AbortController();
const BACK = 'http://localhost:8000/api/v1/oauth/callback';

let server: AuthorizationServer;
let client: OAuthClient;

before(async () => {
  server = await AuthorizationServer.start();
  const found = await discoverEndpoints(way, server.url, signal);
  const { clientId, clientSecret } = server;
  client = { clientId, clientSecret: new Secret(clientSecret), endpoints: valueOf(found) };
});
after(() => server.close());

const valueOf = <T>(result: Result<T>): T => {
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
};
const messageOf = (result: Result<unknown>): string => (result.ok ? 'no failure' : result.failure.message);
const signIn = (changes: Partial<SignIn> = {}): SignIn => ({
  definition: google,
  client,
  redirectUri: BACK,
  state: newState(),
  ...changes,
});

describe('signing in with a browser', () => {
  it('ends with tokens, for the code that came back and the proof that was kept', async () => {
    const given = signIn();
    const { verifier, challenge } = await newPkce();
    const url = authorizationUrl(given, challenge);
    assert.equal(new URL(url).searchParams.get('access_type'), 'offline');
    const back = new URL(await server.agree(url));
    const code = valueOf(readCallback(back.searchParams, given));
    const tokens = valueOf(await exchangeCode(way, given, { code, verifier }, signal));
    assert.ok(server.takes(tokens.accessToken.reveal()));
    assert.equal(tokens.livesMs, 3_600_000);
    const again = await exchangeCode(way, given, { code, verifier }, signal);
    assert.equal(messageOf(again), 'invalid_grant (The server says invalid_grant)');
  });

  it('refuses another proof, another state, another server and the user’s no', async () => {
    const given = signIn();
    const { challenge } = await newPkce();
    const { verifier: other } = await newPkce();
    const back = new URL(await server.agree(authorizationUrl(given, challenge)));
    const code = valueOf(readCallback(back.searchParams, given));
    assert.match(messageOf(await exchangeCode(way, given, { code, verifier: other }, signal)), /invalid_grant/);
    assert.match(messageOf(readCallback(back.searchParams, signIn())), /belongs to no sign-in of ours.*state/);
    back.searchParams.set('iss', 'https://other.example');
    assert.match(messageOf(readCallback(back.searchParams, given)), /belongs to no sign-in of ours.*iss/);
    const denied = new URLSearchParams({ error: 'access_denied', state: given.state });
    assert.match(messageOf(readCallback(denied, given)), /did not sign the account in: access_denied/);
  });

  it('speaks JSON where a server wants that, and asks OpenRouter for a key', async () => {
    const { verifier, challenge } = await newPkce();
    const code = new Secret('canary-code');
    const json = signIn({ definition: anthropic, client: { ...client, bodies: 'json' } });
    await exchangeCode(way, json, { code, verifier }, signal);
    assert.match(server.seen.at(-1)?.type ?? '', /json/);
    assert.equal(server.seen.at(-1)?.form['state'], json.state);
    const keyless: OAuthClient = { clientId: '', bodies: 'json', endpoints: openrouter.endpoints };
    const key = signIn({ definition: openrouter, client: keyless });
    const asked = new URL(authorizationUrl(key, challenge)).searchParams;
    assert.deepEqual([...asked.keys()].sort(), ['callback_url', 'code_challenge', 'code_challenge_method']);
    assert.equal(new URL(asked.get('callback_url') ?? '').searchParams.get('state'), key.state);
    const here = { ...keyless, endpoints: client.endpoints };
    await exchangeCode(way, { ...key, client: here }, { code, verifier }, signal);
    assert.deepEqual(Object.keys(server.seen.at(-1)?.form ?? {}).sort(), [
      'code',
      'code_challenge_method',
      'code_verifier',
    ]);
  });
});

describe('signing in on another device', () => {
  it('waits at the server’s pace until the user has typed the code in', async () => {
    const started = valueOf(await startDeviceSignIn(way, client, ['all'], signal));
    assert.equal(started.intervalMs, 1000);
    const pending = valueOf(await pollDevice(way, client, started, signal));
    assert.deepEqual(pending, { kind: 'pending', intervalMs: 1000 });
    const hasty = valueOf(await pollDevice(way, client, started, signal));
    assert.deepEqual(hasty, { kind: 'pending', intervalMs: 6000 });
    server.answerDevice(started.userCode, 'approved');
    const tokens = valueOf(await waitForDevice(way, client, started, signal));
    assert.ok(server.takes(tokens.accessToken.reveal()));
  });

  it('ends when the user says no, and with the code’s own time', async () => {
    const started = valueOf(await startDeviceSignIn(way, client, ['all'], signal));
    server.answerDevice(started.userCode, 'denied');
    assert.match(messageOf(await pollDevice(way, client, started, signal)), /access_denied/);
    const late = { ...started, expiresAtMs: systemClock.nowMs() };
    assert.match(messageOf(await waitForDevice(way, client, late, signal)), /ran out/);
  });
});

describe('a refresh', () => {
  it('gives another pair, and keeps the refresh token where no other came', async () => {
    const sold = server.sell();
    const refresh = new Secret(sold.refresh_token);
    const rotated = valueOf(await refreshTokens(way, client, refresh, signal));
    assert.notEqual(rotated.refreshToken?.reveal(), sold.refresh_token);
    server.rotates = false;
    const kept = valueOf(await refreshTokens(way, client, rotated.refreshToken ?? refresh, signal));
    server.rotates = true;
    assert.equal(kept.refreshToken, rotated.refreshToken);
  });

  it('tells a dead token from trouble of the server, and repeats no secret', async () => {
    const dead = await refreshTokens(way, client, new Secret('canary-refresh-dead'), signal);
    assert.equal(dead.ok || dead.failure.kind, 'authentication');
    const echo = JSON.stringify({ error: 'server_error', error_description: 'no canary-refresh-dead here' });
    for (const [fault, kind] of [
      [{ status: 503, body: echo }, 'upstream'],
      [{ status: 429, body: '' }, 'rate-limit'],
      [{ status: 200, body: '<html>' }, 'protocol'],
      ['reset', 'network'],
    ] as const) {
      server.faults.push(fault);
      const failed = await refreshTokens(way, client, new Secret('canary-refresh-dead'), signal);
      assert.equal(failed.ok || failed.failure.kind, kind);
      assert.doesNotMatch(JSON.stringify(failed), /canary-(?:refresh|client-secret)/);
    }
  });
});

describe('the rest of the standards', () => {
  it('sells a client a token of its own', async () => {
    const tokens = valueOf(await clientTokens(way, client, 'all', signal));
    assert.ok(server.takes(tokens.accessToken.reveal()));
    assert.equal(server.seen.at(-1)?.form['scope'], 'all');
  });

  it('gives a token up', async () => {
    const sold = server.sell();
    const token = new Secret(sold.refresh_token);
    valueOf(await revokeToken(way, client, { token, kind: 'refresh_token' }, signal));
    assert.ok(!server.takes(sold.access_token));
  });

  it('believes no discovery document of another issuer', async () => {
    const other = await discoverEndpoints(way, server.url.replace('127.0.0.1', 'localhost'), signal);
    assert.match(messageOf(other), /discovery document cannot be used/);
  });

  it('sends no secret in the clear to another machine', async () => {
    const far = { ...client, endpoints: { tokenUrl: 'http://tokens.example/token' } };
    assert.match(messageOf(await clientTokens(way, far, '', signal)), /must begin with https/);
  });
});
