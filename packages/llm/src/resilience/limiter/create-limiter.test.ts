import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Result } from '../../model/failure.ts';
import { NO_USAGE } from '../../model/usage.ts';
import { steppedClock, type SteppedClock } from '../../testing/stepped-clock.ts';
import { readRateLimits } from '../../transport/rate-limit-headers.ts';
import { createLimiter, LIMITER_CODE, type LimiterOptions } from './create-limiter.ts';
import type { Limiter, Reservation } from './limiter.ts';

const START_MS = Date.parse('2026-03-01T12:00:00Z');
const NEVER = new AbortController().signal;

function made(options: Omit<LimiterOptions, 'clock'>): { readonly clock: SteppedClock; readonly limiter: Limiter } {
  const clock = steppedClock(START_MS);
  return { clock, limiter: createLimiter({ clock, ...options }) };
}

/** Asks for leave and writes down when it came. */
function asking(clock: SteppedClock, limiter: Limiter, { tokens = 10, model = 'm', signal = NEVER } = {}) {
  const state: { atMs?: number; result?: Result<Reservation> } = {};
  void limiter.acquire({ provider: 'openai', model, tokens }, signal).then((result) => {
    state.atMs = clock.monotonicMs();
    state.result = result;
  });
  return state;
}

const granted = (state: { readonly result?: Result<Reservation> }): Reservation => {
  assert.ok(state.result?.ok, JSON.stringify(state.result));
  return state.result.value;
};

