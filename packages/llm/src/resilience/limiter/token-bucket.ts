import { systemClock, type Clock } from '../../model/clock.ts';

/** How fast a bucket fills and how much it holds. */
export interface TokenBucketOptions {
  readonly clock?: Clock;
  /** What flows in within a second; above 0, fractions included. */
  readonly perSecond: number;
  /** What it holds at most and at first. Default: what flows in within a second, but at least 1. */
  readonly burst?: number;
}

/** Lets so many things happen a second, and a burst of them after quiet. Who waits is served in the order of coming. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  /** What it holds; below 0 by what those who wait have taken in advance. */
  #level: number;
  #levelAtMs: number;

  /** Throws `RangeError` when a number makes no sense. */
  constructor({ clock = systemClock, perSecond, burst = Math.max(1, perSecond) }: TokenBucketOptions) {
    if (!(perSecond > 0 && perSecond < Infinity))
      throw new RangeError(`A bucket filled with ${perSecond} a second lets nothing through. Give a number above 0.`);
    if (!(burst >= 1)) throw new RangeError(`A bucket that holds ${burst} lets nothing through. Give 1 or more.`);
    this.#clock = clock;
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#level = burst;
    this.#levelAtMs = clock.monotonicMs();
  }

  /** Whether it may happen now; counted when it may. */
  allow(): boolean {
    this.#fill();
    if (this.#level < 1) return false;
    this.#level -= 1;
    return true;
  }

  /** Resolves when it may happen: `true`, or `false` when `signal` was aborted first, and then nothing is counted. */
  async wait(signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted) return false;
    this.#fill();
    this.#level -= 1;
    if (this.#level >= 0) return true;
    await this.#clock.sleep(Math.ceil(-this.#level / this.#perMs), signal);
    if (!signal?.aborted) return true;
    this.#level = Math.min(this.#burst, this.#level + 1);
    return false;
  }

  #fill(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#level = Math.min(this.#burst, this.#level + (nowMs - this.#levelAtMs) * this.#perMs);
    this.#levelAtMs = nowMs;
  }
}
