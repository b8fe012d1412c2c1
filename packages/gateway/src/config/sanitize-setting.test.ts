import assert from 'node:assert/strict';
import { it } from 'node:test';

import { sanitizeSetting } from './sanitize-setting.ts';

it('names that speak of secrets are masked, whatever their value', () => {
  for (const name of ['OPENAI_API_KEY', 'access_token', 'JWT_SECRET', 'DB_PASSWORD', 'ACME_MAX_TOKENS'])
    assert.equal(sanitizeSetting(name, 'canary'), '********', name);
});

it('settings that speak of tokens and keys but hold none are shown', () => {
  assert.equal(sanitizeSetting('TIMEOUT_FIRST_TOKEN_MS', '60000'), '60000');
  assert.equal(sanitizeSetting('CAPTURE_BY_KEYS', 'false'), 'false');
  assert.equal(sanitizeSetting('GATEWAY_API_KEY', 'canary'), '********');
});

it('addresses lose their credentials, and nothing else changes', () => {
  assert.equal(sanitizeSetting('PROXY', 'http://me:canary@proxy:8080/x'), 'http://proxy:8080/x');
  assert.equal(sanitizeSetting('PROXY', 'socks5://canary@proxy:1080'), 'socks5://proxy:1080');
  assert.equal(sanitizeSetting('PROXIES', 'http://a:canary@b, http://c:canary@d'), 'http://b, http://d');
  assert.equal(sanitizeSetting('HOST', '127.0.0.1'), '127.0.0.1');
  assert.equal(sanitizeSetting('JWT_SECRET', null), null);
});
