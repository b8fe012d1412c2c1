import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '../secret.ts';
import { newPkce } from './pkce.ts';
import { newState, stateHash } from './state.ts';
import type { OAuthAnswer, OAuthRequest } from './token-endpoint.ts';
import { readTokens } from './token-response.ts';

const client = { clientId: 'id', clientSecret: new Secret('canary-client-secret'), endpoints: { tokenUrl: '' } };
const request: OAuthRequest = { to: 'token', form: { refresh_token: new Secret('canary-refresh') } };
const read = (members: OAuthAnswer['members'], status = 200) =>
  readTokens({ status, members, askedAtMs: 1000 }, client, request);

describe('an answer with tokens', () => {
  it('ends as many seconds after the question as it says, in digits or in a text', () => {
    for (const expires_in of [60, '60']) {
      const tokens = read({ access_token: 'a', expires_in });
      assert.ok(tokens.ok);
      assert.equal(tokens.value.expiresAtMs, 61_000);
      assert.equal(tokens.value.livesMs, 60_000);
    }
  });

  it('does not end where it does not say when', () => {
    for (const expires_in of [undefined, null, 'soon', 0, -1]) {
      const tokens = read({ access_token: 'a', expires_in });
      assert.ok(tokens.ok);
      assert.equal(tokens.value.expiresAtMs, undefined);
    }
  });

  it('tells whose it is by its id token', () => {
    const claims = btoa(JSON.stringify({ sub: '1', email: 'ada@example.com' })).replaceAll('=', '');
    const tokens = read({ access_token: 'a', id_token: `e30.${claims}.x` });
    assert.ok(tokens.ok);
    assert.deepEqual(tokens.value.identity, { subject: '1', email: 'ada@example.com' });
  });

  it('is a failure without a token that a header can carry', () => {
    for (const access_token of [undefined, '', 'line\nbreak', 7]) assert.equal(read({ access_token }).ok, false);
  });
});

describe('an answer without tokens', () => {
  it('is final by its code, whatever the status', () => {
    for (const error of ['invalid_grant', 'invalid_client', { type: 'invalid_grant' }]) {
      const failed = read({ error }, 400);
      assert.equal(failed.ok || failed.failure.kind, 'authentication');
    }
    const polite = read({ error: 'invalid_grant' });
    assert.equal(polite.ok || polite.failure.code, 'invalid_grant');
  });

  it('is not final where a proxy or a server in trouble says it', () => {
    for (const [status, kind] of [
      [400, 'protocol'],
      [429, 'rate-limit'],
      [500, 'upstream'],
    ] as const) {
      const failed = read({}, status);
      assert.equal(failed.ok || failed.failure.kind, kind);
    }
  });

  it('repeats nothing that was sent', () => {
    const failed = read({ error: 'invalid_grant', error_description: 'canary-refresh of canary-client-secret' }, 400);
    assert.doesNotMatch(JSON.stringify(failed), /canary/);
  });
});

describe('proofs and states', () => {
  it('are long, different each time, and of characters that every server takes', async () => {
    const [one, other] = [await newPkce(), await newPkce()];
    assert.match(one.verifier.reveal(), /^[\w-]{128}$/);
    assert.match(one.challenge, /^[\w-]{43}$/);
    assert.notEqual(one.verifier.reveal(), other.verifier.reveal());
    assert.notEqual(newState(), newState());
    assert.match(await stateHash('state'), /^[0-9a-f]{64}$/);
  });
});
