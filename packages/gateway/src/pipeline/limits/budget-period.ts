import type { BudgetPeriod } from '../../identity/caller-limits.ts';

/** One span of a budget, in milliseconds since 1970. */
export interface Period {
  /** Names the span for all processes, e.g. `2026-11-01/month`. */
  readonly name: string;
  /** 0 where it has no beginning. */
  readonly startsAtMs: number;
  /** 0 where it has no end. */
  readonly endsAtMs: number;
}

const DAY_MS = 86_400_000;
/** 1970-01-05 was the first Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const ALWAYS: Period = { name: 'always', startsAtMs: 0, endsAtMs: 0 };

type Span = (atMs: number) => readonly [startsAtMs: number, endsAtMs: number];

const SPANS: Readonly<Record<Exclude<BudgetPeriod, 'never'>, Span>> = {
  day: (atMs) => spanOf(atMs, DAY_MS, 0),
  week: (atMs) => spanOf(atMs, 7 * DAY_MS, FIRST_MONDAY_MS),
  month: (atMs) => {
    const at = new Date(atMs);
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    return [Date.UTC(year, month), Date.UTC(year, month + 1)];
  },
};

/** The span of a budget at a moment, in UTC. */
export function periodAt(period: BudgetPeriod, atMs: number): Period {
  if (period === 'never') return ALWAYS;
  const [startsAtMs, endsAtMs] = SPANS[period](atMs);
  return { name: `${new Date(startsAtMs).toISOString().slice(0, 10)}/${period}`, startsAtMs, endsAtMs };
}

function spanOf(atMs: number, lengthMs: number, originMs: number): readonly [number, number] {
  const startsAtMs = Math.floor((atMs - originMs) / lengthMs) * lengthMs + originMs;
  return [startsAtMs, startsAtMs + lengthMs];
}
