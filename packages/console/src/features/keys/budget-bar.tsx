import { Money, Share, Time } from '../../components/ui/values.tsx';

export interface BudgetBarProps {
  /** Undefined while it is on its way. */
  readonly spentUsd: number | undefined;
  readonly budgetUsd: number;
  /** From where on somebody is told; absent: nobody is. */
  readonly softUsd: number | undefined;
  readonly period: 'day' | 'week' | 'month' | 'never';
  readonly startedAt: string | undefined;
  /** When spending starts anew. */
  readonly endsAt: string | undefined;
}

/** How much of a budget is spent, and what it comes to by the end of the period if it goes on like this. */
export function BudgetBar({ spentUsd = 0, budgetUsd, softUsd, period, startedAt, endsAt }: BudgetBarProps) {
  const share = budgetUsd === 0 ? 1 : spentUsd / budgetUsd;
  const isTold = softUsd !== undefined && spentUsd >= softUsd;
  const colour = share >= 1 ? 'bg-bad' : isTold || share >= 0.8 ? 'bg-warn' : 'bg-accent';
  const forecast = forecastOf(spentUsd, startedAt, endsAt);
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
        className="relative h-2 overflow-hidden rounded-full bg-hover"
        role="img"
        aria-label={`${Math.round(share * 100)} % spent`}
      >
        <div className={`h-full rounded-full ${colour}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
        {softUsd !== undefined && softUsd < budgetUsd && (
          <span className="absolute inset-y-0 w-0.5 bg-warn" style={{ left: `${(softUsd / budgetUsd) * 100}%` }} />
        )}
      </div>
      <ul className="grid gap-0.5 text-xs text-ink-3">
        {softUsd !== undefined && (
          <li>
            {isTold ? 'Somebody was told at ' : 'Somebody is told from '}
            <Money value={softUsd} />; calls go on.
          </li>
        )}
        <li>
          {share >= 1 ? 'Calls are refused' : 'Calls are refused once it is spent'}
          {endsAt !== undefined && (
            <>
              {' '}
              until <Time at={endsAt} />
            </>
          )}
          .
        </li>
        {forecast !== undefined && (
          <li>
            If it goes on like this: <Money value={forecast} /> by the end of the {period}.
          </li>
        )}
      </ul>
    </section>
  );
}

/** Nothing is foretold from the first hundredth of a period. */
function forecastOf(spentUsd: number, startedAt: string | undefined, endsAt: string | undefined) {
  if (endsAt === undefined || startedAt === undefined || spentUsd === 0) return undefined;
  const passed = (Date.now() - Date.parse(startedAt)) / (Date.parse(endsAt) - Date.parse(startedAt));
  return passed < 0.01 || passed > 1 ? undefined : spentUsd / passed;
}
