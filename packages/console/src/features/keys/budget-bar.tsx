import { Money, Share } from '../../components/ui/values.tsx';

const DAY_MS = 86_400_000;
const LENGTHS_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30.44 * DAY_MS } as const;

export interface BudgetBarProps {
  /** Undefined while it is on its way. */
  readonly spentUsd: number | undefined;
  readonly budgetUsd: number;
  readonly period: 'day' | 'week' | 'month' | 'never';
  readonly startedAt: string | undefined;
}

/** How much of a budget is spent, and what it comes to by the end of the period if it goes on like this. */
export function BudgetBar({ spentUsd = 0, budgetUsd, period, startedAt }: BudgetBarProps) {
  const share = budgetUsd === 0 ? 1 : spentUsd / budgetUsd;
  const colour = share >= 1 ? 'bg-bad' : share >= 0.8 ? 'bg-warn' : 'bg-accent';
  const forecast = forecastOf(spentUsd, period, startedAt);
  return (
    <section aria-label="Budget" className="grid gap-2">
      <p className="flex items-baseline justify-between gap-3 text-sm">
        <span>
          <Money value={spentUsd} className="font-semibold" /> of <Money value={budgetUsd} />
          {period !== 'never' && <span className="text-ink-3"> this {period}</span>}
        </span>
        <Share value={share} className="text-ink-3" />
      </p>
      <div
        className="h-2 overflow-hidden rounded-full bg-hover"
        role="img"
        aria-label={`${Math.round(share * 100)} % spent`}
      >
        <div className={`h-full rounded-full ${colour}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
      {forecast !== undefined && (
        <p className="text-xs text-ink-3">
          If it goes on like this: <Money value={forecast} /> by the end of the {period}.
        </p>
      )}
    </section>
  );
}

/** Nothing is foretold from the first hundredth of a period. */
function forecastOf(spentUsd: number, period: BudgetBarProps['period'], startedAt: string | undefined) {
  if (period === 'never' || startedAt === undefined || spentUsd === 0) return undefined;
  const passed = (Date.now() - Date.parse(startedAt)) / LENGTHS_MS[period];
  return passed < 0.01 || passed > 1 ? undefined : spentUsd / passed;
}
