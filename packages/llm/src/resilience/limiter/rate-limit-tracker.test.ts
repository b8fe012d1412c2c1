import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { steppedClock } from '../../testing/stepped-clock.ts';
import { RateLimitTracker } from './rate-limit-tracker.ts';

const NOW_MS = 1_000_000;
const told = { provider: 'openai', model: 'm', readAtMs: NOW_MS };

function made() {
  const clock = steppedClock(NOW_MS);
  return { clock, tracker: new RateLimitTracker(clock) };
}

describe('RateLimitTracker', () => {
  it('lets everything pass that it knows nothing of', () => {
    const { tracker } = made();
    assert.equal(tracker.get('m'), undefined);
    assert.ok(tracker.canMakeRequest('m', 1e9));
    assert.equal(tracker.getWaitTime('m'), 0);
    assert.ok(!tracker.shouldThrottle('m'));
  });

  it('stops requests that have no room, until the window ends', async () => {
    const { clock, tracker } = made();
    tracker.update({ ...told, tokens: { limit: 100, remaining: 40, resetAtMs: NOW_MS + 500 } });
    assert.ok(tracker.canMakeRequest('m', 40));
    assert.ok(!tracker.canMakeRequest('m', 41));
    assert.equal(tracker.getWaitTime('m', 41), 500);
    await clock.step(500);
    assert.ok(tracker.canMakeRequest('m', 41));
  });

  it('waits first for what the provider asked, else for the first reset of what is used up', async () => {
    const { clock, tracker } = made();
    const limits = {
      requests: { remaining: 0, resetAtMs: NOW_MS + 300 },
      dailyRequests: { remaining: 0, resetAtMs: NOW_MS + 900 },
      inputTokens: { remaining: 7, resetAtMs: NOW_MS + 10 },
    };
    tracker.update({ ...told, ...limits });
    assert.equal(tracker.getWaitTime('m'), 300);
    tracker.update({ ...told, ...limits, retryAfterMs: 800 });
    assert.equal(tracker.getWaitTime('m'), 800);
    let passed = false;
    void tracker.checkRateLimitAndWait('m').then((isFree) => (passed = isFree));
    await clock.step(899);
    assert.ok(!passed);
    await clock.step(1);
    assert.ok(passed);
  });

  it('slows down from four fifths, or from where it is told', () => {
    const { tracker } = made();
    const left = (remaining: number): void =>
      tracker.update({ ...told, requests: { limit: 10, remaining, resetAtMs: NOW_MS + 1 } });
    left(3);
    assert.ok(!tracker.shouldThrottle('m'));
    assert.ok(tracker.shouldThrottle('m', 0.7));
    left(2);
    assert.ok(tracker.shouldThrottle('m'));
  });

  it('counts requests on their way beside what it was told', () => {
    const { tracker } = made();
    tracker.update({ ...told, requests: { remaining: 1, resetAtMs: NOW_MS + 1 } });
    const end = tracker.begin('m', 0);
    assert.ok(!tracker.canMakeRequest('m'));
    end();
    assert.ok(tracker.canMakeRequest('m'));
  });

  it('believes for a minute what does not say until when', async () => {
    const { clock, tracker } = made();
    tracker.update({ ...told, requests: { remaining: 0 } });
    await clock.step(59_999);
    assert.ok(!tracker.canMakeRequest('m'));
    await clock.step(1);
    assert.ok(tracker.canMakeRequest('m'));
  });

  it('does not wait for somebody who left', async () => {
    const { tracker } = made();
    tracker.update({ ...told, retryAfterMs: 1000 });
    const leaving = new AbortController();
    const waiting = tracker.checkRateLimitAndWait('m', 0, leaving.signal);
    leaving.abort();
    assert.equal(await waiting, false);
  });

  it('remembers a thousand models at most', () => {
    const { tracker } = made();
    for (let at = 0; at <= 1000; at += 1) tracker.update({ ...told, model: `m${at}` });
    assert.equal(tracker.get('m0'), undefined);
    assert.ok(tracker.get('m1') && tracker.get('m1000'));
  });
});
