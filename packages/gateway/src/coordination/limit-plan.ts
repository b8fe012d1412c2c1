import type { Amounts, Limit, Measure } from './limiter.ts';

/** Parts of a rolling window that are counted as one. A full window and the part of now are kept: it is never too short. */
export const PARTS_PER_WINDOW = 24;
/** Parts of which a rolling window keeps what was counted. */
export const SLOTS = PARTS_PER_WINDOW + 1;

/** One limit as the stores take it: numbers and names of keys, nothing to interpret. */
export interface PlannedLimit {
  readonly kind: 'rolling' | 'period' | 'in-flight';
  /** Key of what is counted; of no use for `in-flight`, whose leases are counted. */
  readonly key: string;
  readonly max: number;
  /** What this call adds; for `in-flight` 1, as a lease. */
  readonly amount: number;
  /** What is used at least. */
  readonly floor: number;
  /** Length of a part of a rolling window, in milliseconds; 0 for the others. */
  readonly partMs: number;
  /** Number of the part of now; 0 for the others. */
  readonly part: number;
  /** When a period ends, in milliseconds since 1970; 0 for never, and for the others. */
  readonly endsAtMs: number;
  /** How long the key must be kept from now on, in milliseconds; 0 for ever. */
  readonly keepMs: number;
}

/** What one call asks of one scope. */
export interface PlannedScope {
  /** Key of the scope's leases. */
  readonly leases: string;
  /** The call's own lease: its id and what it has charged, as JSON; whoever finds it expired takes that back. */
  readonly lease: string;
  readonly limits: readonly PlannedLimit[];
}

/** What one call asks. */
export interface Plan {
  readonly nowMs: number;
  /** When the leases of this call expire. */
  readonly leaseEndsAtMs: number;
  readonly scopes: readonly PlannedScope[];
}

/** A key that is kept this much longer than it counts, in milliseconds, for clocks that differ. */
const SPARE_MS = 60_000;
const AMOUNT_OF: Readonly<Record<Measure, (amounts: Amounts) => number>> = {
  requests: () => 1,
  tokens: ({ tokens }) => tokens,
  'nano-usd': ({ nanoUsd }) => nanoUsd,
};

/** Plans one call at `nowMs`; the order of scopes is that in which the limits name them first. */
export function planCall(
  limits: readonly Limit[],
  amounts: Amounts,
  { id, nowMs, leaseMs }: { readonly id: string; readonly nowMs: number; readonly leaseMs: number },
): Plan {
  const byScope = Map.groupBy(limits, ({ scope }) => scope);
  const scopes = [...byScope].map(([scope, own]) => {
    const planned = own.map((limit) => planLimit(limit, amounts, nowMs));
    const charged = planned.filter(({ kind, amount }) => kind !== 'in-flight' && amount > 0);
    const charges = charged.map(({ kind, key, part, amount }) => [kind, key, part, amount]);
    return { leases: `limit:${scope}:leases`, lease: JSON.stringify([id, charges]), limits: planned };
  });
  return { nowMs, leaseEndsAtMs: nowMs + leaseMs, scopes };
}

/** The limits in the order in which a plan of them, and so every answer to it, has them. */
export const inPlanOrder = (limits: readonly Limit[]): readonly Limit[] =>
  [...Map.groupBy(limits, ({ scope }) => scope).values()].flat();

function planLimit(limit: Limit, amounts: Amounts, nowMs: number): PlannedLimit {
  const none = { key: '', floor: 0, partMs: 0, part: 0, endsAtMs: 0, keepMs: 0 };
  if (limit.measure === 'in-flight') return { ...none, kind: 'in-flight', max: limit.max, amount: 1 };
  const { scope, measure, max, window, usedAtLeast = 0 } = limit;
  const counted = { ...none, max, amount: wholeAmount(AMOUNT_OF[measure](amounts)), floor: wholeAmount(usedAtLeast) };
  const key = `limit:${scope}:${measure}:`;
  if (window.kind === 'period') {
    const keepMs = window.endsAtMs === 0 ? 0 : Math.max(0, window.endsAtMs - nowMs) + SPARE_MS;
    return { ...counted, kind: 'period', key: key + window.name, endsAtMs: window.endsAtMs, keepMs };
  }
  const partMs = Math.ceil(window.ms / PARTS_PER_WINDOW);
  const part = Math.floor(nowMs / partMs);
  return { ...counted, kind: 'rolling', key: `${key}${window.ms}ms`, partMs, part, keepMs: SLOTS * partMs + SPARE_MS };
}

/** Parts of tokens and of billionths of a dollar count in full: limits are never passed by rounding. */
const wholeAmount = (amount: number): number => Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.ceil(amount)));
