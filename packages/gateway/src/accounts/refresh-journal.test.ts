import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';

import { fileJournal } from './refresh-journal.ts';

describe('the journal of new tokens', () => {
  let folder = '';
  const tokens = {
    accessToken: new Secret('canary-access'),
    refreshToken: new Secret('canary-refresh'),
    expiresAtMs: 60_000,
    tokenType: 'Bearer',
  };
  const open = async (key: string) => fileJournal(path.join(folder, 'journal'), await createSealer([new Secret(key)]));

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('gives them back to another process, for the generation that they follow alone', async () => {
    const keep = await (await open('key')).prepare('an-account', 3);
    keep(tokens);
    const journal = await open('key');
    const found = await journal.find('an-account', 3);
    assert.deepEqual([found?.accessToken.reveal(), found?.refreshToken?.reveal()], ['canary-access', 'canary-refresh']);
    assert.equal(found?.expiresAtMs, 60_000);
    assert.equal(await journal.find('an-account', 4), undefined);
    assert.equal(await journal.find('another', 3), undefined);
    assert.equal(await (await open('other key')).find('an-account', 3), undefined);
  });

  it('shows them to nobody, and forgets them when they are kept elsewhere', async () => {
    const [name = '', ...more] = await readdir(path.join(folder, 'journal'));
    const file = path.join(folder, 'journal', name);
    assert.deepEqual([more, (await stat(file)).mode & 0o777], [[], 0o600]);
    assert.doesNotMatch(await readFile(file, 'utf8'), /canary/);
    const journal = await open('key');
    journal.forget('an-account');
    assert.equal(await journal.find('an-account', 3), undefined);
    journal.forget('an-account');
  });

  it('lets no name lead out of its folder', async () => {
    const journal = await open('key');
    (await journal.prepare('../../outside', 0))(tokens);
    assert.ok(await journal.find('../../outside', 0));
    assert.deepEqual(await readdir(folder), ['journal']);
  });
});
