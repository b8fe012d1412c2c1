import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { startHttpProxy, type LocalProxy } from '@patchbay/llm/testing/local-proxies';

import { askOf, type Answered } from '../management/management-gateway.ts';
import { AuthorizationServer } from '../support/authorization-server.ts';
import { startProcess, type GatewayProcess } from '../support/gateway-process.ts';

const PASSWORD = 'canary-password-of-sign-ins';
/** A name that the proxies alone know: what goes out directly arrives nowhere. */
const HOST = 'login.invalid';

describe('a sign-in of an account that will have a proxy', { timeout: 60_000 }, () => {
  let server: AuthorizationServer;
  let proxies: LocalProxy[];
  let proxyIds: number[];
  let gateway: GatewayProcess;
  let token: string;

  const ask = (route: string, body?: object): Promise<Answered> => askOf(gateway.url, route, { token, body });
  const begin = async (body: object): Promise<Answered> => ask('POST /api/v1/oauth/init', body);
  /** The browser is elsewhere: it knows the server by its address. */
  const agree = (url: string): Promise<string> => server.agree(url.replace(HOST, '127.0.0.1'));
  const askedOf = (index: number): readonly string[] => proxies[index]?.asked ?? [];
  const counted = async (index: number): Promise<number> =>
    (await ask(`GET /api/v1/proxies/${proxyIds[index]}`)).json.current_accounts;

  before(async () => {
    server = await AuthorizationServer.start();
    server.url = server.url.replace('127.0.0.1', HOST);
    proxies = await Promise.all([1, 2].map(() => startHttpProxy({ resolve: () => '127.0.0.1' })));
    gateway = await startProcess({
      OIDC_OAUTH_CLIENT_ID: server.clientId,
      OIDC_OAUTH_CLIENT_SECRET: server.clientSecret,
      OIDC_OAUTH_ISSUER: server.url,
      OIDC_OAUTH_PROVIDER: 'openai',
      QWEN_OAUTH_CLIENT_ID: server.clientId,
      QWEN_OAUTH_DEVICE_URL: `${server.url}/device`,
      QWEN_OAUTH_TOKEN_URL: `${server.url}/token`,
      EGRESS_ALLOW: '127.0.0.1',
      ADMIN_PASSWORD: PASSWORD,
    });
    const body = { username: 'admin', password: PASSWORD };
    token = (await askOf(gateway.url, 'POST /api/v1/auth/login', { body })).json.token;
    proxyIds = [];
    for (const [index, { port }] of proxies.entries()) {
      const proxy = { url: `http://127.0.0.1:${port}`, priority: 2 - index, max_accounts: 1 };
      const made = await ask('POST /api/v1/proxies', proxy);
      assert.equal(made.status, 201, made.text);
      proxyIds.push(made.json.id);
    }
  });
  after(async () => {
    await gateway?.stop();
    await gateway?.remove();
    for (const proxy of proxies) await proxy.close();
    await server.close();
  });
  beforeEach(async () => {
    for (const { id } of (await ask('GET /api/v1/accounts')).json.data)
      assert.equal((await ask(`DELETE /api/v1/accounts/${id}`)).status, 200);
    server.seen.length = 0;
  });

  it('reads what an issuer says, exchanges its code and gives its tokens up through the one that it is given', async () => {
    const [before0, before1] = [askedOf(0).length, askedOf(1).length];
    const begun = await begin({ provider: 'oidc', flow_type: 'manual' });
    assert.equal(begun.status, 200, begun.text);
    const ended = await ask('POST /api/v1/oauth/exchange', { callback_url: await agree(begun.json.auth_url) });
    assert.equal(ended.status, 200, ended.text);
    const { id, proxy_id: proxyId } = ended.json.account;
    assert.equal(proxyId, proxyIds[0]);
    assert.equal(await counted(0), 1);
    const revoked = await ask('POST /api/v1/oauth/revoke', { account_id: id });
    assert.match(revoked.json.message, /given up at the provider/);
    assert.deepEqual(
      server.seen.map(({ path }) => path),
      ['/.well-known/openid-configuration', '/authorize', '/token', '/revoke'],
    );
    assert.ok(askedOf(0).length > before0);
    assert.ok(askedOf(0).every((asked) => asked.startsWith(`${HOST}:`)));
    assert.equal(askedOf(1).length, before1);
  });

  it('ends through the one that is asked for, whose turn it is not, and is counted there', async () => {
    const before0 = askedOf(0).length;
    const begun = await begin({ provider: 'oidc', flow_type: 'manual', proxy_id: proxyIds[1] });
    const back = new URL(await agree(begun.json.auth_url));
    const page = await fetch(`${gateway.url}${back.pathname}${back.search}`);
    assert.match(await page.text(), /oauth_success/);
    const [account] = (await ask('GET /api/v1/accounts')).json.data;
    assert.equal(account.proxy_id, proxyIds[1]);
    assert.deepEqual([await counted(0), await counted(1)], [0, 1]);
    assert.ok(askedOf(1).length > 0);
    assert.equal(askedOf(0).length, before0);
  });

  it('asks for a code and for its token through the same one', async () => {
    const begun = await begin({ provider: 'qwen', flow_type: 'device', proxy_id: proxyIds[1] });
    assert.equal(begun.status, 200, begun.text);
    server.answerDevice(begun.json.user_code, 'approved');
    const status = async (): Promise<string> => (await ask(`GET /api/v1/oauth/status/${begun.json.state}`)).json.status;
    while ((await status()) === 'pending') await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await status(), 'done');
    const [account] = (await ask('GET /api/v1/accounts')).json.data;
    assert.deepEqual([account.provider_id, account.proxy_id], ['qwen', proxyIds[1]]);
  });

  it('goes out directly where none is wanted', async () => {
    const begun = await begin({ provider: 'qwen', flow_type: 'device', proxy_id: null });
    assert.equal(begun.status, 502, begun.text);
    assert.deepEqual(server.seen, []);
  });

  it('does not begin with a proxy that is not there', async () => {
    const begun = await begin({ provider: 'oidc', flow_type: 'manual', proxy_id: 4711 });
    assert.equal(begun.status, 400);
    assert.match(begun.json.error, /no proxy with the id 4711/);
  });
});
