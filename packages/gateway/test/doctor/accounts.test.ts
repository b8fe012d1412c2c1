import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import { RESTS } from '@patchbay/llm/resilience/rests';
import { startHttpProxy } from '@patchbay/llm/testing/local-proxies';

import { until } from '../accounts/account-gateway.ts';
import { ADMIN_KEY } from '../management/management-gateway.ts';
import { AuthorizationServer } from '../support/authorization-server.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider } from '../support/test-gateway.ts';
import { ENGINES } from '../storage/engines.ts';
import { closedPort, keyData, startDoctorGateway, type DoctorGateway } from './doctor-gateway.ts';

const REFUSED = { error: { message: 'Incorrect API key', type: 'invalid_request_error', code: 'invalid_api_key' } };

for (const engine of ENGINES)
  describe(`accounts of a provider on ${engine.name}`, { skip: engine.skip }, () => {
    let gateway: DoctorGateway;
    before(async () => {
      gateway = await startDoctorGateway({}, engine);
    });
    after(() => gateway.close());

    it('are found switched off, all of them, by somebody with a database client', async () => {
      const id = await gateway.addAccount('openai', keyData());
      await gateway.addAccount('openai', keyData('canary-key-of-an-account-0002'));
      assert.deepEqual(await gateway.find(), []);
      await gateway.byHand('UPDATE accounts SET is_active = false');
      await gateway.management.gateway.gateway.registry.refresh();
      const found = await gateway.one('accounts-all-inactive');
      assert.equal(found.subject, 'provider openai');
      assert.match(found.cause, /All 2 accounts of OpenAI are switched off/);
      assert.match(found.remedy, /PUT .*\/api\/v1\/accounts\/|UPDATE accounts SET is_active = true/);
      await gateway.byHand(`UPDATE accounts SET is_active = true WHERE id = '${id}'`);
      await gateway.management.gateway.gateway.registry.refresh();
      assert.deepEqual(await gateway.find(), []);
    });
  });

describe('accounts that rest', () => {
  let upstream: ScriptedUpstream;
  let gateway: DoctorGateway;
  let status = 200;
  before(async () => {
    upstream = await startUpstream((_, response) => sendJson(response, status, REFUSED, { 'retry-after': '600' }));
    const keys = ['canary-key-one-of-the-suite', 'canary-key-two-of-the-suite'];
    gateway = await startDoctorGateway({ providers: [provider('openai', `${upstream.url}/v1`, ...keys)] });
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
  });
  const call = () =>
    post(gateway.management.gateway, '/v1/chat/completions', {
      model: 'openai/gpt-4',
      messages: [{ role: 'user', content: 'hi' }],
    });
  const reset = (): void => {
    const { pool } = gateway.management.gateway.gateway.registry.current().runtimes.get('openai') ?? {};
    for (const seat of pool?.seats ?? []) seat.reset();
  };

  it('are one finding for their provider when all of them do', async () => {
    status = 429;
    await call();
    const found = await gateway.one('accounts-all-resting');
    assert.deepEqual(
      [found.subject, found.severity, found.evidence['reason']],
      ['provider openai model gpt-4', 'error', 'cooldown'],
    );
    assert.match(found.cause, /All 2 accounts of OpenAI rest for gpt-4 \(too many requests\)/);
    assert.deepEqual(
      (await gateway.find()).map(({ code }) => code),
      ['accounts-all-resting'],
    );
    reset();
  });

  it('are each told with their reason while others are fit', async () => {
    const { pool } = gateway.management.gateway.gateway.registry.current().runtimes.get('openai') ?? {};
    const lease = pool?.lease();
    assert.ok(lease);
    lease.report({ ok: false, verdict: 'retire' });
    const found = await gateway.one('account-locked-out');
    assert.equal(found.subject, `account ${lease.credential.id}`);
    assert.match(found.cause, /refused the credentials/);
    reset();
    assert.deepEqual(await gateway.find(), []);
  });

  it('are asked all the same where only estimates of their allowance are used up, which is told', async () => {
    const { accounts, registry } = gateway.management.gateway.gateway;
    const seats = registry.current().runtimes.get('openai')?.pool.seats ?? [];
    const learned = { model: 'gpt-4', requestLimit: 1, tokenLimit: 0, confidence: 1, samples: 10 };
    accounts.quotas.load(
      seats.map(({ id }) => ({ ...learned, accountId: id, lastExhaustedAtMs: systemClock.nowMs() })),
    );
    for (const seat of seats) accounts.quotas.ended(seat, { ok: true, verdict: 'keep' }, 'gpt-4');
    assert.ok(seats.every((seat) => seat.reason('gpt-4') === 'estimate'));
    const found = await gateway.find();
    assert.deepEqual(
      found.map(({ code, evidence }) => [code, evidence['passedOver']]),
      seats.map(() => ['account-quota-near', true]),
    );
    assert.match(found[0]?.cause ?? '', /100 % of the 1 .* Calls pass it over while another account can serve/);
    for (const { id } of seats) accounts.quotas.reset(id);
    reset();
  });

  for (const [kind, code, severity] of [
    ['rate-limit', 'account-cooling-down', 'info'],
    ['quota-exhausted', 'account-quota-spent', 'warning'],
  ] as const)
    it(`are told as ${code} after ${kind}`, async () => {
      const { pool } = gateway.management.gateway.gateway.registry.current().runtimes.get('openai') ?? {};
      const lease = pool?.lease();
      const rest = RESTS[kind];
      assert.ok(lease && rest);
      lease.report({ ok: false, verdict: 'cool', rest });
      const found = await gateway.one(code);
      assert.equal(found.severity, severity);
      reset();
    });
});

