import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { ProviderRecord } from '../../src/storage/records.ts';
import { ENGINES, type TestStore } from './engines.ts';
import { provider } from './sample-rows.ts';

for (const engine of ENGINES)
  describe(`the switches of a provider in ${engine.name}`, { skip: engine.skip, timeout: 60_000 }, () => {
    let opened: TestStore;
    before(async () => {
      opened = await engine.make();
      await opened.store.rows.providers.insert(provider({ id: 'antigravity', identifier: 'antigravity' }));
    });
    after(() => opened.close());
    const row = async (id = 'antigravity'): Promise<ProviderRecord> => {
      const found = await opened.store.rows.providers.get(id);
      assert.ok(found !== undefined, id);
      return found;
    };
    const isActive = async (id = 'antigravity'): Promise<boolean> =>
      Boolean((await opened.byHand(`select is_active from providers where id = '${id}'`))[0]?.['is_active']);
    const both = async (id?: string) => [(await row(id)).status, await isActive(id)];

    it('move together, whichever is thrown, and make a new version of the row', async () => {
      const { version } = await row();
      assert.deepEqual(await both(), ['active', true]);
      await opened.byHand(`UPDATE providers SET is_active = false WHERE id = 'antigravity'`);
      assert.deepEqual(await both(), ['inactive', false]);
      assert.equal((await row()).version, version + 1);
      await opened.byHand(`UPDATE providers SET is_active = true WHERE id = 'antigravity'`);
      assert.deepEqual(await both(), ['active', true]);
      assert.equal((await row()).version, version + 2);
      await opened.byHand(`UPDATE providers SET status = 'inactive' WHERE identifier = 'antigravity'`);
      assert.deepEqual(await both(), ['inactive', false]);
      await opened.store.rows.providers.update('antigravity', { status: 'testing' });
      assert.deepEqual([...(await both()), (await row()).version], ['testing', true, version + 4]);
    });

    it('change nothing that is so already: a provider that is being tried out stays so', async () => {
      const { version } = await row();
      await opened.byHand(`UPDATE providers SET is_active = true WHERE id = 'antigravity'`);
      assert.deepEqual([...(await both()), (await row()).version], ['testing', true, version]);
    });

    it('follow the status where a change names both', async () => {
      await opened.byHand(`UPDATE providers SET is_active = true, status = 'inactive' WHERE id = 'antigravity'`);
      assert.deepEqual(await both(), ['inactive', false]);
      await opened.byHand(`UPDATE providers SET is_active = false, status = 'active' WHERE id = 'antigravity'`);
      assert.deepEqual(await both(), ['active', true]);
    });

    it('stand together in a new row, however it is written', async () => {
      const written = (names: string, values: string) =>
        opened.byHand(`INSERT INTO providers (identifier, name, api_endpoint, auth_method, id${names})
          VALUES ('hand${values.length}', 'By hand', 'https://example.com', 'custom', 'hand${values.length}'${values})`);
      await written(', is_active', ', false');
      assert.deepEqual(await both('hand7'), ['inactive', false]);
      await written(', status', `, 'inactive'`);
      assert.deepEqual(await both('hand12'), ['inactive', false]);
      await written('', '');
      assert.deepEqual(await both('hand0'), ['active', true]);
    });
  });
