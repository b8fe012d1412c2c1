import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Clock } from '../model/clock.ts';
import { createBreaker, type Breaker } from './breaker.ts';

describe('breaker', () => {
  let nowMs = 0;
  let breaker: Breaker;
  const clock: Clock = {
    nowMs: () => assert.fail('a breaker measures durations'),
    monotonicMs: () => nowMs,
    sleep: () => assert.fail('a breaker never waits'),
    every: () => assert.fail('a breaker needs no timer'),
  };
  const fail = (times: number): void => {
    for (let time = 0; time < times; time += 1) breaker.report(false);
  };

  beforeEach(() => {
    nowMs = 1000;
    breaker = createBreaker({ clock });
  });

  it('lets calls pass until the fifth failure in thirty seconds', () => {
    fail(4);
    assert.equal(breaker.admit(), 'yes');
    assert.deepEqual(breaker.state, { kind: 'closed', failuresAtMs: [1000, 1000, 1000, 1000] });
    fail(1);
    assert.equal(breaker.admit(), 'no');
    assert.deepEqual(breaker.state, { kind: 'open', untilMs: 16_000 });
  });

  it('forgets failures that are as old as the window', () => {
    fail(2);
    nowMs += 10_000;
    fail(2);
    nowMs += 20_000;
    assert.deepEqual(breaker.state, { kind: 'closed', failuresAtMs: [11_000, 11_000] });
    fail(2);
    assert.equal(breaker.admit(), 'yes');
    fail(1);
    assert.equal(breaker.admit(), 'no');
  });

  it('takes a success as making up for one failure', () => {
    for (let time = 0; time < 50; time += 1) {
      breaker.report(false);
      breaker.report(true);
    }
    assert.equal(breaker.admit(), 'yes');
    for (let time = 0; time < 4; time += 1) {
      fail(2);
      breaker.report(true);
    }
    assert.equal(breaker.admit(), 'no');
  });

  it('lets a single probe through after fifteen seconds', () => {
    fail(5);
    nowMs += 14_999;
    assert.equal(breaker.admit(), 'no');
    nowMs += 1;
    assert.equal(breaker.admit(), 'probe');
    assert.deepEqual(breaker.state, { kind: 'half-open', nextProbeAtMs: 31_000 });
    assert.equal(breaker.admit(), 'no');
  });

  it('closes when the probe succeeds, without the failures before', () => {
    fail(5);
    nowMs += 15_000;
    breaker.admit();
    breaker.report(true);
    assert.deepEqual(breaker.state, { kind: 'closed', failuresAtMs: [] });
    fail(4);
    assert.equal(breaker.admit(), 'yes');
  });

  it('opens anew when the probe fails', () => {
    fail(5);
    nowMs += 15_000;
    breaker.admit();
    nowMs += 500;
    breaker.report(false);
    assert.deepEqual(breaker.state, { kind: 'open', untilMs: 31_500 });
  });

  it('sends another probe when the first never reports', () => {
    fail(5);
    nowMs += 15_000;
    assert.equal(breaker.admit(), 'probe');
    nowMs += 15_000;
    assert.equal(breaker.admit(), 'probe');
    assert.equal(breaker.admit(), 'no');
  });

  it('does not listen to late reports while it is open', () => {
    fail(5);
    nowMs += 10_000;
    breaker.report(true);
    breaker.report(false);
    assert.deepEqual(breaker.state, { kind: 'open', untilMs: 16_000 });
  });

  it('follows its settings', () => {
    breaker = createBreaker({ clock, failureThreshold: 1, windowMs: 10, openMs: 20 });
    breaker.report(false);
    assert.deepEqual(breaker.state, { kind: 'open', untilMs: 1020 });
  });
});
