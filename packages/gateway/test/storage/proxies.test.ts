import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import type { Proxies } from '../../src/storage/ports.ts';
import type { ProxyRecord } from '../../src/storage/records.ts';
import { ENGINES, type TestStore } from './engines.ts';

const row = (url: string, more: Partial<ProxyRecord> = {}): Parameters<Proxies['add']>[0] => ({
  url,
  protocol: 'http',
  isActive: true,
  healthStatus: 'healthy',
  maxAccounts: 0,
  currentAccounts: 0,
  usageCount: 0,
  priority: 0,
  weight: 1,
  consecutiveFailures: 0,
  maxFailures: 3,
  successRate: 100,
  avgLatencyMs: 0,
  createdAtMs: 1_790_000_000_001,
  updatedAtMs: 1_790_000_000_002,
  ...more,
});

const ACCOUNT = {
  providerId: 'openai',
  authData: {},
  metadata: {},
  isActive: true,
  usageCount: 0,
  healthStatus: 'healthy',
  failureCount: 0,
  createdAtMs: 1_790_000_000_001,
  updatedAtMs: 1_790_000_000_002,
};

for (const engine of ENGINES)
  describe(`proxies in ${engine.name}`, { skip: engine.skip, timeout: 60_000 }, () => {
    let opened: TestStore;
    let proxies: Proxies;
    before(async () => {
      opened = await engine.make();
      ({ proxies } = opened.store.rows);
    });
    after(() => opened.close());
    const added = async (url: string, more: Partial<ProxyRecord> = {}): Promise<ProxyRecord> => {
      const inserted = await proxies.add(row(url, more));
      assert.ok(inserted.kind === 'inserted');
      return inserted.row;
    };

    it('are numbered by the store, unique by their URL, and come back as they went in', async () => {
      const one = await added('http://one:1', { label: 'One', priority: 9, maxAccounts: 2, lastCheckedAtMs: 5 });
      const two = await added('http://two:1');
      assert.equal(Number(two.id), Number(one.id) + 1);
      assert.deepEqual(await proxies.add(row('http://one:1')), { kind: 'duplicate' });
      const wanted = row('http://one:1', { label: 'One', priority: 9, maxAccounts: 2, lastCheckedAtMs: 5 });
      assert.deepEqual(await proxies.get(one.id), { ...wanted, id: one.id, version: 1 });
      const { items } = await proxies.page({ sortBy: 'priority', sortOrder: 'desc', limit: 1 });
      assert.equal(items[0]?.id, one.id);
    });

    it('never give the number of one that is gone to another', async () => {
      const gone = await added('http://gone:1');
      await proxies.remove(gone.id);
      assert.ok(Number((await added('http://gone:1')).id) > Number(gone.id));
    });

    it('hold their passwords sealed, and open them in their own row alone', async () => {
      const { store, byHand } = opened;
      const proxy = await added('socks5://u:***@sealed:1', { password: new Secret('canary') });
      const [raw] = await byHand(`select * from proxy_pool where id = ${proxy.id}`);
      assert.doesNotMatch(JSON.stringify(raw), /canary/);
      assert.match(String(raw?.['password']), /^enc:v1:/);
      const result = await store.secrets.openProxyPassword(proxy);
      assert.equal(result.ok ? result.value?.reveal() : result.failure.message, 'canary');
      const elsewhere = await store.secrets.openProxyPassword({ ...proxy, id: '999' });
      assert.equal(elsewhere.ok ? '' : elsewhere.failure.code, 'seal-broken');
      await proxies.update(proxy.id, { label: 'x', password: proxy.password });
      assert.ok((await store.secrets.openProxyPassword((await proxies.get(proxy.id)) as ProxyRecord)).ok);
      assert.deepEqual(await store.secrets.openProxyPassword({ id: '1' }), { ok: true, value: undefined });
    });

    it('know how many active accounts go out through them, whoever adds, moves, switches or removes those', async () => {
      const { byHand, store } = opened;
      const [one, two] = [await added('http://count-one:1'), await added('http://count-two:1')];
      const counts = async (): Promise<unknown[]> =>
        (await Promise.all([proxies.get(one.id), proxies.get(two.id)])).map((each) => each?.currentAccounts);
      const account = (id: string, proxyId: string) =>
        store.rows.accounts.insert({ ...ACCOUNT, id, label: id, proxyId: Number(proxyId) });
      await account('count-a', one.id);
      await account('count-b', one.id);
      assert.deepEqual(await counts(), [2, 0]);
      const versions = (await proxies.get(one.id))?.version;
      await store.rows.accounts.update('count-a', { proxyId: Number(two.id) });
      assert.deepEqual(await counts(), [1, 1], 'moved through the repository');
      await byHand(`update accounts set proxy_id = ${two.id} where id = 'count-b'`);
      assert.deepEqual(await counts(), [0, 2], 'moved by hand');
      await store.rows.accounts.update('count-a', { isActive: false });
      await store.rows.accounts.update('count-b', { label: 'another' });
      assert.deepEqual(await counts(), [0, 1], 'switched off');
      await byHand(`update accounts set is_active = true, proxy_id = ${one.id} where id = 'count-a'`);
      assert.deepEqual(await counts(), [1, 1], 'switched on elsewhere');
      await store.rows.accounts.update('count-a', { proxyId: undefined });
      await store.rows.accounts.remove('count-b');
      assert.deepEqual(await counts(), [0, 0]);
      assert.equal((await proxies.get(one.id))?.version, versions, 'counting is no change of a proxy');
    });

    it('count accounts that are added and moved at once, each of them once', async () => {
      const { store } = opened;
      const [one, two] = [await added('http://crowd-one:1'), await added('http://crowd-two:1')];
      const ids = Array.from({ length: 20 }, (_, index) => `crowd-${index}`);
      const [here, there] = [Number(one.id), Number(two.id)];
      await Promise.all(ids.map((id) => store.rows.accounts.insert({ ...ACCOUNT, id, label: id, proxyId: here })));
      assert.equal((await proxies.get(one.id))?.currentAccounts, 20);
      const moved = ids.slice(0, 8);
      await Promise.all(moved.map((id) => store.rows.accounts.update(id, { proxyId: there })));
      const back = moved.slice(0, 4).map((id) => store.rows.accounts.update(id, { proxyId: here }));
      const away = ids.slice(8, 12).map((id) => store.rows.accounts.update(id, { proxyId: there }));
      await Promise.all([...back, ...away]);
      assert.deepEqual(
        [(await proxies.get(one.id))?.currentAccounts, (await proxies.get(two.id))?.currentAccounts],
        [12, 8],
      );
    });

    it('have the columns that guides name, and may be written and switched off by hand', async () => {
      const { byHand } = opened;
      await byHand(`insert into proxy_pool (url, protocol) values ('http://hand:1', 'http')`);
      const active = await byHand(
        `select id, url, proxy_url, protocol, health_status, failure_count, weight, success_rate
         from proxy_pool where is_active = true and url = 'http://hand:1'`,
      );
      const { id, ...rest } = active[0] ?? {};
      assert.deepEqual(
        { ...rest, success_rate: Number(rest['success_rate']) },
        {
          url: 'http://hand:1',
          proxy_url: 'http://hand:1',
          protocol: 'http',
          health_status: 'healthy',
          failure_count: 0,
          weight: 1,
          success_rate: 100,
        },
      );
      const before = (await opened.store.changes.versions()).proxy_pool;
      await byHand(`update proxy_pool set is_active = false where id = ${String(id)}`);
      const proxy = await proxies.get(String(id));
      assert.deepEqual([proxy?.isActive, proxy?.version], [false, 2]);
      assert.ok((await opened.store.changes.versions()).proxy_pool > before);
    });

    it('take notes, which are no new version, and are told of when they say whether a proxy may be used', async () => {
      const proxy = await added('http://noted:1');
      const { versions } = opened.store.changes;
      const before = (await versions()).proxy_pool;
      await proxies.note([
        { id: proxy.id, uses: 3, lastUsedAtMs: 7, currentAccounts: 2 },
        { id: '12345', uses: 1 },
      ]);
      assert.equal((await versions()).proxy_pool, before);
      const found = { consecutiveFailures: 3, successRate: 62.5, avgLatencyMs: 12 };
      const down = { ...found, status: 'down', markedDownAtMs: 8 };
      await proxies.note([{ id: proxy.id, uses: 1, health: down }]);
      assert.ok((await versions()).proxy_pool > before);
      const noted = { usageCount: 4, lastUsedAtMs: 7, currentAccounts: 2, healthStatus: 'down', ...found };
      assert.deepEqual(await proxies.get(proxy.id), { ...proxy, ...noted, markedDownAtMs: 8 });
      await proxies.note([{ id: proxy.id, health: { ...found, status: 'healthy' } }]);
      assert.equal((await proxies.get(proxy.id))?.markedDownAtMs, undefined);
    });

    it('have days that add up, apart for each provider', async () => {
      const proxy = await added('http://days:1');
      const day = { proxyId: proxy.id, requests: 2, successes: 1, errors: 1, latencyMs: 30, tokens: 5 };
      await proxies.addDays([
        { ...day, date: '2026-11-20' },
        { ...day, date: '2026-11-21' },
        { ...day, date: '2026-11-21', providerId: 'openai' },
        { ...day, date: '2026-11-21', latencyMs: 10 },
      ]);
      assert.deepEqual(await proxies.days(proxy.id, '2026-11-21'), [
        { ...day, date: '2026-11-21', requests: 4, successes: 2, errors: 2, latencyMs: 40, tokens: 10 },
        { ...day, date: '2026-11-21', providerId: 'openai' },
      ]);
      const [sums] = await opened.byHand(
        `select total_requests, success_requests, failed_requests, avg_latency from proxy_stats
         where proxy_id = ${proxy.id} and provider_id is null and date = '2026-11-21'`,
      );
      assert.deepEqual(Object.values(sums ?? {}).map(Number), [4, 2, 2, 10]);
    });
  });
