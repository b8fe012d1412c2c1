import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { createLoginGuard, type LoginGuard } from './login-guard.ts';

const MINE = '192.0.2.1';
const THEIRS = '198.51.100.7';

describe('a login guard', () => {
  let nowMs = 0;
  let guard: LoginGuard;
  beforeEach(() => {
    nowMs = 0;
    const clock = { ...systemClock, nowMs: () => nowMs };
    guard = createLoginGuard({ clock, triesPerMinute: 3, failuresMax: 2, lockoutMs: 900_000 });
  });

  it('lets an address try so often in a minute', () => {
    for (let time = 0; time < 3; time += 1) assert.equal(guard.tryFrom(MINE), undefined);
    nowMs = 20_000;
    assert.equal(guard.tryFrom(MINE), 40_000);
    assert.equal(guard.tryFrom(THEIRS), undefined);
    nowMs = 60_000;
    assert.equal(guard.tryFrom(MINE), undefined);
  });

  it('locks an account for its full time after its last failure', () => {
    guard.failed('admin', MINE);
    assert.equal(guard.lockedFor('admin', MINE), undefined);
    nowMs = 600_000;
    guard.failed('admin', THEIRS);
    assert.equal(guard.lockedFor('admin', MINE), 900_000);
    assert.equal(guard.lockedFor('other', MINE), undefined);
    nowMs = 1_499_999;
    assert.equal(guard.lockedFor('admin', MINE), 1);
    nowMs += 1;
    assert.equal(guard.lockedFor('admin', MINE), undefined);
  });

  it('forgets failures when the password was right', () => {
    guard.failed('admin', MINE);
    guard.succeeded('admin', MINE);
    guard.failed('admin', MINE);
    assert.equal(guard.lockedFor('admin', MINE), undefined);
  });

  it('lets the owner in from a known address while strangers have locked the account', () => {
    guard.succeeded('admin', MINE);
    guard.failed('admin', THEIRS);
    guard.failed('admin', THEIRS);
    assert.equal(guard.lockedFor('admin', THEIRS), 900_000);
    assert.equal(guard.lockedFor('admin', MINE), undefined);
    guard.failed('admin', MINE);
    guard.failed('admin', MINE);
    assert.equal(guard.lockedFor('admin', MINE), 900_000);
  });

  it('holds nobody up when it is switched off', () => {
    const off = createLoginGuard({ clock: systemClock, triesPerMinute: 0, failuresMax: 0, lockoutMs: 1000 });
    for (let time = 0; time < 100; time += 1) {
      assert.equal(off.tryFrom(MINE), undefined);
      off.failed('admin', MINE);
    }
    assert.equal(off.lockedFor('admin', MINE), undefined);
  });
});
