import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { openStore, type Store } from './open-store.ts';

let root = '';
let made = 0;
async function newFolder(): Promise<string> {
  made += 1;
  const folder = path.join(root, String(made));
  await mkdir(folder);
  return folder;
}
const open = (dataDir: string): Promise<Store> => openStore({ dataDir, clock: systemClock });

/** Runs a piece of a program in a process of its own, with `store` open; resolves to its exit code. */
async function inAnotherProcess(dataDir: string, program: string): Promise<number> {
  const module = JSON.stringify(new URL('open-store.ts', import.meta.url).href);
  const clock = JSON.stringify(import.meta.resolve('@patchbay/llm/model/clock'));
  const text =
    `const [{ openStore }, { systemClock }] = await Promise.all([import(${module}), import(${clock})]);` +
    `const store = await openStore({ dataDir: ${JSON.stringify(dataDir)}, clock: systemClock });` +
    `${program}; await store.close();`;
  // The database's thread inherits the options of the process, and refuses `--input-type`.
  const args = ['--conditions=patchbay-src', '--eval', `(async () => { ${text} })()`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number];
  return code;
}

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
});
after(() => rm(root, { recursive: true }));

describe('a store', () => {
  it('keeps what was written for the next who opens it', async () => {
    const dataDir = await newFolder();
    const first = await open(dataDir);
    const row = { id: 'a', label: 'canary', hash: Buffer.alloc(32, 7), createdAtMs: 5 };
    await first.keys.insert(row);
    await first.close();
    const second = await open(dataDir);
    const [kept, ...more] = await second.keys.list();
    await second.close();
    assert.deepEqual(more, []);
    assert.deepEqual({ ...kept, hash: Buffer.from(kept?.hash ?? []) }, row);
  });

  it('is readable by its owner alone, with all of its files', async () => {
    const dataDir = await newFolder();
    const store = await open(dataDir);
    await store.keys.insert({ id: 'a', label: '', hash: Buffer.alloc(32), createdAtMs: 1 });
    for (const name of ['patchbay.db', 'patchbay.db-wal', 'patchbay.db-shm'])
      assert.equal(((await stat(path.join(dataDir, name))).mode & 0o777).toString(8), '600', name);
    await store.close();
  });

  it('can be closed and answers nothing after', async () => {
    const store = await open(await newFolder());
    await store.close();
    await assert.rejects(store.keys.list());
  });
});

describe('a store that cannot be opened', () => {
  it('is one that a newer version wrote, and it stays as it is', async () => {
    const dataDir = await newFolder();
    await (await open(dataDir)).close();
    const file = path.join(dataDir, 'patchbay.db');
    const database = new DatabaseSync(file);
    database.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-of-the-future', '2099-01-01')");
    database.close();
    await assert.rejects(open(dataDir), {
      message: `${file} cannot be opened: ${file} was written by a newer Patchbay (it has 9999-of-the-future). Start that version, or restore a backup.`,
    });
  });

  it('is one whose tables cannot be brought up to date, and none of them is changed', async () => {
    const dataDir = await newFolder();
    const file = path.join(dataDir, 'patchbay.db');
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE request_logs (id integer)');
    await assert.rejects(open(dataDir), {
      message: /patchbay\.db cannot be opened: .* \(table "?request_logs"? already exists\)\.$/,
    });
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'data_plane%'").all();
    database.close();
    assert.deepEqual(tables, []);
  });

  it('is one that is no database', async () => {
    const dataDir = await newFolder();
    await writeFile(path.join(dataDir, 'patchbay.db'), 'this is a text, however long it may be; '.repeat(100));
    await assert.rejects(open(dataDir), {
      message: /patchbay\.db cannot be opened: .*file is not a database\. Restore a backup, or move the file away/,
    });
  });

  it('is one in a folder that is not there', async () => {
    const dataDir = path.join(root, 'missing');
    await assert.rejects(open(dataDir), {
      message: /patchbay\.db cannot be opened: .*unable to open database file\)\. Check that its folder is there/,
    });
  });

  it('is one that another program holds', async () => {
    const dataDir = await newFolder();
    await (await open(dataDir)).close();
    const holder = new DatabaseSync(path.join(dataDir, 'patchbay.db'));
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM request_logs');
    await assert.rejects(openStore({ dataDir, clock: systemClock, lockWaitMs: 1 }), {
      message: /patchbay\.db cannot be opened: .*database is locked\)\. Another program holds it: stop that one/,
    });
    holder.close();
  });
});

describe('several processes on one store', () => {
  it('all open a new one, whoever makes its tables', async () => {
    const dataDir = await newFolder();
    const codes = await Promise.all(Array.from({ length: 4 }, () => inAnotherProcess(dataDir, '')));
    assert.deepEqual(codes, [0, 0, 0, 0]);
  });

  it('see each other revoke a key', { timeout: 20_000 }, async () => {
    const dataDir = await newFolder();
    const store = await open(dataDir);
    await store.keys.insert({ id: 'a', label: 'canary', hash: Buffer.alloc(32), createdAtMs: 1 });
    const seen = Promise.withResolvers<void>();
    const stop = store.keys.watch(async () => {
      const [row] = await store.keys.list();
      if (row?.revokedAtMs === 99) seen.resolve();
    });
    assert.equal(await inAnotherProcess(dataDir, "await store.keys.revoke('a', 99)"), 0);
    await seen.promise;
    stop();
    await store.close();
  });
});
