import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createPasswords, PasswordsBusy } from './passwords.ts';

const CHEAP = { memoryKiB: 64, passes: 1 };

describe('passwords', () => {
  it('match their own hash and no other', async () => {
    const passwords = createPasswords(CHEAP);
    const stored = await passwords.hash('canary');
    assert.match(stored, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.equal(await passwords.matches('canary', stored), true);
    assert.equal(await passwords.matches('Canary', stored), false);
    assert.notEqual(await passwords.hash('canary'), stored);
  });

  it('match hashes that were made at another cost', async () => {
    const stored = await createPasswords({ memoryKiB: 128, passes: 3 }).hash('canary');
    assert.equal(await createPasswords(CHEAP).matches('canary', stored), true);
  });

  it('are the same however a keyboard composes their letters', async () => {
    const passwords = createPasswords(CHEAP);
    assert.equal(await passwords.matches('caf\u0065\u0301', await passwords.hash('caf\u00e9')), true);
  });

  it('match nothing where no hash or none of ours is stored', async () => {
    const passwords = createPasswords(CHEAP);
    for (const stored of [undefined, '', 'x', '$2b$12$canary', '$argon2id$v=19$m=64,t=1,p=1$short$short'])
      assert.equal(await passwords.matches('canary', stored), false);
  });

  it('are refused when too many wait, and taken again afterwards', async () => {
    const passwords = createPasswords(CHEAP);
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.hash('canary')));
    const busy = results.filter((each) => each.status === 'rejected');
    assert.equal(busy.length, 100 - 66);
    assert.ok(busy.every(({ reason }) => reason instanceof PasswordsBusy));
    await passwords.hash('canary');
  });
});
