import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { manualClock } from '@patchbay/llm/testing/manual-clock';

import type { Bound } from './bounds.ts';
import { SpentLedger } from './spent-ledger.ts';

const DAY_MS = 86_400_000;
const bound: Bound = {
  subject: 'key',
  scope: 'key:1',
  limits: { budgetNanoUsd: 100, budgetPeriod: 'day', unknownPrice: 'allow' },
};

function ledgerAt(startMs: number, spentSince: (scope: string, sinceMs: number) => Promise<number>) {
  const time = { nowMs: startMs };
  const clock = { ...manualClock(), nowMs: () => time.nowMs };
  const errors: unknown[] = [];
  return { time, errors, ledger: new SpentLedger({ spentSince, clock, onError: (error) => errors.push(error) }) };
}

describe('what the log knows to be spent', () => {
  it('is asked for once and again after a minute, without anybody waiting for it', async () => {
    const asked: number[] = [];
    const { ledger, time } = ledgerAt(DAY_MS + 5, (_, sinceMs) => Promise.resolve(asked.push(sinceMs) * 10));
    const [first, meanwhile] = [ledger.spent(bound), ledger.spent(bound)];
    assert.ok(first instanceof Promise);
    assert.deepEqual([await first, await meanwhile, ledger.spent(bound)], [10, 10, 10]);
    time.nowMs += 60_000;
    assert.equal(ledger.spent(bound), 10);
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(ledger.spent(bound), 20);
    assert.deepEqual(asked, [DAY_MS, DAY_MS]);
  });

  it('begins anew with each period', async () => {
    const { ledger, time } = ledgerAt(DAY_MS, (_, sinceMs) => Promise.resolve(sinceMs));
    assert.equal(await ledger.spent(bound), DAY_MS);
    time.nowMs += DAY_MS;
    assert.equal(await ledger.spent(bound), 2 * DAY_MS);
  });

  it('is what was known last, or nothing, where the log does not answer', async () => {
    const { ledger, errors } = ledgerAt(DAY_MS, () => Promise.reject(new Error('away')));
    assert.equal(await ledger.spent(bound), 0);
    assert.equal(errors.length, 1);
  });

  it('is not asked for where there is no budget', () => {
    const { ledger } = ledgerAt(DAY_MS, () => assert.fail());
    assert.equal(ledger.spent({ ...bound, limits: { budgetPeriod: 'day', unknownPrice: 'allow' } }), 0);
  });
});
