import type { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Seat } from '@patchbay/llm/credentials/seat';
import type { Clock } from '@patchbay/llm/model/clock';

import { healthOf, type AccountHealth } from '../../accounts/account-notes.ts';

/** Providers and their accounts, as calls choose from them. */
export interface AuthManagerParts {
  readonly current: () => {
    readonly runtimes: ReadonlyMap<string, { readonly pool: Pick<CredentialPool, 'seats'> }>;
  };
  readonly clock: Clock;
}

/** One account as it is now: what it is kept from, and what it did since the start. */
export interface AccountState {
  readonly id: string;
  readonly provider: string;
  readonly label: string;
  readonly status: AccountHealth;
  /** Absent while the whole account may be used. */
  readonly blocked?: Block;
  readonly models: Readonly<Record<string, Block>>;
  readonly selections: number;
  readonly successes: number;
  readonly consecutive_failures: number;
  readonly in_flight: number;
}

interface Block {
  readonly reason: string;
  readonly until: string;
  /** True while one call tries it alone. */
  readonly probing: boolean;
}

/** What accounts did since the start, in sums. */
export interface AccountMetrics {
  /** Choices by provider. */
  readonly rotation_counts: Readonly<Record<string, number>>;
  readonly cooldown_events: number;
  readonly selection_stats: { readonly total: number; readonly success: number; readonly blocked: number };
  readonly account_count: number;
}

/** Whether calls can be served. */
export interface AccountsHealth {
  /** `degraded` while no account is healthy, `critical` while there is none that may be used. */
  readonly status: 'healthy' | 'degraded' | 'critical';
  readonly total: number;
  readonly healthy: number;
  readonly blocked: number;
}

/** The state of every account that can be chosen. */
export function accountStates(parts: AuthManagerParts): readonly AccountState[] {
  return seatsOf(parts).map(([provider, seat]) => stateOf(provider, seat, parts.clock));
}

/** The sums of all accounts. */
export function accountMetrics(parts: AuthManagerParts): AccountMetrics {
  const seats = seatsOf(parts);
  const now = parts.clock.monotonicMs();
  const rotations = new Map<string, number>();
  for (const [provider, { uses }] of seats) rotations.set(provider, (rotations.get(provider) ?? 0) + uses);
  const sum = (amount: (seat: Seat) => number): number => seats.reduce((all, [, seat]) => all + amount(seat), 0);
  return {
    rotation_counts: Object.fromEntries(rotations),
    cooldown_events: sum(({ restsBegun }) => restsBegun),
    selection_stats: {
      total: sum(({ uses }) => uses),
      success: sum(({ successes }) => successes),
      blocked: sum((seat) => (seat.whole.isActive(now) ? 1 : 0)),
    },
    account_count: seats.length,
  };
}

/** How the accounts fare as a whole. */
export function accountsHealth(parts: AuthManagerParts): AccountsHealth {
  const states = accountStates(parts);
  const healthy = states.filter(({ status }) => status === 'healthy').length;
  const blocked = states.filter((state) => state.blocked !== undefined).length;
  const status = healthy > 0 ? 'healthy' : states.length > blocked ? 'degraded' : 'critical';
  return { status, total: states.length, healthy, blocked };
}

const seatsOf = ({ current }: AuthManagerParts): readonly (readonly [string, Seat])[] =>
  [...current().runtimes].flatMap(([provider, { pool }]) =>
    pool.seats.filter(({ credential }) => credential.kind !== 'anonymous').map((seat) => [provider, seat] as const),
  );

function stateOf(provider: string, seat: Seat, clock: Clock): AccountState {
  const now = clock.monotonicMs();
  const blocks = seat.rests(now).map(({ model, untilMs, reason, probing }) => {
    const until = new Date(clock.nowMs() + Math.max(0, untilMs - now)).toISOString();
    return [model, { reason, until, probing }] as const;
  });
  const whole = blocks.find(([model]) => model === undefined)?.[1];
  const models = blocks.flatMap(([model, block]) => (model === undefined ? [] : [[model, block] as const]));
  return {
    id: seat.id,
    provider,
    label: seat.facts.label ?? '',
    status: healthOf(seat),
    ...(whole && { blocked: whole }),
    models: Object.fromEntries(models),
    selections: seat.uses,
    successes: seat.successes,
    consecutive_failures: seat.failures,
    in_flight: seat.inFlight,
  };
}
