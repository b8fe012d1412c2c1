import type { Clock } from '@patchbay/llm/model/clock';

import { planCall, type Plan } from './limit-plan.ts';
import type { Decision, LimitStore } from './limit-store.ts';
import type { Admission, Amounts, Limit, Limiter, Reservation, Standing } from './limiter.ts';
import { hardestOf, standingsOf } from './standings.ts';

/** What a limiter is made of. */
export interface LimiterParts {
  readonly store: LimitStore;
  readonly clock: Clock;
  /** The time that all processes go by, in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** An id that no other call has. */
  readonly newId: () => string;
}

/** How long a reservation outlives its process, in milliseconds. */
const LEASE_MS = 45_000;
/** How often running calls say that they live, in milliseconds: a third of their lease, so two may be missed. */
const RENEW_MS = 15_000;

const NOTHING: Amounts = { tokens: 0, nanoUsd: 0 };

/** A limiter over a store, and how to end it. */
export interface RunningLimiter extends Limiter {
  stop(): void;
}

/** Makes a limiter. It renews the leases of calls that run until they are settled or released. */
export function createLimiter({ store, clock, nowMs, newId }: LimiterParts): RunningLimiter {
  const open = new Map<string, OpenCall>();
  const plan = (limits: readonly Limit[], amounts: Amounts, id: string): Plan =>
    planCall(limits, amounts, { id, nowMs: nowMs(), leaseMs: LEASE_MS });
  const close = (id: string, amounts: Amounts, change = (actual: Plan): Plan => actual): void | Promise<void> => {
    const call = open.get(id);
    // Settled twice, a call counts once.
    if (call === undefined || !open.delete(id)) return undefined;
    return store.settle(call.plan, change(plan(call.limits, amounts, id)));
  };
  const stop = clock.every(RENEW_MS, () => {
    for (const { plan: each } of open.values()) void store.renew({ ...each, leaseEndsAtMs: nowMs() + LEASE_MS });
  });
  const admit = (limits: readonly Limit[], reserved: Plan, id: string, decision: Decision): Admission => {
    const standings = standingsOf(limits, decision);
    const refusedBy = hardestOf(standings);
    if (!decision.admitted && refusedBy !== undefined) return { admitted: false, refusedBy, standings };
    open.set(id, { limits, plan: reserved });
    return { admitted: true, id, standings };
  };
  return {
    reserve(limits, estimate) {
      const id = newId();
      const reserved = plan(limits, estimate, id);
      const decision = store.decide(reserved, { charge: true });
      return decision instanceof Promise
        ? decision.then((each) => admit(limits, reserved, id, each))
        : admit(limits, reserved, id, decision);
    },
    settle: ({ id }: Reservation, actual) => close(id, actual),
    release: ({ id }: Reservation) => close(id, NOTHING, withNothing),
    look: async (limits, estimate): Promise<readonly Standing[]> =>
      standingsOf(limits, await store.decide(plan(limits, estimate, 'look'), { charge: false })),
    stop,
  };
}

interface OpenCall {
  readonly limits: readonly Limit[];
  readonly plan: Plan;
}

/** A call that was not made was no request, either. */
const withNothing = (plan: Plan): Plan => ({
  ...plan,
  scopes: plan.scopes.map((scope) => ({ ...scope, limits: scope.limits.map((limit) => ({ ...limit, amount: 0 })) })),
});
