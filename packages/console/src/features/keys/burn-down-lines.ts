import type { KeyUsage } from '@patchbay/contract/resources/api-key';

import type { Series } from '../../components/ui/chart.tsx';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Budgets without an end may be years old: of them the newest days are drawn. */
const STEPS_MAX = 400;

/** What a burn-down is drawn from besides the usage. */
export interface BurnDownAsked {
  readonly budgetUsd: number;
  readonly softUsd: number | undefined;
  readonly nowMs: number;
}

/** A burn-down as a chart takes it. */
export interface BurnDownLines {
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

/**
 * What was left at the end of each step of the period up to now; beside it an even pace to its end, and where somebody is
 * told. Without an end there is no pace.
 */
export function burnDownOf(
  { period_start: start, period_end: end, limits, steps }: KeyUsage,
  { budgetUsd, softUsd, nowMs }: BurnDownAsked,
): BurnDownLines {
  const stepMs = limits.budget_period === 'day' ? HOUR_MS : DAY_MS;
  const endsMs = end === null ? undefined : Date.parse(end);
  const beginsMs = Math.floor((start === null ? nowMs : Date.parse(start)) / stepMs) * stepMs;
  const spentAt = new Map(steps.map(({ from, spent_usd: spent }) => [Date.parse(from), spent]));
  const lastMs = endsMs ?? Math.ceil(nowMs / stepMs) * stepMs;
  const all = Array.from({ length: Math.round((lastMs - beginsMs) / stepMs) + 1 }, (_, at) => beginsMs + at * stepMs);
  let left = budgetUsd;
  const known = all.map((atMs) => {
    // A point stands for what is left when its step begins; the last of them for now.
    left -= spentAt.get(atMs - stepMs) ?? 0;
    return atMs - stepMs >= nowMs ? null : Math.max(0, left);
  });
  const from = Math.max(0, all.length - STEPS_MAX);
  const times = all.slice(from);
  const pace = times.map((atMs) => (budgetUsd * (lastMs - atMs)) / Math.max(1, lastMs - beginsMs));
  return {
    times,
    series: [
      { label: 'Left', kind: 'area', values: known.slice(from) },
      ...(endsMs === undefined ? [] : [{ label: 'Even pace', tone: 'muted' as const, values: pace }]),
      ...(softUsd === undefined || softUsd > budgetUsd
        ? []
        : [{ label: 'Told from here', tone: 'warn' as const, values: times.map(() => budgetUsd - softUsd) }]),
    ],
  };
}
