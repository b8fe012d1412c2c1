import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inspect } from 'node:util';

import { Secret } from '../secret.ts';
import { authKindOf, credentialOfAuthData, type AuthData } from './credential-of-auth-data.ts';
import { sign } from './sign.ts';

const headersOf = (data: AuthData): object => {
  const made = credentialOfAuthData('a', data);
  assert.ok(made.ok, JSON.stringify(made));
  return sign({ kind: made.value.kind === 'api-key' ? 'bearer' : 'headers', env: '' } as never, made.value);
};

describe('an account’s members', () => {
  for (const name of ['api_key', 'apiKey', 'key', 'token', 'access_token'])
    it(`hold its key in ${name}`, () => {
      for (const value of ['secret', new Secret('secret')])
        assert.deepEqual(headersOf({ [name]: value }), { authorization: 'Bearer secret' });
    });

  it('hold the key in the first of these that is there', () => {
    assert.deepEqual(headersOf({ token: 'second', api_key: 'first' }), { authorization: 'Bearer first' });
  });

  it('present a bearer in the header that they name', () => {
    assert.deepEqual(headersOf({ token: 'secret', header: 'X-API-Key' }), { 'x-api-key': 'secret' });
  });

  it('tell what kind they are', () => {
    assert.deepEqual(
      [
        { api_key: 'a' },
        { token: 'a' },
        { access_token: 'a', refresh_token: 'b' },
        { refresh_token: 'b' },
        { access_key_id: 'a', secret_access_key: 'b', region: 'us-east-1' },
        { client_email: 'a', private_key: 'b' },
        { label: 'a' },
      ].map(authKindOf),
      ['api_key', 'bearer', 'oauth', 'oauth', 'aws', 'service_account', undefined],
    );
  });

  it('are named where they are missing or cannot be sent, and never shown', () => {
    const paths = [
      {},
      { api_key: 'canary\nsplit' },
      { refresh_token: 'canary' },
      { secret_access_key: 'canary', region: 'r' },
      { secret_access_key: 'canary', access_key_id: 'a' },
      { token: 'canary', header: 'no header' },
    ].map((data) => {
      const made = credentialOfAuthData('a', data);
      assert.equal(made.ok, false);
      assert.doesNotMatch(inspect(made), /canary/);
      return made.ok ? '' : made.failure.path;
    });
    assert.deepEqual(paths, [
      'auth_data',
      'auth_data.api_key',
      'auth_data.access_token',
      'auth_data.access_key_id',
      'auth_data.region',
      'auth_data.header',
    ]);
  });
});
