import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import { firstKey } from './first-key.ts';

const kept = (created: boolean) => () =>
  Promise.resolve({ secret: new Secret('canary-kept'), created, file: '/data/gateway-api-key' });

describe('the first key', () => {
  it('is the operator key where there is one, and none is made', async () => {
    const own = new Secret('canary-own-0123456');
    const key = await firstKey(own, () => assert.fail('a key was made'));
    assert.deepEqual(key, { key: own, label: 'GATEWAY_API_KEY', weak: false, shown: { variable: 'GATEWAY_API_KEY' } });
  });

  it('is weak when the operator chose fewer than 16 characters', async () => {
    assert.equal((await firstKey(new Secret('x'.repeat(15)), kept(true))).weak, true);
    assert.equal((await firstKey(new Secret('x'.repeat(16)), kept(true))).weak, false);
  });

  it('is shown once, when it was made just now', async () => {
    const { key, shown, weak } = await firstKey(undefined, kept(true));
    assert.equal(key.reveal(), 'canary-kept');
    assert.deepEqual(shown, { text: 'canary-kept' });
    assert.equal(weak, false);
  });

  it('is known by its file from then on', async () => {
    const key = await firstKey(undefined, kept(false));
    assert.deepEqual(key.shown, { file: '/data/gateway-api-key' });
    assert.equal(JSON.stringify(key).includes('canary'), false);
  });
});
