import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import type { Clock } from '../model/clock.ts';
import type { FailureKind } from '../model/failure.ts';
import { restOf } from '../resilience/rests.ts';
import { CredentialPool, type Choice, type Lease } from './pool.ts';

const MINUTE_MS = 60_000;

describe('rests by the kind of failure', () => {
  let nowMs = 0;
  let pool: CredentialPool;
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: () => assert.fail('a pool never waits'),
    every: () => assert.fail('a pool needs no timer'),
  };
  const take = (id: string, model = 'm'): Lease => {
    const lease = pool.lease(undefined, undefined, { only: id, model });
    assert.ok(lease);
    return lease;
  };
  const fail = (lease: Lease, kind: FailureKind, retryAfterMs?: number): void => {
    const rest = restOf({ kind });
    lease.report({
      ok: false,
      verdict: 'keep',
      ...(rest && { rest }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  };
  /** Who would be taken, without using it. */
  const next = (choice: Choice = {}): string | undefined => {
    const lease = pool.lease(undefined, undefined, { model: 'm', turn: 1, ...choice });
    lease?.abandon();
    return lease?.credential.id;
  };

  beforeEach(() => {
    nowMs = 1000;
    pool = new CredentialPool({ clock, credentials: ['a', 'b'].map((id) => ({ kind: 'anonymous', id })) });
  });

  for (const [kind, restMs, reason] of [
    ['authentication', 30 * MINUTE_MS, 'auth_failed'],
    ['permission', 30 * MINUTE_MS, 'auth_failed'],
    ['quota-exhausted', 60 * MINUTE_MS, 'quota'],
    ['rate-limit', 5000, 'cooldown'],
    ['not-found', 720 * MINUTE_MS, 'not_found'],
    ['overloaded', 30_000, 'overloaded'],
    ['upstream', MINUTE_MS, 'transient'],
    ['network', MINUTE_MS, 'transient'],
  ] as const)
    it(`${kind} rests it for ${restMs / 1000} s as ${reason}`, () => {
      fail(take('a'), kind);
      assert.deepEqual(pool.soonest('m'), { atMs: nowMs + restMs, reason });
      assert.equal(next(), 'b');
      nowMs += restMs;
      assert.equal(next(), 'a');
    });

  for (const kind of ['invalid-request', 'context-overflow', 'content-policy', 'cancelled'] as const)
    it(`${kind} says nothing about the account`, () => {
      fail(take('a'), kind);
      assert.equal(pool.soonest('m'), undefined);
    });

  it('a limit of one model leaves the others', () => {
    fail(take('a'), 'rate-limit', 60_000);
    assert.equal(next({ model: 'm' }), 'b');
    assert.equal(next({ model: 'other' }), 'a');
    fail(take('a'), 'authentication');
    assert.equal(next({ model: 'other' }), 'b');
  });

  it('what the provider named is never cut short, what we guess is where nobody else is awake', () => {
    fail(take('a'), 'overloaded', 10_000);
    fail(take('b'), 'overloaded');
    assert.equal(next(), 'b');
    assert.equal(next({ mayWake: false }), undefined);
    fail(take('b'), 'overloaded', 10_000);
    assert.equal(next(), undefined);
  });

  it('one call alone goes out after a rest, until it went well', () => {
    fail(take('a'), 'upstream');
    fail(take('b'), 'authentication');
    nowMs += MINUTE_MS;
    const probe = pool.lease(undefined, undefined, { model: 'm', turn: 1 });
    assert.equal(probe?.credential.id, 'a');
    assert.equal(next(), undefined);
    fail(probe as Lease, 'upstream');
    assert.equal(next({ mayWake: false }), undefined);
    nowMs += MINUTE_MS;
    const again = pool.lease(undefined, undefined, { model: 'm', turn: 1 });
    again?.report({ ok: true, verdict: 'keep' });
    assert.deepEqual([next(), next()], ['a', 'a']);
  });

  it('is forgotten when somebody resets it', () => {
    fail(take('a'), 'quota-exhausted');
    fail(take('a', 'x'), 'not-found');
    const [seat] = pool.seats;
    assert.equal(seat?.rests(nowMs).length, 2);
    seat?.reset();
    assert.deepEqual(seat?.rests(nowMs), []);
    assert.equal(next(), 'a');
  });

  it('a proxy’s fault counts against no account', () => {
    take('a').report({ ok: false, verdict: 'keep', rest: restOf({ kind: 'network', code: 'PROXY_REFUSED' }) as never });
    assert.equal(pool.soonest('m'), undefined);
    assert.equal(pool.seats[0]?.failures, 0);
  });

  it('no resting account is handed out while another is awake, whatever calls run side by side', () => {
    let state = 42;
    const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    const ids = ['a', 'b', 'c', 'd'];
    pool = new CredentialPool({ clock, credentials: ids.map((id) => ({ kind: 'anonymous', id })) });
    const kinds = ['rate-limit', 'overloaded', 'upstream', 'authentication', 'not-found', 'invalid-request'] as const;
    const open: Lease[] = [];
    for (let step = 1; step < 20_000; step += 1) {
      nowMs += Math.floor(random() * 3000);
      const model = random() < 0.5 ? 'm' : 'n';
      const awake = new Set(pool.seats.filter((seat) => seat.isUsable(model, nowMs)).map(({ id }) => id));
      const lease = pool.lease(undefined, undefined, { model, turn: step });
      if (lease !== undefined) {
        if (awake.size > 0) assert.ok(awake.has(lease.credential.id), `step ${step}`);
        open.push(lease);
      }
      const ended = random() < 0.6 ? open.splice(Math.floor(random() * open.length), 1)[0] : undefined;
      if (ended === undefined) continue;
      if (random() < 0.7) ended.report({ ok: true, verdict: 'keep' });
      else fail(ended, kinds[Math.floor(random() * kinds.length)] ?? 'upstream', random() < 0.3 ? 4000 : undefined);
    }
  });
});
