import { SLOTS, type Plan, type PlannedLimit, type PlannedScope } from '../limit-plan.ts';
import type { LimitAnswer, LimitStore } from '../limit-store.ts';
import { LimitWindow } from './limit-window.ts';

/** Windows and scopes are looked through for those that are over when there are this many, or twice those of last time. */
const SWEEP_FROM = 1000;

interface KeptWindow {
  readonly window: LimitWindow;
  /** When it may be forgotten, in milliseconds since 1970; 0 for never. */
  endsAtMs: number;
}

/** Limits of this process. The algorithm is that of the scripts for Redis, step by step: change both or none. */
export function memoryLimitStore(): LimitStore {
  const book = new LimitBook();
  return {
    decide(plan, { charge }) {
      book.sweep(plan.nowMs);
      for (const scope of plan.scopes) book.takeBackExpired(scope.leases, plan.nowMs);
      const answers = plan.scopes.flatMap((scope) => scope.limits.map((limit) => book.ask(scope, limit)));
      const admitted = answers.every(({ refused }) => !refused);
      if (admitted && charge) for (const scope of plan.scopes) book.charge(scope, plan);
      return { admitted, answers };
    },
    settle(reserved, actual) {
      for (const [index, scope] of actual.scopes.entries()) book.settle(reserved.scopes[index] ?? scope, scope, actual);
    },
    renew(plan) {
      for (const scope of plan.scopes) book.renew(scope, plan);
    },
  };
}

type Charge = readonly [kind: PlannedLimit['kind'], key: string, part: number, amount: number];

class LimitBook {
  readonly #windows = new Map<string, KeptWindow>();
  /** By scope, every lease with its end. */
  readonly #leases = new Map<string, Map<string, number>>();
  #sweepAt = SWEEP_FROM;

  takeBackExpired(leases: string, nowMs: number): void {
    const held = this.#leases.get(leases);
    for (const [lease, endsAtMs] of held ?? []) {
      if (endsAtMs > nowMs) continue;
      held?.delete(lease);
      // Written by `planCall`.
      const [, charges] = JSON.parse(lease) as [string, readonly Charge[]];
      for (const [kind, key, part, amount] of charges) this.#windows.get(key)?.window.add(kind, part, -amount);
    }
  }

  ask(scope: PlannedScope, limit: PlannedLimit): LimitAnswer {
    const window = this.#windows.get(limit.key)?.window;
    window?.advance(limit.part);
    const counted = limit.kind === 'in-flight' ? (this.#leases.get(scope.leases)?.size ?? 0) : (window?.total ?? 0);
    const used = Math.max(counted, limit.floor);
    const refused = used + limit.amount > limit.max || used >= limit.max;
    return { used, refused, freesAtMs: refused ? freesAtMs(limit, used, window) : 0 };
  }

  charge(scope: PlannedScope, plan: Plan): void {
    for (const limit of scope.limits) {
      const missing = Math.max(0, limit.floor - (this.#windows.get(limit.key)?.window.total ?? 0));
      this.#add(limit, limit.part, missing + limit.amount);
    }
    const held = this.#leases.get(scope.leases) ?? new Map<string, number>();
    this.#leases.set(scope.leases, held.set(scope.lease, plan.leaseEndsAtMs));
  }

  settle(reserved: PlannedScope, actual: PlannedScope, plan: Plan): void {
    const held = this.#leases.get(reserved.leases)?.delete(reserved.lease) ?? false;
    for (const [index, limit] of actual.limits.entries()) {
      const before = reserved.limits[index];
      const more = limit.amount - (held ? (before?.amount ?? 0) : 0);
      if (more > 0) this.#add(limit, limit.part, more);
      if (more < 0 && before !== undefined) this.#add(limit, before.part, more);
    }
    this.sweep(plan.nowMs);
  }

  renew(scope: PlannedScope, plan: Plan): void {
    const held = this.#leases.get(scope.leases);
    if (held?.has(scope.lease) === true) held.set(scope.lease, plan.leaseEndsAtMs);
    else this.charge(scope, plan);
  }

  #add(limit: PlannedLimit, part: number, amount: number): void {
    if (limit.kind === 'in-flight' || amount === 0) return;
    const kept = this.#windows.get(limit.key) ?? { window: new LimitWindow(), endsAtMs: 0 };
    this.#windows.set(limit.key, kept);
    kept.window.advance(limit.part);
    kept.window.add(limit.kind, part, amount);
    const endsAtMs = limit.kind === 'rolling' ? limit.part * limit.partMs + limit.keepMs : limit.endsAtMs;
    kept.endsAtMs = Math.max(kept.endsAtMs, endsAtMs);
  }

  /** Forgets what is over, once in a while. */
  sweep(nowMs: number): void {
    if (this.#windows.size + this.#leases.size < this.#sweepAt) return;
    for (const [leases, held] of this.#leases) {
      this.takeBackExpired(leases, nowMs);
      if (held.size === 0) this.#leases.delete(leases);
    }
    for (const [key, { endsAtMs }] of this.#windows) if (endsAtMs !== 0 && endsAtMs <= nowMs) this.#windows.delete(key);
    this.#sweepAt = Math.max(SWEEP_FROM, 2 * (this.#windows.size + this.#leases.size));
  }
}

function freesAtMs(limit: PlannedLimit, used: number, window: LimitWindow | undefined): number {
  if (limit.amount > limit.max || limit.max <= 0) return -1;
  if (limit.kind === 'in-flight') return 0;
  if (limit.kind === 'period') return limit.endsAtMs === 0 ? -1 : limit.endsAtMs;
  // What the store alone knows of counts from now on.
  if (window === undefined || limit.floor > window.total) return (limit.part + SLOTS) * limit.partMs;
  return window.freesAtMs(Math.max(used + limit.amount - limit.max, used - limit.max + 1), limit.partMs);
}
