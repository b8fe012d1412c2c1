import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';

import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { openStore, type Store } from '../../src/storage/open-store.ts';
import type { ModelRecord, ProviderRecord } from '../../src/storage/records.ts';
import type { NewRow } from '../../src/storage/repository.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';

const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const CAPABILITIES = { supportsStreaming: true, maxContextLength: 8000 };

let dataDir: string;
let store: Store;
let upstream: ScriptedUpstream;
let gateway: TestGateway;
let byHand: DatabaseSync;

before(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-registry-'));
  const sealer = await createSealer([new Secret(Buffer.alloc(32, 7).toString('base64'))]);
  store = await openStore({ dataDir, clock: systemClock, sealer });
  upstream = await startUpstream((_, response) => sendJson(response, 200, CHAT));
  gateway = await startGateway(
    [provider('openai', `${upstream.url}/settled`, 'canary-settled')],
    { egressAllow: ['127.0.0.1'] },
    { stored: { rows: store.rows, secrets: store.secrets, feed: store.changes } },
  );
  await gateway.gateway.registry.start();
  byHand = new DatabaseSync(path.join(dataDir, 'patchbay.db'));
  byHand.exec('pragma busy_timeout = 2000');
});
after(async () => {
  byHand.close();
  await gateway.close();
  await store.close();
  await upstream.close();
  await rm(dataDir, { recursive: true });
});
beforeEach(() => {
  upstream.seen.length = 0;
});

const rowOf = (identifier: string, more: Partial<NewRow<ProviderRecord>> = {}): NewRow<ProviderRecord> => ({
  id: randomUUID(),
  identifier,
  name: identifier,
  apiEndpoint: `${upstream.url}/${identifier}/v1`,
  authMethod: 'api_key',
  authConfig: {
    type: 'api_key',
    fields: { apiKey: new Secret(`canary-${identifier}`), team: 'red' },
    headers: { Authorization: 'Bearer {{apiKey}}', 'X-Team': '{{team}}' },
  },
  capabilities: CAPABILITIES,
  status: 'active',
  isSystem: false,
  createdAtMs: Date.now(),
  updatedAtMs: Date.now(),
  ...more,
});

const modelOf = (providerId: string, identifier: string, status = 'active'): NewRow<ModelRecord> => ({
  id: randomUUID(),
  providerId,
  identifier,
  name: identifier,
  contextLength: 8000,
  capabilities: CAPABILITIES,
  status,
  isDefault: false,
  createdAtMs: Date.now(),
  updatedAtMs: Date.now(),
});

