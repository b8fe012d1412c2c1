import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { inspect } from 'node:util';

import { startHttpProxy, startSocksProxy, type LocalProxy } from '@patchbay/llm/testing/local-proxies';

import { startManagement, type Answered, type ManagementGateway } from '../management/management-gateway.ts';
import { ENGINES, type TestStore } from '../storage/engines.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post } from '../support/test-gateway.ts';
import { startTokenSeller } from '../support/token-seller.ts';
import { until } from './account-gateway.ts';

const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const VECTORS = { object: 'list', data: [], model: 'e', usage: { prompt_tokens: 1, total_tokens: 1 } };
/** A name that the proxies alone know: what goes out directly arrives nowhere. */
const HOST = 'provider.invalid';
const LOGIN = 'user:canary-proxy-password';
const CANARY = /canary-proxy-password/;
const STRANDED = /^no accounts with available proxies for provider openai/;

const answers: Readonly<Record<string, object>> = {
  '/v1/chat/completions': CHAT,
  '/v1/embeddings': VECTORS,
  '/v1/models': { data: [{ id: 'gpt-4' }] },
};
const options = { login: LOGIN, resolve: () => '127.0.0.1' };

interface Phase {
  readonly phase: string;
  readonly ok: boolean;
}

interface Listed {
  readonly usable?: number;
  readonly provider_id: string;
}

