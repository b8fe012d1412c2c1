import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { createAccessTokens } from './access-tokens.ts';

const SECRET = 'canary-secret-of-32-characters-00';
const time = { nowMs: 1_700_000_000_000 };
const clock = { ...systemClock, nowMs: () => time.nowMs };
const tokens = createAccessTokens({ secret: new Secret(SECRET), expiresInS: 60, clock });
const BEARER = { userId: 'u', sessionId: 's', username: 'name', role: 'viewer', permissions: ['system:view'] } as const;

/** A token made by hand, with any header and claims. */
function forged(header: { readonly alg: string }, claims: object, secret = SECRET): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac(header.alg === 'HS512' ? 'sha512' : 'sha256', secret)
    .update(signed)
    .digest('base64url')}`;
}

const HEADER = { alg: 'HS256', typ: 'JWT' };
const CLAIMS = { sub: 'u', sid: 's', username: 'name', role: 'viewer', iat: 1_700_000_000, exp: 1_700_000_060 };
const READ = { userId: 'u', sessionId: 's', username: 'name', role: 'viewer' };

describe('an access token', () => {
  it('is read until its last second, and then over', async () => {
    const token = await tokens.sign(BEARER);
    assert.deepEqual(await tokens.read(token), READ);
    time.nowMs += 59_999;
    assert.deepEqual(await tokens.read(token), READ);
    time.nowMs += 1;
    assert.equal(await tokens.read(token), 'expired');
    time.nowMs = 1_700_000_000_000;
  });

  it('is what any other library makes of the same secret', async () => {
    assert.deepEqual(await tokens.read(forged(HEADER, CLAIMS)), READ);
  });

  it('is known to be of another secret, whatever it says', async () => {
    for (const claims of [CLAIMS, { ...CLAIMS, exp: 1 }])
      assert.equal(await tokens.read(forged(HEADER, claims, 'another-secret-of-32-characters-0')), 'foreign');
  });

  it('is not one of another algorithm or kind, or without its claims', async () => {
    const cases = [
      forged({ ...HEADER, alg: 'none' }, CLAIMS),
      forged({ ...HEADER, alg: 'HS512' }, CLAIMS),
      forged({ alg: 'HS256' }, CLAIMS),
      forged(HEADER, { ...CLAIMS, exp: undefined }),
      forged(HEADER, { ...CLAIMS, sid: 7 }),
      forged(HEADER, { ...CLAIMS, sub: undefined }),
      forged(HEADER, { ...CLAIMS, role: 'king' }),
      forged(HEADER, { ...CLAIMS, username: undefined }),
      forged(HEADER, { ...CLAIMS, more: 'x'.repeat(8192) }),
      'a.b.c',
      '',
    ];
    for (const token of cases) assert.equal(await tokens.read(token), 'invalid', token.slice(0, 200));
  });
});
