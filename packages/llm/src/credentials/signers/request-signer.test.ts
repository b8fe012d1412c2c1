import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { manualClock } from '../../testing/manual-clock.ts';
import { failed } from '../../model/failure.ts';
import { schemeFor, secretsOf, type AuthScheme, type Credential } from '../credential.ts';
import { Secret } from '../secret.ts';
import { RequestSigner } from './request-signer.ts';
import { sign } from './sign.ts';

const KEYED: Credential = { kind: 'api-key', id: 'keyed', key: new Secret('canary-key') };
const AWS: Credential = {
  kind: 'aws',
  id: 'amazon',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: new Secret('canary-secret'),
  sessionToken: new Secret('canary-session'),
  region: 'eu-west-1',
};
const GOOGLE: Credential = {
  kind: 'service-account',
  id: 'google',
  clientEmail: 'a@b.example',
  privateKey: new Secret('canary-pem'),
  tokenUri: 'https://a.example/token',
};
const NOBODY: Credential = { kind: 'anonymous', id: 'nobody' };

const BEARER: AuthScheme = { kind: 'bearer', env: 'KEY' };
const SIGV4: AuthScheme = { kind: 'sigv4', service: 'bedrock', env: 'A', secretEnv: 'B', sessionEnv: 'C' };
const TOKEN: AuthScheme = { kind: 'google-token', scope: 's', env: 'FILE' };

const REQUEST = { method: 'POST', url: 'https://a.example/model/m/converse', headers: {}, body: '{}' } as const;
const NEVER = new AbortController().signal;
const unreached = { send: () => Promise.resolve(failed({ kind: 'network', message: 'unreached' })) };
const signer = new RequestSigner({ exchange: unreached, clock: manualClock() });

describe('RequestSigner', () => {
  it('signs for Amazon over the body, with the session that the keys belong to', async () => {
    const first = await signer.sign(SIGV4, AWS, REQUEST, NEVER);
    const second = await signer.sign(SIGV4, AWS, { ...REQUEST, body: '{ }' }, NEVER);
    assert.ok(first.ok && second.ok);
    assert.match(first.value.headers['authorization'] ?? '', /Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/bedrock\//);
    assert.equal(first.value.headers['x-amz-security-token'], 'canary-session');
    assert.notEqual(first.value.headers['authorization'], second.value.headers['authorization']);
  });

  it('presents keys as before, and nobody as nobody', async () => {
    const keyed = await signer.sign(BEARER, KEYED, REQUEST, NEVER);
    assert.deepEqual(keyed.ok && keyed.value.headers, { authorization: 'Bearer canary-key' });
    const nobody = await signer.sign(BEARER, NOBODY, REQUEST, NEVER);
    assert.deepEqual(nobody, { ok: true, value: { headers: {}, secrets: [] } });
  });

  it('passes on why no token could be had', async () => {
    const said = await signer.sign(TOKEN, GOOGLE, REQUEST, NEVER);
    assert.ok(!said.ok);
    assert.equal(said.failure.kind, 'authentication');
  });

  it('refuses an account that the scheme does not fit, by its name', async () => {
    for (const [scheme, credential] of [
      [SIGV4, KEYED],
      [BEARER, AWS],
      [TOKEN, AWS],
      [BEARER, GOOGLE],
    ] as const) {
      const said = await signer.sign(scheme, credential, REQUEST, NEVER);
      assert.ok(!said.ok);
      assert.equal(said.failure.kind, 'authentication');
      assert.ok(said.failure.message.includes(credential.id));
      assert.doesNotMatch(JSON.stringify(said), /canary/);
      assert.throws(() => sign(scheme, credential), TypeError);
    }
  });
});

describe('schemeFor', () => {
  it('finds the first scheme by which an account can be presented', () => {
    const schemes = [BEARER, SIGV4, TOKEN];
    assert.equal(schemeFor(schemes, KEYED), BEARER);
    assert.equal(schemeFor(schemes, AWS), SIGV4);
    assert.equal(schemeFor(schemes, GOOGLE), TOKEN);
    assert.equal(schemeFor([BEARER], AWS), undefined);
    assert.deepEqual(schemeFor(schemes, NOBODY), { kind: 'none' });
  });
});

describe('secretsOf', () => {
  it('names everything that must not be seen', () => {
    const shown = (credential: Credential) => secretsOf(credential).map((secret) => secret.reveal());
    assert.deepEqual([KEYED, AWS, GOOGLE, NOBODY].map(shown), [
      ['canary-key'],
      ['canary-secret', 'canary-session'],
      ['canary-pem'],
      [],
    ]);
  });
});
