import type { Clock } from '@patchbay/llm/model/clock';

/** One deadline that moves: set it with `at`, clear it with 0. */
export interface Deadline {
  /** Monotonic milliseconds, 0 when nothing is due. */
  atMs: number;
  /** Called once when due; the deadline is cleared before. */
  readonly onDue: () => void;
}

/** Looks at every open deadline this often, in milliseconds: moving a deadline then costs one assignment. */
const TICK_MS = 50;

/** Coarse timeouts for thousands of streams with one timer. A deadline is noticed at most 50 ms late. */
export class DeadlineWheel {
  readonly #clock: Clock;
  readonly #open = new Set<Deadline>();
  #stop: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  add(deadline: Deadline): void {
    this.#open.add(deadline);
    this.#stop ??= this.#clock.every(TICK_MS, () => this.#tick());
  }

  remove(deadline: Deadline): void {
    this.#open.delete(deadline);
    if (this.#open.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  #tick(): void {
    const now = this.#clock.monotonicMs();
    for (const deadline of this.#open) {
      if (deadline.atMs === 0 || deadline.atMs > now) continue;
      deadline.atMs = 0;
      deadline.onDue();
    }
  }
}
