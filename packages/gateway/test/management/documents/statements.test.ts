import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import pg from 'pg';

import { askOf } from '../management-gateway.ts';
import { PLACES, type Started } from './on-both.ts';
import { STATEMENTS } from './statements.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

const psql = async (url: string, command: string): Promise<string> =>
  (await promisify(execFile)('psql', ['-d', url, '-c', command], { timeout: 20_000 })).stdout;
const skipPsql: string | false = await promisify(execFile)('psql', ['--version']).then(
  () => false as const,
  () => 'psql is not here',
);

async function byHand({ gateway, databaseUrl }: Started, sql: string): Promise<Rows> {
  if (databaseUrl === undefined) {
    const database = new DatabaseSync(path.join(gateway.dataDir, 'patchbay.db'), { timeout: 5000 });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const CAPABILITIES = {
  supportsSystemMessages: true,
  maxContextLength: 128_000,
  supportedRoles: ['user'],
  supportsStreaming: true,
  supportsTools: true,
};
const PROVIDER = {
  identifier: 'custom-openai',
  name: 'Custom',
  apiEndpoint: 'https://example.com/v1',
  authMethod: 'api_key',
  authConfig: { type: 'api_key', fields: { apiKey: 'sk-canary-of-the-statements-9b' } },
  capabilities: CAPABILITIES,
};
const MODEL = { identifier: 'gpt-4', name: 'GPT-4', contextLength: 8192, capabilities: CAPABILITIES };

for (const place of PLACES) {
  describe(`the printed statements on ${place.name}`, { skip: place.skip, timeout: 120_000 }, () => {
    let started: Started;
    let token = '';
    const ask = (route: string, body?: unknown) =>
      askOf(started.gateway.url, route, { token, ...(body !== undefined && { body }) });

    before(async () => {
      started = await place.start();
      const password = (await readFile(path.join(started.gateway.dataDir, 'admin-password'), 'utf8')).trim();
      token = (await ask('POST /api/auth/login', { username: 'admin', password })).json.token as string;
      await ask('POST /api/admin/providers', PROVIDER);
      await ask('POST /api/admin/providers/custom-openai/models', MODEL);
    });
    after(() => started.close());

    for (const { ref, sql, columns, rows: least, postgresOnly = false } of STATEMENTS)
      it(`${ref} ${sql} brings its rows`, async (test) => {
        if (postgresOnly && started.databaseUrl === undefined) return test.skip('PostgreSQL alone knows it');
        const rows = await byHand(started, sql);
        assert.ok(rows.length >= least, String(rows.length));
        if (columns !== undefined) assert.deepEqual(Object.keys(rows[0] ?? {}), columns);
      });

    it('000:255 updated_at is another after a change over HTTP', async () => {
      const sql = "SELECT updated_at FROM providers WHERE identifier = 'custom-openai'";
      const [before] = await byHand(started, sql);
      assert.equal((await ask('PUT /api/admin/providers/custom-openai', { name: 'Another' })).status, 200);
      assert.notDeepEqual((await byHand(started, sql))[0], before);
    });

    it('000:247 a change by hand is there after the registry has been refreshed', async () => {
      await byHand(started, "UPDATE providers SET status = 'inactive' WHERE identifier = 'custom-openai'");
      assert.equal((await ask('POST /api/admin/providers/refresh-registry')).status, 200);
      const { json } = await ask('GET /api/admin/providers/custom-openai');
      assert.equal(json.status, 'inactive');
    });

    it('000:442 counted statements have the mean time that the guide asks for', async (test) => {
      const { databaseUrl } = started;
      if (databaseUrl === undefined) return test.skip('PostgreSQL alone knows it');
      const [{ there } = {}] = await byHand(started, "select to_regclass('pg_stat_statements') is not null as there");
      if (there !== true) return test.skip('the extension is not installed there');
      const columns = await byHand(
        started,
        "select attname from pg_attribute where attrelid = 'pg_stat_statements'::regclass",
      );
      const names = columns.map(({ attname }) => attname);
      for (const name of ['query', 'mean_time', 'calls', 'mean_exec_time']) assert.ok(names.includes(name), name);
      const asked = 'SELECT query, mean_time, calls FROM pg_stat_statements ORDER BY mean_time DESC LIMIT 10;';
      // Where the server does not count, it says itself what it must be started with.
      await byHand(started, asked).catch((error: Error) => assert.match(error.message, /shared_preload_libraries/));
    });

    it('000:526 psql lists the tables and describes them', { skip: skipPsql }, async (test) => {
      const { databaseUrl } = started;
      if (databaseUrl === undefined) return test.skip('PostgreSQL alone knows it');
      const tables = await psql(databaseUrl, String.raw`\dt`);
      for (const name of ['users', 'providers', 'models', 'provider_templates'])
        assert.match(tables, RegExp(`\\b${name}\\b`));
      const described = await psql(databaseUrl, String.raw`\d providers`);
      for (const name of ['identifier', 'status', 'is_system', 'created_by', 'created_at'])
        assert.match(described, RegExp(`"idx_providers_${name}" btree \\(${name}\\)`));
      assert.match(described, /status\s+\|[^\n]*'active'/);
    });
  });
}
