import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { ProviderRecord } from '../../src/storage/records.ts';
import type { PageRequest, Repository } from '../../src/storage/repository.ts';
import { ENGINES, type TestStore } from './engines.ts';
import { provider } from './sample-rows.ts';

const NAMES = ['delta', 'Alpha', 'charlie', 'Bravo', 'alpha', 'x_y', 'x%y', String.raw`x\y`, 'éclair'];

for (const engine of ENGINES)
  describe(`pages of ${engine.name}`, { skip: engine.skip }, () => {
    let opened: TestStore;
    let providers: Repository<ProviderRecord>;
    const names = async (request: Partial<PageRequest<ProviderRecord>>): Promise<readonly string[]> =>
      (await providers.page({ limit: 100, ...request })).items.map(({ name }) => name);
    /** Every name, met page by page. */
    const walk = async (request: PageRequest<ProviderRecord>): Promise<readonly string[]> => {
      const met: string[] = [];
      for (let { after: cursor } = request; ;) {
        const page = await providers.page({ ...request, ...(cursor !== undefined && { after: cursor }) });
        assert.equal(page.total, NAMES.length);
        met.push(...page.items.map(({ name }) => name));
        if (page.next === undefined) return met;
        assert.equal(page.items.length, request.limit);
        cursor = page.next;
      }
    };
    before(async () => {
      opened = await engine.make();
      ({ providers } = opened.store.rows);
      const rows = NAMES.map((name, index) =>
        provider({
          name,
          status: index % 2 === 0 ? 'active' : 'inactive',
          description: `number ${index}`,
          createdAtMs: 1000 + index,
          ...(index > 4 && { lastTestedMs: 5000 - index }),
        }),
      );
      assert.equal(await providers.insertMany(rows), NAMES.length);
    });
    after(() => opened.close());

    it('follow names without regard to letter case, the same on both databases', async () => {
      const order = ['bravo', 'charlie', 'delta', String.raw`x%y`, String.raw`x\y`, 'x_y', 'éclair'];
      const up = (await names({})).map((name) => name.toLowerCase());
      assert.deepEqual(up, ['alpha', 'alpha', ...order]);
      const down = (await names({ sortOrder: 'desc' })).map((name) => name.toLowerCase());
      assert.deepEqual(down, up.toReversed());
    });

    it('follow times, of which an absent one is the first', async () => {
      assert.deepEqual(await names({ sortBy: 'createdAtMs' }), NAMES);
      assert.deepEqual((await names({ sortBy: 'lastTestedMs' })).slice(5), NAMES.slice(5).toReversed());
    });

    it('hold every row once, in any order and of any size, by cursor', async () => {
      for (const sortBy of ['name', 'createdAtMs', 'lastTestedMs'] as const)
        for (const sortOrder of ['asc', 'desc'] as const)
          for (const limit of [1, 2, 4, 9, 10])
            assert.deepEqual(await walk({ sortBy, sortOrder, limit }), await names({ sortBy, sortOrder }));
    });

    it('stay where they are when rows come and go before the cursor', async () => {
      const first = await providers.page({ sortBy: 'createdAtMs', limit: 3 });
      const early = provider({ name: 'early', createdAtMs: 1 });
      await providers.insert(early);
      const second = await names({ sortBy: 'createdAtMs', limit: 3, after: first.next ?? '' });
      await providers.remove(early.id);
      assert.deepEqual(second, NAMES.slice(3, 6));
    });

    it('are numbered by offset', async () => {
      assert.deepEqual(await names({ sortBy: 'createdAtMs', limit: 2, offset: 4 }), NAMES.slice(4, 6));
    });

    it('hold what is searched for, and nothing by its wildcards', async () => {
      assert.deepEqual(await names({ search: 'ALPHA' }), await names({ where: { name: ['Alpha', 'alpha'] } }));
      for (const search of ['x_y', 'x%y', String.raw`x\y`, 'number 3', "' or 1=1"])
        assert.equal((await names({ search })).length, search.startsWith("'") ? 0 : 1, search);
    });

    it('hold rows that match, of one value, several, or none', async () => {
      assert.equal((await names({ where: { status: 'inactive' } })).length, 4);
      assert.equal((await names({ where: { status: ['active', 'inactive'], isSystem: false } })).length, 9);
      assert.deepEqual(await names({ where: { status: [] } }), []);
      assert.deepEqual(await names({ where: { createdBy: 'no uuid' } }), []);
    });

    it('hold rows between bounds', async () => {
      assert.deepEqual(
        await names({ sortBy: 'createdAtMs', between: { createdAtMs: { least: 1002, most: 1004 } } }),
        NAMES.slice(2, 5),
      );
    });

    it('refuse an order that there is none of, and a cursor of another', async () => {
      await assert.rejects(names({ sortBy: 'authConfig' }), RangeError);
      await assert.rejects(names({ sortBy: 'name; drop table providers' as 'name' }), RangeError);
      const { next = '' } = await providers.page({ limit: 1 });
      for (const cursor of ['', 'nonsense', next.slice(1), `${next}x`.replaceAll('e', 'f')])
        await assert.rejects(names({ after: cursor }), RangeError, cursor);
      await assert.rejects(names({ after: next, sortOrder: 'desc' }), RangeError);
    });

    it('read all rows in portions that leave none out', async () => {
      const many = Array.from({ length: 1203 }, () => provider({ authMethod: 'oauth2' }));
      assert.equal(await providers.insertMany(many), many.length);
      assert.equal(await providers.insertMany(many), 0);
      const all = await providers.all({ authMethod: 'oauth2' });
      assert.deepEqual(
        all.map(({ id }) => id),
        many.map(({ id }) => id).toSorted(),
      );
    });
  });
