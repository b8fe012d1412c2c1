import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redactHeaders, redactUrl } from './redact.ts';

describe('redactHeaders', () => {
  it('hides every header that carries a credential, whatever its case', () => {
    const names = [
      'authorization',
      'Proxy-Authorization',
      'x-api-key',
      'API-Key',
      'x-goog-api-key',
      'cookie',
      'Set-Cookie',
      'x-auth-token',
      'x-amz-security-token',
      'ocp-apim-subscription-key',
    ];
    for (const name of names) assert.deepEqual(redactHeaders({ [name]: 'sk-1' }), { [name]: '[secret]' });
  });

  it('leaves all other headers as they are', () => {
    const headers = {
      'content-type': 'application/json',
      'x-ratelimit-remaining-tokens': '7',
      'idempotency-key': 'a',
      'anthropic-version': '2023-06-01',
    };
    assert.deepEqual(redactHeaders(headers), headers);
  });
});

describe('redactUrl', () => {
  it('hides the values of credential parameters', () => {
    assert.equal(redactUrl('https://a.b/c?key=1&alt=sse'), 'https://a.b/c?key=[secret]&alt=sse');
    assert.equal(redactUrl('/c?x=1&api_key=2#access_token=3'), '/c?x=1&api_key=[secret]#access_token=[secret]');
    for (const name of [
      'token',
      'access_token',
      'API-KEY',
      'client_secret',
      'sig',
      'authToken',
      'X-Amz-Signature',
      'apikey',
    ])
      assert.equal(redactUrl(`https://a.b/?${name}=1/2=3`), `https://a.b/?${name}=[secret]`);
  });

  it('hides a parameter whose name is written with percent signs', () => {
    assert.equal(redactUrl('https://a.b/?%6Bey=1&%zz=2'), 'https://a.b/?%6Bey=[secret]&%zz=2');
  });

  it('hides a parameter after a second question mark', () => {
    assert.equal(redactUrl('/c?x?key=1'), '/c?x?key=[secret]');
  });

  it('hides user and password', () => {
    assert.equal(redactUrl('https://me:pa@ss@a.b:8/c'), 'https://[secret]@a.b:8/c');
    assert.equal(redactUrl('//token@a.b'), '//[secret]@a.b');
  });

  it('changes nothing else', () => {
    for (const url of ['https://a.b/@me?q=x@y', '/v1/models?monkey=1&tokens=2&keyword=3', '', 'no url'])
      assert.equal(redactUrl(url), url);
  });
});