const ask = (model: string): Promise<Response> =>
  post(gateway, '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }] });

/** Waits for something that must come to pass within a second or so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(5000);
  while (!(await isSo())) {
    deadline.throwIfAborted();
    await systemClock.sleep(20);
  }
}

describe('a row', () => {
  it('serves with its headers and models, listed, by its name or the model’s alone', async () => {
    const row = rowOf('one');
    await store.rows.providers.insert(row);
    await store.rows.models.insert(modelOf(row.id, 'one-large'));
    await store.rows.models.insert(modelOf(row.id, 'one-off', 'inactive'));
    await gateway.gateway.registry.refresh();
    for (const model of ['one/one-large', 'one-large', 'one/never-listed'])
      assert.equal((await ask(model)).status, 200);
    assert.deepEqual(
      upstream.seen.map(({ path: where, headers, body }) => [
        where,
        headers.authorization,
        headers['x-team'],
        (JSON.parse(String(body)) as { model: string }).model,
      ]),
      ['one-large', 'one-large', 'never-listed'].map((model) => [
        '/one/v1/chat/completions',
        'Bearer canary-one',
        'red',
        model,
      ]),
    );
    const off = await ask('one/one-off');
    assert.equal(off.status, 404);
    assert.match(await off.text(), /is inactive here/);
    const list = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${TEST_KEY}` } });
    const { data } = (await list.json()) as { data: { id: string }[] };
    const own = data.map(({ id }) => id).filter((id) => id.startsWith('one/'));
    assert.deepEqual(own, ['one/one-large']);
  });

  it('follows changes made by hand within a second, and what its pool learned stays while its account is the same', async () => {
    const { registry } = gateway.gateway;
    const before = registry.current();
    const pool = before.runtimes.get('one')?.pool;
    byHand.exec(`update providers set description = 'new' where identifier = 'one'`);
    await until(() => registry.current().version > before.version);
    assert.equal(registry.current().runtimes.get('one')?.pool, pool);
    byHand.exec(`update providers set status = 'inactive' where identifier = 'one'`);
    await until(async () => (await ask('one/one-large')).status === 404);
    byHand.exec(`update providers set status = 'active' where identifier = 'one'`);
    await until(async () => (await ask('one/one-large')).status === 200);
    byHand.exec(`delete from models where identifier = 'one-off'`);
    await until(() => registry.current().models.get('one')?.has('one-off') === false);
  });

  it('stands in a state with a version, which each answer and each record of a call bears', async () => {
    const { registry } = gateway.gateway;
    const { version } = registry.current();
    const answer = await ask('one/one-large');
    assert.equal(answer.headers.get('x-patchbay-registry'), String(version));
    const off = await ask('one/nowhere/none');
    assert.equal(off.headers.get('x-patchbay-registry'), String(version));
    assert.deepEqual(
      gateway.records.slice(-2).map(({ registryVersion }) => registryVersion),
      [version, version],
    );
  });

  it('is told in the history of versions when it changes, without its values', async () => {
    const { registry } = gateway.gateway;
    const row = rowOf('told');
    await store.rows.providers.insert(row);
    await store.rows.models.insert(modelOf(row.id, 'told-large'));
    const added = await registry.refresh();
    assert.deepEqual(registry.history().find(({ version }) => version === added.version)?.changes, [
      { table: 'providers', subject: 'told', change: 'added', fields: [] },
      { table: 'models', subject: 'told/told-large', change: 'added', fields: [] },
    ]);
    const changedAuth = {
      type: 'api_key',
      fields: { apiKey: new Secret('canary-told-anew'), team: 'blue' },
      headers: { Authorization: 'Bearer {{apiKey}}', 'X-Team': '{{team}}' },
    };
    await store.rows.providers.update(row.id, { name: 'Told', authConfig: changedAuth });
    const changed = await registry.refresh();
    const [latest] = registry.history();
    assert.deepEqual([latest?.version, latest?.omitted], [changed.version, 0]);
    assert.deepEqual(latest?.changes, [
      { table: 'providers', subject: 'told', change: 'changed', fields: ['name', 'authConfig'] },
    ]);
    for (const { id } of await store.rows.models.all({ providerId: row.id })) await store.rows.models.remove(id);
    await store.rows.providers.remove(row.id);
    await registry.refresh();
    assert.deepEqual(
      registry.history()[0]?.changes.map(({ subject, change }) => [subject, change]),
      [
        ['told', 'removed'],
        ['told/told-large', 'removed'],
      ],
    );
    assert.ok(!JSON.stringify(registry.history()).includes('canary'));
  });

  it('that goes bad is named, and its last good state serves on', async () => {
    const { registry } = gateway.gateway;
    byHand.exec(
      `update providers set auth_config = json_set(auth_config, '$.headers.Extra', '{{nobody}}') where identifier = 'one'`,
    );
    await until(() => registry.current().problems.length > 0);
    const [problem] = registry.current().problems;
    assert.deepEqual([problem?.subject, problem?.servesOn], ['one', true]);
    assert.match(problem?.message ?? '', /authConfig\.fields\.nobody: The field `nobody` is empty/);
    assert.equal((await ask('one/one-large')).status, 200);
    byHand.exec(
      `update providers set auth_config = json_remove(auth_config, '$.headers.Extra') where identifier = 'one'`,
    );
    await until(() => registry.current().problems.length === 0);
  });

  it('without a key is no problem and serves nothing', async () => {
    const fields = { apiKey: { required: true, description: 'Your key' } };
    await store.rows.providers.insert(rowOf('unfilled', { authConfig: { type: 'api_key', fields } }));
    await gateway.gateway.registry.refresh();
    assert.deepEqual(gateway.gateway.registry.current().problems, []);
    assert.equal((await ask('unfilled/m')).status, 404);
  });

  it('does not take the place of a provider of the settings, and switches it off when it is inactive', async () => {
    const row = rowOf('openai');
    await store.rows.providers.insert(row);
    await gateway.gateway.registry.refresh();
    await ask('openai/gpt-5');
    assert.equal(upstream.seen[0]?.path, '/settled/chat/completions');
    await store.rows.providers.update(row.id, { status: 'inactive' });
    await gateway.gateway.registry.refresh();
    assert.equal((await ask('openai/gpt-5')).status, 404);
    await store.rows.providers.remove(row.id);
    await gateway.gateway.registry.refresh();
    assert.equal((await ask('openai/gpt-5')).status, 200);
  });

  it('whose secret was moved from another row is refused by name', async () => {
    byHand.exec(
      `insert into providers (identifier, name, api_endpoint, auth_method, auth_config)
        select 'two', name, api_endpoint, auth_method, auth_config from providers where identifier = 'one'`,
    );
    await gateway.gateway.registry.refresh();
    const { problems, runtimes } = gateway.gateway.registry.current();
    assert.equal(problems[0]?.subject, 'two');
    assert.equal(runtimes.has('two'), false);
  });
});

it('shows no secret anywhere', () => {
  const { problems } = gateway.gateway.registry.current();
  assert.doesNotMatch(JSON.stringify([gateway.records, problems]), /canary/);
});