for (const { name, skip, make } of ENGINES)
  describe(`accounts with proxies on ${name}`, { skip }, () => {
    let made: TestStore;
    let gateway: ManagementGateway;
    let upstream: ScriptedUpstream;
    let token: string;
    const heard: string[] = [];
    let proxies: LocalProxy[];
    let proxyIds: number[];
    let accountIds: string[];

    const manage = async (route: string, body?: unknown): Promise<Answered> => {
      const answered = await gateway.ask(route, { token, body });
      heard.push(answered.text);
      return answered;
    };
    const addProxy = async (proxy: LocalProxy, scheme: string, more: object = {}): Promise<number> => {
      const url = `${scheme}://${LOGIN}@127.0.0.1:${proxy.port}`;
      const { status, json, text } = await manage('POST /api/v1/proxies', { url, ...more });
      assert.equal(status, 201, text);
      return json.id as number;
    };
    const addAccount = async (key: string): Promise<string> => {
      const body = { provider_id: 'openai', auth_data: { api_key: key }, is_active: true };
      const { status, json, text } = await manage('POST /api/v1/accounts', body);
      assert.equal(status, 201, text);
      return json.id as string;
    };
    const ask = async (path = '/v1/chat/completions', model = 'openai/gpt-4'): Promise<Response> => {
      const input = path === '/v1/embeddings' ? { input: 'hi' } : { messages: [{ role: 'user', content: 'hi' }] };
      const response = await post(gateway.gateway, path, { model, ...input });
      heard.push(await response.clone().text());
      return response;
    };

    before(async () => {
      made = await make();
      upstream = await startUpstream(({ path }, response) => sendJson(response, 200, answers[path] ?? { path }));
      const baseUrl = `http://${HOST}:${new URL(upstream.url).port}/v1`;
      gateway = await startManagement(
        made.store,
        {},
        {
          providers: ['openai', 'groq', 'vertex'].map((providerId) => ({ providerId, baseUrl, accounts: [] })),
          egressAllow: ['127.0.0.1'],
        },
      );
      token = await gateway.signIn('admin');
    });
    after(async () => {
      await gateway.close();
      await upstream.close();
      await made.close();
    });
    beforeEach(async () => {
      upstream.seen.length = 0;
      proxies = [await startHttpProxy(options), await startSocksProxy(options)];
      proxyIds = [
        await addProxy(proxies[0] as LocalProxy, 'http', { max_accounts: 1 }),
        await addProxy(proxies[1] as LocalProxy, 'socks5', { max_accounts: 1 }),
      ];
      accountIds = [await addAccount('canary-key-one'), await addAccount('canary-key-two')];
    });
    afterEach(async () => {
      for (const id of accountIds) await manage(`DELETE /api/v1/accounts/${id}`);
      for (const { id } of (await manage('GET /api/v1/proxies')).json.data)
        await manage(`DELETE /api/v1/proxies/${id}`);
      for (const proxy of proxies) await proxy.close().catch(() => undefined);
    });

    it('are given one when they are added, and each goes out through its own', async () => {
      const read = async (id: string) => (await manage(`GET /api/v1/accounts/${id}`)).json;
      const shown = await Promise.all(accountIds.map(read));
      assert.deepEqual(
        shown.map(({ proxy_id: id }) => id),
        proxyIds,
      );
      assert.equal(shown[0].proxy_url, `http://user:***@127.0.0.1:${proxies[0]?.port}`);
      for (const path of ['/v1/chat/completions', '/v1/chat/completions', '/v1/embeddings', '/v1/embeddings'])
        assert.equal((await ask(path)).status, 200, path);
      assert.equal((await fetch(`${gateway.url}/pass/openai/v1/models`, AUTHORIZED)).status, 200);
      for (const proxy of proxies) assert.match(proxy.asked[0] ?? '', new RegExp(`^${HOST}:`));
      const sent = upstream.seen.map(({ headers }) => headers.authorization);
      assert.deepEqual(new Set(sent.slice(0, 2)), new Set(['Bearer canary-key-one', 'Bearer canary-key-two']));
      const through = gateway.gateway.records.slice(-5).map(({ attempts }) => attempts[0]?.proxyId);
      assert.deepEqual(new Set(through.slice(0, 2)), new Set(proxyIds));
      assert.ok(through.every((id) => id !== undefined));
      await until(async () => {
        const { json } = await manage(`GET /api/v1/stats/proxies/${proxyIds[0]}`);
        return json.stats[0]?.total_tokens === 3 && json.stats[0].success_count >= 2;
      });
      const log = made.store.createCallLog({ onError: (error) => assert.fail(String(error)) });
      for (const record of gateway.gateway.records) log.record(record);
      await log.close();
      const rows = await made.byHand('select account_id, proxy_id from request_logs order by proxy_id');
      assert.deepEqual(
        new Set(rows.map(({ account_id: account, proxy_id: proxy }) => `${String(account)} ${Number(proxy)}`)),
        new Set(accountIds.map((account, index) => `${account} ${proxyIds[index]}`)),
      );
    });

    it('rest while their proxy is dead, unnoticed by clients, and are not blamed for it', async () => {
      await proxies[0]?.close();
      for (let count = 0; count < 8; count += 1) assert.equal((await ask()).status, 200);
      const switched = gateway.gateway.records.slice(-8).filter(({ attempts }) => attempts.length > 1);
      assert.equal(switched.length, 3, 'three faults take a proxy out');
      const [first, second] = switched[0]?.attempts ?? [];
      assert.deepEqual([first?.proxyId, second?.proxyId], proxyIds);
      assert.equal(first?.error, 'network (PROXY_ECONNREFUSED)');
      await until(async () => {
        const { json } = await manage(`GET /api/v1/proxies/${proxyIds[0]}`);
        return json.health_status === 'down' && json.consecutive_failures === 3;
      });
      const account = await manage(`GET /api/v1/accounts/${accountIds[0]}`);
      assert.deepEqual([account.json.health_status, account.json.last_error_msg], ['healthy', null]);
    });

    it('are tested one by one, each on its own way out, and what was learned of them stays', async () => {
      const test = (id: string | undefined) => manage(`POST /api/v1/accounts/${id}/test`);
      await proxies[0]?.close();
      const [dead, alive] = [await test(accountIds[0]), await test(accountIds[1])];
      assert.deepEqual([dead.status, dead.json.success], [200, false], dead.text);
      assert.deepEqual(
        dead.json.phases.map(({ phase, ok }: Phase) => [phase, ok]),
        [['http', false]],
      );
      assert.match(dead.json.errors[0], /ECONNREFUSED|proxy/i);
      assert.deepEqual([alive.json.success, alive.json.available_models], [true, ['gpt-4']], alive.text);
      assert.deepEqual(
        alive.json.phases.map(({ phase, ok }: Phase) => [phase, ok]),
        [
          ['http', true],
          ['auth', true],
          ['model', true],
        ],
      );
      assert.deepEqual(
        upstream.seen.map(({ path, headers }) => [path, headers.authorization]),
        [['/v1/models', 'Bearer canary-key-two']],
      );
      for (const id of accountIds) {
        const { json } = await manage(`GET /api/v1/accounts/${id}`);
        assert.deepEqual([json.health_status, json.usage_count, json.failure_count], ['healthy', 0, 0]);
      }
      await manage(`PUT /api/v1/accounts/${accountIds[1]}`, { is_active: false });
      const off = await test(accountIds[1]);
      assert.deepEqual([off.status, off.json.error], [409, 'The account is switched off. Switch it on to test it.']);
      assert.equal((await test('nobody')).status, 404);
    });

    it('are counted by provider, and listed provider by provider', async () => {
      const groq = { provider_id: 'groq', auth_data: { api_key: 'canary-groq' }, proxy_id: null };
      accountIds.push((await manage('POST /api/v1/accounts', groq)).json.id);
      await manage(`PUT /api/v1/accounts/${accountIds[0]}`, { is_active: false });
      const { json } = await manage('GET /api/v1/accounts/summary');
      const well = { total: 1, off: 0, healthy: 1, degraded: 0, down: 0, usable: 1 };
      assert.deepEqual(json.providers, [
        { provider_id: 'groq', ...well },
        { provider_id: 'openai', ...well, total: 2, off: 1 },
      ]);
      const listed = async (sort: string) =>
        (await manage(`GET /api/v1/accounts${sort}`)).json.data.map(({ provider_id: id }: Listed) => id);
      assert.deepEqual(await listed(''), ['openai', 'openai', 'groq']);
      assert.deepEqual(await listed('?sort=provider_id'), ['groq', 'openai', 'openai']);
      await manage(`PUT /api/v1/proxies/${proxyIds[1]}`, { is_active: false });
      const after = (await manage('GET /api/v1/accounts/summary')).json.providers;
      assert.deepEqual(
        after.map(({ usable }: Listed) => usable),
        [1, 0],
        'an account whose proxy is off is chosen by nobody',
      );
      const user = await gateway.ask('GET /api/v1/accounts/summary', { token: await gateway.signIn('user') });
      assert.deepEqual(user.json, { providers: [] }, 'nobody sees others’ accounts counted');
    });

    it('move to another proxy by a recalculation', async () => {
      await proxies[0]?.close();
      for (let count = 0; count < 6; count += 1) await ask();
      const spare = await startHttpProxy(options);
      proxies.push(spare);
      const id = await addProxy(spare, 'http');
      await until(async () => (await manage(`GET /api/v1/proxies/${proxyIds[0]}`)).json.health_status === 'down');
      const { json } = await manage('POST /api/v1/proxies/recalculate');
      assert.deepEqual([json.moved, json.assignments[id]], [1, [accountIds[0]]]);
      for (let count = 0; count < 2; count += 1) assert.equal((await ask()).status, 200);
      assert.ok(spare.asked.length > 0);
      assert.equal((await manage(`GET /api/v1/accounts/${accountIds[0]}`)).json.proxy_id, id);
    });

    it('are used by nobody within a second of their proxies being switched off by hand', async () => {
      assert.equal((await ask()).status, 200);
      await made.byHand(`update proxy_pool set is_active = false returning id`);
      await until(async () => (await ask()).status === 503);
      upstream.seen.length = 0;
      for (const path of ['/v1/chat/completions', '/v1/embeddings']) {
        const refused = await ask(path);
        assert.equal(refused.status, 503);
        assert.match(((await refused.json()) as { error: { message: string } }).error.message, STRANDED);
      }
      const passed = await fetch(`${gateway.url}/pass/openai/v1/models`, AUTHORIZED);
      assert.equal(passed.status, 503);
      assert.match(await passed.text(), /no accounts with available proxies for provider openai/);
      const pinned = await ask(`/v1/chat/completions?account_id=${accountIds[0]}`);
      assert.equal(pinned.status, 503);
      assert.equal(upstream.seen.length, 0, 'nothing goes out directly');
    });

    it('refuse a call that asks for one whose proxy is out, though others could serve it', async () => {
      await manage(`PUT /api/v1/proxies/${proxyIds[0]}`, { is_active: false });
      const pinned = await ask(`/v1/chat/completions?account_id=${accountIds[0]}`);
      assert.equal(pinned.status, 503);
      assert.match(((await pinned.json()) as { error: { message: string } }).error.message, /proxy/);
      assert.equal((await ask()).status, 200);
    });

    it('list their models and are tried through their proxies alone', async () => {
      const body = { provider_id: 'groq', auth_data: { api_key: 'canary-key-of-groq' }, proxy_id: proxyIds[1] };
      accountIds.push((await manage('POST /api/v1/accounts', { ...body, is_active: true })).json.id as string);
      const listed = await (await fetch(`${gateway.url}/v1/models`, AUTHORIZED)).text();
      assert.match(listed, /"groq\/gpt-4"/);
      const known = await manage('GET /api/admin/providers?limit=50');
      const id = /"id":"([^"]+)","identifier":"openai"/.exec(known.text)?.[1];
      const tested = await manage(`POST /api/admin/providers/${id}/test`);
      assert.equal(tested.json?.success, true, known.text.slice(0, 300) + tested.text);
    });

    it('buy their tokens through them', async () => {
      const seller = await startTokenSeller('https://www.googleapis.com/auth/cloud-platform');
      const auth = JSON.parse(seller.keyFile) as { token_uri: string };
      const body = { provider_id: 'vertex', auth_data: auth, is_active: true, proxy_id: proxyIds[0] };
      const added = await manage('POST /api/v1/accounts', body);
      assert.equal(added.status, 201, added.text);
      accountIds.push(added.json.id as string);
      const asked = await ask('/v1/chat/completions', 'vertex/gemini-2.5-flash');
      await seller.close();
      assert.equal(seller.sold.length, 1, await asked.text());
      assert.ok(proxies[0]?.asked.includes(new URL(auth.token_uri).host));
    });

    it('keep the passwords of their proxies to themselves', async () => {
      await ask();
      const tables = ['proxy_pool', 'accounts', 'audit_log', 'request_logs', 'proxy_stats'];
      const rows = [];
      for (const table of tables) rows.push(await made.byHand(`select * from ${table}`));
      const everything = inspect([rows, heard, gateway.gateway.errors, gateway.gateway.records], {
        depth: 9,
        maxArrayLength: null,
        maxStringLength: null,
      });
      assert.doesNotMatch(everything, CANARY);
      assert.match(everything, /user:\*\*\*@127\.0\.0\.1/);
    });
  });

const AUTHORIZED = { headers: { authorization: 'Bearer pb_test_key_for_the_gateway_suite' } };
