import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { getPriority, platform, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { Kysely, sql } from 'kysely';

import { SqliteThread } from './sqlite-thread.ts';
import { sqliteDialect } from './sqlite.ts';

const INSERT = 'INSERT INTO marks (mark) VALUES (?)';

let folder = '';
let thread: SqliteThread;
let database: Kysely<unknown>;
const mark = (text: string, through = database) => sql`INSERT INTO marks (mark) VALUES (${text})`.execute(through);
const marks = async (): Promise<readonly string[]> =>
  (await sql<{ mark: string }>`SELECT mark FROM marks ORDER BY id`.execute(database)).rows.map((row) => row.mark);

const skipNiceness = platform() === 'linux' ? false : 'threads have no priority of their own here';
/** The 19th value of the thread's line, counted behind its name, which may have blanks in it. */
const nicenessOf = async (thread: string): Promise<number> => {
  const line = await readFile(`/proc/self/task/${thread}/stat`, 'utf8');
  return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[16]);
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  thread = new SqliteThread(path.join(folder, 'test.db'));
  database = new Kysely({ dialect: sqliteDialect(thread) });
  await sql`CREATE TABLE marks (id integer primary key, mark text not null unique)`.execute(database);
});
afterEach(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

describe('the driver', () => {
  it('loses nothing of a commit to a loss of power, and minds keys that point elsewhere', async () => {
    const value = async (name: string): Promise<unknown> =>
      Object.values((await sql.raw<object>(`PRAGMA ${name}`).execute(database)).rows[0] ?? {})[0];
    assert.deepEqual(await Promise.all(['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map(value)), [
      'wal',
      2,
      1,
      2500,
    ]);
  });

  it('steps back behind the calls', { skip: skipNiceness }, async () => {
    await mark('a');
    const threads = await readdir('/proc/self/task');
    const niceness = await Promise.all(threads.map(nicenessOf));
    assert.equal(Math.max(...niceness), 10);
    assert.equal(await nicenessOf(String(process.pid)), getPriority());
  });

  it('says how many rows changed and the id of the last', async () => {
    const { numAffectedRows, insertId } = await mark('a');
    assert.deepEqual([numAffectedRows, insertId], [1n, 1n]);
  });

  it('lets transactions wait for each other', async () => {
    const gate = Promise.withResolvers<void>();
    const first = database.transaction().execute(async (transaction) => {
      await mark('first', transaction);
      await gate.promise;
      await mark('first again', transaction);
    });
    const second = database.transaction().execute((transaction) => mark('second', transaction));
    const alone = mark('alone');
    gate.resolve();
    await Promise.all([first, second, alone]);
    assert.deepEqual(await marks(), ['first', 'first again', 'second', 'alone']);
  });

  it('takes back a transaction that fails, and goes on', async () => {
    const failing = database.transaction().execute(async (transaction) => {
      await mark('a', transaction);
      throw new Error('changed our mind');
    });
    await assert.rejects(failing, { message: 'changed our mind' });
    await mark('b');
    assert.deepEqual(await marks(), ['b']);
  });
});

describe('a batch', () => {
  it('is written whole or not at all', async () => {
    await assert.rejects(thread.batch(INSERT, [['a'], ['b'], ['a']]), { code: 'ERR_SQLITE_ERROR', message: /UNIQUE/ });
    assert.deepEqual(await marks(), []);
    await thread.batch(INSERT, [['a'], ['b']]);
    assert.deepEqual(await marks(), ['a', 'b']);
  });

  it('fails inside a transaction and leaves that as it was', async () => {
    await database.transaction().execute(async (transaction) => {
      await mark('a', transaction);
      await assert.rejects(thread.batch(INSERT, [['b']]), /within a transaction/);
    });
    assert.deepEqual(await marks(), ['a']);
  });

  it('waits for a transaction when it takes the connection', async () => {
    let batch: Promise<void> = Promise.resolve();
    await database.transaction().execute(async (transaction) => {
      batch = database.connection().execute(() => thread.batch(INSERT, [['b']]));
      await mark('a', transaction);
    });
    await batch;
    assert.deepEqual(await marks(), ['a', 'b']);
  });
});

describe('a thread that has ended', () => {
  it('fails whatever is asked of it, then and after', async () => {
    const broken = new SqliteThread(path.join(folder, 'missing', 'test.db'));
    const reason = { message: 'unable to open database file' };
    await Promise.all([
      assert.rejects(broken.query('SELECT 1', []), reason),
      assert.rejects(broken.batch(INSERT, [['a']]), reason),
    ]);
    await assert.rejects(broken.query('SELECT 1', []), reason);
    await broken.close();
  });

  it('says so when it was closed', async () => {
    await thread.close();
    await assert.rejects(thread.query('SELECT 1', []), { message: 'The database thread has ended.' });
  });
});
