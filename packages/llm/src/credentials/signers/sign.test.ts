import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { secretsOf, type Credential } from '../credential.ts';
import { Secret } from '../secret.ts';
import { sign } from './sign.ts';

const keyed = (key: string): Credential => ({ kind: 'api-key', id: 'main', key: new Secret(key) });

describe('sign', () => {
  it('presents a key as the scheme says', () => {
    assert.deepEqual(sign({ kind: 'bearer', env: 'KEY' }, keyed('sk-1')), { authorization: 'Bearer sk-1' });
    assert.deepEqual(sign({ kind: 'header', header: 'x-api-key', env: 'KEY' }, keyed('sk-1')), { 'x-api-key': 'sk-1' });
  });

  it('presents nothing where nothing is asked for or known', () => {
    assert.deepEqual(sign({ kind: 'none' }, keyed('sk-1')), {});
    assert.deepEqual(sign({ kind: 'bearer', env: 'KEY' }, { kind: 'anonymous', id: 'local' }), {});
  });

  it('presents ready-made headers, and hides them and what they were made of', () => {
    const credential: Credential = {
      kind: 'headers',
      id: 'row',
      headers: { authorization: new Secret('Token abc'), 'x-team': new Secret('red') },
      secrets: [new Secret('abc')],
    };
    assert.deepEqual(sign({ kind: 'headers' }, credential), { authorization: 'Token abc', 'x-team': 'red' });
    assert.deepEqual(
      secretsOf(credential).map((each) => each.reveal()),
      ['Token abc', 'red', 'abc'],
    );
    const forged: Credential = { ...credential, headers: { 'x-team': new Secret('red\r\nx-admin: 1') } };
    assert.throws(() => sign({ kind: 'headers' }, forged), /x-team of row/);
  });

  it('refuses a key that could forge a header, and names the account but not the key', () => {
    for (const key of ['sk-1\r\nx-admin: 1', 'sk-1\n', 'sk 1', 'sk-é', 'sk-\u007f', 'sk-\0']) {
      assert.throws(
        () => sign({ kind: 'bearer', env: 'KEY' }, keyed(key)),
        (error) => error instanceof TypeError && error.message.includes('main') && !error.message.includes('sk'),
      );
    }
  });
});
