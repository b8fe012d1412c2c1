import type { LimitRules } from '../../config/read-limits.ts';
import type { Admission, Amounts, Limiter, Refusal, Reservation, Standing } from '../../coordination/limiter.ts';
import type { Caller } from '../../identity/ports.ts';
import type { AnswerSink } from '../../relay/client-sink.ts';
import type { CallRecord } from '../../telemetry/call-record.ts';
import { writeCosts } from '../../telemetry/cost.ts';
import type { Asked } from '../limits/asked.ts';
import { boundsOf, type Bound } from '../limits/bounds.ts';
import { limitHeaders } from '../limits/limit-headers.ts';
import { limitName, refusalOf, unpriced, usd } from '../limits/refusal.ts';
import type { SpentLedger } from '../limits/spent-ledger.ts';
import { weigh, type WeighParts } from '../limits/weigh.ts';
import type { Outcome } from '../stage.ts';

export interface LimitParts extends WeighParts {
  readonly limiter: Limiter;
  readonly rules: LimitRules;
  /** Absent where no log of calls is kept. */
  readonly ledger?: SpentLedger;
}

/** What every kind of call has that limits look at. */
export interface LimitedCall {
  readonly caller: Caller;
  readonly record: CallRecord;
  readonly client: Pick<AnswerSink, 'add'>;
}

type Next<Any> = (call: Any) => Promise<Outcome>;

/**
 * Admits calls within the limits that bind their caller and model: what they may use is reserved before anything is sent
 * and settled with what they did use. Whoever has no limits is passed on at once. Retries within a call reserve once.
 */
export const enforceLimits =
  <Any extends LimitedCall>(
    parts: LimitParts,
    askedOf: (call: Any) => Asked,
  ): ((call: Any, next: Next<Any>) => Promise<Outcome>) =>
  (call, next) => {
    const bounds = boundsOf(call.caller, call.record.requestedModel, parts.rules);
    if (bounds.length > 0) return new LimitedRun(parts, bounds, call, askedOf(call)).run(() => next(call));
    call.record.trace?.step('admitted');
    return next(call);
  };

const NOTHING: Amounts = { tokens: 0, nanoUsd: 0 };

/** One call that limits bind. */
class LimitedRun {
  readonly #parts: LimitParts;
  readonly #bounds: readonly Bound[];
  readonly #call: LimitedCall;
  readonly #asked: Asked;
  #estimate: Amounts = NOTHING;

  constructor(parts: LimitParts, bounds: readonly Bound[], call: LimitedCall, asked: Asked) {
    this.#parts = parts;
    this.#bounds = bounds;
    this.#call = call;
    this.#asked = asked;
  }

  async run(next: () => Promise<Outcome>): Promise<Outcome> {
    // Counted in memory nobody is waited for: a call that limits bind is sent in the same turn as any other.
    const reserving = this.#reserve();
    const admission = reserving instanceof Promise ? await reserving : reserving;
    if ('kind' in admission) return admission;
    if (!admission.admitted) return this.#refuse(admission);
    this.#noteSoftBudgets(admission);
    this.#call.record.trace?.step('admitted', { limits: admission.standings.map(standingLine) });
    const outcome = await next().catch(async (error: unknown) => {
      await this.#parts.limiter.release(admission);
      throw error;
    });
    if (outcome.kind === 'detached') {
      const ended = outcome.ended.then((last) => this.#settled(admission, last));
      return { ...outcome, ended };
    }
    return this.#settled(admission, outcome);
  }

  #reserve(): Admission | Outcome | Promise<Admission | Outcome> {
    const spent = this.#bounds.map((bound) => this.#parts.ledger?.spent(bound) ?? 0);
    return spent.some((each) => each instanceof Promise)
      ? Promise.all(spent.map(async (each) => each)).then((known) => this.#reserveWith(known))
      : this.#reserveWith(spent as readonly number[]);
  }

  #reserveWith(spent: readonly number[]): Admission | Outcome | Promise<Admission> {
    const { caller, record } = this.#call;
    const weighed = weigh(this.#parts, { bounds: this.#bounds, asked: this.#asked, userId: caller.userId }, spent);
    if (weighed.unpricedFor !== undefined) {
      record.refusedBy = `${weighed.unpricedFor.subject} unknown price`;
      return { kind: 'failed', failure: unpriced(this.#asked.model, weighed.unpricedFor) };
    }
    this.#estimate = weighed.amounts;
    return this.#parts.limiter.reserve(weighed.limits, weighed.amounts);
  }

  #refuse({ refusedBy, standings }: Refusal): Outcome {
    const nowMs = this.#parts.clock.nowMs();
    const { record } = this.#call;
    const bound = this.#boundOf(refusedBy.limit.scope);
    record.refusedBy = limitName(refusedBy.limit, bound);
    return {
      kind: 'failed',
      failure: refusalOf(refusedBy, bound, { estimate: this.#estimate, nowMs }),
      limits: limitHeaders(standings, record.clientFormat, nowMs),
    };
  }

  #boundOf(scope: string): Bound {
    const bound = this.#bounds.find((each) => each.scope === scope);
    if (bound === undefined) throw new Error(`No bound has the scope ${scope}.`);
    return bound;
  }

  #noteSoftBudgets({ standings }: Reservation): void {
    for (const { limit, used } of standings) {
      if (limit.measure !== 'nano-usd') continue;
      const { subject, limits } = this.#boundOf(limit.scope);
      const { softBudgetNanoUsd: soft } = limits;
      if (soft === undefined || used < soft) continue;
      this.#call.record.softBudget = subject;
      this.#call.client.add({ 'x-patchbay-soft-budget': `${subject}; spent=${usd(used)}; budget=${usd(soft)}` });
    }
  }

  async #settled(reservation: Reservation, outcome: Outcome): Promise<Outcome> {
    const used = this.#used(outcome);
    const { limiter } = this.#parts;
    await (used === undefined ? limiter.release(reservation) : limiter.settle(reservation, used));
    return outcome;
  }

  /** What the call used, over all its attempts; `undefined` where it came to nothing. */
  #used(outcome: Outcome): Amounts | undefined {
    const { record } = this.#call;
    writeCosts(record, this.#parts.priceOf);
    const known = record.attempts.filter(({ usage }) => usage !== undefined);
    if (known.length > 0)
      return {
        tokens: sum(known.map(({ usage }) => (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0))),
        nanoUsd: sum(known.map(({ costNanoUsd }) => costNanoUsd ?? 0)),
      };
    const isLost = outcome.kind === 'failed' || (record.attempts.at(-1)?.state ?? 'success') !== 'success';
    // Not every endpoint says what it used.
    return isLost ? undefined : this.#estimate;
  }
}

/** `key requests 3/60`. */
const standingLine = ({ limit, used }: Standing): string =>
  `${limit.scope.split(':')[0]} ${limit.measure} ${used}/${limit.max}`;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
