import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import { firstAdministrator, newPassword, type FirstAdministratorParts } from './first-administrator.ts';
import { createPasswords } from './passwords.ts';

const passwords = createPasswords({ memoryKiB: 64, passes: 1 });

/** Parts of an installation without users, and the hash that was added. */
function installation(changes: Partial<FirstAdministratorParts> = {}) {
  const added: string[] = [];
  const parts: FirstAdministratorParts = {
    settings: { username: 'admin', email: 'admin@example.com' },
    passwords,
    hasUsers: () => Promise.resolve(false),
    add: ({ passwordHash }) => Promise.resolve(added.push(passwordHash) > 0),
    keep: () => Promise.resolve({ secret: new Secret('canary-made'), created: true, file: '/data/admin-password' }),
    ...changes,
  };
  return { parts, added };
}

describe('the first administrator', () => {
  it('gets a password that is shown once, when none was chosen', async () => {
    const { parts, added } = installation();
    assert.deepEqual(await firstAdministrator(parts), { text: 'canary-made' });
    assert.equal(await passwords.matches('canary-made', added[0]), true);
  });

  it('keeps the password of the data folder, which is not shown again', async () => {
    const kept = { secret: new Secret('canary-kept'), created: false, file: '/data/admin-password' };
    const { parts } = installation({ keep: () => Promise.resolve(kept) });
    assert.deepEqual(await firstAdministrator(parts), { file: '/data/admin-password' });
  });

  it('has the password that the operator chose, which is never shown', async () => {
    const settings = { username: 'root', email: 'root@example.com', password: new Secret('canary-chosen') };
    const { parts, added } = installation({ settings, keep: () => assert.fail('one was made') });
    assert.deepEqual(await firstAdministrator(parts), { variable: 'ADMIN_PASSWORD' });
    assert.equal(await passwords.matches('canary-chosen', added[0]), true);
  });

  it('is not made where there are users, or where another process was faster', async () => {
    const there = installation({ hasUsers: () => Promise.resolve(true), add: () => assert.fail('added') });
    assert.equal(await firstAdministrator(there.parts), undefined);
    const late = installation({ add: () => Promise.resolve(false) });
    assert.equal(await firstAdministrator(late.parts), undefined);
  });
});

it('a new password is another one each time and long enough', () => {
  assert.match(newPassword(), /^[\w-]{24}$/);
  assert.notEqual(newPassword(), newPassword());
});
