import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';

import { PROVIDERS } from '@patchbay/llm/providers/registry';

import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider } from '../support/test-gateway.ts';
import { as, startAccounts, type AccountGateway } from './account-gateway.ts';

const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

let upstream: ScriptedUpstream;
let other: ScriptedUpstream;
let accounts: AccountGateway;

before(async () => {
  upstream = await startUpstream((_, response) => sendJson(response, 200, CHAT));
  other = await startUpstream((_, response) => sendJson(response, 200, CHAT));
  accounts = await startAccounts([provider('openai', `${upstream.url}/v1`, 'canary-settled')], {
    addresses: new Map([['mistral', `${upstream.url}/elsewhere`]]),
  });
});
after(async () => {
  await accounts.close();
  await upstream.close();
  await other.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
  other.seen.length = 0;
});

const runtime = (id: string) => accounts.gateway.gateway.registry.current().runtimes.get(id);

async function addRow(identifier: string, endpoint: string): Promise<string> {
  const id = randomUUID();
  await accounts.store.rows.providers.insert({
    id,
    identifier,
    name: identifier,
    apiEndpoint: endpoint,
    authMethod: 'api_key',
    authConfig: { type: 'api_key', fields: {}, headers: { 'X-Team-Key': '{{apiKey}}' } },
    capabilities: {},
    status: 'active',
    isSystem: false,
    createdAtMs: 1,
    updatedAtMs: 1,
  });
  await accounts.gateway.gateway.registry.refresh();
  return id;
}

describe('a provider of a row', () => {
  it('that nobody filled in is served by its accounts, whose keys go where its own would', async () => {
    await addRow('team', `${upstream.url}/team`);
    assert.equal(runtime('team'), undefined);
    await accounts.add('team', 'canary-team-0123456789');
    assert.equal((await accounts.ask('team/m')).status, 200);
    assert.equal(upstream.seen[0]?.headers['x-team-key'], 'canary-team-0123456789');
    assert.equal(upstream.seen[0]?.headers.authorization, undefined);
  });

  it('that moves to another address takes no account along, until its secret is written again', async () => {
    const id = await addRow('moving', `${upstream.url}/moving`);
    const account = await accounts.add('moving', 'canary-moving-0123456789');
    assert.equal((await accounts.ask('moving/m')).status, 200);
    await accounts.store.rows.providers.update(id, { apiEndpoint: `${other.url}/moving` });
    const { registry } = accounts.gateway.gateway;
    await registry.refresh();
    assert.equal((await accounts.ask('moving/m')).status, 503);
    assert.equal(other.seen.length, 0);
    assert.match(JSON.stringify(registry.current().problems), /written for another address/);
    const asked = {
      params: { id: account },
      query: undefined,
      body: { auth_data: { api_key: 'canary-anew-0123456789' } },
    };
    const written = await accounts.handlers['accounts.update'](asked as never, as('admin'));
    assert.ok(written.ok);
    assert.equal((await accounts.ask('moving/m')).status, 200);
    assert.equal(other.seen[0]?.headers['x-team-key'], 'canary-anew-0123456789');
  });

  it('that is switched off takes its accounts along', async () => {
    const id = await addRow('off', `${upstream.url}/off`);
    await accounts.add('off', 'canary-off-0123456789');
    await accounts.store.rows.providers.update(id, { status: 'inactive' });
    await accounts.gateway.gateway.registry.refresh();
    assert.equal((await accounts.ask('off/m')).status, 404);
    assert.equal(upstream.seen.length, 0);
  });
});

describe('a built-in provider', () => {
  it('is served at its own address as soon as it has an account', async () => {
    assert.equal(runtime('groq'), undefined);
    await accounts.add('groq', 'canary-groq-0123456789');
    assert.equal(runtime('groq')?.baseUrl, 'https://api.groq.com/openai/v1');
    assert.equal(runtime('groq')?.pool.size, 1);
  });

  it('is called where the operator says that it is, though the operator named no key', async () => {
    await accounts.add('mistral', 'canary-mistral-0123456789');
    assert.equal((await accounts.ask('mistral/m')).status, 200);
    assert.equal(upstream.seen[0]?.path, '/elsewhere/chat/completions');
  });

  it('gets the pieces of its address from what its accounts say', async () => {
    await accounts.add('antigravity', '', {
      auth_data: { access_token: 'canary-token', refresh_token: 'canary-refresh' },
      metadata: { project_id: 'my-project' },
    });
    assert.match(JSON.stringify(runtime('antigravity')?.record.speaks), /"project":"my-project"/);
  });

  it('is served the same where a row says nothing but its name, and is switched off by that row', async () => {
    const row = {
      id: 'antigravity',
      identifier: 'antigravity',
      name: 'Antigravity',
      apiEndpoint: PROVIDERS.antigravity.baseUrl,
      authMethod: 'oauth2',
      authConfig: { type: 'oauth2', fields: {} },
      capabilities: {},
      status: 'active',
      isSystem: true,
      createdAtMs: 1,
      updatedAtMs: 1,
    };
    await accounts.store.rows.providers.insert(row);
    const { registry } = accounts.gateway.gateway;
    await registry.refresh();
    assert.match(JSON.stringify(runtime('antigravity')?.record.speaks), /"project":"my-project"/);
    for (const isActive of [false, true]) {
      accounts.byHand.exec(`UPDATE providers SET is_active = ${isActive} WHERE id = 'antigravity'`);
      await registry.refresh();
      assert.equal(runtime('antigravity') !== undefined, isActive);
    }
  });

  it('that lacks such a piece is named with it, and served no worse', async () => {
    await accounts.add('azure', 'canary-azure-0123456789');
    assert.equal(runtime('azure'), undefined);
    const { problems } = accounts.gateway.gateway.registry.current();
    assert.ok(problems.some(({ table, subject }) => table === 'accounts' && subject === 'azure'));
  });
});