describe('createLimiter', () => {
  it('lets no more requests through in a minute than allowed, and the rest later, in order', async () => {
    const { clock, limiter } = made({ limits: { openai: { requestsPerMinute: 2 } } });
    const asked = [1, 2, 3, 4].map(() => asking(clock, limiter));
    await clock.step(59_999);
    assert.deepEqual(
      asked.map(({ atMs }) => atMs),
      [0, 0, undefined, undefined],
    );
    await clock.step(1_001);
    assert.deepEqual(
      asked.map(({ atMs }) => atMs),
      [0, 0, 61_000, 61_000],
    );
  });

  it('reserves tokens and gives back what was not used', async () => {
    const { clock, limiter } = made({ limits: { openai: { tokensPerMinute: 100 } } });
    const first = asking(clock, limiter, { tokens: 90 });
    const second = asking(clock, limiter, { tokens: 60 });
    await clock.step(1);
    assert.equal(second.result, undefined);
    granted(first).settle({ ...NO_USAGE, inputTokens: 10, outputTokens: 20 });
    await clock.step(1);
    granted(second);
    const third = asking(clock, limiter, { tokens: 11 });
    await clock.step(1);
    assert.equal(third.result, undefined, '30 used and 60 reserved leave 10');
    granted(first).settle(NO_USAGE);
    await clock.step(1);
    assert.equal(third.result, undefined, 'a reservation is settled once');
  });

  it('keeps the estimate when nobody says what was used, and takes more when more was', async () => {
    const { clock, limiter } = made({ limits: { openai: { tokensPerMinute: 100 } }, waitMaxMs: 0 });
    const first = asking(clock, limiter, { tokens: 50 });
    await clock.step(1);
    granted(first).settle();
    const second = asking(clock, limiter, { tokens: 50 });
    await clock.step(1);
    granted(second).settle({ ...NO_USAGE, outputTokens: 80 });
    const third = asking(clock, limiter, { tokens: 1 });
    await clock.step(1);
    assert.ok(third.result?.ok === false);
  });

  it('counts a day, beside the minute', async () => {
    const { clock, limiter } = made({ limits: { openai: { requestsPerMinute: 2, requestsPerDay: 3 } } });
    const asked = [1, 2, 3].map(() => asking(clock, limiter));
    await clock.step(61_000);
    asked.map(granted);
    const fourth = asking(clock, limiter);
    await clock.step(1);
    assert.ok(fourth.result?.ok === false);
    const { kind, code, message, retryAfterMs = 0 } = fourth.result.failure;
    assert.deepEqual([kind, code], ['rate-limit', LIMITER_CODE]);
    assert.match(message, /requestsPerDay of openai \(3\) is reached/);
    assert.ok(retryAfterMs > 86_000_000);
  });

  it('counts a model apart and with its provider', async () => {
    const limits = { openai: { requestsPerMinute: 3 }, 'openai/small': { requestsPerMinute: 1 } };
    const { clock, limiter } = made({ limits, waitMaxMs: 0 });
    const results = ['small', 'small', 'large', 'large', 'large'].map((model) => asking(clock, limiter, { model }));
    await clock.step(1);
    assert.deepEqual(
      results.map(({ result }) => result?.ok),
      [true, false, true, true, false],
    );
  });

  it('refuses at once what can never be, and says what to do', async () => {
    const { clock, limiter } = made({ limits: { openai: { tokensPerMinute: 100 } } });
    const asked = asking(clock, limiter, { tokens: 101 });
    await clock.step(1);
    assert.ok(asked.result?.ok === false);
    assert.equal(asked.result.failure.retryAfterMs, undefined);
    assert.match(asked.result.failure.message, /tokensPerMinute of openai \(100\) is less than .* 101 tokens .*Raise/);
  });

  it('lets who waits leave, and does not count them', async () => {
    const { clock, limiter } = made({ limits: { openai: { requestsPerMinute: 1 } } });
    const leaving = new AbortController();
    const first = asking(clock, limiter);
    const second = asking(clock, limiter, { signal: leaving.signal });
    const inLine = asking(clock, limiter, { signal: leaving.signal });
    const last = asking(clock, limiter);
    await clock.step(1);
    granted(first);
    leaving.abort();
    await clock.step(1);
    for (const { result } of [second, inLine]) assert.ok(result?.ok === false && result.failure.kind === 'cancelled');
    assert.equal(last.result, undefined);
    await clock.step(60_998);
    granted(last);
    assert.equal(clock.sleepers(), 0);
  });

  it('obeys what the provider says, for the model it says it of', async () => {
    const { clock, limiter } = made({ readHeaders: readRateLimits });
    const first = asking(clock, limiter);
    await clock.step(1);
    granted(first).heard({ 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': '20s' });
    granted(first).settle();
    const second = asking(clock, limiter);
    const third = asking(clock, limiter);
    const other = asking(clock, limiter, { model: 'other' });
    await clock.step(19_000);
    granted(second);
    granted(other);
    assert.equal(third.result, undefined, 'one was left, and it is on its way');
    await clock.step(2_000);
    assert.equal(third.atMs, 20_001);
  });

  it('goes on as soon as better news comes', async () => {
    const { clock, limiter } = made({ readHeaders: readRateLimits });
    const first = asking(clock, limiter);
    await clock.step(1);
    granted(first).heard({ 'retry-after': '100' });
    const second = asking(clock, limiter);
    await clock.step(1_000);
    assert.equal(second.result, undefined);
    granted(first).heard({ 'x-ratelimit-remaining-requests': '5', 'x-ratelimit-reset-requests': '20s' });
    await clock.step(1);
    granted(second);
  });

  it('waits no longer than it was told', async () => {
    const { clock, limiter } = made({ limits: { openai: { requestsPerMinute: 1 } }, waitMaxMs: 5_000 });
    asking(clock, limiter);
    const second = asking(clock, limiter);
    await clock.step(1);
    assert.ok(second.result?.ok === false);
    assert.equal(second.result.failure.retryAfterMs, 61_000);
  });

  it('does not start with limits that make no sense', () => {
    for (const requestsPerMinute of [0, -1, 1.5, Number.NaN])
      assert.throws(
        () => made({ limits: { openai: { requestsPerMinute } } }),
        /^RangeError: limits\["openai"\]\.requestsPerMinute is .*Give a whole number of 1 or more/,
      );
  });
});
