import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';

import { AuthError } from '../../src/kit/auth.ts';
import {
  ADAPTIVE_REFRESH_STRATEGY,
  CONSERVATIVE_REFRESH_STRATEGY,
  newOAuthKeyManager,
  type MonitoringEvent,
  type OAuthKeyManager,
  type UsableCredential,
} from '../../src/kit/keys.ts';
import type { CredentialSet } from '../../src/credentials/oauth-manager/credential-set.ts';
import { systemClock } from '../../src/model/clock.ts';
import { TokenServer } from './token-server.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
let tokens: TokenServer;
let shiftMs: number;
const startMs = Date.UTC(2026, 10, 21, 12);
/** Stands still until it is told to move; waits are real ones. */
const clock = { ...systemClock, nowMs: () => startMs + shiftMs, monotonicMs: () => shiftMs };

/** Refreshes at a real token endpoint, as a program would. */
async function refresh({ refreshToken, clientId = '' }: UsableCredential) {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId });
  const response = await fetch(`${tokens.url}/token`, { method: 'POST', body });
  if (!response.ok) throw new Error(`status ${response.status} for ${refreshToken}`);
  const sold = (await response.json()) as { access_token: string; refresh_token: string; expires_in: number };
  const expiresAt = clock.nowMs() + sold.expires_in * 1000;
  return { accessToken: sold.access_token, refreshToken: sold.refresh_token, expiresAt };
}
const setOf = (id: string, leftMs: number, more: CredentialSet = {}): CredentialSet => ({
  id,
  clientId: 'client',
  accessToken: `old-access-of-${id}`,
  refreshToken: tokens.sellRefreshToken(),
  expiresAt: clock.nowMs() + leftMs,
  ...more,
});
const managerOf = (...sets: readonly CredentialSet[]): OAuthKeyManager =>
  newOAuthKeyManager('Gemini', sets, refresh, { clock });
const idOf = ({ id }: UsableCredential): string => id;
const codeOf = async (running: Promise<unknown>): Promise<string> => {
  const error: unknown = await running.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof AuthError, String(error));
  return error.code;
};

before(async () => {
  tokens = await TokenServer.start();
});
after(() => tokens.close());
beforeEach(() => {
  tokens.told.length = 0;
  tokens.answers.length = 0;
  shiftMs = 0;
});

