import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';

import { sqliteDialect } from '../drivers/sqlite.ts';
import { SqliteThread } from '../drivers/sqlite-thread.ts';
import { MIGRATIONS, migrate } from './index.ts';

describe('the migrations', () => {
  let folder = '';
  let thread: SqliteThread;
  let database: Kysely<never>;
  const schema = async (): Promise<readonly unknown[]> =>
    (await sql`SELECT name, sql FROM sqlite_schema ORDER BY name`.execute(database)).rows;
  const applied = async (): Promise<readonly string[]> =>
    (await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(database)).rows.map(
      ({ name }) => name,
    );

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    thread = new SqliteThread(path.join(folder, 'test.db'));
    database = new Kysely<never>({ dialect: sqliteDialect(thread) });
    await migrate(database, 'the test');
  });
  after(async () => {
    await thread.close();
    await rm(folder, { recursive: true });
  });

  it('are numbered without a gap, so that their order is that of their names', () => {
    const names = Object.keys(MIGRATIONS);
    for (const [index, name] of names.entries())
      assert.ok(name.startsWith(`${String(index + 1).padStart(4, '0')}-`), name);
  });

  it('are all applied to a new store', async () => {
    assert.deepEqual(await applied(), Object.keys(MIGRATIONS));
  });

  it('change nothing the second time', async () => {
    const once = await schema();
    await migrate(database, 'the test');
    assert.deepEqual(await schema(), once);
    assert.deepEqual(await applied(), Object.keys(MIGRATIONS));
  });

  it('find the days of hours that were there before', async () => {
    const older = new SqliteThread(path.join(folder, 'older.db'));
    const kysely = new Kysely<never>({ dialect: sqliteDialect(older) });
    const provider = { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) };
    const { error } = await new Migrator({ db: kysely, provider }).migrateTo('0018-log-indexes');
    assert.equal(error, undefined);
    const hour = (at: number) => sql`INSERT INTO usage_hours (hour_start_ms, provider_id, model, key_id, attempts,
      successes, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, latency_ms,
      cost_nano_usd, unpriced) VALUES (${at * 3_600_000}, 'p', 'm', 'k', 2, 1, 3, 4, 0, 0, 0, 5, 6, 1)`;
    for (const at of [24, 47, 48]) await hour(at).execute(kysely);
    await migrate(kysely, 'the test');
    const { rows } = await sql`SELECT day_start_ms / 86400000 AS day, attempts, output_tokens, cost_nano_usd
      FROM usage_days ORDER BY 1`.execute(kysely);
    assert.deepEqual(
      rows.map((row) => Object.values(row as object)),
      [
        [1, 4, 8, 12],
        [2, 2, 4, 6],
      ],
    );
    await older.close();
  });

  it('make tables that refuse one key twice and one attempt twice', async () => {
    const key = sql`INSERT INTO data_plane_keys VALUES (${'a'}, ${'l'}, ${Buffer.alloc(32)}, 1, NULL)`;
    const sameHash = sql`INSERT INTO data_plane_keys VALUES (${'b'}, ${'l'}, ${Buffer.alloc(32)}, 1, NULL)`;
    await key.execute(database);
    await assert.rejects(key.execute(database), /UNIQUE/);
    await assert.rejects(sameHash.execute(database), /UNIQUE/);
    const { rows } = await sql<{ sql: string }>`SELECT sql FROM sqlite_schema WHERE name = 'request_logs'`.execute(
      database,
    );
    assert.match(rows[0]?.sql ?? '', /unique \(call_id, attempt\)/);
  });

  it('refuse a store of a newer version before they touch it', async () => {
    await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-of-the-future', '')`.execute(database);
    const before = await schema();
    await assert.rejects(migrate(database, 'the test'), {
      message:
        'the test was written by a newer Patchbay (it has 9999-of-the-future). Start that version, or restore a backup.',
    });
    assert.deepEqual(await schema(), before);
  });
});
