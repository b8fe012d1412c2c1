import type { Clock } from '@patchbay/llm/model/clock';

/** One deadline that moves: set it with `at`, clear it with 0. */
export interface Deadline {
  /** Monotonic milliseconds, 0 when nothing is due. */
  atMs: number;
  /** Called once when due; the deadline is cleared before. */
  readonly onDue: () => void;
  /** Where the wheel keeps it; absent or negative while it does not. The wheel's own. */
  slot?: number;
}

/** Looks at every open deadline this often, in milliseconds: moving a deadline then costs one assignment. */
const TICK_MS = 50;

/**
 * Coarse timeouts for thousands of streams with one timer. A deadline is noticed at most 50 ms late. A dense list and not
 * a set: every exchange comes and goes, and a set is copied each time it has seen as many go as it holds.
 */
export class DeadlineWheel {
  readonly #clock: Clock;
  readonly #open: Deadline[] = [];
  #stop: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  add(deadline: Deadline): void {
    if (deadline.slot !== undefined && deadline.slot >= 0) return;
    deadline.slot = this.#open.length;
    this.#open.push(deadline);
    this.#stop ??= this.#clock.every(TICK_MS, () => this.#tick());
  }

  remove(deadline: Deadline): void {
    const { slot } = deadline;
    if (slot === undefined || slot < 0) return;
    deadline.slot = -1;
    const last = this.#open.pop() as Deadline;
    if (last !== deadline) {
      this.#open[slot] = last;
      last.slot = slot;
    }
    if (this.#open.length > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  /** From the end: whatever leaves meanwhile is replaced by one that has been looked at. */
  #tick(): void {
    const now = this.#clock.monotonicMs();
    for (let at = this.#open.length - 1; at >= 0; at -= 1) {
      const deadline = this.#open[at];
      if (deadline === undefined || deadline.atMs === 0 || deadline.atMs > now) continue;
      deadline.atMs = 0;
      deadline.onDue();
    }
  }
}
