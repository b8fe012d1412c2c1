import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';

import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';

import { SqliteThread } from '../../src/storage/drivers/sqlite-thread.ts';
import { sqliteDialect } from '../../src/storage/drivers/sqlite.ts';
import { MIGRATIONS, migrate } from '../../src/storage/migrations/index.ts';
import { newDatabase, skipPostgres } from './engines.ts';

const id = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
const provider = (number: number, identifier: string, isSystem: boolean, config: string, status = 'active'): string =>
  `INSERT INTO providers (id, identifier, name, api_endpoint, auth_method, is_system, auth_config, status)
    VALUES ('${id(number)}', '${identifier}', 'n', 'https://example.com', 'custom', ${isSystem}, '${config}', '${status}')`;

/** Rows as they were before built-in providers were known by their names, and before accounts of proxies were counted. */
const OLDER_ROWS: readonly string[] = [
  provider(1, 'openai', true, '{}'),
  provider(2, 'anthropic', true, '{"fields": {"apiKey": "enc:v1:0011223344556677:AAAA"}}'),
  provider(3, 'renamed', true, '{}', 'inactive'),
  provider(4, 'microsoft-copilot', false, '{}'),
  `INSERT INTO models (provider_id, identifier, name) VALUES ('${id(1)}', 'gpt-4', 'n')`,
  `INSERT INTO models (provider_id, identifier, name) VALUES ('${id(2)}', 'claude', 'n')`,
  `INSERT INTO provider_health (provider_id, status) VALUES ('${id(1)}', 'healthy')`,
  `INSERT INTO proxy_pool (url, current_accounts) VALUES ('http://one:1', 7)`,
  `INSERT INTO accounts (id, provider_id, proxy_id, is_active) VALUES ('a', 'openai', 1, true)`,
  `INSERT INTO accounts (id, provider_id, proxy_id, is_active) VALUES ('b', 'openai', 1, false)`,
];

/** What is asked of them afterwards, and the numbers that come. */
const NAMED_ROWS: readonly (readonly [sql: string, numbers: readonly number[]])[] = [
  [`SELECT count(*) FROM providers WHERE id = 'openai'`, [1]],
  [`SELECT count(*) FROM providers WHERE id IN ('${id(2)}', '${id(3)}', '${id(4)}')`, [3]],
  [`SELECT count(*) FROM models WHERE provider_id = 'openai'`, [1]],
  [`SELECT count(*) FROM models m JOIN providers p ON p.id = m.provider_id WHERE p.identifier = 'anthropic'`, [1]],
  [`SELECT count(*) FROM provider_health WHERE provider_id = 'openai'`, [1]],
  [`SELECT count(*) FROM providers WHERE is_active = (status <> 'inactive')`, [4]],
  ['SELECT current_accounts FROM proxy_pool', [1]],
];

/** A store as the version before left it. */
async function older(database: Kysely<never>): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) };
  const { error } = await new Migrator({ db: database, provider }).migrateTo('0019-usage-days');
  assert.equal(error, undefined);
  for (const statement of OLDER_ROWS) await sql.raw(statement).execute(database);
}

async function assertNamed(database: Kysely<never>): Promise<void> {
  for (const [statement, numbers] of NAMED_ROWS) {
    const { rows } = await sql.raw<object>(statement).execute(database);
    assert.deepEqual(
      rows.map((row) => Object.values(row).map(Number)),
      [numbers],
      statement,
    );
  }
}

describe('an older store', () => {
  it('knows built-in providers by their names, but for those that hold a sealed secret, in SQLite', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    const thread = new SqliteThread(path.join(folder, 'older.db'));
    const database = new Kysely<never>({ dialect: sqliteDialect(thread) });
    await older(database);
    await migrate(database, 'the test');
    await assertNamed(database);
    assert.deepEqual((await sql`PRAGMA foreign_key_check`.execute(database)).rows, []);
    await thread.close();
    await rm(folder, { recursive: true });
  });

  it('does so in PostgreSQL, in the rows of other programs too', { skip: skipPostgres }, async () => {
    const { url, drop } = await newDatabase();
    const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) });
    const database = new Kysely<never>({ dialect });
    const linked = async () => (await sql`select provider_id from connections`.execute(database)).rows;
    await sql`create table connections (id integer)`.execute(database);
    await older(database);
    await sql`create table notes (about uuid references providers (id) on delete cascade)`.execute(database);
    await sql`insert into notes select id from providers where identifier = 'openai'`.execute(database);
    await sql`insert into connections select 1, id from providers where identifier = 'openai'`.execute(database);
    await migrate(database, 'the test');
    await assertNamed(database);
    assert.deepEqual(await linked(), [{ provider_id: 'openai' }]);
    assert.deepEqual((await sql`select about from notes`.execute(database)).rows, [{ about: 'openai' }]);
    await sql`delete from providers where id = 'openai'`.execute(database);
    assert.deepEqual((await sql`select about from notes`.execute(database)).rows, []);
    assert.deepEqual(await linked(), [{ provider_id: null }]);
    assert.deepEqual((await sql`select * from models where provider_id = 'openai'`.execute(database)).rows, []);
    await database.destroy();
    await drop();
  });
});
