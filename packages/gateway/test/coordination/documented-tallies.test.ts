import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { startHttpProxy, type LocalProxy } from '@patchbay/llm/testing/local-proxies';

import { askOf } from '../management/management-gateway.ts';
import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { parseExposition } from '../support/parse-exposition.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { byHand, REDIS_URL, skipRedis } from './engines.ts';

const PASSWORD = 'canary-password-of-tallies';
const CHAT = {
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const FAILURE = { error: { message: 'no', type: 'server_error' } };

// Others may count under the same keys meanwhile, so what is held is that they grow by as much at least.
describe('the documented numbers in Redis', { skip: skipRedis, timeout: 60_000 }, () => {
  let upstream: ScriptedUpstream;
  let proxy: LocalProxy;
  let gateway: GatewayProcess;
  let proxyId: number;
  let accountId: string;
  let administrator: string;
  let fails = false;

  const read = async (key: string): Promise<number> => Number((await byHand('GET', key)) ?? 0);
  const call = async (): Promise<number> => {
    const body = { model: 'openai/m', messages: [{ role: 'user', content: 'hi' }] };
    return (await askOf(gateway.url, 'POST /v1/chat/completions', { token: PROCESS_KEY, body })).status;
  };
  const grows = async (keys: readonly string[], work: () => Promise<unknown>, by: number): Promise<void> => {
    const before = await Promise.all(keys.map(read));
    await work();
    for (const [index, key] of keys.entries())
      while ((await read(key)) < (before[index] ?? 0) + by) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  before(async () => {
    upstream = await startUpstream((_, response) => sendJson(response, fails ? 500 : 200, fails ? FAILURE : CHAT));
    proxy = await startHttpProxy();
    gateway = await startProcess({
      REDIS_URL,
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      EGRESS_ALLOW: '127.0.0.1',
      ADMIN_PASSWORD: PASSWORD,
    });
    const login = { username: 'admin', password: PASSWORD };
    const { token } = (await askOf(gateway.url, 'POST /api/v1/auth/login', { body: login })).json;
    const url = `http://127.0.0.1:${proxy.port}`;
    proxyId = (await askOf(gateway.url, 'POST /api/v1/proxies', { token, body: { url } })).json.id;
    const authData = {
      access_token: 'canary-access-0123456789',
      refresh_token: 'canary-refresh-0123456789',
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
      token_url: `${upstream.url}/token`,
      client_id: 'canary-client',
    };
    const account = { provider_id: 'openai', auth_data: authData };
    const made = await askOf(gateway.url, 'POST /api/v1/accounts', { token, body: account });
    assert.equal(made.json.proxy_id, proxyId, made.text);
    accountId = made.json.id;
    administrator = token;
  });
  after(async () => {
    await gateway?.stop();
    await gateway?.remove();
    await proxy.close();
    await upstream.close();
  });

  it('grow by each request over a proxy, and by each look for a token, which the metrics tell too', async () => {
    const requests = [`stats:proxy:${proxyId}:requests:today`, `stats:proxy:${proxyId}:requests`];
    await grows(requests, async () => assert.deepEqual([await call(), await call(), await call()], [200, 200, 200]), 3);
    await grows(['stats:oauth:cache_hits'], async () => assert.equal(await call(), 200), 1);
    const ttlS = Number(await byHand('TTL', `stats:proxy:${proxyId}:requests:today`));
    assert.ok(ttlS > 0 && ttlS <= 86_400, String(ttlS));
    const metrics = parseExposition(await (await fetch(`${gateway.url}/metrics`)).text());
    const valueOf = (name: string): number => metrics.get(name)?.samples[0]?.value ?? NaN;
    assert.ok(valueOf('aigateway_oauth_cache_hits_total') >= 3);
    assert.ok(valueOf('aigateway_oauth_cache_misses_total') >= 1);
  });

  it('tell what an account has used of a model for five hours, until that is forgotten', async () => {
    const key = (what: string): string => `quota:${accountId}:m:${what}`;
    await grows([key('requests')], async () => assert.equal(await call(), 200), 1);
    await grows([key('tokens')], async () => assert.equal(await call(), 200), 2);
    const startMs = await read(key('window_start'));
    assert.ok(Date.now() - startMs < 60_000, String(startMs));
    for (const what of ['requests', 'tokens', 'window_start']) {
      const ttlS = Number(await byHand('TTL', key(what)));
      assert.ok(ttlS > 17_000 && ttlS <= 18_000, `${what} ${ttlS}`);
    }
    assert.equal(await byHand('GET', key('exhausted')), null);
    const route = `DELETE /api/v1/quota/accounts/${accountId}`;
    assert.equal((await askOf(gateway.url, route, { token: administrator })).status, 200);
    while ((await read(key('requests'))) + (await read(key('window_start'))) > 0);
  });

  it('grow by each request that failed there', async () => {
    fails = true;
    const failures = [`stats:proxy:${proxyId}:errors:today`, `stats:proxy:${proxyId}:failures`];
    await grows(failures, async () => assert.notEqual(await call(), 200), 1);
  });
});
