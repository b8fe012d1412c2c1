import type { Clock } from '../model/clock.ts';
import type { Credential } from './credential.ts';

/** How a lease ended. The pool judges nothing: the verdict comes from the table in resilience. */
export interface LeaseOutcome {
  readonly ok: boolean;
  readonly verdict: 'keep' | 'cool' | 'retire';
  /** The provider's own wish, in milliseconds; kept between one second and one hour. */
  readonly retryAfterMs?: number;
}

/** One temporary use of one credential. Report or abandon it once; later words are ignored. */
export interface Lease {
  readonly credential: Credential;
  report(outcome: LeaseOutcome): void;
  /** Ends the lease without saying anything about the credential's health. */
  abandon(): void;
}

interface Seat {
  readonly credential: Credential;
  /** Monotonic milliseconds until which it rests; 0 when it may be used. */
  restsUntilMs: number;
  /** The part of the rest that the provider itself named. */
  askedUntilMs: number;
  /** Rests in a row without a success between. */
  rests: number;
  /** Rests ever begun: tells calls from before the last one from calls after it. */
  era: number;
  /** True while the one probe after a long rest is out. */
  probing: boolean;
  retired: boolean;
}

const COOL_FIRST_MS = 5_000;
const COOL_MAX_MS = 300_000;
const ASKED_MIN_MS = 1_000;
const ASKED_MAX_MS = 3_600_000;
const RETIRE_MS = 1_800_000;

/**
 * The credentials of one provider, handed out in turn. A resting credential is handed out only when none is awake, and
 * then never before the time that the provider itself named. A lone credential is always handed out: there is nothing
 * to spare it for, and the provider's own answer is truer than a guess of ours.
 */
export class CredentialPool {
  /** Credentials in all, resting ones included. */
  readonly size: number;
  readonly #seats: readonly Seat[];
  readonly #clock: Clock;
  #next = 0;

  constructor(parts: { readonly credentials: readonly Credential[]; readonly clock: Clock }) {
    this.#clock = parts.clock;
    this.#seats = parts.credentials.map((credential) => ({
      credential,
      restsUntilMs: 0,
      askedUntilMs: 0,
      rests: 0,
      era: 0,
      probing: false,
      retired: false,
    }));
    this.size = this.#seats.length;
  }

  /**
   * The next usable credential whose id is not in `exclude`, or `undefined`. The one of the id `prefer` comes first while
   * it is usable, out of turn.
   */
  lease(exclude?: ReadonlySet<string>, prefer?: string): Lease | undefined {
    const now = this.#clock.monotonicMs();
    const preferred = prefer === undefined ? undefined : this.#seats.find(({ credential }) => credential.id === prefer);
    const isUsable = preferred !== undefined && preferred.restsUntilMs <= now && !preferred.probing;
    if (isUsable && exclude?.has(preferred.credential.id) !== true) return this.#lease(preferred, preferred.retired);
    for (let step = 0; step < this.size; step += 1) {
      const at = (this.#next + step) % this.size;
      const seat = this.#seats[at] as Seat;
      if (seat.restsUntilMs > now || seat.probing || exclude?.has(seat.credential.id) === true) continue;
      this.#next = (at + 1) % this.size;
      return this.#lease(seat, seat.retired);
    }
    const woken = this.#wake(exclude, now);
    return woken === undefined ? undefined : this.#lease(woken, false);
  }

  /** The credential that would be awake first, where we alone decided that it should rest. */
  #wake(exclude: ReadonlySet<string> | undefined, nowMs: number): Seat | undefined {
    let soonest: Seat | undefined;
    for (const seat of this.#seats) {
      const isSpared = this.size > 1 && (seat.probing || seat.askedUntilMs > nowMs);
      if (isSpared || exclude?.has(seat.credential.id) === true) continue;
      if (soonest === undefined || seat.restsUntilMs < soonest.restsUntilMs) soonest = seat;
    }
    return soonest;
  }

  /** Monotonic milliseconds at which the first resting credential may be used; `undefined` when none rests. */
  nextAvailableAtMs(): number | undefined {
    const resting = this.#seats
      .map(({ restsUntilMs }) => restsUntilMs)
      .filter((atMs) => atMs > this.#clock.monotonicMs());
    return resting.length === 0 ? undefined : Math.min(...resting);
  }

  #lease(seat: Seat, isProbe: boolean): Lease {
    const { era } = seat;
    if (isProbe) seat.probing = true;
    let open = true;
    const close = (outcome?: LeaseOutcome): void => {
      if (!open) return;
      open = false;
      if (isProbe) seat.probing = false;
      if (outcome?.ok === true && era === seat.era) wake(seat);
      else if (outcome?.ok === false && outcome.verdict !== 'keep') this.#rest(seat, outcome, era);
    };
    return { credential: seat.credential, report: close, abandon: () => close() };
  }

  #rest(seat: Seat, outcome: LeaseOutcome, era: number): void {
    const now = this.#clock.monotonicMs();
    // Calls that ran side by side fail for one cause: together they begin one rest, and the longest stands.
    if (era === seat.era) {
      seat.era += 1;
      seat.rests += 1;
    }
    const retires = outcome.verdict === 'retire';
    seat.retired ||= retires;
    const askedMs = outcome.retryAfterMs === undefined ? 0 : bounded(outcome.retryAfterMs);
    const guessedMs = askedMs > 0 ? 0 : coolMs(seat.rests);
    const restMs = Math.max(askedMs, retires ? RETIRE_MS : guessedMs);
    seat.askedUntilMs = Math.max(seat.askedUntilMs, now + askedMs);
    seat.restsUntilMs = Math.max(seat.restsUntilMs, now + restMs);
  }
}

/** Ends all rests, after a success that began after the last of them. */
function wake(seat: Seat): void {
  seat.restsUntilMs = 0;
  seat.askedUntilMs = 0;
  seat.rests = 0;
  seat.retired = false;
}

const bounded = (askedMs: number): number => Math.min(ASKED_MAX_MS, Math.max(ASKED_MIN_MS, askedMs));

const coolMs = (rests: number): number => Math.min(COOL_MAX_MS, COOL_FIRST_MS * 2 ** (rests - 1));
