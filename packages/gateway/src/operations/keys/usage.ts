import type { BudgetPeriod } from '../../identity/caller-limits.ts';
import type { UsageRow } from '../../storage/ports.ts';
import { done, refused, type Handler } from '../handler.ts';
import { timestamp } from '../timestamp.ts';
import { KEY_NOT_FOUND, ownKey } from './handlers.ts';
import type { KeyParts } from './parts.ts';

/** What the usage of a key is read from. */
export interface KeyUsageParts extends KeyParts {
  /** Hours of one key from a time on. */
  readonly hoursOf: (keyId: string, fromMs: number) => Promise<readonly UsageRow[]>;
  /** The span of a budget at a moment, as calls are held to it; 0 where it has no beginning or end. */
  readonly periodAt: (period: BudgetPeriod, atMs: number) => { readonly startsAtMs: number; readonly endsAtMs: number };
}

const NANO_PER_USD = 1e9;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PERIODS: readonly BudgetPeriod[] = ['day', 'week', 'month'];

/** What a key used since the period of its budget began; without one, since the key was made. */
export const keyUsage =
  (parts: KeyUsageParts): Handler<'keys.usage'> =>
  async ({ params }, { principal }) => {
    const row = await ownKey(parts, params.id, principal);
    if (row === undefined) return refused(KEY_NOT_FOUND);
    const period = PERIODS.find((each) => each === row.limits['budget_period']) ?? 'never';
    const { startsAtMs, endsAtMs } = parts.periodAt(period, parts.clock.nowMs());
    const fromMs = Math.max(row.createdAtMs, startsAtMs);
    const hours = await parts.hoursOf(row.id, fromMs - (fromMs % HOUR_MS));
    return done({
      id: row.id,
      ...usedIn(hours),
      limits: row.limits,
      period_start: timestamp(fromMs),
      period_end: endsAtMs === 0 ? null : timestamp(endsAtMs),
      steps: stepsOf(hours, period === 'day' ? HOUR_MS : DAY_MS),
    });
  };

function usedIn(hours: readonly UsageRow[]) {
  const total = (member: (hour: UsageRow) => number): number => hours.reduce((sum, hour) => sum + member(hour), 0);
  return {
    spent_usd: total(({ costNanoUsd }) => costNanoUsd) / NANO_PER_USD,
    calls_of_unknown_price: total(({ unpriced }) => unpriced),
    requests: total(({ attempts }) => attempts),
    input_tokens: total(({ inputTokens }) => inputTokens),
    output_tokens: total(({ outputTokens }) => outputTokens),
  };
}

/** By the day (UTC), or by the hour; steps without a call are left out. */
const stepsOf = (hours: readonly UsageRow[], stepMs: number) =>
  [...Map.groupBy(hours, ({ hourStartMs }) => Math.floor(hourStartMs / stepMs) * stepMs)]
    .toSorted(([one], [other]) => one - other)
    .map(([startsAtMs, some]) => ({ from: timestamp(startsAtMs), ...usedIn(some) }));
