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
  /** Rests in a row without a success between. */
  rests: number;
  /** True while the one probe after a long rest is out. */
  probing: boolean;
  retired: boolean;
  /** True when the provider itself named the length of the rest. */
  asked: boolean;
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
  readonly size: number;
  readonly #seats: readonly Seat[];
  readonly #clock: Clock;
  #next = 0;

  constructor(parts: { readonly credentials: readonly Credential[]; readonly clock: Clock }) {
    this.#clock = parts.clock;
    this.#seats = parts.credentials.map((credential) => ({
      credential,
      restsUntilMs: 0,
      rests: 0,
      probing: false,
      retired: false,
      asked: false,
    }));
    this.size = this.#seats.length;
  }

  /** The next usable credential whose id is not in `exclude`, or `undefined`. */
  lease(exclude?: ReadonlySet<string>): Lease | undefined {
    const now = this.#clock.monotonicMs();
    for (let step = 0; step < this.size; step += 1) {
      const at = (this.#next + step) % this.size;
      const seat = this.#seats[at] as Seat;
      if (seat.restsUntilMs > now || seat.probing || exclude?.has(seat.credential.id) === true) continue;
      this.#next = (at + 1) % this.size;
      seat.probing = seat.retired;
      return this.#lease(seat);
    }
    const woken = this.#wake(exclude);
    return woken === undefined ? undefined : this.#lease(woken);
  }

  /** The credential that would be awake first, where we alone decided that it should rest. */
  #wake(exclude: ReadonlySet<string> | undefined): Seat | undefined {
    let soonest: Seat | undefined;
    for (const seat of this.#seats) {
      if ((seat.asked && this.size > 1) || exclude?.has(seat.credential.id) === true) continue;
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

  #lease(seat: Seat): Lease {
    let open = true;
    const close = (apply: () => void): void => {
      if (!open) return;
      open = false;
      seat.probing = false;
      apply();
    };
    return {
      credential: seat.credential,
      report: (outcome) => close(() => this.#apply(seat, outcome)),
      abandon: () => close(() => undefined),
    };
  }

  #apply(seat: Seat, outcome: LeaseOutcome): void {
    if (outcome.ok) {
      seat.rests = 0;
      seat.restsUntilMs = 0;
      seat.retired = false;
      seat.asked = false;
      return;
    }
    if (outcome.verdict === 'keep') return;
    const now = this.#clock.monotonicMs();
    seat.rests += 1;
    seat.retired = outcome.verdict === 'retire';
    const restMs = seat.retired ? RETIRE_MS : coolMs(seat.rests, outcome.retryAfterMs);
    seat.asked = outcome.retryAfterMs !== undefined && !seat.retired;
    // Two calls may fail at once: the longer rest stands.
    seat.restsUntilMs = Math.max(seat.restsUntilMs, now + restMs);
  }
}

function coolMs(rests: number, askedMs: number | undefined): number {
  if (askedMs !== undefined) return Math.min(ASKED_MAX_MS, Math.max(ASKED_MIN_MS, askedMs));
  return Math.min(COOL_MAX_MS, COOL_FIRST_MS * 2 ** (rests - 1));
}
