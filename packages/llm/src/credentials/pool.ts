import type { Clock } from '../model/clock.ts';
import type { RestReason, RestRule } from '../model/rest-rule.ts';
import type { Credential } from './credential.ts';
import type { Rest } from './rest.ts';
import { CHOOSE, type Rotation } from './rotation.ts';
import { Seat, type SeatFacts } from './seat.ts';

/** How a lease ended. The pool judges nothing: verdict and rest come from the tables in resilience. */
export interface LeaseOutcome {
  readonly ok: boolean;
  readonly verdict: 'keep' | 'cool' | 'retire';
  /** The provider's own wish, in milliseconds; kept between one second and one hour. */
  readonly retryAfterMs?: number;
  /** What rests, and how long. Default: what the verdict means for the whole account. */
  readonly rest?: RestRule;
  /** Tokens that were used, asked and answered. */
  readonly tokens?: number;
  /** What went wrong, without anything secret, for whoever watches. */
  readonly error?: string;
}

/** One temporary use of one credential. Report or abandon it once; later words are ignored. */
export interface Lease {
  readonly credential: Credential;
  /** What is said of the account. */
  readonly facts: SeatFacts;
  /** True when its rest was cut short for this. */
  readonly woken: boolean;
  report(outcome: LeaseOutcome): void;
  /** Ends the lease without saying anything about the credential's health. */
  abandon(): void;
}

/** What a lease is for and how it is chosen. */
export interface Choice {
  /** The model that is asked for: what rests for it alone is passed over. */
  readonly model?: string;
  /** Which way to choose. Default `round-robin`. */
  readonly rotation?: Rotation;
  /** Counts the choices for this model, from 1. Default: the pool counts by itself. */
  readonly turn?: number;
  /** The conversation, for `affinity`. */
  readonly key?: number;
  /** The only credential that will do, whether it rests or not. */
  readonly only?: string;
  /** False: never hand out one whose rest is not over, except a lone one. Default true. */
  readonly mayWake?: boolean;
}

/** Is told of every use, so that somebody can write it down. Must not throw. */
export interface PoolObserver {
  used(seat: Seat): void;
  ended(seat: Seat, outcome: LeaseOutcome, model: string | undefined): void;
}

/** What a pool is made of: credentials, or seats that keep what they learned in another pool. */
export type PoolParts = {
  readonly clock: Clock;
  readonly observer?: PoolObserver;
  /** False while a credential cannot be used because its proxy is out. Default: always true. */
  readonly hasWay?: (facts: SeatFacts) => boolean;
} & ({ readonly credentials: readonly Credential[] } | { readonly seats: readonly Seat[] });

const ANY: Choice = {};
/** How often somebody who waits for a probe's end may look again, in milliseconds. */
const PROBE_LOOK_MS = 250;

const COOL: RestRule = {
  reason: 'cooldown',
  scope: 'account',
  firstMs: 5_000,
  factor: 2,
  maxMs: 300_000,
  probes: false,
  yields: true,
  stands: false,
};
const RETIRE_MS = 1_800_000;
/** What a verdict means where nothing more is said. */
const VERDICT_RESTS = {
  cool: COOL,
  retire: { ...COOL, reason: 'auth_failed', firstMs: RETIRE_MS, maxMs: RETIRE_MS, probes: true, stands: true },
  keep: undefined,
} as const satisfies Readonly<Record<LeaseOutcome['verdict'], RestRule | undefined>>;

/**
 * The credentials of one provider, handed out in turn or as the choice says. A resting credential is handed out only
 * when none is awake and its rest is a guess of ours, and then never before the time that the provider itself named. A
 * lone credential is always handed out: there is nothing to spare it for, and the provider's own answer is truer than a
 * guess of ours.
 */
