import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Clock } from '../model/clock.ts';
import type { Credential } from './credential.ts';
import { CredentialPool, type Lease } from './pool.ts';

const RETIRE_MS = 1_800_000;

describe('CredentialPool', () => {
  let nowMs = 0;
  const clock: Clock = {
    nowMs: () => assert.fail('a pool measures durations'),
    monotonicMs: () => nowMs,
    sleep: () => assert.fail('a pool never waits'),
    every: () => assert.fail('a pool needs no timer'),
  };
  const poolOf = (...ids: readonly string[]): CredentialPool =>
    new CredentialPool({ clock, credentials: ids.map((id): Credential => ({ kind: 'anonymous', id })) });
  const idOf = (lease: Lease | undefined): string | undefined => lease?.credential.id;
  const take = (pool: CredentialPool, id: string): Lease => {
    const lease = pool.lease(new Set(['a', 'b', 'c'].filter((each) => each !== id)));
    assert.equal(idOf(lease), id);
    return lease as Lease;
  };
  const cool = (pool: CredentialPool, id: string, retryAfterMs?: number): void =>
    take(pool, id).report({ ok: false, verdict: 'cool', ...(retryAfterMs !== undefined && { retryAfterMs }) });
  /** Which credential the next caller gets, without using it. */
  const next = (pool: CredentialPool): string | undefined => {
    const lease = pool.lease();
    lease?.abandon();
    return idOf(lease);
  };

  beforeEach(() => {
    nowMs = 1000;
  });

  describe('rotation', () => {
    it('hands the credentials out in turn', () => {
      const pool = poolOf('a', 'b', 'c');
      assert.equal(pool.size, 3);
      assert.deepEqual(
        [1, 2, 3, 4].map(() => idOf(pool.lease())),
        ['a', 'b', 'c', 'a'],
      );
    });

    it('passes over what the caller has tried', () => {
      const pool = poolOf('a', 'b');
      assert.equal(idOf(pool.lease(new Set(['a']))), 'b');
      assert.equal(pool.lease(new Set(['a', 'b'])), undefined);
    });

    it('has nothing to hand out when it is empty', () => {
      const pool = poolOf();
      assert.equal(pool.lease(), undefined);
      assert.equal(pool.nextAvailableAtMs(), undefined);
    });
  });

  describe('cooling', () => {
    it('rests a credential for five seconds and says until when', () => {
      const pool = poolOf('a', 'b');
      cool(pool, 'a');
      assert.equal(pool.nextAvailableAtMs(), 6000);
      assert.deepEqual([next(pool), next(pool)], ['b', 'b']);
      nowMs += 5000;
      assert.equal(pool.nextAvailableAtMs(), undefined);
      assert.deepEqual([next(pool), next(pool)], ['a', 'b']);
    });

    it('doubles the rest with each failure up to five minutes, and starts over after a success', () => {
      const pool = poolOf('a', 'b');
      const rests = Array.from({ length: 9 }, () => {
        cool(pool, 'a');
        const restMs = (pool.nextAvailableAtMs() ?? 0) - nowMs;
        nowMs += restMs;
        return restMs / 1000;
      });
      assert.deepEqual(rests, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
      take(pool, 'a').report({ ok: true, verdict: 'keep' });
      cool(pool, 'a');
      assert.equal(pool.nextAvailableAtMs(), nowMs + 5000);
    });

    it('takes calls that fail side by side as one failure', () => {
      const pool = poolOf('a', 'b');
      const leases = Array.from({ length: 50 }, () => take(pool, 'a'));
      for (const lease of leases) lease.report({ ok: false, verdict: 'cool' });
      assert.equal(pool.nextAvailableAtMs(), nowMs + 5000);
    });

    it('keeps a credential awake when the failure does not speak about it', () => {
      const pool = poolOf('a', 'b');
      take(pool, 'a').report({ ok: false, verdict: 'keep', retryAfterMs: 9000 });
      assert.equal(pool.nextAvailableAtMs(), undefined);
    });

    it('wakes the one that would be awake first when all rest', () => {
      const pool = poolOf('a', 'b');
      cool(pool, 'b');
      nowMs += 1000;
      cool(pool, 'a');
      assert.equal(next(pool), 'b');
      assert.equal(idOf(pool.lease(new Set(['b']))), 'a');
    });

    it('always hands out a lone credential', () => {
      const pool = poolOf('a');
      cool(pool, 'a', 60_000);
      take(pool, 'a').report({ ok: false, verdict: 'retire' });
      assert.equal(next(pool), 'a');
      assert.equal(pool.nextAvailableAtMs(), nowMs + RETIRE_MS);
    });
  });

  describe('retry-after', () => {
    it('is kept to the millisecond, even when all rest', () => {
      const pool = poolOf('a', 'b');
      cool(pool, 'a', 7000);
      cool(pool, 'b', 9000);
      assert.equal(pool.nextAvailableAtMs(), 8000);
      nowMs += 6999;
      assert.equal(pool.lease(), undefined);
      nowMs += 1;
      assert.equal(next(pool), 'a');
    });

    it('is at least one second and at most one hour', () => {
      const pool = poolOf('a', 'b');
      cool(pool, 'a', 0);
      assert.equal(pool.nextAvailableAtMs(), nowMs + 1000);
      nowMs += 1000;
      cool(pool, 'a', 1e9);
      assert.equal(pool.nextAvailableAtMs(), nowMs + 3_600_000);
    });

    it('still stands when a second call fails without naming a time', () => {
      const pool = poolOf('a', 'b');
      const [first, second] = [take(pool, 'a'), take(pool, 'a')];
      first.report({ ok: false, verdict: 'cool', retryAfterMs: 60_000 });
      second.report({ ok: false, verdict: 'cool' });
      assert.equal(pool.lease(new Set(['b'])), undefined);
    });

    it('still stands when a call from before it ends well', () => {
      const pool = poolOf('a', 'b');
      const [long, limited] = [take(pool, 'a'), take(pool, 'a')];
      limited.report({ ok: false, verdict: 'cool', retryAfterMs: 60_000 });
      long.report({ ok: true, verdict: 'keep' });
      assert.equal(pool.lease(new Set(['b'])), undefined);
      assert.equal(pool.nextAvailableAtMs(), nowMs + 60_000);
    });
  });

  describe('retirement', () => {
    it('lasts half an hour, after which one probe goes out at a time', () => {
      const pool = poolOf('a', 'b');
      take(pool, 'a').report({ ok: false, verdict: 'retire' });
      assert.equal(pool.nextAvailableAtMs(), nowMs + RETIRE_MS);
      nowMs += RETIRE_MS;
      const probe = take(pool, 'a');
      assert.equal(pool.lease(new Set(['b'])), undefined);
      probe.abandon();
      take(pool, 'a').report({ ok: true, verdict: 'keep' });
      take(pool, 'a');
      take(pool, 'a');
    });

    it('does not let an old call end the wait for the probe', () => {
      const pool = poolOf('a', 'b');
      const [old, refused] = [take(pool, 'a'), take(pool, 'a')];
      refused.report({ ok: false, verdict: 'retire' });
      nowMs += RETIRE_MS;
      take(pool, 'a');
      old.abandon();
      assert.equal(pool.lease(new Set(['b'])), undefined);
    });

    it('lasts at least as long as the provider asked', () => {
      const pool = poolOf('a', 'b');
      take(pool, 'a').report({ ok: false, verdict: 'retire', retryAfterMs: 3_000_000 });
      assert.equal(pool.nextAvailableAtMs(), nowMs + 3_000_000);
      assert.equal(pool.lease(new Set(['b'])), undefined);
    });
  });

  describe('a lease', () => {
    it('counts its first word only', () => {
      const pool = poolOf('a', 'b');
      const lease = take(pool, 'a');
      lease.report({ ok: true, verdict: 'keep' });
      lease.report({ ok: false, verdict: 'retire' });
      assert.equal(pool.nextAvailableAtMs(), undefined);
      cool(pool, 'a');
      lease.abandon();
      lease.report({ ok: true, verdict: 'keep' });
      assert.equal(pool.nextAvailableAtMs(), nowMs + 5000);
    });

    it('says nothing about health when it is abandoned', () => {
      const pool = poolOf('a', 'b');
      const lease = take(pool, 'a');
      cool(pool, 'a', 60_000);
      lease.abandon();
      lease.report({ ok: true, verdict: 'keep' });
      assert.equal(pool.nextAvailableAtMs(), nowMs + 60_000);
    });
  });
});
