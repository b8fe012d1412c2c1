import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';

import { Secret } from '@patchbay/llm/credentials/secret';

import { ENCRYPTION_KEY_FILE, encryptionKeys, keptSecret, openDataDir } from './data-dir.ts';

const modeOf = async (file: string): Promise<string> => ((await stat(file)).mode & 0o777).toString(8);

let root = '';
let made = 0;
/** A data folder nobody has used. */
const newFolder = (): Promise<string> => {
  made += 1;
  return openDataDir(path.join(root, String(made)));
};

/** Runs a check without root's rights, to whom no folder is shut. */
async function asNobody(check: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return check();
  await chmod(root, 0o711);
  process.seteuid?.(65_534);
  try {
    await check();
  } finally {
    process.seteuid?.(0);
  }
}

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
});
after(() => rm(root, { recursive: true }));

describe('the data folder', () => {
  it('is made with its parents, for its owner alone', async () => {
    const folder = await openDataDir(path.join(root, 'a/b'));
    assert.equal(folder, path.join(root, 'a/b'));
    assert.equal(await modeOf(folder), '700');
  });

  it('is taken as it is when it is there', async () => {
    const folder = path.join(root, 'there');
    await mkdir(folder);
    await chmod(folder, 0o750);
    assert.equal(await openDataDir(folder), folder);
    assert.equal(await modeOf(folder), '750');
  });

  it('is absolute, whatever it was named by', async () => {
    assert.ok(path.isAbsolute(await openDataDir(path.relative('.', path.join(root, 'relative')))));
  });

  it('is refused in one sentence where a file stands in its way', async () => {
    const file = path.join(root, 'file');
    await writeFile(file, '');
    await assert.rejects(openDataDir(file), { message: /^DATA_DIR \S+ cannot be made \(EEXIST\)\. Name a folder/ });
    await assert.rejects(openDataDir(path.join(file, 'x')), { message: /^DATA_DIR \S+ cannot be made \(ENOTDIR\)/ });
  });

  it('is refused in one sentence where it cannot be written', async () => {
    const folder = path.join(root, 'shut');
    await mkdir(folder, { mode: 0o555 });
    await asNobody(() =>
      assert.rejects(openDataDir(folder), { message: /^DATA_DIR \S+ cannot be written \(EACCES\)\. Let the user/ }),
    );
  });

  it('is left empty', async () => assert.deepEqual(await readdir(await newFolder()), []));
});

describe('a kept secret', () => {
  it('is made once, readable by its owner alone', async () => {
    const folder = await newFolder();
    const first = await keptSecret(folder, 'key', () => 'canary-made');
    assert.equal(first.created, true);
    assert.equal(first.secret.reveal(), 'canary-made');
    assert.equal(first.file, path.join(folder, 'key'));
    assert.equal(await modeOf(first.file), '600');
    const second = await keptSecret(folder, 'key', () => assert.fail('the secret is there'));
    assert.equal(second.created, false);
    assert.equal(second.secret.reveal(), 'canary-made');
    assert.equal(inspect(second).includes('canary'), false);
  });

  it('is one for all who ask at once, and leaves nothing else behind', async () => {
    const folder = await newFolder();
    const asked = Array.from({ length: 8 }, (_, index) => keptSecret(folder, 'key', () => `canary-${index}`));
    const kept = await Promise.all(asked);
    assert.equal(new Set(kept.map(({ secret }) => secret.reveal())).size, 1);
    assert.equal(kept.filter(({ created }) => created).length, 1);
    assert.deepEqual(await readdir(folder), ['key']);
  });

  it('is what an operator put there, without the blanks around it', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'key'), ' canary-own \r\n\n');
    assert.equal((await keptSecret(folder, 'key', () => 'other')).secret.reveal(), 'canary-own');
  });

  it('is refused where its file is empty, and the file stays', async () => {
    const folder = await newFolder();
    const file = path.join(folder, 'key');
    await writeFile(file, '\n');
    await assert.rejects(
      keptSecret(folder, 'key', () => 'canary'),
      { message: /key is empty\. Remove it/ },
    );
    assert.equal(await readFile(file, 'utf8'), '\n');
    assert.deepEqual(await readdir(folder), ['key']);
  });

  it('is refused in one sentence where its file cannot be read', async () => {
    const folder = await newFolder();
    await mkdir(path.join(folder, 'key'));
    await assert.rejects(
      keptSecret(folder, 'key', () => 'canary'),
      { message: /key cannot be read \(EISDIR\)\.$/ },
    );
  });
});

describe('the keys for secrets at rest', () => {
  it("are the operator's, in their order", async () => {
    const folder = await newFolder();
    const given = [new Secret('canary-new'), new Secret('canary-old')];
    assert.deepEqual(await encryptionKeys(given, folder), given);
    assert.deepEqual(await readdir(folder), []);
  });

  it('are one of 32 random bytes that the folder keeps, where none is given', async () => {
    const folder = await newFolder();
    const [first, ...more] = await encryptionKeys([], folder);
    assert.match(first.reveal(), /^[0-9a-f]{64}$/);
    assert.deepEqual(more, []);
    assert.equal((await encryptionKeys([], folder))[0].reveal(), first.reveal());
    assert.equal(((await stat(path.join(folder, ENCRYPTION_KEY_FILE))).mode & 0o777).toString(8), '600');
  });
});