describe('Multi-credential setup: how to configure multiple OAuth credentials', () => {
  it('uses the accounts in turn, and others while one fails', async () => {
    const manager = managerOf(setOf('team-account', DAY_MS), setOf('personal-account', DAY_MS));
    assert.equal(await manager.executeWithFailover(idOf), 'team-account');
    assert.equal(await manager.executeWithFailover(idOf), 'personal-account');
    const ctx = new AbortController().signal;
    const used = await manager.executeWithFailover(ctx, (given, { id, accessToken }) => {
      assert.equal(given, ctx);
      if (id === 'team-account') throw new Error(`no to ${accessToken}`);
      return accessToken;
    });
    assert.equal(used, 'old-access-of-personal-account');
    assert.equal(manager.getCredentialHealthInfo('team-account').inBackoff, true);
    const error: unknown = await manager
      .executeWithFailover(({ accessToken }) => Promise.reject(new Error(`no to ${accessToken}`)))
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof AuthError);
    assert.equal(error.code, 'all_keys_exhausted');
    assert.match(error.message, /^all 2 keys exhausted: 1 tried.*no to \[secret\]$/);
  });

  it('asks once for a token that ended, however many wait for it, and tells the program of the new one', async () => {
    const told: unknown[] = [];
    const onTokenRefresh = (...given: readonly unknown[]): void => void told.push(given);
    const manager = managerOf(setOf('team-account', -1000, { onTokenRefresh }));
    const all = await Promise.all(
      Array.from({ length: 20 }, () => manager.executeWithFailover((credential) => credential)),
    );
    assert.equal(tokens.asked('refresh_token'), 1);
    assert.equal(new Set(all.map(({ accessToken }) => accessToken)).size, 1);
    const [{ accessToken, refreshToken, expiresAt } = {} as UsableCredential] = all;
    assert.match(accessToken, /^access-of-tests-/);
    assert.deepEqual(told, [['team-account', accessToken, refreshToken, expiresAt]]);
    assert.equal(manager.getCredentialMetrics('team-account').refresh_count, 1);
  });

  it('uses the tokens although the program could not keep them, and says so', async () => {
    const events: MonitoringEvent[] = [];
    const manager = managerOf(setOf('a', -1, { onTokenRefresh: () => Promise.reject(new Error('disk full')) }));
    manager.setMonitoringConfig({ onEvent: (event) => void events.push(event) });
    assert.match((await manager.executeWithFailover((each) => each)).accessToken, /^access-of-tests/);
    assert.deepEqual(
      events.map(({ type, details }) => [type, details['reason']]),
      [
        ['refresh', undefined],
        ['failure', 'tokens_not_kept'],
      ],
    );
  });

  it('waits 60, 120, 240 and 480 seconds between refreshes that fail, and five make an account unhealthy', async () => {
    const manager = managerOf(setOf('dead', -1, { refreshToken: 'revoked-of-tests' }), setOf('good', DAY_MS));
    const health = () => manager.getCredentialHealthInfo('dead');
    await Promise.all([manager.executeWithFailover(idOf), manager.executeWithFailover(idOf)]);
    const waits: number[] = [];
    let askedAtMs = 0;
    while (health().refreshFailureCount < 5) {
      shiftMs += 15_000;
      const before = tokens.told.length;
      await Promise.all([manager.executeWithFailover(idOf), manager.executeWithFailover(idOf)]);
      if (tokens.told.length === before) continue;
      waits.push(Math.round((shiftMs - askedAtMs) / 60_000));
      askedAtMs = shiftMs;
    }
    assert.deepEqual(waits, [1, 2, 4, 8]);
    assert.equal(health().isHealthy, false);
    assert.equal(await codeOf(manager.refreshCredential('dead')), 'refresh_failed');
    assert.doesNotMatch(JSON.stringify(manager.getHealthSummary()), /revoked-of-tests/);
  });

  it('gets another token after the provider refused one before its end', async () => {
    const manager = managerOf(setOf('a', DAY_MS), setOf('b', DAY_MS));
    const refused = Object.assign(new Error('401'), { failure: { kind: 'authentication', message: '401' } });
    await manager.executeWithFailover(({ accessToken }) => {
      if (accessToken === 'old-access-of-a') throw refused;
    });
    shiftMs = 2000;
    const used = [await manager.executeWithFailover((each) => each), await manager.executeWithFailover((each) => each)];
    assert.match(used.find(({ id }) => id === 'a')?.accessToken ?? '', /^access-of-tests/);
  });

  it('refuses two accounts of one name, unknown names, and a manager without a refresh function', () => {
    assert.throws(() => managerOf(setOf('a', 1), setOf('a', 1)), { code: 'invalid_config', message: /called a\./ });
    assert.throws(() => managerOf(setOf('a', 1)).getCredentialMetrics('b'), {
      code: 'invalid_config',
      message: /are: a/,
    });
    assert.throws(() => newOAuthKeyManager('Gemini', [], undefined as never), { code: 'invalid_config' });
  });
});

describe('OAuth token refresh issues: how often should tokens be refreshed', () => {
  it('renews five minutes ahead, or as far ahead as the strategy says', async () => {
    const manager = managerOf(setOf('a', 11 * MINUTE_MS));
    await manager.executeWithFailover(idOf);
    assert.equal(tokens.told.length, 0);
    manager.setRefreshStrategy({ bufferTime: 12 * MINUTE_MS, adaptiveBuffer: true, preemptiveRefresh: true });
    assert.equal((await manager.executeWithFailover((each) => each)).accessToken, 'old-access-of-a');
    await manager.refreshCredential('a');
    assert.equal(tokens.asked('refresh_token'), 1);
  });

  it('renews earlier for slow, failing and busy accounts, within its bounds', async () => {
    const manager = managerOf(setOf('a', DAY_MS));
    const minutes = (): number => manager.getRefreshBuffer('a') / MINUTE_MS;
    manager.setRefreshStrategy(ADAPTIVE_REFRESH_STRATEGY);
    assert.equal(minutes(), 5);
    const slow = (ms: number) => () => void (shiftMs += ms);
    await manager.executeWithFailover(slow(250));
    // Two steps of 100 ms.
    assert.equal(minutes(), 6);
    for (let call = 0; call < 29; call += 1) await manager.executeWithFailover(slow(0));
    // 8 ms each by now, and 30 requests within the hour: two steps of ten above ten.
    assert.equal(minutes(), 6);
    await manager.executeWithFailover(() => Promise.reject(new Error('failed'))).catch(() => undefined);
    shiftMs += 1000;
    await manager.executeWithFailover(() => Promise.reject(new Error('failed'))).catch(() => undefined);
    // 30 of 32 went well: (0.95 - 0.9375) x 600 s, that is 7.5 s.
    assert.equal(minutes(), 6.125);
    shiftMs += 5000;
    for (let call = 0; call < 200; call += 1) await manager.executeWithFailover(slow(0));
    // At the bound of 15 minutes, and twice that above 100 requests an hour.
    assert.equal(minutes(), 30);
    shiftMs += 61 * MINUTE_MS;
    assert.equal(minutes(), 5);
    manager.setRefreshStrategy(CONSERVATIVE_REFRESH_STRATEGY);
    assert.equal(minutes(), 15);
  });
});

