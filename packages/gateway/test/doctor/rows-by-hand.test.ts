import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { keyData, startDoctorGateway, type DoctorGateway } from './doctor-gateway.ts';

describe('rows that somebody wrote by hand', () => {
  let gateway: DoctorGateway;
  before(async () => {
    gateway = await startDoctorGateway();
  });
  after(() => gateway.close());

  async function addProvider(changes: object): Promise<string> {
    const id = randomUUID();
    const nowMs = systemClock.nowMs();
    await gateway.store.rows.providers.insert({
      id,
      identifier: 'own',
      name: 'Own',
      apiEndpoint: 'https://api.example.com/v1',
      authMethod: 'api_key',
      authConfig: { fields: { apiKey: new Secret('canary-key-of-own-provider') } },
      capabilities: {},
      status: 'active',
      isSystem: false,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      ...changes,
    });
    await gateway.management.gateway.gateway.registry.refresh();
    return id;
  }

  it('are well as they are made', async () => {
    const id = await addProvider({});
    assert.deepEqual(await gateway.find(), []);
    await gateway.store.rows.providers.remove(id);
  });

  const CASES = [
    [
      'provider-identifier-invalid',
      { identifier: 'my own provider' },
      'provider my own provider',
      /UPDATE providers SET identifier/,
    ],
    ['provider-endpoint-invalid', { apiEndpoint: 'api.example.com/v1' }, 'provider own', /https:\/\//],
    [
      'provider-placeholder-key',
      { authConfig: { fields: { apiKey: new Secret('sk-your-api-key-here') } } },
      'provider own',
      /real one/,
    ],
    ['provider-row-unusable', { apiEndpoint: 'https://{nowhere}.example.com/v1' }, 'provider own', /Edit/],
  ] as const;
  for (const [code, changes, subject, remedy] of CASES)
    it(`are found as ${code}`, async () => {
      const id = await addProvider(changes);
      const found = await gateway.one(code);
      assert.equal(found.subject, subject);
      assert.match(found.remedy, remedy);
      await gateway.store.rows.providers.remove(id);
      await gateway.management.gateway.gateway.registry.refresh();
      assert.deepEqual(await gateway.find(), []);
    });

  it('are found to belong to a provider that there is not', async () => {
    const id = await gateway.addAccount('opneai', keyData());
    assert.match((await gateway.one('account-of-unknown-provider')).cause, /no provider opneai/);
    await gateway.store.rows.accounts.remove(id);
    const nowMs = systemClock.nowMs();
    const mapping = {
      id: randomUUID(),
      alias: 'fast',
      providerId: 'opneai',
      modelName: 'x',
      enabled: true,
      priority: 0,
    };
    await gateway.store.rows.mappings.insert({ ...mapping, createdAtMs: nowMs, updatedAtMs: nowMs });
    assert.equal((await gateway.one('mapping-to-unknown-provider')).subject, 'name fast');
    await gateway.store.rows.mappings.remove(mapping.id);
  });

  it('are found unusable when an account holds nothing to present', async () => {
    const id = await gateway.addAccount('openai', { nothing: 'of use' });
    assert.equal((await gateway.one('account-row-unusable')).subject, `account ${id}`);
    await gateway.store.rows.accounts.remove(id);
    await gateway.management.gateway.gateway.registry.refresh();
  });

  it('are missed when a built-in template was deleted, and brought back', async () => {
    await gateway.byHand(`DELETE FROM provider_templates WHERE id = 'mistral'`);
    const found = await gateway.one('template-missing');
    assert.deepEqual([found.subject, found.fixable], ['template mistral', true]);
    const { code, subject } = found;
    const done = await gateway.management.gateway.gateway.doctor?.fix(code, subject);
    assert.equal(typeof done, 'object');
    assert.deepEqual(await gateway.find(), []);
  });
});
