/** Samples remembered; the oldest makes room. */
const SAMPLES_MAX = 1000;

/** What the remembered samples say; all 0 when there are none. `count` is of all that ever came. */
export interface HistogramSummary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

/** Remembers the last thousand numbers. */
export class RingHistogram {
  readonly #samples: number[] = [];
  #count = 0;

  /** Remembers a number; anything else is left out. */
  add(sample: number): void {
    if (!Number.isFinite(sample)) return;
    this.#samples[this.#count % SAMPLES_MAX] = sample;
    this.#count += 1;
  }

  summary(): HistogramSummary {
    const sorted = this.#samples.toSorted((one, other) => one - other);
    return {
      count: this.#count,
      min: sorted[0] ?? 0,
      max: sorted.at(-1) ?? 0,
      mean: sorted.length === 0 ? 0 : sorted.reduce((sum, each) => sum + each, 0) / sorted.length,
      p50: percentile(sorted, 0.5),
      p75: percentile(sorted, 0.75),
      p90: percentile(sorted, 0.9),
      p95: percentile(sorted, 0.95),
      p99: percentile(sorted, 0.99),
    };
  }
}

/** The value below which the share `part` (0 to 1) of `sorted` lies, on the line between its two neighbours; 0 of none. */
export function percentile(sorted: readonly number[], part: number): number {
  const rank = part * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? below;
  return below + (above - below) * (rank - Math.floor(rank));
}