describe('API key rotation: automated rotation schedule', () => {
  const POLICY = { enabled: true, rotationInterval: 30 * DAY_MS, gracePeriod: 7 * DAY_MS };

  it('says once which accounts are due, by itself when they are used', async () => {
    const due: string[] = [];
    const manager = managerOf(
      setOf('old', 999 * DAY_MS, { createdAt: clock.nowMs() - 29 * DAY_MS }),
      setOf('new', 999 * DAY_MS),
    );
    manager.setRotationPolicy({ ...POLICY, onRotationNeeded: (id) => void due.push(id) });
    assert.deepEqual(await manager.checkRotationNeeded(), []);
    shiftMs = DAY_MS;
    await manager.executeWithFailover(idOf);
    await manager.flush();
    assert.deepEqual(due, ['old']);
    assert.deepEqual(await manager.checkRotationNeeded(), ['old']);
    assert.deepEqual(due, ['old']);
    assert.deepEqual(
      manager.getRotationStatus().map(({ state }) => state),
      ['due', 'current'],
    );
  });

  it('has both accounts in use for the grace period, and removes the old one only then', async () => {
    const manager = managerOf(setOf('old', 999 * DAY_MS));
    manager.setRotationPolicy(POLICY);
    assert.throws(() => manager.completeRotation('old'), { code: 'key_rotation_failed', message: /markForRotation/ });
    assert.equal(manager.markForRotation('old', setOf('new', 999 * DAY_MS)), 'new');
    assert.throws(() => manager.markForRotation('old', setOf('newer', 1)), { code: 'key_rotation_failed' });
    const used = [await manager.executeWithFailover(idOf), await manager.executeWithFailover(idOf)];
    assert.deepEqual(used.toSorted(), ['new', 'old']);
    shiftMs = 7 * DAY_MS - 1;
    assert.throws(() => manager.completeRotation('old'), { code: 'key_rotation_failed', message: /until 2026-11-28/ });
    assert.deepEqual(manager.autoDecommissionExpired(), []);
    shiftMs += 1;
    manager.completeRotation('old');
    assert.deepEqual(manager.getCredentialIds(), ['new']);
    assert.equal(await manager.executeWithFailover(idOf), 'new');
  });

  it('removes old accounts by itself where the policy says so', async () => {
    const manager = managerOf(setOf('old', 999 * DAY_MS));
    manager.setRotationPolicy({ ...POLICY, autoDecommission: true });
    manager.markForRotation('old', setOf('new', 999 * DAY_MS));
    shiftMs = 7 * DAY_MS;
    await manager.executeWithFailover(idOf);
    assert.deepEqual(manager.getCredentialIds(), ['new']);
  });
});