export class CredentialPool {
  /** Credentials in all, resting ones included. */
  readonly size: number;
  readonly seats: readonly Seat[];
  readonly #clock: Clock;
  readonly #observer: PoolObserver | undefined;
  readonly #hasWay: (facts: SeatFacts) => boolean;
  #turn = 0;

  constructor(parts: PoolParts) {
    this.#clock = parts.clock;
    this.#observer = parts.observer;
    this.#hasWay = parts.hasWay ?? (() => true);
    this.seats = 'seats' in parts ? parts.seats : parts.credentials.map((each) => new Seat(each));
    this.size = this.seats.length;
  }

  /**
   * The next usable credential whose id is not in `exclude`, or `undefined`. The one of the id `prefer` comes first while
   * it is usable, out of turn.
   */
  lease(exclude?: ReadonlySet<string>, prefer?: string, choice: Choice = ANY): Lease | undefined {
    const seat = this.choose(exclude, prefer, choice);
    return seat && this.take(seat, choice);
  }

  /** The one that `lease` would hand out. Where the choice names its turn, asking changes nothing. */
  choose(exclude?: ReadonlySet<string>, prefer?: string, choice: Choice = ANY): Seat | undefined {
    const { model, only } = choice;
    const [first] = this.seats;
    if (this.size === 1 && first !== undefined)
      return (only ?? first.id) === first.id && this.#mayGo(first, exclude) ? first : undefined;
    const now = this.#clock.monotonicMs();
    const wanted = only ?? prefer;
    const known = wanted === undefined ? undefined : this.seats.find(({ id }) => id === wanted);
    if (only !== undefined) return known !== undefined && this.#mayGo(known, exclude) ? known : undefined;
    if (known?.isUsable(model, now) === true && this.#mayGo(known, exclude)) return known;
    const usable = this.seats.filter((seat) => seat.isUsable(model, now) && this.#mayGo(seat, exclude));
    return hasAny(usable) ? this.#choose(usable, choice) : this.#wake(exclude, now, choice);
  }

  #mayGo(seat: Seat, exclude: ReadonlySet<string> | undefined): boolean {
    return exclude?.has(seat.id) !== true && this.#hasWay(seat.facts);
  }

  #choose(usable: readonly [Seat, ...Seat[]], { rotation = 'round-robin', turn, key }: Choice): Seat {
    if (turn === undefined) return this.#after(usable);
    return CHOOSE[rotation](usable, { turn, ...(key !== undefined && { key }) });
  }

  /** The first usable one from where the last choice left off. */
  #after(usable: readonly [Seat, ...Seat[]]): Seat {
    const seat = usable.find((each) => this.seats.indexOf(each) >= this.#turn) ?? usable[0];
    this.#turn = (this.seats.indexOf(seat) + 1) % this.size;
    return seat;
  }

  /** The credential that would be awake first, where we alone decided that it should rest. */
  #wake(exclude: ReadonlySet<string> | undefined, nowMs: number, { model, mayWake }: Choice): Seat | undefined {
    let soonest: Seat | undefined;
    for (const seat of this.seats) {
      const isSpared = this.size > 1 && (mayWake === false || !seat.mayYield(model, nowMs));
      if (isSpared || !this.#mayGo(seat, exclude)) continue;
      if (soonest === undefined || seat.freeAtMs(model) < soonest.freeAtMs(model)) soonest = seat;
    }
    return soonest;
  }

  /** False while the proxy of this credential is out. */
  hasWay({ facts }: Seat): boolean {
    return this.#hasWay(facts);
  }

