import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { turnKey } from '../../src/accounts/counter.ts';
import { rotationStuck } from '../../src/diagnosis/checks/rotation-stuck.ts';
import { limitsNear } from '../../src/diagnosis/checks/limits-near.ts';
import { examine } from '../../src/diagnosis/examine.ts';
import type { AttemptRecord } from '../../src/telemetry/call-record.ts';
import { byHand, openOnRedis, PATIENT, REDIS_URL, skipRedis } from '../coordination/engines.ts';
import { ADMIN_KEY } from '../management/management-gateway.ts';
import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import { sendJson, startUpstream } from '../support/scripted-upstream.ts';
import { post, provider } from '../support/test-gateway.ts';
import { startDoctorGateway, type DoctorGateway } from './doctor-gateway.ts';

const PROVIDERS = [provider('openai', 'http://127.0.0.1:9/v1', 'canary-key-one', 'canary-key-two')];

describe('calls of the last minutes', () => {
  let gateway: DoctorGateway;
  before(async () => {
    gateway = await startDoctorGateway({ providers: PROVIDERS });
  });
  after(() => gateway.close());

  /** Writes calls of one attempt each into the log. */
  async function logged(attempts: readonly Partial<AttemptRecord>[]): Promise<void> {
    const log = gateway.store.createCallLog({ onError: assert.ifError });
    const startedAtMs = systemClock.nowMs();
    for (const each of attempts) {
      const attempt = sampleAttempt({ startedAtMs, model: 'gpt-4', ...each });
      const state = attempt.state;
      log.record(sampleCall({ requestId: randomUUID(), startedAtMs, state, attempts: [attempt] }));
    }
    await log.close();
  }
  const clear = () => gateway.byHand('DELETE FROM request_logs');

  const failing = (
    failureKind: NonNullable<AttemptRecord['failureKind']>,
    times: number,
  ): readonly Partial<AttemptRecord>[] =>
    Array.from({ length: times }, () => ({ state: 'failed', status: 500, failureKind, error: failureKind }));

  it('are well when few of them failed', async () => {
    await logged([...failing('upstream', 2), {}, {}, {}]);
    assert.deepEqual(await gateway.find(), []);
    await clear();
  });

  const CASES = [
    ['authentication', 'calls-refused-credentials'],
    ['timeout', 'calls-time-out'],
    ['protocol', 'calls-unreadable'],
    ['not-found', 'calls-model-unknown'],
    ['quota-exhausted', 'calls-out-of-money'],
    ['network', 'calls-cannot-connect'],
    ['permission', 'calls-not-permitted'],
    ['rate-limit', 'calls-rate-limited'],
    ['overloaded', 'calls-without-account'],
    ['upstream', 'calls-upstream-fails'],
    ['invalid-request', 'calls-rejected'],
    ['context-overflow', 'calls-too-long'],
  ] as const;
  for (const [kind, code] of CASES)
    it(`are found as ${code} when several failed for ${kind}`, async () => {
      await logged([...failing(kind, 3), {}, {}]);
      const found = await gateway.one(code);
      assert.deepEqual(
        [found.subject, found.evidence['failures'], found.evidence['attempts']],
        ['model openai/gpt-4', 3, 5],
      );
      assert.ok(found.remedy.length > 20);
      await clear();
    });

  it('are found to go through one account again and again, though others are fit', async () => {
    await logged(Array.from({ length: 10 }, (_, at) => ({ accountId: `openai-${(at % 2) + 1}` })));
    assert.deepEqual(await gateway.find(), []);
    await clear();
    await logged(Array.from({ length: 10 }, () => ({ accountId: 'openai-1' })));
    const found = await gateway.one('rotation-stuck');
    assert.deepEqual([found.evidence['account'], found.evidence['fit']], ['openai-1', 2]);
    assert.match(found.remedy, /PUT \/api\/v1\/account-policies\/openai` with \{"policy":"round-robin"\}/);
    await clear();
  });

  it('are found to have lost their count when Redis is flushed', { skip: skipRedis }, async () => {
    const coordination = await openOnRedis(REDIS_URL, PATIENT);
    const model = `gpt-${randomUUID()}`;
    const key = turnKey('openai', model);
    try {
      for (let call = 0; call < 4; call += 1) await coordination.counter.next(key);
      await logged(Array.from({ length: 4 }, (_, at) => ({ model, accountId: `openai-${(at % 2) + 1}` })));
      const ports = {
        registry: gateway.management.gateway.gateway.registry,
        calls: gateway.store.calls,
        turns: { sinceMs: 0, taken: (id: string, name: string) => coordination.counter.peek(turnKey(id, name)) },
        coordination: coordination.state,
        clock: systemClock,
      };
      const look = async () => (await examine({ checks: [rotationStuck], ports, clock: systemClock })).findings;
      assert.deepEqual(await look(), []);
      // Only what this test wrote goes: others use the same server.
      await byHand('DEL', key);
      const [found] = await look();
      assert.deepEqual([found?.code, found?.evidence['counted']], ['rotation-counter-lost', 0]);
      assert.match(found?.remedy ?? '', /noeviction/);
    } finally {
      await byHand('DEL', key);
      await coordination.close();
      await clear();
    }
  });
});

const COMPLETION = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

describe('limits that are nearly used', () => {
  const look = async (used: number, refuses: boolean) => {
    const standing = { scope: 'key:k1', name: 'key requests a minute', max: 10, used, left: 10 - used, refuses };
    const ports = {
      standings: () => Promise.resolve([{ ...standing, of: 'key', id: 'k1' } as const]),
      quotas: { states: () => [] },
    };
    return (await examine({ checks: [limitsNear], ports, clock: systemClock })).findings.map(({ code, severity }) => [
      code,
      severity,
    ]);
  };
  it('are told before they are reached, and graver then', async () => {
    assert.deepEqual(await look(5, false), []);
    assert.deepEqual(await look(9, false), [['limit-near', 'info']]);
    assert.deepEqual(await look(10, true), [['limit-reached', 'warning']]);
  });

  it('are learned from providers that refused, and told the next time before they refuse', async () => {
    const upstream = await startUpstream((_, response, number) =>
      // The eleventh of each row is refused.
      number % 11 === 10
        ? sendJson(response, 429, { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } })
        : sendJson(response, 200, COMPLETION),
    );
    const gateway = await startDoctorGateway({ addresses: new Map([['openai', `${upstream.url}/v1`]]) });
    const account = await gateway.addAccount('openai', { api_key: new Secret('canary-key-of-quotas') });
    const call = async (): Promise<number> => {
      const body = { model: 'openai/gpt-4', messages: [{ role: 'user', content: 'hi' }] };
      return (await post(gateway.management.gateway, '/v1/chat/completions', body)).status;
    };
    const begin = async (): Promise<void> => {
      const route = `DELETE /api/v1/quota/accounts/${account}`;
      const { status, text } = await gateway.management.ask(route, { token: ADMIN_KEY });
      assert.equal(status, 200, text);
      const { pool } = gateway.management.gateway.gateway.registry.current().runtimes.get('openai') ?? {};
      for (const seat of pool?.seats ?? []) seat.reset();
    };
    const near = async () => (await gateway.find()).filter(({ code }) => code === 'account-quota-near');
    try {
      // What was seen once or twice is a guess.
      for (let row = 0; row < 3; row += 1) {
        for (let calls = 0; calls < 9; calls += 1) assert.equal(await call(), 200);
        assert.deepEqual(await near(), []);
        assert.deepEqual([await call(), (await call()) === 200], [200, false]);
        await begin();
      }
      for (let calls = 0; calls < 8; calls += 1) assert.equal(await call(), 200);
      assert.deepEqual(await near(), []);
      assert.equal(await call(), 200);
      const found = await gateway.one('account-quota-near');
      assert.deepEqual([found.subject, found.severity], [`account ${account} model gpt-4`, 'info']);
      assert.match(found.cause, /has made 9 calls of gpt-4, 90 % of the 10 after which its provider refused before/);
      assert.match(found.remedy, /Add another account, or wait/);
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });

  it('are read from the accounts that have them', async () => {
    const gateway = await startDoctorGateway();
    try {
      await gateway.addAccount(
        'openai',
        { api_key: 'not-secret-in-this-test' },
        { metadata: { limits: { requests_per_day: 1 } } },
      );
      const { pool } = gateway.management.gateway.gateway.registry.current().runtimes.get('openai') ?? {};
      assert.equal(pool?.seats[0]?.facts.limits?.requestsPerDay, 1);
      assert.deepEqual(await gateway.find(), []);
    } finally {
      await gateway.close();
    }
  });
});
