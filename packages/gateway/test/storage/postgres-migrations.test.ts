import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import pg from 'pg';

import { openStore, type Store } from '../../src/storage/open-store.ts';
import { newDatabase, onServer, skipPostgres } from './engines.ts';
import { provider } from './sample-rows.ts';

const FILE = fileURLToPath(
  new URL('../../../../interface/backend/src/migrations/20250210120000_create_dynamic_providers.sql', import.meta.url),
);
/** The columns that the guides name, in their order. */
const DOCUMENTED = {
  providers:
    'id identifier name description api_endpoint auth_method auth_config capabilities status is_system created_by created_at updated_at last_tested test_result',
  models:
    'id provider_id identifier name description context_length capabilities pricing_info status is_default created_at updated_at',
  provider_templates: 'id name description provider_config default_models is_system created_by created_at updated_at',
  users: 'id username email role status password_hash preferences last_login created_at updated_at',
} as const;

describe('the tables in PostgreSQL', { skip: skipPostgres }, () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  const open = (): Promise<Store> =>
    openStore({ dataDir: '', databaseUrl: new Secret(database.url), clock: systemClock });
  const ask = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const columns = async (table: string): Promise<string> => {
    const rows = await ask(
      `select column_name from information_schema.columns where table_name = '${table}' order by ordinal_position`,
    );
    return rows.map((row) => row['column_name']).join(' ');
  };
  const psql = (): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)('psql', ['-d', database.url, '-f', FILE]);
  beforeEach(async () => {
    database = await newDatabase();
  });
  afterEach(() => database.drop());

  it('are made once, however many processes start at the same time', async () => {
    const stores = await Promise.all([open(), open(), open(), open()]);
    const applied = await ask('select name from kysely_migration');
    assert.equal(new Set(applied.map((row) => row['name'])).size, applied.length);
    await Promise.all(stores.map((store) => store.ping()));
    await Promise.all(stores.map((store) => store.close()));
  });

  it('are the documented ones after psql -f, which may run again and before and after a start', async () => {
    for (let time = 0; time < 2; time += 1) assert.equal((await psql()).stderr, '');
    for (const [table, wanted] of Object.entries(DOCUMENTED)) assert.equal(await columns(table), wanted);
    const row = provider();
    const store = await open();
    await store.rows.providers.insert(row);
    assert.equal((await psql()).stderr, '');
    assert.equal((await store.rows.providers.get(row.id))?.version, 1);
    await store.close();
    for (const [table, wanted] of Object.entries(DOCUMENTED))
      assert.ok((await columns(table)).startsWith(wanted), table);
  });

  it('are the same without psql', async () => {
    const shape = `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
      where table_schema = 'public' order by table_name, ordinal_position`;
    const withoutPsql = await open().then(async (store) => {
      await store.close();
      return ask(shape);
    });
    await database.drop();
    database = await newDatabase();
    await psql();
    await (await open()).close();
    assert.deepEqual(await ask(shape), withoutPsql);
  });

  it('answer the documented questions', async () => {
    await (await open()).close();
    for (const question of [
      "SELECT id, username, role FROM users WHERE username = 'your-username'",
      'SELECT id, identifier, status, updated_at FROM providers',
      "SELECT id, identifier, status, provider_id FROM models WHERE identifier = 'model-name'",
      'SELECT id, name, is_system FROM provider_templates',
      'SELECT count(*) FROM providers',
    ])
      assert.ok(Array.isArray(await ask(question)));
  });

  it('are none at all when one of them cannot be made', async () => {
    await onServer(database.url, 'create table usage_hours (id integer)');
    await assert.rejects(open(), /cannot be opened: .*"usage_hours" already exists/);
    const made = await ask("select table_name from information_schema.tables where table_schema = 'public'");
    const ours = made.map((row) => String(row['table_name'])).filter((name) => !name.startsWith('kysely_'));
    assert.deepEqual(ours, ['usage_hours']);
    assert.deepEqual(await ask('select * from kysely_migration'), []);
  });

  it('are left alone when a newer version made them', async () => {
    await (await open()).close();
    await onServer(database.url, "insert into kysely_migration values ('9999-of-the-future', '2099-01-01')");
    await assert.rejects(open(), /was written by a newer Patchbay \(it has 9999-of-the-future\)/);
  });

  it('are made by one who may make no extension, without the look at slow statements', async () => {
    const name = `modest_${randomBytes(6).toString('hex')}`;
    const url = new URL(database.url);
    url.username = name;
    await onServer(database.url, `create role ${name} login`, `grant create on schema public to ${name}`);
    const store = await openStore({ dataDir: '', databaseUrl: new Secret(url.href), clock: systemClock });
    await store.close();
    assert.deepEqual(await ask("select extname from pg_extension where extname = 'pg_stat_statements'"), []);
    await onServer(database.url, `drop owned by ${name}`, `drop role ${name}`);
  });

  it('let another program have its table later: psql -f joins it to ours', async () => {
    await (await open()).close();
    await onServer(database.url, 'create table connections (id integer)');
    assert.equal((await psql()).stderr, '');
    assert.equal(await columns('connections'), 'id provider_id');
  });

  it('know us by name', async () => {
    const store = await open();
    await store.ping();
    const rows = await ask('select application_name from pg_stat_activity where datname = current_database()');
    await store.close();
    assert.ok(rows.some((row) => row['application_name'] === 'patchbay'));
  });
});