  /** True while there are credentials and the proxies of all of them are out. */
  get isStranded(): boolean {
    return this.size > 0 && !this.seats.some(({ facts }) => this.#hasWay(facts));
  }

  /** True while one can be handed out without cutting a rest short. A lone one always can. */
  isAwake(model?: string): boolean {
    const now = this.#clock.monotonicMs();
    return this.size === 1 || this.seats.some((seat) => seat.isUsable(model, now));
  }

  /** Monotonic milliseconds at which the first resting credential may be used; `undefined` when none rests. */
  nextAvailableAtMs(model?: string): number | undefined {
    return this.soonest(model)?.atMs;
  }

  /** The same, with the reason of that rest. */
  soonest(model?: string): { readonly atMs: number; readonly reason: RestReason | undefined } | undefined {
    const now = this.#clock.monotonicMs();
    let soonest: { atMs: number; reason: RestReason | undefined } | undefined;
    for (const seat of this.seats) {
      if (seat.isUsable(model, now)) continue;
      const freeAtMs = seat.freeAtMs(model);
      const atMs = freeAtMs > now ? freeAtMs : now + PROBE_LOOK_MS;
      if (soonest === undefined || atMs < soonest.atMs) soonest = { atMs, reason: seat.reason(model) };
    }
    return soonest;
  }

  /** Keeps a credential from being used for so many milliseconds, of one model or of all. It has not failed. */
  hold(seat: Seat, forMs: number, model?: string): void {
    const rest = model === undefined ? seat.whole : seat.ownRest(model);
    rest.hold('limit', this.#clock.monotonicMs() + forMs);
  }

  /** Hands out a credential of this pool, whatever speaks against it. */
  take(seat: Seat, { model }: Choice = ANY): Lease {
    const now = this.#clock.monotonicMs();
    const rest = seat.restOf(model);
    const isAwake = seat.isUsable(model, now);
    const probed = probedBy(seat.whole, rest, now);
    for (const each of probed) each.probing = true;
    const began: Began = { era: seat.whole.era, model, modelEra: rest?.era ?? 0 };
    seat.uses += 1;
    seat.inFlight += 1;
    this.#observer?.used(seat);
    let open = true;
    const close = (outcome?: LeaseOutcome): void => {
      if (!open) return;
      open = false;
      seat.inFlight -= 1;
      for (const each of probed) each.probing = false;
      if (outcome === undefined) return;
      if (outcome.ok) succeed(seat, began);
      else this.#fail(seat, outcome, began);
      this.#observer?.ended(seat, outcome, model);
    };
    const { credential, facts } = seat;
    return { credential, facts, woken: !isAwake, report: close, abandon: () => close() };
  }

  #fail(seat: Seat, outcome: LeaseOutcome, { era, model, modelEra }: Began): void {
    const rule = outcome.rest ?? VERDICT_RESTS[outcome.verdict];
    if (rule === undefined || rule.scope === 'proxy') return;
    seat.failures += 1;
    const nowMs = this.#clock.monotonicMs();
    const isModels = rule.scope === 'model' && model !== undefined;
    const rest: Rest = isModels ? seat.ownRest(model) : seat.whole;
    const before = rest.era;
    rest.begin(rule, outcome.retryAfterMs, { nowMs, era: isModels ? modelEra : era });
    seat.restsBegun += rest.era - before;
  }
}

/** What a lease knew of the rests when it began. */
interface Began {
  readonly era: number;
  readonly model: string | undefined;
  readonly modelEra: number;
}

/** Ends all rests that a success speaks of: those that had begun before the call. */
function succeed(seat: Seat, { era, model, modelEra }: Began): void {
  const rest = seat.restOf(model);
  if (era === seat.whole.era) seat.whole.end();
  if (rest !== undefined && modelEra === rest.era) rest.end();
  seat.failures = 0;
  seat.successes += 1;
}

const NONE: readonly Rest[] = [];

/** The rests whose one probe a call is. */
function probedBy(whole: Rest, model: Rest | undefined, nowMs: number): readonly Rest[] {
  if (!whole.needsProbe && model?.needsProbe !== true) return NONE;
  const rests = model === undefined ? [whole] : [whole, model];
  return rests.filter((each) => each.needsProbe && !each.isActive(nowMs));
}

const hasAny = (seats: readonly Seat[]): seats is readonly [Seat, ...Seat[]] => seats.length > 0;
