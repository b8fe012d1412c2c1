import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Clock } from '../model/clock.ts';
import { failed, ok, type Failure, type Result } from '../model/failure.ts';
import {
  isRetryable,
  RETRY_POLICIES,
  retryPolicyOf,
  retryWaitMs,
  withRetries,
  type RetryPolicy,
} from './retry-policy.ts';

const { default: usual, none, aggressive, conservative } = RETRY_POLICIES;
const MIDDLE = (): number => 0.5;
const BUSY: Failure = { kind: 'overloaded', status: 503, message: 'Busy.' };

/** The first four waits under fixed chance. */
const waits = (policy: RetryPolicy, chance = 0.5): readonly number[] =>
  [0, 1, 2, 3].map((retry) => Math.round(retryWaitMs(policy, { retry, random: () => chance })));

/** A clock whose sleeps are over at once and are written down. */
function countingClock(): Clock & { readonly sleptMs: number[] } {
  const sleptMs: number[] = [];
  return {
    sleptMs,
    nowMs: () => 0,
    monotonicMs: () => 0,
    sleep: async (ms) => void sleptMs.push(ms),
    every: () => () => undefined,
  };
}

describe('retryWaitMs', () => {
  it('grows as the named policies say', () => {
    assert.deepEqual(waits(usual), [1000, 2000, 4000, 8000]);
    assert.deepEqual(waits(aggressive), [500, 750, 1125, 1688]);
    assert.deepEqual(waits(conservative), [2000, 6000, 18_000, 54_000]);
  });

  it('is never longer than the longest wait, chance and the provider included', () => {
    assert.equal(retryWaitMs(usual, { retry: 50, random: () => 0.999 }), 30_000);
    assert.equal(retryWaitMs(usual, { retry: 0, random: MIDDLE, retryAfterMs: 3_600_000 }), 30_000);
  });

  it('is never shorter than the provider asks', () => {
    assert.equal(retryWaitMs(usual, { retry: 0, random: MIDDLE, retryAfterMs: 7_000 }), 7_000);
    assert.equal(retryWaitMs(usual, { retry: 3, random: MIDDLE, retryAfterMs: 7_000 }), 8_000);
  });

  it('grows by the same step, or not at all', () => {
    assert.deepEqual(waits({ ...usual, backoff: 'linear' }), [1000, 2000, 3000, 4000]);
    assert.deepEqual(waits({ ...usual, backoff: 'constant' }), [1000, 1000, 1000, 1000]);
  });

  it('is spread by the kind of chance', () => {
    assert.deepEqual(waits({ ...usual, jitter: 'none' }, 0.9), [1000, 2000, 4000, 8000]);
    assert.deepEqual(waits({ ...usual, jitter: 'full' }, 0.25), [250, 500, 1000, 2000]);
    assert.deepEqual(waits(usual, 0), [900, 1800, 3600, 7200]);
    assert.deepEqual(waits(usual, 0.999_999), [1100, 2200, 4400, 8800]);
    const spread: RetryPolicy = { ...usual, jitter: 'decorrelated' };
    assert.equal(retryWaitMs(spread, { retry: 0, random: () => 0 }), 1000);
    assert.equal(retryWaitMs(spread, { retry: 1, random: MIDDLE, lastMs: 5000 }), 8000);
    assert.equal(retryWaitMs(spread, { retry: 1, random: MIDDLE, lastMs: 100_000 }), 30_000);
  });
});

describe('isRetryable', () => {
  it('goes by the status where there is one, else by the kind', () => {
    const worth = (failure: Omit<Failure, 'message'>): boolean => isRetryable(usual, { message: '', ...failure });
    for (const status of [500, 502, 503, 504, 507, 511]) assert.ok(worth({ kind: 'upstream', status }), `${status}`);
    assert.ok(worth({ kind: 'rate-limit', status: 429 }));
    assert.ok(worth({ kind: 'network' }));
    assert.ok(worth({ kind: 'timeout', phase: 'headers' }));
    assert.ok(!worth({ kind: 'upstream', status: 501 }));
    assert.ok(!worth({ kind: 'timeout', phase: 'total' }));
    assert.ok(!worth({ kind: 'invalid-request', status: 400 }));
    assert.ok(!worth({ kind: 'quota-exhausted', status: 429 }));
    assert.ok(!worth({ kind: 'cancelled' }));
  });
});

describe('retryPolicyOf', () => {
  it('knows the names and fills in what is not said', () => {
    assert.deepEqual(retryPolicyOf('none'), ok(none));
    assert.deepEqual(retryPolicyOf({ retriesMax: 1, jitter: 'none' }), ok({ ...usual, retriesMax: 1, jitter: 'none' }));
  });

  it('says which member makes no sense and what would', () => {
    const told = (option: unknown): string => {
      const read = retryPolicyOf(option as Parameters<typeof retryPolicyOf>[0]);
      return read.ok ? 'ok' : `${read.failure.path}: ${read.failure.message}`;
    };
    assert.match(told('eager'), /^retry: "eager" is no retry policy\. Use one of: default, none, aggressive/);
    assert.match(told('toString'), /is no retry policy/);
    assert.match(told({ factor: 0.5 }), /^retry\.factor: .*from 1 to 100/);
    assert.match(told({ baseMs: Number.NaN }), /^retry\.baseMs: /);
    assert.match(told({ jitter: 'some' }), /^retry\.jitter: .*none, full, equal, decorrelated/);
  });
});

describe('withRetries', () => {
  const answers = (...results: readonly Result<string>[]) => {
    const left = [...results];
    return async (): Promise<Result<string>> =>
      left.shift() ?? failed({ kind: 'internal', message: 'Asked too often.' });
  };

  it('tries until it goes well', async () => {
    const clock = countingClock();
    const attempt = answers(failed(BUSY), failed({ ...BUSY, retryAfterMs: 5_000 }), ok('here'));
    assert.deepEqual(await withRetries({ policy: usual, clock, random: MIDDLE }, attempt), ok('here'));
    assert.deepEqual(clock.sleptMs, [1000, 5000]);
  });

  it('gives up with the last failure when its tries are used up, and at once without any', async () => {
    const clock = countingClock();
    const always = async (retry: number): Promise<Result<string>> => failed({ ...BUSY, detail: `${retry}` });
    assert.deepEqual(
      await withRetries({ policy: conservative, clock, random: MIDDLE }, always),
      failed({ ...BUSY, detail: '2' }),
    );
    assert.equal(clock.sleptMs.length, 2);
    assert.deepEqual(
      await withRetries({ policy: none, clock, random: MIDDLE }, always),
      failed({ ...BUSY, detail: '0' }),
    );
    assert.equal(clock.sleptMs.length, 2);
  });

  it('does not repeat what will not change, nor for somebody who left', async () => {
    const clock = countingClock();
    const refusal: Failure = { kind: 'authentication', status: 401, message: 'No.' };
    assert.deepEqual(
      await withRetries({ policy: usual, clock, random: MIDDLE }, answers(failed(refusal))),
      failed(refusal),
    );
    const signal = AbortSignal.abort();
    assert.deepEqual(
      await withRetries({ policy: usual, clock, random: MIDDLE, signal }, answers(failed(BUSY))),
      failed(BUSY),
    );
  });
});
