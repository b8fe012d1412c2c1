import type { Plan } from './limit-plan.ts';

/** How one limit answered: what is used without the call, and when it frees; both in the plan's order. */
export interface LimitAnswer {
  readonly used: number;
  readonly refused: boolean;
  /** Milliseconds since 1970; -1 for never, 0 where only the end of a call helps or nothing is refused. */
  readonly freesAtMs: number;
}

/** What the limits said to one call. */
export interface Decision {
  readonly admitted: boolean;
  readonly answers: readonly LimitAnswer[];
}

/** What is counted, in one place. Every function is one step that nothing comes between; memory answers at once. */
export interface LimitStore {
  /** Admits the call and charges it, unless a limit refuses; with `charge: false` it only tells. */
  decide(plan: Plan, options: { readonly charge: boolean }): Decision | Promise<Decision>;
  /** Counts `actual` in the place of what `reserved` has charged, or in full where its lease has expired. */
  settle(reserved: Plan, actual: Plan): void | Promise<void>;
  /** Keeps the leases of a call until `plan.leaseEndsAtMs`; charges it anew where they are gone. */
  renew(plan: Plan): void | Promise<void>;
}
