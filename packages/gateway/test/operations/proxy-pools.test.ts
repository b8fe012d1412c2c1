import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { ProxyPool } from '../../src/egress/proxy-pool.ts';
import { keepPool, type KeptPool } from '../../src/operations/proxies/keep-pool.ts';
import type { Store } from '../../src/storage/open-store.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';

/** A pool over a store, as a process of its own has it; it writes when told. */
async function process(store: Pick<Store, 'rows' | 'secrets' | 'changes'>) {
  const pool = new ProxyPool(() => systemClock.nowMs());
  const problems: string[] = [];
  const tasks: (() => void)[] = [];
  const every = (_: number, task: () => void): (() => void) => {
    tasks.push(task);
    return () => undefined;
  };
  const onProblem = (problem: string): void => void problems.push(problem);
  const kept: KeptPool = await keepPool({ ...store, pool, clock: { ...systemClock, every }, onProblem });
  return { pool, kept, problems, write: () => tasks.forEach((task) => task()) };
}

/** Looks again until it is so; the test's own limit ends it otherwise. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

const FAULT = { providerId: 'openai', outcome: { kind: 'fault' } } as const;

for (const engine of ENGINES)
  describe(`pools of proxies over ${engine.name}`, { skip: engine.skip, timeout: 30_000 }, () => {
    let opened: TestStore;
    let other: Store;
    before(async () => {
      opened = await engine.make();
      other = await opened.another();
    });
    after(async () => {
      await other.close();
      await opened.close();
    });
    const addByHand = async (url: string): Promise<number> => {
      await opened.byHand(`insert into proxy_pool (url) values ('${url}')`);
      return Number((await opened.byHand(`select id from proxy_pool where url = '${url}'`))[0]?.['id']);
    };

    it('follow rows that are changed by hand', async () => {
      const { pool, kept } = await process(opened.store);
      const id = await addByHand('http://by-hand:1');
      await until(() => pool.addressOf(id) !== undefined);
      await opened.byHand(`update proxy_pool set is_active = false where id = ${id}`);
      await until(() => pool.addressOf(id) === undefined);
      await kept.close();
    });

    it('tell one another of a proxy that is down, and write each use and each day once', async () => {
      const id = await addByHand('http://down:1');
      const [one, two] = [await process(opened.store), await process(other)];
      for (const pool of [one.pool, two.pool]) for (let fault = 0; fault < 2; fault += 1) pool.report(id, FAULT);
      one.pool.report(id, FAULT);
      assert.equal(one.pool.addressOf(id), undefined);
      assert.notEqual(two.pool.addressOf(id), undefined);
      await two.kept.close();
      one.write();
      // A refresh right behind it reads what was just written.
      await one.kept.refresh();
      assert.equal(one.pool.addressOf(id), undefined);
      const three = await process(other);
      await until(() => three.pool.addressOf(id) === undefined);
      await Promise.all([one.kept.close(), three.kept.close()]);
      const row = await opened.store.rows.proxies.get(String(id));
      assert.deepEqual([row?.usageCount, row?.healthStatus, row?.consecutiveFailures], [5, 'down', 3]);
      const days = await opened.store.rows.proxies.days(String(id), '2000-01-01');
      assert.deepEqual([days.length, days[0]?.requests, days[0]?.errors], [1, 5, 5]);
    });

    it('keep what could not be written for the next time', async () => {
      const id = await addByHand('http://waits:1');
      const { rows, secrets, changes } = opened.store;
      let isDown = true;
      const addDays: typeof rows.proxies.addDays = (days) =>
        isDown ? Promise.reject(new Error('The database does not answer.')) : rows.proxies.addDays(days);
      const proxies = Object.assign(Object.create(rows.proxies) as typeof rows.proxies, { addDays });
      const { pool, kept, problems, write } = await process({ secrets, changes, rows: { ...rows, proxies } });
      pool.report(id, FAULT);
      write();
      await until(() => problems.length > 0);
      assert.match(problems.join(), /wait.*does not answer/);
      isDown = false;
      write();
      pool.report(id, FAULT);
      await kept.close();
      await kept.close();
      assert.equal((await rows.proxies.get(String(id)))?.usageCount, 2);
      assert.equal((await rows.proxies.days(String(id), '2000-01-01'))[0]?.requests, 2);
    });
  });