describe('Monitoring of OAuth credentials', () => {
  const posted: MonitoringEvent[] = [];
  let status = 200;
  const webhook = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      posted.push(JSON.parse(text) as MonitoringEvent);
      response.writeHead(status).end();
    });
  });
  let webhookUrl: string;
  before(async () => {
    webhook.listen(0, '127.0.0.1');
    await once(webhook, 'listening');
    webhookUrl = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/hook`;
  });
  after(() => {
    webhook.closeAllConnections();
    webhook.close();
  });
  beforeEach(() => {
    posted.length = 0;
    status = 200;
  });

  it('posts refreshes with the documented members, and nothing that was not asked for', async () => {
    const manager = managerOf(setOf('a', -1));
    manager.setMonitoringConfig({ webhookUrl, webhookEvents: ['refresh'] });
    await manager.executeWithFailover(idOf);
    await manager.executeWithFailover(() => Promise.reject(new Error('no'))).catch(() => undefined);
    await manager.flush();
    assert.equal(posted.length, 1);
    assert.deepEqual(Object.keys(posted[0] ?? {}), ['type', 'credential_id', 'timestamp', 'message', 'details']);
    assert.equal(posted[0]?.type, 'refresh');
    assert.equal(posted[0]?.credential_id, 'a');
    assert.equal(posted[0]?.timestamp, '2026-11-21T12:00:00.000Z');
    assert.doesNotMatch(JSON.stringify(posted), /access-of/);
    assert.deepEqual(manager.getDeliveryCounts(), { delivered: 1, failed: 0, dropped: 0 });
  });

  it('tells of more than a quarter of failures among ten requests, once an hour', async () => {
    const manager = managerOf(setOf('a', 999 * DAY_MS));
    manager.setMonitoringConfig({ webhookUrl });
    const call = async (isGood: boolean): Promise<void> => {
      shiftMs += 1000;
      await manager.executeWithFailover(() => (isGood ? 1 : Promise.reject(new Error('no')))).catch(() => undefined);
      await manager.flush();
    };
    for (const isGood of [true, false, true, false, true, false, true, true, true]) await call(isGood);
    assert.equal(posted.length, 0);
    await call(true);
    assert.deepEqual(
      posted.map(({ type, details }) => [type, details]),
      [['failure', { reason: 'high_failure_rate', requests: 10, errors: 3 }]],
    );
    await call(true);
    assert.equal(posted.length, 1);
    shiftMs += 60 * MINUTE_MS;
    await call(false);
    assert.equal(posted.length, 2);
  });

  it('warns a day before the end of tokens that nobody renews', async () => {
    const manager = managerOf(setOf('a', DAY_MS + 1000, { refreshToken: '' }), setOf('b', 60 * MINUTE_MS));
    manager.setMonitoringConfig({ webhookUrl });
    await manager.executeWithFailover(idOf);
    shiftMs = 1000;
    await manager.executeWithFailover(idOf);
    await manager.flush();
    assert.deepEqual(
      posted.map(({ type, credential_id }) => [type, credential_id]),
      [['expiry_warning', 'a']],
    );
  });

  it('counts what could not be delivered, and calls go on', async () => {
    status = 500;
    const manager = managerOf(setOf('a', -1));
    manager.setMonitoringConfig({ webhookUrl });
    assert.equal(await manager.executeWithFailover(idOf), 'a');
    await manager.flush();
    assert.deepEqual(manager.getDeliveryCounts(), {
      delivered: 0,
      failed: 1,
      dropped: 0,
      lastError: 'The webhook answered 500.',
    });
  });

  it('exports counts for Prometheus and as JSON, and sums the health up', async () => {
    const manager = managerOf(setOf('a"\\\n', DAY_MS), setOf('b', DAY_MS));
    await manager.executeWithFailover(() => void (shiftMs += 40));
    await manager.executeWithFailover(({ id }) => (id === 'b' ? Promise.reject(new Error('no')) : id));
    manager.recordTokenUsage('b', 120);
    const text = manager.exportPrometheus();
    assert.match(text, /^# HELP oauth_requests_total .*\n# TYPE oauth_requests_total counter\n/);
    assert.ok(text.includes(String.raw`oauth_requests_total{credential="a\"\\\n"} 2`), text);
    for (const line of [
      'oauth_success_total{credential="b"} 0',
      'oauth_errors_total{credential="b"} 1',
      'oauth_tokens_total{credential="b"} 120',
      'oauth_refreshes_total{credential="b"} 0',
    ])
      assert.ok(text.includes(`\n${line}\n`), line);
    const json = JSON.parse(JSON.stringify(manager.exportJSON())) as Record<string, Record<string, unknown>>;
    assert.equal(json['a"\\\n']?.['request_count'], 2);
    assert.equal(json['a"\\\n']?.['average_latency_ms'], 20);
    assert.equal(json['b']?.['success_rate'], 0);
    assert.equal(json['b']?.['last_used'], new Date(clock.nowMs()).toISOString());
    const summary = manager.getHealthSummary();
    assert.equal(summary.total_credentials, 2);
    assert.equal(summary.healthy_credentials, 2);
    assert.equal(summary.credentials_in_backoff, 1);
    assert.equal(summary.total_requests, 3);
    assert.equal(summary.success_rate, 2 / 3);
    assert.equal(summary.total_tokens, 120);
    assert.equal(summary.credentials['b']?.failureCount, 1);
  });
});
