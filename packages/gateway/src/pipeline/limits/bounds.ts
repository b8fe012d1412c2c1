import type { LimitRules } from '../../config/read-limits.ts';
import type { Limit } from '../../coordination/limiter.ts';
import type { CallerLimits } from '../../identity/caller-limits.ts';
import type { Caller } from '../../identity/ports.ts';
import { periodAt } from './budget-period.ts';

/** Whom limits bind. */
export type Subject = 'key' | 'user' | 'model' | 'account';

/** Limits of one subject. */
export interface Bound {
  readonly subject: Subject;
  /** Under which it is counted, e.g. `key:7`. */
  readonly scope: string;
  readonly limits: CallerLimits;
}

const NONE: readonly Bound[] = [];
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Counts without an end to it. */
const NO_MAX = 9e15;

/** Everything that binds a call; the same empty list wherever nothing does. */
export function boundsOf(caller: Caller, model: string, rules: LimitRules): readonly Bound[] {
  const key = caller.limits ?? rules.key;
  const user = caller.userId === undefined ? undefined : rules.user;
  const common = rules.models.get(model);
  if (key === undefined && user === undefined && common === undefined) return NONE;
  return [
    ...(key === undefined ? [] : [{ subject: 'key', scope: `key:${caller.keyId}`, limits: key } as const]),
    ...(user === undefined ? [] : [{ subject: 'user', scope: `user:${caller.userId}`, limits: user } as const]),
    ...(common === undefined ? [] : [{ subject: 'model', scope: `model:${model}`, limits: common } as const]),
  ];
}

/** True where money counts. */
export const hasBudget = ({ budgetNanoUsd, softBudgetNanoUsd }: CallerLimits): boolean =>
  budgetNanoUsd !== undefined || softBudgetNanoUsd !== undefined;

/** One bound as the limiter takes it. `spentNanoUsd`: what the log knows to be spent in the period of now. */
export function limitsOf({ scope, limits }: Bound, nowMs: number, spentNanoUsd: number): readonly Limit[] {
  const rolling = (measure: 'requests' | 'tokens', max: number | undefined, ms: number): readonly Limit[] =>
    max === undefined ? [] : [{ scope, measure, max, window: { kind: 'rolling', ms } }];
  const { callsAtOnce, budgetNanoUsd = NO_MAX } = limits;
  const { name, endsAtMs } = periodAt(limits.budgetPeriod, nowMs);
  const money: Limit = {
    scope,
    measure: 'nano-usd',
    max: budgetNanoUsd,
    window: { kind: 'period', name, endsAtMs },
    usedAtLeast: spentNanoUsd,
  };
  return [
    ...rolling('requests', limits.requestsPerMinute, MINUTE_MS),
    ...rolling('tokens', limits.tokensPerMinute, MINUTE_MS),
    ...rolling('requests', limits.requestsPerDay, DAY_MS),
    ...rolling('tokens', limits.tokensPerDay, DAY_MS),
    ...(callsAtOnce === undefined ? [] : [{ scope, measure: 'in-flight', max: callsAtOnce } as const]),
    ...(hasBudget(limits) ? [money] : []),
  ];
}
