import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import type { Repositories } from '../../src/storage/ports.ts';
import type { Changed } from '../../src/storage/repository.ts';
import { ENGINES, type TestStore } from './engines.ts';
import { model, provider, user } from './sample-rows.ts';

for (const engine of ENGINES)
  describe(`rows in ${engine.name}`, { skip: engine.skip }, () => {
    let opened: TestStore;
    let rows: Repositories;
    const addProvider = async (more: Parameters<typeof provider>[0] = {}) => {
      const added = await rows.providers.insert(provider(more));
      assert.equal(added.kind, 'inserted');
      return added.kind === 'inserted' ? added.row : assert.fail();
    };
    before(async () => {
      opened = await engine.make();
      ({ rows } = opened.store);
    });
    after(() => opened.close());

    it('come back as they went in, with a version', async () => {
      const whole = provider({
        description: 'Größe, 東京, 👍🏽, \'quoted\' and "quoted"',
        authConfig: { type: 'custom', fields: { note: 'plain', list: [1, null, true, { deep: [] }] } },
        authMethod: 'custom',
        status: 'testing',
        isSystem: true,
        lastTestedMs: 1_790_000_000_123,
        testResult: { success: false, errors: ['it is not there'] },
      });
      assert.deepEqual(await rows.providers.insert(whole), { kind: 'inserted', row: { ...whole, version: 1 } });
      assert.deepEqual(await rows.providers.get(whole.id), { ...whole, version: 1 });
      const scant = provider();
      await rows.providers.insert(scant);
      assert.deepEqual(await rows.providers.get(scant.id), { ...scant, version: 1 });
    });

    it('are missing where no row has the id, whatever text it is', async () => {
      for (const id of [randomUUID(), 'openai', '', "' or 1=1 --"]) {
        assert.equal(await rows.providers.get(id), undefined);
        assert.deepEqual(await rows.providers.update(id, { name: 'b' }), { kind: 'missing' });
        assert.deepEqual(await rows.providers.remove(id, 1), { kind: 'missing' });
        assert.equal(await rows.templates.get(id), undefined);
      }
    });

    it('are refused when their id or their unique name is there', async () => {
      const row = provider();
      await rows.providers.insert(row);
      assert.deepEqual(await rows.providers.insert({ ...row, identifier: 'another' }), { kind: 'duplicate' });
      assert.deepEqual(await rows.providers.insert(provider({ identifier: row.identifier })), { kind: 'duplicate' });
      const other = await addProvider();
      assert.deepEqual(await rows.providers.update(other.id, { identifier: row.identifier }), { kind: 'duplicate' });
    });

    it('change in the given members only, and empty those that are undefined', async () => {
      const row = await addProvider({ description: 'old' });
      const changed = await rows.providers.update(row.id, { name: 'New', updatedAtMs: 1_790_000_000_999 });
      const expected = { ...row, name: 'New', updatedAtMs: 1_790_000_000_999, version: 2 };
      assert.deepEqual(changed, { kind: 'changed', row: expected });
      assert.deepEqual(await rows.providers.get(row.id), expected);
      await rows.providers.update(row.id, { description: undefined });
      const emptied = await rows.providers.get(row.id);
      assert.equal(emptied !== undefined && 'description' in emptied, false);
      assert.equal(emptied?.version, 3);
      assert.ok((emptied?.updatedAtMs ?? 0) > row.updatedAtMs);
    });

    it('tell of two who change one version which was first, and lose nothing', async () => {
      const row = await addProvider();
      const changes = ['a', 'b', 'c', 'd'].map((name) => rows.providers.update(row.id, { name }, row.version));
      const outcomes = await Promise.all(changes);
      const won = outcomes.filter(({ kind }) => kind === 'changed');
      assert.equal(won.length, 1);
      const now = await rows.providers.get(row.id);
      assert.equal(now?.version, 2);
      for (const outcome of outcomes)
        if (outcome.kind === 'conflict') assert.deepEqual(outcome.current, now);
        else assert.deepEqual(outcome, { kind: 'changed', row: now } satisfies Changed<typeof now>);
      assert.deepEqual(await rows.providers.remove(row.id, 1), { kind: 'conflict', current: now });
      assert.deepEqual(await rows.providers.remove(row.id, 2), { kind: 'removed' });
    });

    it('have a new version when somebody changes them by hand', async () => {
      const row = await addProvider();
      await opened.byHand(`update providers set status = 'inactive' where id = '${row.id}'`);
      const now = await rows.providers.get(row.id);
      assert.equal(now?.version, 2);
      assert.equal(now?.status, 'inactive');
      assert.ok((now?.updatedAtMs ?? 0) > row.updatedAtMs);
      assert.deepEqual(await rows.providers.update(row.id, { name: 'b' }, 1), { kind: 'conflict', current: now });
    });

    it('have no new version for what the system notes on the side', async () => {
      const row = await addProvider();
      await rows.providers.update(row.id, { lastTestedMs: 5, testResult: { success: true } });
      await opened.byHand(`update providers set last_tested = '2026-01-01T00:00:00.000Z' where id = '${row.id}'`);
      const now = await rows.providers.get(row.id);
      assert.deepEqual([now?.version, now?.lastTestedMs], [1, Date.UTC(2026, 0, 1)]);
    });

    it('take rows that were written by hand with the documented columns alone', async () => {
      await opened.byHand(`insert into providers (identifier, name, api_endpoint, auth_method)
        values ('by-hand', 'By hand', 'https://example.com', 'api_key')`);
      const { items } = await rows.providers.page({ where: { identifier: 'by-hand' }, limit: 10 });
      assert.match(items[0]?.id ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.deepEqual([items[0]?.status, items[0]?.isSystem, items[0]?.version], ['active', false, 1]);
      assert.ok(Date.now() - (items[0]?.createdAtMs ?? 0) < 60_000);
    });

    it('of models go with their provider and are counted by it', async () => {
      const [one, two] = [await addProvider(), await addProvider()];
      const added = [model(one.id), model(one.id, { identifier: 'b' }), model(one.id), model(two.id)];
      assert.equal(await rows.models.insertMany(added), 3);
      const counts = await rows.models.countByProvider([one.id, two.id, randomUUID(), 'none']);
      assert.deepEqual([counts.size, counts.get(one.id), counts.get(two.id)], [2, 2, 1]);
      await rows.providers.remove(one.id);
      assert.deepEqual(await rows.models.all({ providerId: one.id }), []);
      assert.equal((await rows.models.all({ providerId: two.id })).length, 1);
    });

    it('of users are found by name or address in any letter case, which no two share', async () => {
      const row = user('Ada');
      await rows.users.insert(row);
      for (const login of ['ada', 'ADA', 'Ada@Example.com'])
        assert.equal((await rows.users.findByLogin(login))?.id, row.id);
      assert.equal(await rows.users.findByLogin("x' or '1'='1"), undefined);
      assert.deepEqual(await rows.users.insert(user('aDA', { email: 'new@example.com' })), { kind: 'duplicate' });
      assert.deepEqual(await rows.users.insert(user('new', { email: 'ADA@example.com' })), { kind: 'duplicate' });
    });

    it('of every other kind come back as they went in', async () => {
      const at = { createdAtMs: 7, updatedAtMs: 8 };
      const template = { id: 'slug', name: 'T', providerConfig: { a: 1 }, defaultModels: [{ b: 2 }], isSystem: true };
      const alert = { providerId: 'p', type: 'down', severity: 'high', message: 'm', atMs: 9, acknowledged: false };
      const id = randomUUID();
      await rows.templates.insert({ ...template, ...at, category: 'c' });
      await rows.settings.insert({ id: 'name', value: { on: true }, ...at });
      await rows.alerts.insert({ id, ...alert });
      const event = { id, atMs: 1, type: 'info', category: 'system', message: 'm', details: { a: [1] } };
      const audit = {
        id,
        atMs: 1,
        actorName: 'ada',
        action: 'provider.update',
        resource: 'providers',
        after: { a: 1 },
      };
      const health = {
        id,
        providerId: 'p',
        status: 'down',
        checkedAtMs: 5,
        responseTimeMs: 6,
        error: 'e',
        uptime: 99.5,
      };
      await rows.events.insert(event);
      await rows.audit.insert(audit);
      await rows.health.insert(health);
      assert.deepEqual(await rows.templates.get('slug'), { ...template, ...at, category: 'c', version: 1 });
      assert.deepEqual(await rows.settings.get('name'), { id: 'name', value: { on: true }, ...at, version: 1 });
      assert.deepEqual(await rows.alerts.get(id), { id, ...alert, version: 1 });
      assert.deepEqual(await rows.events.get(id), event);
      assert.deepEqual(await rows.audit.get(id), audit);
      assert.deepEqual(await rows.health.get(id), health);
    });

    describe('with secrets', () => {
      it('hold them sealed, and give them to whoever opens them', async () => {
        const fields = { apiKey: new Secret('sk-canary-1'), region: 'eu', 'a/b~c': [new Secret('sk-canary-2')] };
        const row = await addProvider({ authConfig: { type: 'api_key', fields } });
        const [raw] = await opened.byHand(`select * from providers where id = '${row.id}'`);
        assert.doesNotMatch(JSON.stringify(raw), /canary/);
        assert.match(JSON.stringify(raw), /enc:v1:/);
        const result = await opened.store.secrets.openSecrets(row.id, row.authConfig);
        assert.ok(result.ok);
        const { fields: back } = result.value as unknown as { fields: typeof fields };
        assert.equal(back.apiKey.reveal(), 'sk-canary-1');
        assert.equal(back['a/b~c'][0]?.reveal(), 'sk-canary-2');
        assert.equal(back.region, 'eu');
      });

      it('keep what is sealed through a change, and refuse by name what was moved to another row', async () => {
        const secret = { type: 'api_key', fields: { apiKey: new Secret('sk-canary') } };
        const [one, two] = [await addProvider({ authConfig: secret }), await addProvider()];
        await rows.providers.update(one.id, { authConfig: one.authConfig, name: 'b' });
        const again = await rows.providers.get(one.id);
        assert.ok((await opened.store.secrets.openSecrets(one.id, again?.authConfig ?? null)).ok);
        const moved = await opened.store.secrets.openSecrets(two.id, one.authConfig);
        assert.equal(moved.ok ? '' : moved.failure.code, 'seal-broken');
        assert.ok(!moved.ok && moved.failure.message.includes(`${two.id}, auth_config/fields/apiKey`));
      });
    });

    describe('in a transaction', () => {
      it('are all there or none', async () => {
        const row = provider();
        const failing = opened.store.transaction(async (within) => {
          await within.providers.insert(row);
          await within.models.insertMany([model(row.id)]);
          throw new Error('changed our mind');
        });
        await assert.rejects(failing, { message: 'changed our mind' });
        assert.equal(await rows.providers.get(row.id), undefined);
        await opened.store.transaction(async (within) => {
          await within.providers.insert(row);
          // One that is there already does not end the transaction.
          assert.deepEqual(await within.providers.insert(row), { kind: 'duplicate' });
          await within.models.insertMany([model(row.id)]);
        });
        assert.equal((await rows.models.all({ providerId: row.id })).length, 1);
      });

      it('go on after a change that would have made a name twice', async () => {
        const [one, two] = [await addProvider(), await addProvider()];
        await opened.store.transaction(async (within) => {
          const twice = await within.providers.update(one.id, { identifier: two.identifier });
          assert.deepEqual(twice, { kind: 'duplicate' });
          await within.providers.update(one.id, { name: 'after' });
        });
        assert.equal((await rows.providers.get(one.id))?.name, 'after');
      });
    });
  });
