import type { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { Target } from '@patchbay/llm/routing/target';

import { noAccount, type InVain } from '../accounts/no-account.ts';
import type { Call } from './call.ts';
import type { PassedOver } from './limits/account-gate.ts';
import { whileClientWaits } from './sign-attempt.ts';
import type { Found } from './ports.ts';

/** A call that found no account at any of its targets. */
export interface Waiting {
  readonly call: Call;
  readonly targets: readonly Target[];
  readonly provider: Found['provider'];
  /** Name by which rests of a model are known, see `restName`. */
  readonly nameOf: (target: Target) => string;
  /** What keeps an account of this provider that does not rest from being used: a limit of its own. */
  readonly passedOver: (pool: CredentialPool) => PassedOver | undefined;
  readonly clock: Clock;
}

/** Longest wait for an account to return, in milliseconds. */
const WAIT_MAX_MS = 30_000;

/** What is refused, and for how long: of all targets the one whose account returns first. */
export function soonestRefusal({ call, targets, provider, nameOf, passedOver, clock }: Waiting): Failure {
  const failures = targets.flatMap((target) => {
    const runtime = provider(target.providerId);
    if (runtime === undefined) return [];
    const isPinned = call.account !== undefined;
    const inVain = { providerId: target.providerId, pool: runtime.pool, model: nameOf(target), isPinned };
    return refusalsOf(inVain, passedOver(runtime.pool), clock);
  });
  const [first = { kind: 'overloaded', message: 'No provider is left for this model.' } as const, ...others] = failures;
  return others.reduce((best, each) => (waitOf(each) < waitOf(best) ? each : best), first);
}

/** Why no account of one provider can be had: what the rests say, and what a limit of an account that is awake says. */
export function refusalsOf(inVain: InVain, passed: PassedOver | undefined, clock: Clock): readonly Failure[] {
  if (passed === undefined) return [noAccount(inVain, clock)];
  const isResting = inVain.isPinned !== true && inVain.pool.soonest(inVain.model) !== undefined;
  return isResting ? [noAccount(inVain, clock), passed.failure] : [passed.failure];
}

/**
 * Waits for the account that returns first, where that is soon enough for the call; resolves to whether it may be asked
 * again. `untilMs` is the call's own end in monotonic milliseconds, 0 for none.
 */
export async function waitForAccount(waiting: Waiting, beganMs: number, untilMs: number): Promise<boolean> {
  const { call, targets, provider, nameOf, passedOver, clock } = waiting;
  const soonest = targets
    .flatMap((target) => {
      const pool = provider(target.providerId)?.pool;
      return pool === undefined ? [] : [pool.soonest(nameOf(target))?.atMs, passedOver(pool)?.freeAtMs];
    })
    .reduce<number>((least, atMs = Infinity) => Math.min(least, atMs), Infinity);
  const lastMs = Math.min(beganMs + WAIT_MAX_MS, untilMs > 0 ? untilMs : Infinity);
  if (soonest > lastMs || call.client.gone) return false;
  // A clock's word and a timer's may differ by a moment.
  const waitMs = Math.max(1, Math.ceil(soonest - clock.monotonicMs()) + 1);
  await whileClientWaits({ call }, (signal) => clock.sleep(waitMs, signal));
  return !call.client.gone;
}

/** Name of what rests when a model does: other uses than chats may fail where chats do not. */
export const restName = ({ operation }: Pick<Call, 'operation'>, model: string): string =>
  operation === 'generate' ? model : `${model}#${operation}`;

const waitOf = ({ retryAfterMs = Infinity }: Failure): number => retryAfterMs;
