import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { burnDownOf } from './burn-down-lines.ts';

const NOTHING = { calls_of_unknown_price: 0, requests: 1, input_tokens: 0, output_tokens: 0 };
const spent = (from: string, usd: number) => ({ from, spent_usd: usd, ...NOTHING });
const WEEK = {
  id: 'k',
  ...spent('', 3),
  limits: { budget_period: 'week' as const },
  period_start: '2026-11-16T00:00:00.000Z',
  period_end: '2026-11-23T00:00:00.000Z',
  steps: [spent('2026-11-16T00:00:00.000Z', 1), spent('2026-11-18T00:00:00.000Z', 2)],
};
const NOON = Date.parse('2026-11-18T12:00:00.000Z');

describe('the burn-down of a budget', () => {
  it('falls by what each day spent and ends now, beside an even pace to the end of the period', () => {
    const { times, series } = burnDownOf(WEEK, { budgetUsd: 7, softUsd: undefined, nowMs: NOON });
    assert.equal(times.length, 8);
    assert.deepEqual(series[0]?.values, [7, 6, 6, 4, null, null, null, null]);
    assert.deepEqual(series[1]?.values, [7, 6, 5, 4, 3, 2, 1, 0]);
    assert.equal(series.length, 2);
  });

  it('never falls below zero, and shows where somebody is told', () => {
    const { series } = burnDownOf(WEEK, { budgetUsd: 2.5, softUsd: 2, nowMs: NOON });
    assert.deepEqual(series[0]?.values.slice(0, 4), [2.5, 1.5, 1.5, 0]);
    assert.deepEqual(new Set(series[2]?.values), new Set([0.5]));
  });

  it('goes by the hour where a budget is for a day', () => {
    const day = {
      ...WEEK,
      limits: { budget_period: 'day' as const },
      period_start: '2026-11-18T00:00:00.000Z',
      period_end: '2026-11-19T00:00:00.000Z',
      steps: [spent('2026-11-18T11:00:00.000Z', 1)],
    };
    const { times, series } = burnDownOf(day, { budgetUsd: 2, softUsd: undefined, nowMs: NOON });
    assert.equal(times.length, 25);
    assert.deepEqual(series[0]?.values.slice(10, 14), [2, 2, 1, null]);
  });

  it('has no pace and the newest days alone where a budget never ends', () => {
    const always = {
      ...WEEK,
      limits: {},
      period_start: '2020-01-01T09:00:00.000Z',
      period_end: null,
      steps: [spent('2020-01-01T00:00:00.000Z', 1), spent('2026-11-18T00:00:00.000Z', 2)],
    };
    const { times, series } = burnDownOf(always, { budgetUsd: 5, softUsd: undefined, nowMs: NOON });
    assert.equal(times.length, 400);
    assert.deepEqual(
      series.map(({ label }) => label),
      ['Left'],
    );
    assert.deepEqual([series[0]?.values[0], series[0]?.values.at(-1)], [4, 2]);
  });
});
