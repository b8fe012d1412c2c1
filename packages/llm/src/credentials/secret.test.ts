import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { format, inspect } from 'node:util';
import { Secret } from './secret.ts';

const VALUE = 'sk-live-123';

describe('Secret', () => {
  const secret = new Secret(VALUE);

  it('shows its value to whoever reveals it', () => {
    assert.equal(secret.reveal(), VALUE);
    assert.deepEqual(new Secret({ user: 'a' }).reveal(), { user: 'a' });
  });

  it('shows its value nowhere else', () => {
    const error = new Error('failed', { cause: { secret } });
    const seen = [
      JSON.stringify({ secret, list: [secret] }),
      `${String(secret)} ${secret as unknown as string}`,
      'a' + (secret as unknown as string),
      inspect(secret),
      inspect({ deep: { secret } }, { showHidden: true, depth: null, getters: true, customInspect: false }),
      inspect(error),
      format('%s %o %O %j', secret, secret, secret, secret),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify(Object.assign({}, secret)),
      inspect(structuredClone(secret)),
      Object.getOwnPropertyNames(secret).join(),
    ];
    for (const text of seen) assert.ok(!text.includes('123'), text);
  });

  it('prints as a placeholder', () => {
    assert.equal(String(secret), '[secret]');
    assert.equal(JSON.stringify({ secret }), '{"secret":"[secret]"}');
    assert.equal(inspect({ secret }), '{ secret: [secret] }');
  });

  it('is hidden in what others say, as often as they say it', () => {
    assert.equal(secret.hideIn(`bad key ${VALUE}, ${VALUE}`), 'bad key [secret], [secret]');
    assert.equal(new Secret('$&.').hideIn('a$&.b'), 'a[secret]b');
    assert.equal(new Secret('').hideIn('abc'), 'abc');
    assert.equal(new Secret(7).hideIn('7'), '7');
  });
});

describe('a masked secret', () => {
  it('shows the end of a long one, and nothing of a short one', () => {
    assert.equal(new Secret('canary-0123456789').masked(), '********6789');
    assert.equal(new Secret('canary-01234567').masked(), '********');
  });
});
