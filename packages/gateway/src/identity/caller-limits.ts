import type { KeyLimits } from '@patchbay/contract/resources/api-key';

/** When spending starts anew, in UTC; a week begins on Monday. */
export type BudgetPeriod = 'day' | 'week' | 'month' | 'never';

/** What a key or a user may use, or all callers of a model. An absent member is no limit. */
export interface CallerLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly requestsPerDay?: number;
  readonly tokensPerDay?: number;
  /** Calls that may run at a time. */
  readonly callsAtOnce?: number;
  /** Billionths of a dollar; calls are refused once they are spent. */
  readonly budgetNanoUsd?: number;
  /** Billionths of a dollar; answers and the log tell once they are spent, nothing is refused. */
  readonly softBudgetNanoUsd?: number;
  readonly budgetPeriod: BudgetPeriod;
  /** Whether calls whose price nobody knows may be made while there is a budget. */
  readonly unknownPrice: 'allow' | 'refuse';
}

const NANO_PER_USD = 1e9;

/** Reads limits as they are written and stored; budgets without a period are never renewed. */
export const readLimits = (written: KeyLimits): CallerLimits => ({
  ...given('requestsPerMinute', written.requests_per_minute),
  ...given('tokensPerMinute', written.tokens_per_minute),
  ...given('requestsPerDay', written.requests_per_day),
  ...given('tokensPerDay', written.tokens_per_day),
  ...given('callsAtOnce', written.calls_at_once),
  ...given('budgetNanoUsd', nanoUsd(written.budget_usd)),
  ...given('softBudgetNanoUsd', nanoUsd(written.soft_budget_usd)),
  budgetPeriod: written.budget_period ?? 'never',
  unknownPrice: written.unknown_price ?? 'allow',
});

const given = <Name extends keyof CallerLimits>(name: Name, value: CallerLimits[Name] | undefined) =>
  value === undefined ? {} : ({ [name]: value } as Record<Name, CallerLimits[Name]>);

const nanoUsd = (usd: number | undefined): number | undefined =>
  usd === undefined ? undefined : Math.round(usd * NANO_PER_USD);
