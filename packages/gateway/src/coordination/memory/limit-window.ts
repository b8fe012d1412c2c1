import { SLOTS, type PlannedLimit } from '../limit-plan.ts';

/** What is counted for one limit: of a rolling window by parts, of a period as one sum. */
export class LimitWindow {
  #total = 0;
  /** The newest part that is counted. */
  #part = 0;
  readonly #slots = new Map<number, number>();

  get total(): number {
    return this.#total;
  }

  /** Forgets the parts that are over. A clock that is behind forgets nothing and counts in the newest part. */
  advance(part: number): void {
    const from = Math.max(this.#part + 1, part - SLOTS + 1);
    for (let each = from; each <= part; each += 1) {
      this.#total -= this.#slots.get(each % SLOTS) ?? 0;
      this.#slots.delete(each % SLOTS);
    }
    this.#part = Math.max(this.#part, part);
  }

  /** Adds to a part; nothing when that is over. */
  add(kind: PlannedLimit['kind'], part: number, amount: number): void {
    if (kind === 'rolling') {
      if (part <= this.#part - SLOTS) return;
      const slot = Math.min(part, this.#part) % SLOTS;
      this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + amount);
    }
    this.#total += amount;
  }

  /** When at least `excess` of what is counted is over, in milliseconds since 1970; -1 for never. */
  freesAtMs(excess: number, partMs: number): number {
    let freed = 0;
    for (let part = this.#part - SLOTS + 1; part <= this.#part; part += 1) {
      freed += this.#slots.get(((part % SLOTS) + SLOTS) % SLOTS) ?? 0;
      if (freed >= excess) return (part + SLOTS) * partMs;
    }
    return -1;
  }
}
