import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { passAddress, passedLocation } from './pass-address.ts';

const BASE = 'https://api.example.com/v1';

const at = (path: string, base = BASE): string => {
  const address = passAddress(base, path);
  assert.ok(address.ok, address.ok ? '' : address.failure.message);
  return address.value;
};

describe('an address at a provider', () => {
  for (const [path, address] of [
    ['', BASE],
    ['/', `${BASE}/`],
    ['/models', `${BASE}/models`],
    ['/files/', `${BASE}/files/`],
    ['/models/a%20b:c@d', `${BASE}/models/a%20b:c@d`],
    ['/gr%C3%BC%C3%9Fe', `${BASE}/gr%C3%BC%C3%9Fe`],
    ['/a..b/.hidden/...', `${BASE}/a..b/.hidden/...`],
    ['/half%25', `${BASE}/half%25`],
    ['/v1/messages', `${BASE}/messages`],
    ['/v1', BASE],
    ['/v1beta/models', `${BASE}/v1beta/models`],
  ] as const)
    it(`for ${path === '' ? 'nothing' : path}`, () => assert.equal(at(path), address));

  it('at a base without a path of its own', () => {
    assert.equal(at('/v1/models', 'http://127.0.0.1:80'), 'http://127.0.0.1:80/v1/models');
    assert.equal(at('', 'http://127.0.0.1'), 'http://127.0.0.1');
  });
});

describe('a path is refused', () => {
  for (const path of [
    '/..',
    '/../admin',
    '/a/../../admin',
    '/a/..',
    '/./a',
    '/.',
    '//evil.example/x',
    '/a//b',
    '///',
    '/a%2fb',
    '/a%2Fb',
    '/%2e%2e/admin',
    '/.%2e/admin',
    '/%252e%252e/admin',
    '/%25252e%25252e/admin',
    '/a%252fb',
    '/a\\b',
    '/a%5cb',
    '/a%255cb',
    '/..;/admin',
    '/..;x=1/admin',
    '/%2e%2e;/admin',
    '/a%00',
    '/a%0d%0ax:y',
    '/a%7f',
    '/%',
    '/%zz',
    '/%ff',
    '/%2525252525252525',
  ])
    it(path, () => {
      const address = passAddress(BASE, path);
      assert.ok(!address.ok, address.ok ? `it became ${address.value}` : '');
      assert.equal(address.failure.kind, 'invalid-request');
    });
});

describe('a redirect', () => {
  for (const [location, leads] of [
    ['/v1/files/1?a=b#c', '/pass/acme/files/1?a=b#c'],
    ['https://api.example.com/v1/x', '/pass/acme/x'],
    ['other', '/pass/acme/files/other'],
    ['/v2/x', undefined],
    ['/v1x', undefined],
    ['https://storage.example.net/signed?x=1', 'https://storage.example.net/signed?x=1'],
    ['//storage.example.net/y', 'https://storage.example.net/y'],
    ['https://', undefined],
  ] as const)
    it(`to ${location} leads to ${String(leads)}`, () =>
      assert.equal(passedLocation(location, `${BASE}/files/content`, BASE, 'acme'), leads));
});
