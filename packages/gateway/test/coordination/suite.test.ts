import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Coordination } from '../../src/coordination/coordination.ts';
import { globalTallyKey, oauthTokenKey, rotationKey } from '../../src/coordination/key-names.ts';
import type { Limit, Refusal, Reservation } from '../../src/coordination/limiter.ts';
import { byHand, ENGINES, forget, newName, openOnRedis, PATIENT, REDIS_URL, skipRedis } from './engines.ts';

const NOTHING = { tokens: 0, nanoUsd: 0 };

for (const { name, skip, open } of ENGINES) {
  describe(`coordination in ${name}`, { skip }, () => {
    const own = newName();
    let coordination: Coordination;
    before(async () => {
      coordination = await open();
    });
    after(async () => {
      await coordination.close();
      if (name === 'Redis') await forget(own);
    });

    it('is up', () => assert.equal(coordination.state().status, 'up'));

    it('counts each key from 1', async () => {
      const counts = await Promise.all(Array.from({ length: 20 }, () => coordination.counter.next(`${own}:a`)));
      assert.deepEqual(
        counts.toSorted((a, b) => a - b),
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      assert.equal(await coordination.counter.next(`${own}:b`), 1);
    });

    it('keeps a text until it is deleted, and tells how long yet', async () => {
      const key = `${own}:text`;
      assert.equal(await coordination.cache.get(key), undefined);
      assert.equal(await coordination.cache.ttlMs(key), undefined);
      await coordination.cache.set(key, '{"é":1}', 60_000);
      assert.equal(await coordination.cache.get(key), '{"é":1}');
      const ttlMs = await coordination.cache.ttlMs(key);
      assert.ok(ttlMs !== undefined && ttlMs > 0 && ttlMs <= 60_000, String(ttlMs));
      await coordination.cache.delete(key);
      assert.equal(await coordination.cache.get(key), undefined);
    });

    it('forgets a text whose time is over', async () => {
      await coordination.cache.set(`${own}:short`, 'x', 1);
      while ((await coordination.cache.get(`${own}:short`)) !== undefined);
    });

    it('gives a lock to one at a time, each with a greater fence', async () => {
      const fences: number[] = [];
      let inside = 0;
      const work = async (): Promise<void> => {
        const lock = await coordination.locks.acquire(`${own}:one`, { leaseMs: 60_000, waitMs: 60_000 });
        assert.ok(lock !== undefined);
        inside += 1;
        assert.equal(inside, 1);
        fences.push(lock.fence);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        await lock.release();
      };
      await Promise.all(Array.from({ length: 5 }, work));
      assert.equal(new Set(fences).size, 5);
      assert.deepEqual(
        fences,
        fences.toSorted((a, b) => a - b),
      );
    });

    it('does not wait for a lock longer than it is told', async () => {
      const terms = { leaseMs: 60_000, waitMs: 0 };
      const lock = await coordination.locks.acquire(`${own}:taken`, terms);
      assert.equal(await coordination.locks.acquire(`${own}:taken`, terms), undefined);
      assert.equal(await coordination.locks.acquire(`${own}:taken`, { ...terms, waitMs: 30 }), undefined);
      const signal = AbortSignal.abort();
      assert.equal(await coordination.locks.acquire(`${own}:taken`, { ...terms, waitMs: 60_000, signal }), undefined);
      await lock?.release();
      assert.ok(await coordination.locks.acquire(`${own}:taken`, terms));
    });

    it('gives a lock on whose lease has ended, and then its first holder has lost it', async () => {
      const first = await coordination.locks.acquire(`${own}:lost`, { leaseMs: 1, waitMs: 0 });
      const second = await coordination.locks.acquire(`${own}:lost`, { leaseMs: 60_000, waitMs: 60_000 });
      assert.ok(first !== undefined && second !== undefined && second.fence > first.fence);
      assert.equal(await first.extend(60_000), false);
      await first.release();
      assert.equal(await second.extend(60_000), true);
      assert.equal(await coordination.locks.acquire(`${own}:lost`, { leaseMs: 1, waitMs: 0 }), undefined);
    });

    it('adds to tallies', async () => {
      coordination.tally.add(`${own}:tally`);
      coordination.tally.add(`${own}:tally`, 4);
      while ((await coordination.tally.read(`${own}:tally`)) < 5);
      assert.equal(await coordination.tally.read(`${own}:tally`), 5);
      assert.equal(await coordination.tally.read(`${own}:none`), 0);
    });

    it('begins a tally once, and takes it away', async () => {
      const key = `${own}:begun`;
      const reads = async (value: number): Promise<void> => {
        while ((await coordination.tally.read(key)) !== value);
      };
      coordination.tally.begin(key, 7, 60_000);
      coordination.tally.begin(key, 8, 60_000);
      await reads(7);
      await new Promise((resolve) => setTimeout(resolve, 500));
      coordination.tally.begin(key, 9, 60_000);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await reads(7);
      coordination.tally.forget([key]);
      await reads(0);
    });

    it('shows errors of the last day, newest first', async () => {
      const nowMs = Date.now();
      const texts = ['old', 'b', 'a'].map((each) => `${own} ${each}`);
      coordination.errors.add({ atMs: nowMs - 86_400_001, text: texts[0] ?? '' });
      coordination.errors.add({ atMs: nowMs - 1, text: texts[1] ?? '' });
      coordination.errors.add({ atMs: nowMs, text: texts[2] ?? '' });
      const mine = async (): Promise<readonly unknown[]> =>
        (await coordination.errors.recent(1000)).filter(({ text }) => text.startsWith(own));
      while ((await mine()).length < 2);
      assert.deepEqual(await mine(), [
        { atMs: nowMs, text: texts[2] },
        { atMs: nowMs - 1, text: texts[1] },
      ]);
    });

    it('tells listeners of this process once, until they stop', async () => {
      const heard: (string | undefined)[] = [];
      const stop = coordination.pubsub.subscribe(own, (message) => heard.push(message));
      coordination.pubsub.publish(own, 'one');
      coordination.pubsub.publish(`${own}:other`, 'two');
      // What went to Redis and comes back has come before this answer.
      await coordination.cache.get(own);
      const messages = (): readonly unknown[] => heard.filter((each) => each !== undefined);
      assert.deepEqual(messages(), ['one']);
      stop();
      coordination.pubsub.publish(own, 'three');
      assert.deepEqual(messages(), ['one']);
    });

    describe('a limiter', () => {
      const requests = (scope: string, max: number): Limit => ({
        scope: `${own}:${scope}`,
        measure: 'requests',
        max,
        window: { kind: 'rolling', ms: 86_400_000 },
      });
      const money = (scope: string, max: number, usedAtLeast = 0): Limit => ({
        scope: `${own}:${scope}`,
        measure: 'nano-usd',
        max,
        window: { kind: 'period', name: 'always', endsAtMs: 0 },
        usedAtLeast,
      });
      const reserve = async (limits: readonly Limit[], amounts = NOTHING): Promise<Reservation | Refusal> =>
        coordination.limiter.reserve(limits, amounts);
      const admitted = async (limits: readonly Limit[], amounts = NOTHING): Promise<Reservation> => {
        const answer = await reserve(limits, amounts);
        assert.ok(answer.admitted);
        return answer;
      };
      const refused = async (limits: readonly Limit[], amounts = NOTHING): Promise<Refusal> => {
        const answer = await reserve(limits, amounts);
        assert.ok(!answer.admitted);
        return answer;
      };

      it('admits up to the limit and tells when it frees', async () => {
        const limits = [requests('few', 2)];
        await admitted(limits);
        await admitted(limits);
        const { refusedBy } = await refused(limits);
        assert.equal(refusedBy.used, 2);
        assert.equal(refusedBy.limit, limits[0]);
        assert.ok(refusedBy.frees?.kind === 'at' && refusedBy.frees.atMs > Date.now() + 80_000_000);
      });

      it('reserves in every scope or in none, and names the one that refuses', async () => {
        const [wide, narrow] = [requests('wide', 10), requests('narrow', 1)];
        await admitted([wide, narrow]);
        for (let each = 0; each < 3; each += 1)
          assert.equal((await refused([wide, narrow])).refusedBy.limit.scope, narrow.scope);
        const [standing] = await coordination.limiter.look([wide], NOTHING);
        assert.deepEqual(standing, { limit: wide, used: 1 });
      });

      it('counts what was used in the place of what was reserved', async () => {
        const limits = [money('spent', 100)];
        const first = await admitted(limits, { tokens: 0, nanoUsd: 60 });
        await refused(limits, { tokens: 0, nanoUsd: 41 });
        await coordination.limiter.settle(first, { tokens: 0, nanoUsd: 10 });
        await coordination.limiter.settle(first, { tokens: 0, nanoUsd: 10 });
        const second = await admitted(limits, { tokens: 0, nanoUsd: 90 });
        await coordination.limiter.settle(second, { tokens: 0, nanoUsd: 95 });
        assert.equal((await refused(limits)).refusedBy.used, 105);
      });

      it('counts nothing of a call that was taken back', async () => {
        const limits = [
          requests('back', 1),
          money('back', 10),
          { scope: `${own}:back`, measure: 'in-flight', max: 1 },
        ] as const;
        const reservation = await admitted(limits, { tokens: 0, nanoUsd: 10 });
        await refused(limits);
        await coordination.limiter.release(reservation);
        await admitted(limits, { tokens: 0, nanoUsd: 10 });
      });

      it('admits so many at once, and again when one has ended', async () => {
        const limits: readonly Limit[] = [{ scope: `${own}:flight`, measure: 'in-flight', max: 2 }];
        const first = await admitted(limits);
        await admitted(limits);
        assert.deepEqual((await refused(limits)).refusedBy.frees, { kind: 'when-one-ends' });
        await coordination.limiter.settle(first, NOTHING);
        await admitted(limits);
      });

      it('counts what the store knows of where it knows more', async () => {
        await admitted([money('known', 100, 90)], { tokens: 0, nanoUsd: 5 });
        assert.equal((await refused([money('known', 100, 40)], { tokens: 0, nanoUsd: 10 })).refusedBy.used, 95);
      });

      it('admits nothing more when all is used, not even what is thought to cost nothing', async () => {
        await admitted([money('used-up', 10)], { tokens: 0, nanoUsd: 10 });
        assert.equal((await refused([money('used-up', 10)])).refusedBy.used, 10);
      });

      it('says of a call that alone is too much that it never passes', async () => {
        const [never, later] = [money('never', 10), requests('never', 0)];
        assert.deepEqual((await refused([never], { tokens: 0, nanoUsd: 11 })).refusedBy.frees, { kind: 'never' });
        assert.deepEqual((await refused([later])).refusedBy.frees, { kind: 'never' });
      });

      it('counts great amounts to the last billionth', async () => {
        const limits = [money('great', 9_000_000_000_000_000)];
        await admitted(limits, { tokens: 0, nanoUsd: 8_999_999_999_999_998 });
        assert.equal((await refused(limits, { tokens: 0, nanoUsd: 3 })).refusedBy.used, 8_999_999_999_999_998);
        await admitted(limits, { tokens: 0, nanoUsd: 2 });
      });

      it('admits of a thousand at once as many as there is money for', async () => {
        const limits = [money('rush', 1_000_000_000), requests('rush', 5000)];
        const all = await Promise.all(
          Array.from({ length: 1000 }, () => reserve(limits, { tokens: 9, nanoUsd: 10_000_000 })),
        );
        assert.equal(all.filter((each) => each.admitted).length, 100);
      });
    });
  });
}

describe('keys in Redis', { skip: skipRedis }, () => {
  const own = newName();
  let coordination: Coordination;
  before(async () => {
    coordination = await openOnRedis(REDIS_URL, PATIENT);
  });
  after(async () => {
    await coordination.close();
    await forget(own);
  });

  it('count rotations without an end, and anew when somebody deletes them', async () => {
    const key = rotationKey(own, 'gpt-4');
    assert.equal(key, `account:rr:${own}:gpt-4`);
    await coordination.counter.next(key);
    assert.equal(await coordination.counter.next(key), 2);
    assert.equal(await byHand('GET', key), '2');
    assert.equal(await byHand('TTL', key), -1);
    assert.equal(await byHand('DEL', key), 1);
    assert.equal(await coordination.counter.next(key), 1);
  });

  it('hold tokens with the time they have yet', async () => {
    const key = oauthTokenKey(own, 'account-id');
    assert.equal(key, `auth:oauth:${own}:account-id`);
    await coordination.cache.set(key, '{"access_token":"canary"}', 3_600_000);
    assert.equal(await byHand('GET', key), '{"access_token":"canary"}');
    const ttlS = Number(await byHand('TTL', key));
    assert.ok(ttlS > 3500 && ttlS <= 3600, String(ttlS));
    await byHand('DEL', key);
    assert.equal(await coordination.cache.get(key), undefined);
  });

  it('hold tallies for a day from their first addition', async () => {
    const key = `stats:proxy:${own}:requests:today`;
    coordination.tally.add(key);
    while ((await byHand('GET', key)) !== '1');
    await byHand('EXPIRE', key, '1000');
    coordination.tally.add(key);
    while ((await byHand('GET', key)) !== '2');
    assert.ok(Number(await byHand('TTL', key)) <= 1000);
    assert.equal(globalTallyKey('retries'), 'stats:global:retries:today');
  });

  it('hold errors by their time', async () => {
    const atMs = Date.now();
    coordination.errors.add({ atMs, text: own });
    while (Number(await byHand('ZSCORE', 'error_logs', own)) !== atMs);
    assert.ok(Number(await byHand('TTL', 'error_logs')) > 0);
    await byHand('ZREM', 'error_logs', own);
  });

  it('tell another process what is published', async () => {
    const other = await openOnRedis(REDIS_URL, PATIENT);
    const heard = Promise.withResolvers<string>();
    other.pubsub.subscribe(own, (message) => message !== undefined && heard.resolve(message));
    // Until the other one listens, nobody hears.
    const again = setInterval(() => coordination.pubsub.publish(own, 'changed'), 20);
    assert.equal(await heard.promise, 'changed');
    clearInterval(again);
    await other.close();
  });

  it('give a lock to one process', async () => {
    const other = await openOnRedis(REDIS_URL, PATIENT);
    const terms = { leaseMs: 60_000, waitMs: 0 };
    const lock = await coordination.locks.acquire(own, terms);
    assert.equal(await other.locks.acquire(own, terms), undefined);
    const waiting = other.locks.acquire(own, { ...terms, waitMs: 60_000 });
    await lock?.release();
    const next = await waiting;
    assert.ok(lock !== undefined && next !== undefined && next.fence > lock.fence);
    await next.release();
    await other.close();
  });

  it('that hold something else are passed over', async () => {
    await byHand('LPUSH', `account:rr:${own}:list`, 'x');
    assert.equal(await coordination.counter.next(`account:rr:${own}:list`), 1);
    assert.equal(coordination.state().status, 'degraded');
    assert.match(coordination.state().why ?? '', /WRONGTYPE/);
    await coordination.counter.next(rotationKey(own, 'other'));
    assert.equal(await byHand('GET', rotationKey(own, 'other')), '1');
  });
});