describe('accounts whose tokens end', () => {
  let server: AuthorizationServer;
  let gateway: DoctorGateway;
  before(async () => {
    server = await AuthorizationServer.start();
    gateway = await startDoctorGateway();
  });
  after(async () => {
    await gateway.close();
    await server.close();
  });
  const HOUR_MS = 3_600_000;
  const tokens = (more: object) => ({ access_token: new Secret('canary-access-token-of-the-suite'), ...more });
  const atMs = (ms: number): string => new Date(systemClock.nowMs() + ms).toISOString();
  const gone = (id: string) => gateway.store.rows.accounts.remove(id);

  it('are found when the provider refuses to renew them: a dead refresh token', async () => {
    const id = await gateway.addAccount('openai', {
      ...tokens({ expires_at: atMs(-HOUR_MS) }),
      refresh_token: new Secret('canary-refresh-token-that-is-dead'),
      token_url: `${server.url}/token`,
      client_id: server.clientId,
      client_secret: new Secret(server.clientSecret),
    });
    const model = 'openai/gpt-4';
    await post(gateway.management.gateway, '/v1/chat/completions', {
      model,
      messages: [{ role: 'user', content: 'hi' }],
    });
    const found = await gateway.one('oauth-refresh-dead');
    assert.equal(found.subject, `account ${id}`);
    assert.match(found.cause, /Failed to refresh OAuth token/);
    assert.match(found.remedy, /Sign the account in again/);
    await gone(id);
  });

  it('are found before anybody calls, when they cannot be renewed now', async () => {
    const id = await gateway.addAccount('openai', {
      ...tokens({ expires_at: atMs(-HOUR_MS) }),
      refresh_token: new Secret('canary-refresh-token-that-nobody-used'),
      token_url: `${server.url}/token`,
      client_id: server.clientId,
      client_secret: new Secret(server.clientSecret),
    });
    assert.equal((await gateway.one('account-not-renewed', 'network')).subject, `account ${id}`);
    // From then on the row says so itself.
    const codes = (await gateway.find('network')).map(({ code }) => code);
    assert.ok(codes.includes('oauth-refresh-dead') && !codes.includes('account-not-renewed'), codes.join());
    await gone(id);
  });

  it('are found when nobody said as whom they are renewed', async () => {
    const id = await gateway.addAccount('openai', {
      ...tokens({ expires_at: atMs(-HOUR_MS) }),
      refresh_token: new Secret('canary-refresh-token-without-client'),
      token_url: `${server.url}/token`,
    });
    const model = 'openai/gpt-4';
    await post(gateway.management.gateway, '/v1/chat/completions', {
      model,
      messages: [{ role: 'user', content: 'hi' }],
    });
    const found = await gateway.one('oauth-client-missing');
    assert.match(found.remedy, /OPENAI_OAUTH_CLIENT_ID/);
    await gone(id);
  });

  it('are found when they have no refresh token: first soon, then over', async () => {
    const soon = await gateway.addAccount('openai', tokens({ expires_at: atMs(HOUR_MS) }));
    assert.equal((await gateway.one('oauth-no-refresh-token')).severity, 'warning');
    await gone(soon);
    const over = await gateway.addAccount('openai', tokens({ expires_at: atMs(-1000) }));
    const found = await gateway.one('oauth-token-expired');
    assert.equal(found.subject, `account ${over}`);
    await gone(over);
    const far = await gateway.addAccount('openai', tokens({ expires_at: atMs(90 * 24 * HOUR_MS) }));
    await gateway.management.gateway.gateway.registry.refresh();
    assert.deepEqual(
      (await gateway.find()).filter(({ code }) => code.startsWith('oauth-')),
      [],
    );
    await gone(far);
  });

  it('are found by what their sign-in failed for', async () => {
    const nowMs = systemClock.nowMs();
    const failing = [
      ['pkce', 'The server says invalid_grant (code_verifier)', 'oauth-code-rejected'],
      ['state', 'The state is not one of ours', 'oauth-state-rejected'],
      ['redirect', 'The redirect_uri does not match', 'oauth-redirect-mismatch'],
      ['client', 'The server says invalid_client', 'oauth-client-rejected'],
      ['other', 'Nobody knows why', 'oauth-sign-in-failed'],
    ] as const;
    for (const [providerId, error] of failing)
      await gateway.store.rows.oauthSessions.insert({
        id: `session-${providerId}`,
        providerId,
        status: 'failed',
        data: {},
        error,
        expiresAtMs: nowMs,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      });
    for (const [providerId, , code] of failing)
      assert.equal((await gateway.one(code)).subject, `sign-in ${providerId}`);
    await gateway.byHand(`DELETE FROM oauth_sessions`);
    assert.deepEqual(
      (await gateway.find()).filter(({ code }) => code.startsWith('oauth-')),
      [],
    );
  });
});

