import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import type { WatchedTable } from '../../src/storage/ports.ts';
import { ENGINES, type TestStore } from './engines.ts';
import { model, provider } from './sample-rows.ts';

/** What a watcher was told, in order; `next` resolves at the next word. */
function listener(whenTold: () => Promise<void> = () => Promise.resolve()) {
  const told: (readonly WatchedTable[])[] = [];
  const waiting: ((tables: readonly WatchedTable[]) => void)[] = [];
  let read = 0;
  return {
    told,
    onChange: (tables: readonly WatchedTable[]) => {
      told.push(tables);
      waiting.shift()?.(tables);
      return whenTold();
    },
    next: (): Promise<readonly WatchedTable[]> => {
      const ready = told[read];
      read += 1;
      return ready === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(ready);
    },
  };
}

for (const engine of ENGINES)
  describe(`changes in ${engine.name}`, { skip: engine.skip, timeout: 20_000 }, () => {
    let opened: TestStore;
    const stops: (() => void)[] = [];
    const watch = (tables: readonly WatchedTable[], heard: ReturnType<typeof listener>): void => {
      stops.push(opened.store.changes.watch(tables, heard.onChange));
    };
    before(async () => {
      opened = await engine.make();
    });
    afterEach(() => {
      for (const stop of stops.splice(0)) stop();
    });
    after(() => opened.close());

    it('are told of all tables at the start, then of those that changed', async () => {
      const heard = listener();
      watch(['providers', 'models', 'settings'], heard);
      assert.deepEqual(await heard.next(), ['providers', 'models', 'settings']);
      const row = provider();
      await opened.store.rows.providers.insert(row);
      assert.deepEqual(await heard.next(), ['providers']);
      await opened.store.rows.models.insert(model(row.id));
      assert.deepEqual(await heard.next(), ['models']);
    });

    it('are noticed when they are made by hand: added, changed, removed', async () => {
      const heard = listener();
      watch(['users'], heard);
      await heard.next();
      await opened.byHand("insert into users (username, email, password_hash) values ('eve', 'e@example.com', '')");
      assert.deepEqual(await heard.next(), ['users']);
      await opened.byHand("update users set role = 'admin' where username = 'eve'");
      assert.deepEqual(await heard.next(), ['users']);
      await opened.byHand("delete from users where username = 'eve'");
      assert.deepEqual(await heard.next(), ['users']);
    });

    it('are noticed when another process makes them', async () => {
      const heard = listener();
      watch(['data_plane_keys'], heard);
      await heard.next();
      const other = await opened.another();
      await other.keys.insert({ id: 'k', label: '', hash: Buffer.alloc(32), createdAtMs: 1 });
      await other.close();
      assert.deepEqual(await heard.next(), ['data_plane_keys']);
    });

    it('are not told when they were taken back, and once when a transaction made many', async () => {
      const heard = listener();
      watch(['providers'], heard);
      await heard.next();
      const before = await opened.store.changes.versions();
      await assert.rejects(
        opened.store.transaction(async (rows) => {
          await rows.providers.insert(provider());
          throw new Error('no');
        }),
      );
      assert.deepEqual(await opened.store.changes.versions(), before);
      await opened.store.transaction((rows) => rows.providers.insertMany([provider(), provider(), provider()]));
      assert.deepEqual(await heard.next(), ['providers']);
      assert.equal(heard.told.length, 2);
    });

    it('are told again to whoever could not take them in', async () => {
      let failures = 1;
      const heard = listener(() => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('away')) : Promise.resolve();
      });
      watch(['models', 'settings'], heard);
      assert.deepEqual(await heard.next(), ['models', 'settings']);
      assert.deepEqual(await heard.next(), ['models', 'settings']);
    });

    it('never lock out writers of several tables that meet in opposite order', async () => {
      const other = await opened.another();
      const [one, two] = [provider(), provider()];
      await opened.store.rows.providers.insertMany([one, two]);
      const work = Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? opened.store : other).transaction(async (rows) => {
          if (index % 2 === 0) await rows.providers.update(one.id, { name: `${index}` });
          await rows.models.insert(model(two.id, { identifier: `m${index}` }));
          if (index % 2 === 1) await rows.providers.update(two.id, { name: `${index}` });
        }),
      );
      await Promise.all(work);
      assert.equal((await opened.store.rows.models.all({ providerId: two.id })).length, 10);
      await other.close();
    });
  });
