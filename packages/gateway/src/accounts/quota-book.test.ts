import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { Seat } from '@patchbay/llm/credentials/seat';
import { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import { restOf } from '@patchbay/llm/resilience/rests';

import { memoryPubSub } from '../coordination/memory/pubsub.ts';
import { memoryTally } from '../coordination/memory/tally.ts';
import { quotaNews } from '../coordination/quota-news.ts';
import { quotaTally } from '../coordination/quota-tally.ts';
import type { QuotaPatternRecord } from '../storage/records.ts';
import { QuotaBook } from './quota-book.ts';
import { confidenceAt, learned } from './quota-estimate.ts';
import { QUOTA_WINDOW_MS } from './quota-windows.ts';

const HOUR_MS = 3_600_000;

describe('a book of quotas', () => {
  let nowMs = 0;
  let book: QuotaBook;
  const put: QuotaPatternRecord[] = [];
  const seat = new Seat({ kind: 'api-key', id: 'a', key: new Secret('k') });
  const succeed = (calls: number): void => {
    for (let call = 0; call < calls; call += 1) book.ended(seat, { ok: true, verdict: 'keep', tokens: 10 }, 'm');
  };
  const rest = restOf({ kind: 'quota-exhausted' });
  const exhaust = (): void => {
    assert.ok(rest);
    book.ended(seat, { ok: false, verdict: 'retire', rest }, 'm');
  };

  beforeEach(() => {
    nowMs = 1_800_000_000_000;
    put.length = 0;
    const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs } as Clock;
    book = new QuotaBook({
      clock,
      put: async (pattern) => void put.push(pattern),
      onError: (error) => assert.fail(String(error)),
    });
  });

  it('counts what calls used in five hours from the first', () => {
    succeed(3);
    assert.deepEqual(
      book.states().map(({ requests, tokens, resetAtMs }) => [requests, tokens, resetAtMs - nowMs]),
      [[3, 30, 5 * HOUR_MS]],
    );
    nowMs += 5 * HOUR_MS;
    assert.deepEqual(book.states(), []);
    succeed(1);
    assert.equal(book.states('a')[0]?.requests, 1);
    assert.deepEqual(book.states('b'), []);
  });

  it('learns the limit of all processes together', async () => {
    const tally = quotaTally(
      memoryTally(() => nowMs),
      QUOTA_WINDOW_MS,
    );
    const other = new QuotaBook({
      clock: { nowMs: () => nowMs, monotonicMs: () => nowMs } as Clock,
      put: async (pattern) => void put.push(pattern),
      tally,
      onError: (error) => assert.fail(String(error)),
    });
    for (let call = 0; call < 3; call += 1) tally.add('a', 'm', { tokens: 5, startMs: nowMs });
    other.ended(seat, { ok: true, verdict: 'keep', tokens: 10 }, 'm');
    assert.ok(rest);
    other.ended(seat, { ok: false, verdict: 'retire', rest }, 'm');
    while (put.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      put.map(({ requestLimit, tokenLimit }) => [requestLimit, tokenLimit]),
      [[4, 25]],
    );
  });

  it('learns a limit once each time it is met', () => {
    succeed(4);
    exhaust();
    exhaust();
    assert.equal(book.states()[0]?.exhausted, true);
    assert.deepEqual(
      put.map(({ requestLimit, tokenLimit, confidence, samples }) => [requestLimit, tokenLimit, confidence, samples]),
      [[4, 40, 0.1, 1]],
    );
    book.reset('a', 'm');
    succeed(8);
    exhaust();
    assert.equal(put.at(-1)?.samples, 2);
    assert.equal(put.at(-1)?.requestLimit, Math.round((4 * 0.1 + 8) / 1.1));
  });

  it('is of a window that ends when the provider says, sooner or later than after five hours', () => {
    assert.ok(rest);
    for (const resetAfterMs of [60_000, 9 * HOUR_MS]) {
      succeed(1);
      book.ended(seat, { ok: false, verdict: 'retire', rest: { ...rest, exactMs: resetAfterMs } }, 'm');
      assert.equal(book.states()[0]?.resetAtMs, nowMs + resetAfterMs);
      nowMs += resetAfterMs - 1;
      assert.equal(book.states()[0]?.exhausted, true);
      nowMs += 1;
      assert.deepEqual(book.states(), []);
    }
  });

  it('hears of accounts that others found spent: they rest, and their windows end where that is known', () => {
    const other = new Seat({ kind: 'api-key', id: 'a', key: new Secret('k') });
    const news = quotaNews(memoryPubSub((error) => assert.fail(String(error))));
    const mine = new QuotaBook({
      clock: { nowMs: () => nowMs, monotonicMs: () => nowMs } as Clock,
      put: () => Promise.resolve(),
      news,
      onError: (error) => assert.fail(String(error)),
    });
    const stop = mine.follow((id) => (id === 'a' ? other : undefined));
    mine.ended(other, { ok: true, verdict: 'keep' }, 'm');
    news.tell({ accountId: 'a', forMs: HOUR_MS, isReset: false });
    assert.deepEqual([other.whole.reason, other.whole.untilMs - nowMs], ['quota', HOUR_MS]);
    assert.equal(mine.states()[0]?.resetAtMs, nowMs + 5 * HOUR_MS);
    news.tell({ accountId: 'a', forMs: 2 * HOUR_MS, isReset: true });
    assert.equal(other.whole.untilMs - nowMs, 2 * HOUR_MS);
    assert.equal(mine.states()[0]?.resetAtMs, nowMs + 2 * HOUR_MS);
    stop();
    news.tell({ accountId: 'a', forMs: 9 * HOUR_MS, isReset: true });
    assert.equal(other.whole.untilMs - nowMs, 2 * HOUR_MS);
  });

  it('lets an account be passed over for a model whose sure estimate is used up, until the window ends', () => {
    const sure = { accountId: 'a', requestLimit: 3, tokenLimit: 0, samples: 10, lastExhaustedAtMs: nowMs };
    book.load([
      { ...sure, model: 'm', confidence: 0.5 },
      { ...sure, model: 'unsure', confidence: 0.4 },
    ]);
    const isPassedOver = () => !seat.isUsable('m', nowMs);
    succeed(2);
    assert.deepEqual([isPassedOver(), book.states()[0]?.passedOver], [false, false]);
    succeed(1);
    assert.deepEqual([isPassedOver(), book.states()[0]?.passedOver], [true, true]);
    assert.deepEqual([seat.reason('m'), seat.isUsable('other', nowMs)], ['estimate', true]);
    nowMs += 5 * HOUR_MS;
    assert.equal(isPassedOver(), false);
    for (let call = 0; call < 9; call += 1) book.ended(seat, { ok: true, verdict: 'keep' }, 'unsure');
    assert.equal(seat.isUsable('unsure', nowMs), true);
    // Half as sure after a week in which nothing was learned.
    nowMs += 8 * 24 * HOUR_MS;
    succeed(9);
    assert.equal(isPassedOver(), false);
  });

  it('grows sure with samples and less so with weeks', () => {
    let pattern: QuotaPatternRecord | undefined;
    for (let sample = 0; sample < 12; sample += 1)
      pattern = learned(pattern, { accountId: 'a', model: 'm', requests: 100, tokens: 5 }, nowMs);
    assert.ok(pattern);
    assert.deepEqual([pattern.confidence, pattern.requestLimit], [1, 100]);
    assert.equal(confidenceAt(pattern, nowMs + 15 * 24 * HOUR_MS), 0.25);
  });
});
