/** How many pieces a window is counted in: it forgets by a sixtieth of its length. */
const SLOTS = 60;

/**
 * Counts what was taken within the last `windowMs`, in constant memory: at no time more than `limit` lie in any stretch
 * of that length. What was taken is forgotten up to a sixtieth of the window late, never early.
 */
export class SlidingWindow {
  readonly limit: number;
  readonly #slotMs: number;
  readonly #amounts = new Float64Array(SLOTS + 1);
  #newest = -1;
  #used = 0;

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.#slotMs = windowMs / SLOTS;
  }

  /** What counts now, `nowMs` being monotonic. */
  used(nowMs: number): number {
    this.#forget(nowMs);
    return this.#used;
  }

  /** Milliseconds until `amount` fits; 0 when it does, `Infinity` when it never will. */
  waitMs(amount: number, nowMs: number): number {
    if (amount > this.limit) return Infinity;
    this.#forget(nowMs);
    let excess = this.#used + amount - this.limit;
    if (excess <= 0) return 0;
    for (let slot = Math.max(0, this.#newest - SLOTS); slot <= this.#newest; slot += 1) {
      excess -= this.#amounts[slot % (SLOTS + 1)] ?? 0;
      if (excess <= 0) return Math.max(0, Math.ceil((slot + SLOTS + 1) * this.#slotMs - nowMs));
    }
    return Infinity;
  }

  /** Counts `amount` now, whether it fits or not. The returned function corrects it, as long as it counts. */
  take(amount: number, nowMs: number): (difference: number) => void {
    this.#forget(nowMs);
    const slot = this.#newest;
    this.#add(slot, amount);
    return (difference) => {
      if (this.#newest - slot <= SLOTS) this.#add(slot, difference);
    };
  }

  #add(slot: number, amount: number): void {
    const at = slot % (SLOTS + 1);
    this.#amounts[at] = (this.#amounts[at] ?? 0) + amount;
    this.#used += amount;
  }

  #forget(nowMs: number): void {
    const slot = Math.floor(nowMs / this.#slotMs);
    for (let left = Math.min(SLOTS + 1, slot - this.#newest); left > 0; left -= 1) {
      const at = (slot - left + 1) % (SLOTS + 1);
      this.#used -= this.#amounts[at] ?? 0;
      this.#amounts[at] = 0;
    }
    this.#newest = Math.max(this.#newest, slot);
  }
}
