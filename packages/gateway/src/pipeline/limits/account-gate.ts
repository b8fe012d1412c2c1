import type { Price } from '@patchbay/llm/catalog/price';
import type { Choice, CredentialPool, Lease } from '@patchbay/llm/credentials/pool';
import type { Seat, SeatFacts, UseLimits } from '@patchbay/llm/credentials/seat';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { Usage } from '@patchbay/llm/model/usage';

import type { Amounts, Limit, Limiter, Refusal, Reservation, Standing } from '../../coordination/limiter.ts';
import type { Asked } from './asked.ts';
import { limitsOf } from './bounds.ts';
import { estimateOf } from './estimate.ts';
import { refusalOf } from './refusal.ts';

/** What the limits of accounts are kept with. */
export interface GateParts {
  readonly limiter: Limiter;
  readonly clock: Clock;
}

/** Which account a call wants. */
export interface Wanted {
  readonly exclude: ReadonlySet<string> | undefined;
  readonly prefer: string | undefined;
  readonly choice: Choice;
  /** As the provider knows it. */
  readonly model: string;
}

/** An account in use. */
export interface Taken {
  readonly lease: Lease;
  /** What the use may come to; absent for an account without limits of its own. */
  readonly reserved?: { readonly reservation: Reservation; readonly amounts: Amounts };
}

/** Why an account that is awake could not be taken, and in how long it may be; absent where it never may. */
export interface PassedOver {
  readonly failure: Failure;
  readonly freeAtMs: number | undefined;
}

/** Shortest time that an account whose limit is reached is left alone, in milliseconds: clocks of processes differ. */
const HOLD_MIN_MS = 100;
const FREE: Amounts = { tokens: 0, nanoUsd: 0 };
/** Accounts count requests and tokens: what is spent through them belongs to keys and users. */
const UNPAID = { budgetPeriod: 'never', unknownPrice: 'allow' } as const;

/** Everything that binds a use of an account for a model. */
export function accountLimits(
  { id, facts: { limits } }: { readonly id: string; readonly facts: SeatFacts },
  model: string,
  nowMs: number,
): readonly Limit[] {
  if (limits === undefined) return [];
  const { models, ...whole } = limits;
  const bound = (scope: string, own: UseLimits): readonly Limit[] =>
    limitsOf({ subject: 'account', scope, limits: { ...own, ...UNPAID } }, nowMs, 0);
  const own = models?.get(model);
  return [...bound(`account:${id}`, whole), ...(own === undefined ? [] : bound(`account:${id}:${model}`, own))];
}

/** What a use of an account within these limits is thought to come to. */
export const accountEstimate = (asked: Asked, limits: readonly Limit[]): Amounts => ({
  ...FREE,
  tokens: estimateOf(asked, [], limits, NO_PRICES).amounts.tokens,
});

const NO_PRICES = { priceOf: (): Price => ({ state: 'unknown' }), nowMs: 0 };

/**
 * Takes accounts within limits of their own, for one call. What an attempt may use is reserved before it and counted
 * after it. An account whose limit is reached is passed over as one that is not there now, which is no failure of it.
 */
export class AccountGate {
  readonly #parts: GateParts;
  readonly #ask: () => Asked;
  #asked: Asked | undefined;
  #passed: Map<object, PassedOver> | undefined;

  /** `ask` tells what the call may use; it is asked at most once, and only where an account has limits. */
  constructor(parts: GateParts, ask: () => Asked) {
    this.#parts = parts;
    this.#ask = ask;
  }

  /** The next account of a pool that may be used; at once where it has no limits. */
  take(pool: CredentialPool, wanted: Wanted): Taken | undefined | Promise<Taken | undefined> {
    this.#passed?.delete(pool);
    const { exclude, prefer, choice } = wanted;
    const seat = pool.choose(exclude, prefer, choice);
    if (seat === undefined) return undefined;
    return seat.facts.limits === undefined ? { lease: pool.take(seat, choice) } : this.#takeWithin(pool, seat, wanted);
  }

  async #takeWithin(pool: CredentialPool, first: Seat, wanted: Wanted): Promise<Taken | undefined> {
    const { limiter, clock } = this.#parts;
    const passed = new Set(wanted.exclude);
    let { choice } = wanted;
    let seat: Seat | undefined = first;
    while (seat !== undefined) {
      const limits = accountLimits(seat, wanted.model, clock.nowMs());
      if (limits.length === 0) return { lease: pool.take(seat, choice) };
      this.#asked ??= this.#ask();
      const amounts = accountEstimate(this.#asked, limits);
      const admission = await limiter.reserve(limits, amounts);
      if (admission.admitted) return { lease: pool.take(seat, choice), reserved: { reservation: admission, amounts } };
      // A rest is cut short once: where one is reached, so are those that were reached later.
      if (!seat.isUsable(choice.model, clock.monotonicMs())) choice = { ...choice, mayWake: false };
      this.#passOver(pool, seat, { refusal: admission, amounts, restName: choice.model });
      passed.add(seat.id);
      seat = pool.choose(passed, wanted.prefer, choice);
    }
    return undefined;
  }

  #passOver(pool: CredentialPool, seat: Seat, why: Reached): void {
    const { clock } = this.#parts;
    const { refusedBy } = why.refusal;
    const nowMs = clock.nowMs();
    const failure = refusalOf(refusedBy, { subject: 'account' }, { estimate: why.amounts, nowMs });
    const waitMs = refusedBy.frees?.kind === 'at' ? Math.max(HOLD_MIN_MS, refusedBy.frees.atMs - nowMs) : undefined;
    const isWhole = refusedBy.limit.scope === `account:${seat.id}`;
    // Where nothing is left at all, no other call has to ask.
    if (waitMs !== undefined && isUsedUp(refusedBy)) pool.hold(seat, waitMs, isWhole ? undefined : why.restName);
    const freeAtMs = waitMs === undefined ? undefined : clock.monotonicMs() + waitMs;
    const before = this.#passed?.get(pool);
    if (before !== undefined && (before.freeAtMs ?? Infinity) <= (freeAtMs ?? Infinity)) return;
    this.#passed ??= new Map();
    this.#passed.set(pool, { failure, freeAtMs });
  }

  /** The account of a pool that was passed over last and may be used first. */
  passedOver(pool: object): PassedOver | undefined {
    return this.#passed?.get(pool);
  }

  /** Counts what an attempt used; one that came to nothing is taken back. */
  async settle({ reserved }: Taken, usage: Usage | undefined, isSpent: boolean): Promise<void> {
    if (reserved === undefined) return;
    const { reservation, amounts } = reserved;
    const { limiter } = this.#parts;
    if (usage !== undefined)
      await limiter.settle(reservation, { ...FREE, tokens: usage.inputTokens + usage.outputTokens });
    // Not every answer says what it used.
    else if (isSpent) await limiter.settle(reservation, amounts);
    else await limiter.release(reservation);
  }
}

interface Reached {
  readonly refusal: Refusal;
  readonly amounts: Amounts;
  /** The model, as its rests are known by. */
  readonly restName: string | undefined;
}

const isUsedUp = ({ limit, used }: Standing): boolean => limit.measure === 'requests' || used >= limit.max;
