import type { Clock } from '@patchbay/llm/model/clock';

/** How the memory that is left after collecting garbage has grown. */
export interface Growth {
  readonly fromBytes: number;
  readonly toBytes: number;
  readonly minutes: number;
}

/** How growth is judged. */
export interface TrendRules {
  /** The least heap within such a time is what is really held. Default five minutes. */
  readonly windowMs: number;
  /** So many windows in a row must each hold more than the one before. Default 8. */
  readonly windows: number;
  /** The least growth over all of them, in bytes. Default 96 MiB. */
  readonly leastBytes: number;
}

const RULES: TrendRules = { windowMs: 300_000, windows: 8, leastBytes: 96 * 1024 * 1024 };
/** A window that holds less than this more than the one before is as good as level. */
const STEP = 1.01;

/** Tells a leak from a load: what is held grows and grows, window after window. */
export class MemoryTrend {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #heapBytes: () => number;
  readonly #rules: TrendRules;
  readonly #leasts: number[] = [];
  #least = Infinity;
  #windowAtMs: number;

  constructor(clock: Pick<Clock, 'monotonicMs'>, heapBytes: () => number, rules: Partial<TrendRules> = {}) {
    this.#clock = clock;
    this.#heapBytes = heapBytes;
    this.#rules = { ...RULES, ...rules };
    this.#windowAtMs = clock.monotonicMs();
  }

  /** Looks at the heap; call it now and then, several times a window. */
  look(): void {
    const { windowMs, windows } = this.#rules;
    this.#least = Math.min(this.#least, this.#heapBytes());
    if (this.#clock.monotonicMs() - this.#windowAtMs < windowMs) return;
    this.#windowAtMs = this.#clock.monotonicMs();
    this.#leasts.push(this.#least);
    if (this.#leasts.length > windows) this.#leasts.shift();
    this.#least = Infinity;
  }

  /** `undefined` while it does not grow, or is not known to. */
  growth(): Growth | undefined {
    const { windowMs, windows, leastBytes } = this.#rules;
    const [fromBytes, ...later] = this.#leasts;
    const toBytes = later.at(-1);
    if (fromBytes === undefined || toBytes === undefined || this.#leasts.length < windows) return undefined;
    const isSteady = later.every((bytes, at) => bytes > (this.#leasts[at] ?? Infinity) * STEP);
    if (!isSteady || toBytes - fromBytes < leastBytes) return undefined;
    return { fromBytes, toBytes, minutes: Math.max(1, Math.round((windows * windowMs) / 60_000)) };
  }
}
