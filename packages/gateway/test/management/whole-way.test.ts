import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import pg from 'pg';

import { PROCESS_KEY } from '../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream, type SeenRequest } from '../support/scripted-upstream.ts';
import { PLACES, type Started } from './documents/on-both.ts';
import { askOf, type Answered } from './management-gateway.ts';

/** Secrets that must be found nowhere but at the provider. */
const CANARIES = ['sk-canary-first-key-e41b', 'sk-canary-second-key-a7d0', 'sk-canary-of-the-template-52cc'] as const;
const [FIRST, SECOND, TEMPLATE] = CANARIES;
const PASSPHRASE = 'canary-passphrase-of-the-backup';
const CHAT = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-5',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const CAPABILITIES = {
  supportsSystemMessages: true,
  maxContextLength: 128_000,
  supportedRoles: ['system', 'user', 'assistant'],
  supportsStreaming: true,
  supportsTools: true,
};
const MODEL = { identifier: 'house-model', name: 'House', contextLength: 8000, capabilities: CAPABILITIES };

const vendor = ({ method }: SeenRequest): unknown =>
  method === 'GET' ? { object: 'list', data: [{ id: 'house-model', object: 'model' }] } : CHAT;

/** Every row of every table, as text. */
async function dumpPostgres(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const tables = await client.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  let text = '';
  for (const { name } of tables.rows) {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from "${name}" t`);
    text += rows.map(({ row }) => row).join('\n');
  }
  await client.end();
  return text;
}

/** Every file below a folder, as it lies on the disk. */
async function bytesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')] as const)));
}

for (const place of PLACES) {
  describe(`a provider's whole way on ${place.name}`, { skip: place.skip, timeout: 120_000 }, () => {
    let started: Started;
    let upstream: ScriptedUpstream;
    let token = '';
    const said: string[] = [];

    before(async () => {
      upstream = await startUpstream((request, response) => sendJson(response, 200, vendor(request)));
      started = await place.start({ EGRESS_ALLOW: '127.0.0.1', RATE_LIMIT_ENABLED: 'false' });
      const password = (await readFile(path.join(started.gateway.dataDir, 'admin-password'), 'utf8')).trim();
      token = (await askOf(started.gateway.url, 'POST /api/auth/login', { body: { username: 'admin', password } })).json
        .token as string;
    });
    after(async () => {
      await started.close();
      await upstream.close();
    });

    const ask = async (route: string, status: number, body?: unknown): Promise<Answered['json']> => {
      const answer = await askOf(started.gateway.url, route, { token, ...(body !== undefined && { body }) });
      said.push(answer.text);
      assert.equal(answer.status, status, answer.text);
      return answer.json;
    };
    const chat = (model: string): Promise<Answered> =>
      askOf(started.gateway.url, 'POST /v1/chat/completions', {
        token: PROCESS_KEY,
        body: { model, messages: [{ role: 'user', content: 'hi' }] },
      });
    const create = (identifier: string, apiKey: string): Promise<Answered['json']> =>
      ask('POST /api/admin/providers', 201, {
        identifier,
        name: identifier,
        apiEndpoint: `${upstream.url}/v1`,
        authMethod: 'api_key',
        authConfig: { type: 'api_key', fields: { apiKey }, headers: { Authorization: 'Bearer {{apiKey}}' } },
        capabilities: CAPABILITIES,
      });

    it('serves calls of its models the moment it is there, and says which state of the registry served', async () => {
      await create('house', FIRST);
      await ask('POST /api/admin/providers/house/models', 201, MODEL);
      const { version } = await ask('GET /api/admin/providers/registry-status', 200);
      const answer = await chat('house-model');
      assert.deepEqual([answer.status, answer.json.choices[0].message.content], [200, 'hello']);
      assert.equal(answer.headers.get('x-patchbay-registry'), String(version));
      assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${FIRST}`);
      assert.equal((await ask('POST /api/admin/providers/house/test', 200)).success, true);
    });

    it('takes another key at once, and is out of service the moment it is switched off', async () => {
      const authConfig = { type: 'api_key', fields: { apiKey: SECOND } };
      const { version } = await ask('PUT /api/admin/providers/house', 200, { authConfig });
      assert.equal((await chat('house/house-model')).status, 200);
      assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${SECOND}`);
      await ask('PUT /api/admin/providers/house/status', 200, { status: 'inactive' });
      assert.equal((await chat('house/house-model')).status, 404);
      await ask('PUT /api/admin/providers/house/status', 200, { status: 'active' });
      assert.equal((await chat('house/house-model')).status, 200);
      assert.ok(version > 1);
    });

    it('is known to a built-in provider without a key, whose refusal names the way that works', async () => {
      const refused = await chat('openai/gpt-5');
      assert.equal(refused.status, 404);
      const [, method = '', where = ''] = /(PUT) (\/api\/admin\/providers\/openai)/.exec(refused.text) ?? [];
      const authConfig = { type: 'api_key', fields: { apiKey: TEMPLATE } };
      await ask(`${method} ${where}`, 200, { apiEndpoint: `${upstream.url}/v1`, authConfig });
      const served = await chat('openai/gpt-5');
      assert.equal(served.status, 200, served.text);
      assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${TEMPLATE}`);
    });

    it('comes out of a template with its models', async () => {
      const made = await ask('POST /api/admin/provider-templates/openai/apply', 201, {
        identifier: 'from-template',
        name: 'From a template',
        customizations: { apiKey: TEMPLATE, endpoint: `${upstream.url}/v1` },
      });
      assert.ok(made.modelCount > 0);
      const { data } = await ask('GET /api/admin/models?providerId=from-template&limit=1', 200);
      assert.equal((await chat(`from-template/${data[0].identifier}`)).status, 200);
    });

    it('leaves and comes back: an export is imported as it is, a backup brings back what was removed', async () => {
      const exported = await ask('POST /api/admin/providers/export', 200, { includeModels: true });
      const again = await ask('POST /api/admin/providers/import', 200, exported);
      assert.deepEqual([again.success, again.imported, again.errors], [true, 0, []]);
      const kept = await ask('POST /api/admin/providers/backup', 201, {
        includeCredentials: true,
        encryption: true,
        encryptionKey: PASSPHRASE,
      });
      const backupId = (kept.data ?? kept).id as string;
      const models = await ask('GET /api/admin/providers/house/models', 200);
      await ask(`DELETE /api/admin/models/${models[0].id}`, 204);
      await ask('DELETE /api/admin/providers/house', 204);
      assert.equal((await chat('house/house-model')).status, 404);
      await ask('POST /api/admin/providers/restore', 200, { backupId, options: { decryptionKey: PASSPHRASE } });
      assert.equal((await chat('house/house-model')).status, 200);
      assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${SECOND}`);
    });

    it('tells the slower of two administrators the current version, and loses nothing', async () => {
      const { version } = await ask('GET /api/admin/providers/house', 200);
      const change = (description: string): Promise<Answered> =>
        askOf(started.gateway.url, 'PUT /api/admin/providers/house', { token, body: { description, version } });
      const answers = await Promise.all([change('mine'), change('yours')]);
      const [won, lost] = answers.sort((a, b) => a.status - b.status);
      assert.deepEqual([won?.status, lost?.status], [200, 409]);
      assert.deepEqual(
        [lost?.json.error.code, lost?.json.error.details],
        ['CONFLICT', { currentVersion: version + 1 }],
      );
      const now = await ask('GET /api/admin/providers/house', 200);
      assert.deepEqual([now.description, now.version], [won?.json.description, version + 1]);
    });

    it('is in the audit log with each change, before and after', async () => {
      const { entries } = await ask('GET /api/system/audit?limit=100', 200);
      const rows = entries as readonly { action: string; actorName: string; before?: unknown; after?: unknown }[];
      for (const action of [
        'providers.create',
        'providers.update',
        'providers.setStatus',
        'providers.delete',
        'models.create',
        'models.delete',
        'templates.apply',
        'configuration.import',
        'backups.create',
        'backups.restore',
      ]) {
        const row = rows.find((each) => each.action === action);
        assert.equal(row?.actorName, 'admin', `${action} is not among ${rows.map((each) => each.action).join(', ')}`);
        assert.ok(row.before !== undefined || row.after !== undefined, action);
      }
      const update = rows.find(({ action }) => action === 'providers.update');
      assert.ok(update?.before !== undefined && update.after !== undefined);
    });

    it('leaves its secrets in no answer, no line, no row and no file', async () => {
      const { gateway, databaseUrl } = started;
      const places = new Map([
        ['answers', said.join('\n')],
        ['output', gateway.output()],
        ...(await bytesBelow(gateway.dataDir)),
      ]);
      if (databaseUrl !== undefined) places.set('rows', await dumpPostgres(databaseUrl));
      else assert.ok([...places.keys()].some((name) => name.endsWith('.db-wal')));
      for (const [name, text] of places)
        for (const canary of [...CANARIES, PASSPHRASE]) {
          assert.ok(!text.includes(canary), `${canary} in ${name}`);
          assert.ok(
            !text.includes(Buffer.from(canary).toString('base64').slice(0, 20)),
            `${canary} encoded in ${name}`,
          );
        }
    });
  });
}
