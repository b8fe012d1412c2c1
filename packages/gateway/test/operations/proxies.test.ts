import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';

import { PROXY_OPERATIONS } from '@patchbay/contract/operations/proxies';
import { systemClock } from '@patchbay/llm/model/clock';
import { startHttpProxy, startSocksProxy } from '@patchbay/llm/testing/local-proxies';

import { connectThrough } from '../../src/egress/connect-through.ts';
import { createEgressPolicy } from '../../src/egress/policy.ts';
import { pooledProxies } from '../../src/egress/pooled-proxies.ts';
import { probeProxy } from '../../src/egress/probe-proxy.ts';
import { ProxyPool } from '../../src/egress/proxy-pool.ts';
import { resolveName } from '../../src/egress/resolve-name.ts';
import { assignNewAccount } from '../../src/operations/proxies/assignments.ts';
import { proxyHandlers } from '../../src/operations/proxies/handlers.ts';
import { DeadlineWheel } from '../../src/relay/deadline-wheel.ts';
import { headThrough } from '../../src/relay/head-through.ts';
import { upstreamsThrough } from '../../src/relay/upstreams-through.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { principalWithout, type Seen } from './bench.ts';

const BY = { principal: principalWithout(), requestId: 'r', peer: '127.0.0.1', signal: new AbortController().signal };

interface Told {
  readonly ok: boolean;
  readonly value: Seen;
  readonly failure: Seen;
  readonly changes: Seen;
}

