import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import { secretsIn, secretScrubber } from './known-secrets.ts';

it('secrets are found in lists, maps and members', () => {
  const [one, two, three] = [new Secret('one'), new Secret('two'), new Secret('three')];
  const found = secretsIn({ a: [{ b: one }], c: new Map([['d', two]]) }, three, null, 7);
  assert.deepEqual(new Set(found), new Set([one, two, three]));
});

it('known secrets are taken out of texts, also as addresses spell them', () => {
  const scrub = secretScrubber([
    new Secret('canary/secret+one'),
    new Secret('postgres://me:canary%2Fpass@db/x'),
    new Secret('short'),
  ]);
  assert.equal(scrub('a canary/secret+one b'), 'a [secret] b');
  assert.equal(scrub('?k=canary%2Fsecret%2Bone'), '?k=[secret]');
  assert.equal(scrub('login canary/pass and canary%2Fpass'), 'login [secret] and [secret]');
  assert.equal(scrub('postgres://me:canary%2Fpass@db/x'), '[secret]');
  assert.equal(scrub('a short text'), 'a short text');
});
