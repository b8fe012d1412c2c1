import type { Clock } from '../../model/clock.ts';
import type { RestRule } from '../../model/rest-rule.ts';
import { CHOOSE, type Rotation } from '../rotation.ts';
import type { Seat } from '../seat.ts';

/** Ways for a key manager to choose among the keys that may be used, by their documented names. */
export const KEY_STRATEGIES = ['round_robin', 'random', 'weighted', 'least_used', 'failover'] as const;
/** One of them. `failover` takes the first usable one in the order given. */
export type KeyStrategy = (typeof KEY_STRATEGIES)[number];

/** How keys are chosen and how they rest after failures. */
export interface KeyRules {
  /** Default `round_robin`. */
  readonly strategy?: KeyStrategy;
  /** Failures in a row that make a key unhealthy. Default 3. */
  readonly failureThreshold?: number;
  /** Successes in a row that make it healthy again. Default 1. */
  readonly successThreshold?: number;
  /** Rest after the first failure, in milliseconds; doubles with each further one. Default 1000. */
  readonly firstBackoffMs?: number;
  /** Longest rest, in milliseconds. Default 60 000. */
  readonly maxBackoffMs?: number;
}

/** Time and chance of a ring. */
export interface RingParts {
  readonly clock: Clock;
  readonly random: () => number;
}

/** One key of a ring and what was seen of it. */
export interface RingKey {
  readonly seat: Seat;
  /** Failures ever reported. */
  failuresEver: number;
  isHealthy: boolean;
  successesInRow: number;
  lastSuccessMs?: number;
  lastFailureMs?: number;
}

const DEFAULTS = {
  strategy: 'round_robin',
  failureThreshold: 3,
  successThreshold: 1,
  firstBackoffMs: 1000,
  maxBackoffMs: 60_000,
} as const satisfies Required<KeyRules>;

/** Strategies that the pool of accounts knows, too. */
const ROTATION_OF: Readonly<Partial<Record<KeyStrategy, Rotation>>> = {
  weighted: 'weighted',
  least_used: 'least-used',
  failover: 'fill-first',
};

/**
 * Keys of one provider that come and go while they are used. A failed key rests 1, 2, 4 … seconds, 60 at most; nobody is
 * given one that rests. A success ends its rest and its failures.
 */
export class KeyRing {
  readonly rules: Required<KeyRules>;
  readonly #parts: RingParts;
  readonly #rest: RestRule;
  #keys: readonly RingKey[] = [];
  #place = 0;
  #turn = 0;

  constructor(parts: RingParts, rules: KeyRules = {}) {
    this.#parts = parts;
    this.rules = { ...DEFAULTS, ...rules };
    this.#rest = {
      reason: 'cooldown',
      scope: 'account',
      firstMs: this.rules.firstBackoffMs,
      factor: 2,
      maxMs: this.rules.maxBackoffMs,
      probes: false,
      yields: false,
      stands: false,
    };
  }

  get keys(): readonly RingKey[] {
    return this.#keys;
  }

  find(id: string): RingKey | undefined {
    return this.#keys.find(({ seat }) => seat.id === id);
  }

  add(seat: Seat): RingKey {
    const key: RingKey = { seat, failuresEver: 0, isHealthy: true, successesInRow: 0 };
    this.#keys = [...this.#keys, key];
    this.#weigh(key);
    return key;
  }

  /** Calls that use it go on. */
  remove(key: RingKey): void {
    const at = this.#keys.indexOf(key);
    this.#keys = this.#keys.filter((each) => each !== key);
    if (at >= 0 && at < this.#place) this.#place -= 1;
  }

  /** The next key that may be used and is not in `exclude`; `undefined` where all others rest. */
  next(exclude?: ReadonlySet<RingKey>): RingKey | undefined {
    const nowMs = this.#parts.clock.monotonicMs();
    const usable = this.#keys.filter((key) => exclude?.has(key) !== true && key.seat.isUsable(undefined, nowMs));
    if (!hasAny(usable)) return undefined;
    return this.#choose(usable);
  }

  /** How long until the first key may be used, in milliseconds; 0 where one may be now or there is none. */
  waitMs(): number {
    const nowMs = this.#parts.clock.monotonicMs();
    return this.#keys.length === 0 ? 0 : Math.min(...this.#keys.map(({ seat }) => backoffMs(seat, nowMs)));
  }

  succeeded(key: RingKey): void {
    key.seat.whole.end();
    key.seat.failures = 0;
    key.seat.successes += 1;
    key.successesInRow += 1;
    key.isHealthy ||= key.successesInRow >= this.rules.successThreshold;
    key.lastSuccessMs = this.#parts.clock.nowMs();
    this.#weigh(key);
  }

  /** `retryAfterMs` is the provider's own wish. */
  failed(key: RingKey, retryAfterMs?: number): void {
    const { seat } = key;
    const { clock } = this.#parts;
    seat.whole.begin(this.#rest, retryAfterMs, { nowMs: clock.monotonicMs(), era: seat.whole.era });
    seat.failures += 1;
    key.failuresEver += 1;
    key.successesInRow = 0;
    if (seat.failures >= this.rules.failureThreshold) key.isHealthy = false;
    key.lastFailureMs = clock.nowMs();
    this.#weigh(key);
  }

  #choose(usable: readonly [RingKey, ...RingKey[]]): RingKey {
    const { strategy } = this.rules;
    if (strategy === 'random') return usable[Math.floor(this.#parts.random() * usable.length)] ?? usable[0];
    const rotation = ROTATION_OF[strategy];
    if (rotation === undefined) return this.#inTurn(usable);
    this.#turn += 1;
    const [first, ...rest] = usable;
    const chosen = CHOOSE[rotation]([first.seat, ...rest.map(({ seat }) => seat)], { turn: this.#turn });
    return usable.find(({ seat }) => seat === chosen) ?? first;
  }

  /** From where the last choice left off, over those that rest. */
  #inTurn(usable: readonly [RingKey, ...RingKey[]]): RingKey {
    const key = usable.find((each) => this.#keys.indexOf(each) >= this.#place) ?? usable[0];
    this.#place = (this.#keys.indexOf(key) + 1) % this.#keys.length;
    return key;
  }

  #weigh({ seat }: RingKey): void {
    seat.facts = { ...seat.facts, weight: Math.max(1, 10 - 2 * seat.failures + seat.successes) };
  }
}

/** How long a key still rests, in milliseconds. */
export const backoffMs = ({ whole }: Seat, nowMs: number): number => Math.max(0, whole.untilMs - nowMs);

const hasAny = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;