for (const engine of ENGINES)
  describe(`operations on proxies, in ${engine.name}`, { skip: engine.skip, timeout: 60_000 }, () => {
    let opened: TestStore;
    let handlers: ReturnType<typeof proxyHandlers>;
    const pool = new ProxyPool(() => systemClock.nowMs());
    const problems: string[] = [];
    let targetUrl = '';
    const policy = createEgressPolicy(['127.0.0.1', 'localhost'], []);
    const wheel = new DeadlineWheel(systemClock);
    const upstreams = upstreamsThrough(connectThrough({ policy, clock: systemClock }), wheel);
    const target = createServer((_, response) => response.writeHead(401).end());
    before(async () => {
      opened = await engine.make();
      const { rows, transaction, secrets } = opened.store;
      target.listen(0, '127.0.0.1');
      await once(target, 'listening');
      const parts = { policy, names: resolveName, head: headThrough(upstreams, wheel) };
      targetUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
      const opening = {
        openPassword: secrets.openProxyPassword,
        onProblem: (problem: string) => problems.push(problem),
      };
      const refresh = async (): Promise<void> => pool.replace(await pooledProxies(await rows.proxies.all(), opening));
      handlers = proxyHandlers({
        rows: { ...rows, transaction },
        secrets,
        pool: { refresh },
        probe: (proxy) => probeProxy(parts, proxy, targetUrl),
        clock: systemClock,
      });
    });
    after(async () => {
      upstreams.close();
      target.close();
      await opened.close();
    });
    beforeEach(async () => {
      await opened.byHand('delete from proxy_pool');
      await opened.byHand('delete from accounts');
    });

    /** Asks as a request does: what it sends is validated, and so is what it is answered. */
    async function ask(id: keyof typeof PROXY_OPERATIONS, sent: { id?: number; query?: object; body?: object } = {}) {
      const { params, query, body, output } = PROXY_OPERATIONS[id] as Seen;
      const asked = {
        params: params?.parse({ id: String(sent.id) }),
        query: query?.parse(sent.query ?? {}),
        body: body?.parse(sent.body ?? {}),
      };
      const told = (await (handlers[id] as Seen)(asked, BY)) as Told;
      assert.doesNotMatch(JSON.stringify(told), /canary/);
      if (told.ok) output.parse(told.value);
      return told;
    }
    const make = async (body: object): Promise<Seen> => {
      const { value, failure } = await ask('proxies.create', { body });
      assert.equal(failure, undefined);
      return value;
    };
    const addAccount = async (proxyId?: number): Promise<string> => {
      const id = randomUUID();
      await opened.store.rows.accounts.insert({
        id,
        providerId: 'openai',
        label: `L ${id}`,
        authData: {},
        metadata: {},
        isActive: true,
        usageCount: 0,
        healthStatus: 'healthy',
        failureCount: 0,
        createdAtMs: 1,
        updatedAtMs: 1,
        ...(proxyId !== undefined && { proxyId }),
      });
      return id;
    };

    it('take the three forms, under either name, and show no password', async () => {
      const one = await make({ url: 'http://username:canary@proxy.example.com:8080', label: 'One', priority: 5 });
      assert.deepEqual(
        [
          one.url,
          one.proxy_url,
          one.protocol,
          one.label,
          one.priority,
          one.weight,
          one.max_failures,
          one.health_status,
        ],
        [
          'http://username:***@proxy.example.com:8080',
          'http://username:***@proxy.example.com:8080',
          'http',
          'One',
          5,
          1,
          3,
          'healthy',
        ],
      );
      await make({ proxy_url: 'https://proxy.example.com:8080', protocol: 'https' });
      const three = await make({ url: 'socks5://user:canary@host:1080', proxy_url: 'socks5://user:canary@host:1080' });
      assert.equal(three.url, 'socks5://user:***@host:1080');
      assert.deepEqual((await ask('proxies.get', { id: three.id })).value, three);
      const { value } = await ask('proxies.list', { query: { limit: '2', offset: '1' } });
      assert.deepEqual([value.data.length, value.total, value.limit, value.offset], [2, 3, 2, 1]);
      assert.equal(pool.addressOf(one.id)?.password?.reveal(), 'canary');
      assert.doesNotMatch(JSON.stringify(await opened.byHand('select * from proxy_pool')), /canary/);
    });

    for (const [what, body] of [
      ['another scheme', { url: 'ftp://user:canary@h:1' }],
      ['no URL', { label: 'x' }],
      ['two URLs', { url: 'http://canary:1', proxy_url: 'http://h:2' }],
      ['a protocol that is not the URL’s', { url: 'http://h:1', protocol: 'socks5' }],
      ['a mask for a password', { url: 'http://user:***@h:1' }],
    ] as const)
      it(`refuse ${what}, name the three forms and repeat nothing`, async () => {
        const { failure } = await ask('proxies.create', { body });
        assert.deepEqual([failure.code, failure.field], ['INVALID_INPUT', 'url']);
        for (const form of ['http://user:password@', 'https://', 'socks5://'])
          assert.ok(failure.message.includes(form));
      });

    it('refuse a second proxy at one place with one user, and name the first', async () => {
      const { id } = await make({ url: 'http://a:1@h:1' });
      const { failure } = await ask('proxies.create', { body: { url: 'http://a:2@H:1/' } });
      assert.equal(failure.code, 'ALREADY_EXISTS');
      assert.ok(failure.message.includes(`Proxy ${id} `));
      const other = await make({ url: 'http://b:1@h:1' });
      const moved = await ask('proxies.update', { id: other.id, body: { url: 'http://a:3@h:1' } });
      assert.equal(moved.failure.code, 'ALREADY_EXISTS');
    });

    it('change what was sent and keep the rest, above all the password, of which the mask comes back', async () => {
      const made = await make({ url: 'http://u:canary@h:1', label: 'L', max_accounts: 4 });
      const body = { ...made, label: null, is_active: false, version: 1 };
      const { value, changes } = await ask('proxies.update', { id: made.id, body: pick(body) });
      assert.deepEqual([value.label, value.is_active, value.max_accounts, value.version], [null, false, 4, 2]);
      assert.equal(changes[0].before.label, 'L');
      assert.equal(pool.addressOf(made.id), undefined);
      await ask('proxies.update', { id: made.id, body: { is_active: true } });
      assert.equal(pool.addressOf(made.id)?.password?.reveal(), 'canary');
      const late = await ask('proxies.update', { id: made.id, body: { priority: 1, version: 1 } });
      assert.equal(late.failure.code, 'CONFLICT');
      assert.equal((await ask('proxies.update', { id: 999_999, body: {} })).failure.code, 'NOT_FOUND');
    });

    it('send a password that is stored to no other host: it has to be written again', async () => {
      const { id } = await make({ url: 'http://u:canary@h:1' });
      for (const url of ['http://u:***@evil:1', 'http://u:***@h:2', 'socks5://u:***@h:1', 'http://v:***@h:1']) {
        const { failure } = await ask('proxies.update', { id, body: { url } });
        assert.equal(failure?.code, 'INVALID_INPUT', url);
      }
      const { value } = await ask('proxies.update', { id, body: { url: 'http://u@evil:1' } });
      assert.equal(value.url, 'http://u@evil:1');
      assert.equal(pool.addressOf(id)?.password, undefined);
    });

    it('let a proxy at a new place, or one switched on again, begin anew', async () => {
      const { id } = await make({ url: 'http://h:1' });
      const fail = (): Promise<unknown> =>
        opened.byHand(`update proxy_pool set health_status = 'down', consecutive_failures = 3 where id = ${id}`);
      await fail();
      assert.equal((await ask('proxies.update', { id, body: { label: 'x' } })).value.health_status, 'down');
      const account = await addAccount(id);
      const { value } = await ask('proxies.update', { id, body: { url: 'http://h:2' } });
      assert.equal((await opened.store.rows.accounts.get(account))?.proxyUrl, 'http://h:2');
      assert.deepEqual([value.health_status, value.failure_count, value.marked_down_at], ['healthy', 0, null]);
      await fail();
      await opened.byHand(`update proxy_pool set is_active = false where id = ${id}`);
      assert.equal((await ask('proxies.update', { id, body: { is_active: true } })).value.health_status, 'healthy');
    });

    it('fill proxies by priority, show the assignments, and move the accounts of one that was switched off by hand', async () => {
      const full = await make({ url: 'http://u:canary@first:1', priority: 9, max_accounts: 2 });
      const next = await make({ url: 'http://u:canary@next:1', label: 'Next' });
      const ids: string[] = [];
      for (let count = 0; count < 3; count += 1) {
        const assigned = await opened.store.transaction(assignNewAccount);
        ids.push(await addAccount(assigned?.proxyId));
      }
      const before = (await ask('proxies.assignments')).value;
      assert.deepEqual(before.assignments[full.id].toSorted(), ids.slice(0, 2).toSorted());
      assert.deepEqual(before.proxies[1], {
        proxy_id: next.id,
        label: 'Next',
        assigned_accounts: 1,
        accounts: [{ id: ids[2], label: `L ${ids[2]}`, provider_id: 'openai' }],
      });
      await opened.byHand(`update proxy_pool set is_active = false where id = ${full.id}`);
      const trial = await ask('proxies.recalculate', { query: { dry_run: 'true' } });
      assert.deepEqual(trial.changes, [], 'nothing is written to the audit log');
      assert.match(trial.value.message, /^2 accounts would get another proxy\.$/);
      const moves = trial.value.moves.map(
        ({ id, from_proxy_id: from, to_proxy_id: to }: Seen) => `${id} ${from} ${to}`,
      );
      const expected = ids.slice(0, 2).map((id) => `${id} ${full.id} ${next.id}`);
      assert.deepEqual(new Set(moves), new Set(expected));
      assert.equal((await opened.store.rows.accounts.get(ids[0] ?? ''))?.proxyId, full.id);
      assert.deepEqual((await ask('proxies.assignments')).value, before);
      const { value } = await ask('proxies.recalculate');
      assert.deepEqual([value.moves, value.assignments], [trial.value.moves, trial.value.assignments]);
      assert.deepEqual([value.moved, value.assignments[full.id], value.assignments[next.id].length], [2, [], 3]);
      assert.match(value.message, /2 accounts got another proxy/);
      const account = await opened.store.rows.accounts.get(ids[0] ?? '');
      assert.deepEqual([account?.proxyId, account?.proxyUrl], [next.id, 'http://u:***@next:1']);
      assert.equal((await ask('proxies.get', { id: next.id })).value.current_accounts, 3);
    });

    it('remove a proxy and give its accounts another; those for whom there is none keep out of the open', async () => {
      const [one, two] = [await make({ url: 'http://one:1' }), await make({ url: 'http://two:1' })];
      const id = await addAccount(one.id);
      assert.match((await ask('proxies.delete', { id: one.id })).value.message, /1 account got another proxy/);
      assert.equal((await opened.store.rows.accounts.get(id))?.proxyId, two.id);
      assert.match((await ask('proxies.delete', { id: two.id })).value.message, /1 account found none with room/);
      const { message, stranded } = (await ask('proxies.recalculate', { query: { dry_run: '1' } })).value;
      assert.match(message, /^0 accounts would get .* 1 account would find none with room and rest/);
      assert.deepEqual(stranded, [{ id, label: `L ${id}`, provider_id: 'openai', from_proxy_id: two.id }]);
      assert.equal((await opened.store.rows.accounts.get(id))?.proxyId, two.id);
      assert.equal(pool.addressOf(two.id), undefined);
      assert.equal((await ask('proxies.delete', { id: two.id })).failure.code, 'NOT_FOUND');
    });

    it('try a proxy now: one that works, one that leads nowhere, one that is not there', async () => {
      const proxy = await startSocksProxy({ login: 'u:canary' });
      const { id } = await make({ url: `socks5://u:canary@127.0.0.1:${proxy.port}` });
      await opened.byHand(`update proxy_pool set health_status = 'down', consecutive_failures = 9 where id = ${id}`);
      const good = (await ask('proxies.check', { id })).value;
      assert.deepEqual([good.health_status, good.failure_count, good.marked_down_at], ['healthy', 0, null]);
      assert.notEqual(good.last_checked_at, null);
      const wrong = await make({ url: `socks5://u:canary-wrong@127.0.0.2:${proxy.port}` });
      const unreachable = (await ask('proxies.check', { id: wrong.id })).value;
      assert.equal(unreachable.health_status, 'down');
      assert.notEqual(unreachable.marked_down_at, null);
      const strict = await startHttpProxy({ login: 'other:login' });
      const refused = await make({ url: `http://u:canary@127.0.0.1:${strict.port}` });
      const states: string[] = [];
      for (let look = 0; look < 3; look += 1)
        states.push((await ask('proxies.check', { id: refused.id })).value.health_status);
      assert.deepEqual(states, ['degraded', 'degraded', 'down']);
      const usualUrl = targetUrl;
      targetUrl = 'http://127.0.0.1:1/';
      assert.equal((await ask('proxies.check', { id })).value.health_status, 'degraded');
      assert.equal((await ask('proxies.check', { id })).value.failure_count, 0);
      targetUrl = usualUrl;
      await Promise.all([proxy.close(), strict.close()]);
      assert.equal((await ask('proxies.check', { id })).value.health_status, 'down');
    });

    it('show the days that calls made, which the pool told', async () => {
      const { id } = await make({ url: 'http://h:1' });
      for (const status of [200, 200, 500])
        pool.report(id, { providerId: 'openai', outcome: { kind: 'answered', status, latencyMs: 5 } });
      pool.report(id, { providerId: 'openai', outcome: { kind: 'fault' } });
      pool.countTokens(id, 'openai', 21);
      const { notes, days } = pool.takeNotes();
      await opened.store.rows.proxies.note(notes);
      await opened.store.rows.proxies.addDays([...days, { ...days[0], date: '2020-01-01' } as (typeof days)[number]]);
      const { value } = await ask('proxies.stats', { id });
      const { date, ...sums } = value.stats[0];
      assert.match(date, /^\d{4}-\d\d-\d\d$/);
      assert.equal(value.stats.length, 1);
      assert.deepEqual(sums, {
        provider_id: 'openai',
        request_count: 4,
        success_count: 2,
        error_count: 2,
        total_latency_ms: 15,
        avg_latency: 3.75,
        total_tokens: 21,
      });
      const proxy = (await ask('proxies.get', { id })).value;
      assert.deepEqual([proxy.usage_count, proxy.failure_count, proxy.success_rate], [4, 1, 75]);
      assert.equal((await ask('proxies.stats', { id: 999_999 })).failure.code, 'NOT_FOUND');
    });

    it('read what was written by hand: a password in a URL works and is hidden, what is no URL has no way out', async () => {
      await opened.byHand(`insert into proxy_pool (url) values ('http://u:canary@hand:1'), ('nonsense://u:canary@h')`);
      const { value } = await ask('proxies.list');
      assert.deepEqual(
        value.data.map(({ url }: Seen) => url),
        ['http://u:***@hand:1', 'nonsense://***@h'],
      );
      await ask('proxies.recalculate');
      assert.equal(pool.addressOf(value.data[0].id)?.password?.reveal(), 'canary');
      assert.equal(pool.addressOf(value.data[1].id), undefined);
      assert.ok(problems.some((problem) => problem.includes(`proxy ${value.data[1].id} `)));
      assert.doesNotMatch(problems.join(), /canary/);
      assert.equal((await ask('proxies.check', { id: value.data[1].id })).failure.code, 'INVALID_INPUT');
    });
  });

/** The members that may be sent back as they were read. */
const pick = ({ label, is_active, max_accounts, priority, url, proxy_url, protocol, version }: Seen): object => ({
  label,
  is_active,
  max_accounts,
  priority,
  url,
  proxy_url,
  protocol,
  version,
});
