import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { placeOf, placeOfFinding } from './places.ts';

const placeOfSubject = (subject: string, code = 'some-code') => placeOfFinding({ code, subject });

describe('places', () => {
  it('open the thing that a change was made of', () => {
    assert.deepEqual(placeOf('user', 'u1'), { to: '/users', label: 'Users', search: { user: 'u1' } });
    assert.deepEqual(placeOf('api-key', 'k1')?.search, { key: 'k1' });
    assert.equal(placeOf('backup', 'b1'), undefined);
    assert.equal(placeOf('constructor', 'x'), undefined);
  });

  it('are found in the words that a finding is found of', () => {
    assert.deepEqual(placeOfSubject('account 4f1c model gpt-5')?.search, { account: '4f1c' });
    assert.deepEqual(placeOfSubject('proxy 3')?.search, { proxy: '3' });
    assert.deepEqual(placeOfSubject('setting HOST')?.search, { setting: 'HOST' });
    assert.deepEqual(placeOfSubject('provider house'), {
      to: '/providers',
      label: 'Providers',
      search: { search: 'house' },
    });
    assert.deepEqual(placeOfSubject('model openai/gpt-5: system')?.search, { search: 'gpt-5' });
    assert.deepEqual(placeOfSubject('model deepseek/a/b')?.search, { search: 'a/b' });
    assert.deepEqual(placeOfSubject('sign-in google')?.search, {});
    assert.deepEqual(placeOfSubject('provider openai', 'accounts-all-inactive'), {
      to: '/accounts',
      label: 'Accounts',
      search: { provider: 'openai' },
    });
    assert.equal(placeOfSubject('gateway'), undefined);
    assert.equal(placeOfSubject('store'), undefined);
  });
});