/** A proxy as its row is. */
function proxyRow(place: string, changes: object = {}) {
  const nowMs = systemClock.nowMs();
  return {
    url: `http://user:***@${place}`,
    password: new Secret('canary-proxy-password'),
    protocol: 'http',
    isActive: true,
    healthStatus: 'healthy',
    maxAccounts: 0,
    currentAccounts: 1,
    usageCount: 0,
    priority: 0,
    weight: 1,
    consecutiveFailures: 0,
    maxFailures: 3,
    successRate: 100,
    avgLatencyMs: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    ...changes,
  };
}

describe('accounts that go out through a proxy', () => {
  it('are found without a way when it has been taken out, and refused where it takes no such login', async () => {
    const proxy = await startHttpProxy({ login: 'user:another-password' });
    const gateway = await startDoctorGateway({ addresses: new Map([['openai', 'http://127.0.0.1:9/v1']]) });
    try {
      const place = `127.0.0.1:${proxy.port}`;
      const markedDownAtMs = systemClock.nowMs();
      const added = await gateway.store.rows.proxies.add(proxyRow(place, { healthStatus: 'down', markedDownAtMs }));
      assert.ok(added.kind === 'inserted');
      await gateway.addAccount('openai', keyData(), { proxyId: Number(added.row.id) });
      const found = async (code: string, reach: 'here' | 'network') =>
        (await gateway.find(reach)).find((each) => each.code === code);
      await until(async () => (await found('accounts-without-way', 'here')) !== undefined);
      assert.match((await found('accounts-without-way', 'here'))?.remedy ?? '', /proxies\/recalculate/);
      assert.match((await found('proxy-refuses', 'network'))?.cause ?? '', /refuses to carry them/);
    } finally {
      await gateway.close();
      await proxy.close();
    }
  });

  it('are found to go nowhere when it lives and does not reach their provider', async () => {
    const proxy = await startHttpProxy({ login: 'user:canary-proxy-password' });
    const target = `http://127.0.0.1:${await closedPort()}/v1`;
    const gateway = await startDoctorGateway({ addresses: new Map([['openai', target]]) });
    try {
      const added = await gateway.store.rows.proxies.add(proxyRow(`127.0.0.1:${proxy.port}`));
      assert.ok(added.kind === 'inserted');
      const proxyId = Number(added.row.id);
      await gateway.addAccount('openai', keyData(), { proxyId });
      const codes = async () => (await gateway.find('network')).map(({ code }) => code);
      await until(async () => (await codes()).includes('proxy-leads-nowhere'));
      const found = await gateway.one('proxy-leads-nowhere', 'network');
      assert.deepEqual([found.subject, found.severity], [`proxy ${proxyId}`, 'warning']);
      assert.match(found.cause, /answers, and cannot reach where its accounts lead/);
      assert.match(found.remedy, /curl -x http:\/\/127\.0\.0\.1/);
    } finally {
      await gateway.close();
      await proxy.close();
    }
  });

  it('are found to have no way out when it is dead', async () => {
    const upstream = await startUpstream((_, response) => sendJson(response, 200, { data: [{ id: 'gpt-4' }] }));
    const gateway = await startDoctorGateway({ addresses: new Map([['openai', `${upstream.url}/v1`]]) });
    try {
      const port = await closedPort();
      const added = await gateway.store.rows.proxies.add(proxyRow(`127.0.0.1:${port}`));
      assert.ok(added.kind === 'inserted');
      const proxyId = Number(added.row.id);
      await gateway.addAccount('openai', keyData(), { proxyId });
      await until(async () => (await gateway.find('network')).length > 0);
      const found = await gateway.one('proxy-dead', 'network');
      assert.equal(found.subject, `proxy ${proxyId}`);
      assert.match(found.remedy, new RegExp(`curl -x http://127.0.0.1:${port}`));
      assert.equal(found.fixable, true);
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });

  for (const others of [1, 0])
    it(`are moved on demand when it is dead, where there are ${others} others, and can be moved back`, async () => {
      const living = await startHttpProxy({ login: 'user:canary-proxy-password' });
      const gateway = await startDoctorGateway({ addresses: new Map([['openai', 'http://127.0.0.1:9/v1']]) });
      const { doctor } = gateway.management.gateway.gateway;
      const { proxies, accounts } = gateway.store.rows;
      try {
        const dead = await proxies.add(proxyRow(`127.0.0.1:${await closedPort()}`));
        assert.ok(dead.kind === 'inserted' && doctor);
        const deadId = Number(dead.row.id);
        const id = await gateway.addAccount('openai', keyData(), { proxyId: deadId });
        const find = async () => (await gateway.find('network')).find(({ code }) => code === 'proxy-dead');
        await until(async () => (await find()) !== undefined);
        const other = others === 0 ? undefined : await proxies.add(proxyRow(`127.0.0.1:${living.port}`));
        const otherId = other?.kind === 'inserted' ? Number(other.row.id) : deadId;
        const fixed = await doctor.fix('proxy-dead', `proxy ${deadId}`);
        const done = typeof fixed === 'object' ? fixed.done : fixed;
        assert.equal((await accounts.get(id))?.proxyId, otherId);
        assert.equal((await proxies.get(dead.row.id))?.healthStatus, 'down');
        if (others === 0)
          assert.match(done, /; 0 accounts got another\. 1 account found no other with room and rests\.$/);
        else {
          assert.match(done, /^Took proxy \d+ out until it answers again; 1 account got another\. Undo: PUT /);
          const [, method, route, body = ''] = /Undo: (PUT) (\S+) (\{.*\})$/.exec(done) ?? [];
          const { status, text } = await gateway.management.ask(`${method} ${route}`, { token: ADMIN_KEY, body });
          assert.equal(status, 200, text);
          assert.equal((await accounts.get(id))?.proxyId, deadId);
        }
      } finally {
        await gateway.close();
        await living.close();
      }
    });

  it('are left where they are when it answers after all', async () => {
    const living = await startHttpProxy({ login: 'user:canary-proxy-password' });
    const gateway = await startDoctorGateway();
    const { doctor } = gateway.management.gateway.gateway;
    try {
      const added = await gateway.store.rows.proxies.add(proxyRow(`127.0.0.1:${living.port}`));
      assert.ok(added.kind === 'inserted' && doctor);
      assert.equal(await doctor.fix('proxy-dead', `proxy ${added.row.id}`), 'absent');
      assert.equal((await gateway.store.rows.proxies.get(added.row.id))?.healthStatus, 'healthy');
    } finally {
      await gateway.close();
      await living.close();
    }
  });
});
