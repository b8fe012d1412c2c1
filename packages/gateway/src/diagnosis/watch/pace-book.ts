import type { Clock } from '@patchbay/llm/model/clock';

import type { CallRecord, CallSink } from '../../telemetry/call-record.ts';

/** What is timed. */
export interface Timed {
  readonly what: 'provider' | 'proxy' | 'store' | 'redis';
  /** Which of them: a provider's id, a proxy's number; the store's own name. */
  readonly id: string;
  /** What of it, where it has paces of its own: a model, streamed or whole. */
  readonly part?: string;
}

/** Something that takes longer than it used to. */
export interface SlowPace extends Timed {
  /** Medians, in milliseconds. */
  readonly recentMs: number;
  readonly usualMs: number;
  /** How many times it was timed lately. */
  readonly samples: number;
  /** For how long its usual pace was learned, in minutes. */
  readonly learnedMinutes: number;
}

/** How paces are judged. */
export interface PaceRules {
  /** Times within so many milliseconds are judged together. Default 30,000. */
  readonly bucketMs: number;
  /** Buckets that make what is usual, and the least of them from which it is known. Default 240 and 10. */
  readonly bucketsMost: number;
  readonly bucketsLeast: number;
  /** The least times by which a pace of late is judged. Default 8. */
  readonly samplesLeast: number;
}

const RULES: PaceRules = { bucketMs: 30_000, bucketsMost: 240, bucketsLeast: 10, samplesLeast: 8 };
/** So many times as long as usual is slow. */
const TIMES = 3;
/** Less than so much more, in milliseconds, nobody feels. */
const FELT_MS: Readonly<Record<Timed['what'], number>> = { provider: 1500, proxy: 1500, store: 250, redis: 50 };
/** Times that one bucket keeps. */
const BUCKET_SAMPLES = 32;
/** Things that are timed at once; the one that was timed longest ago gives way. */
const TIMED_MOST = 500;

interface Series {
  readonly timed: Timed;
  bucketAtMs: number;
  bucket: number[];
  /** Of the bucket before, so that a pace of late is never one of a second. */
  before: readonly number[];
  /** Medians of earlier buckets, the oldest first. */
  readonly medians: number[];
}

/**
 * How long things take, by their own history: medians of half a minute each, kept for two hours. What is called slow is
 * slower than itself, never than a number that somebody chose.
 */
export class PaceBook implements CallSink {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #rules: PaceRules;
  readonly #series = new Map<string, Series>();

  constructor(clock: Pick<Clock, 'monotonicMs'>, rules: Partial<PaceRules> = {}) {
    this.#clock = clock;
    this.#rules = { ...RULES, ...rules };
  }

  /** Something took so long, in milliseconds. */
  note(timed: Timed, tookMs: number): void {
    const series = this.#seriesOf(timed);
    this.#turn(series);
    if (series.bucket.length < BUCKET_SAMPLES) series.bucket.push(tookMs);
  }

  /** The time to the first words of every attempt that succeeded. */
  record({ attempts, stream }: CallRecord): void {
    for (const { state, providerId, proxyId, model, firstTokenMs, latencyMs } of attempts) {
      if (state !== 'success') continue;
      const part = `${model}, ${stream ? 'streamed' : 'whole'}`;
      const tookMs = firstTokenMs ?? latencyMs;
      this.note({ what: 'provider', id: providerId, part }, tookMs);
      if (proxyId !== undefined)
        this.note({ what: 'proxy', id: String(proxyId), part: `${providerId} ${part}` }, tookMs);
    }
  }

  /** What is slower than it used to be. */
  slower(): readonly SlowPace[] {
    return [...this.#series.values()].flatMap((series) => {
      this.#turn(series);
      const { timed, medians, before, bucket } = series;
      const recent = [...before, ...bucket];
      // A bucket that is slow itself is not yet part of what is usual.
      const known = medians.slice(0, -1);
      if (recent.length < this.#rules.samplesLeast || known.length < this.#rules.bucketsLeast) return [];
      const [recentMs, usualMs] = [medianOf(recent), medianOf(known)];
      if (recentMs < usualMs * TIMES || recentMs - usualMs < FELT_MS[timed.what]) return [];
      const learnedMinutes = Math.max(1, Math.round((known.length * this.#rules.bucketMs) / 60_000));
      return [{ ...timed, recentMs, usualMs, samples: recent.length, learnedMinutes }];
    });
  }

  #seriesOf(timed: Timed): Series {
    const name = `${timed.what} ${timed.id} ${timed.part ?? ''}`;
    const known = this.#series.get(name);
    const series = known ?? { timed, bucketAtMs: this.#clock.monotonicMs(), bucket: [], before: [], medians: [] };
    // Put at the end again: the first is then the one that was timed longest ago.
    this.#series.delete(name);
    this.#series.set(name, series);
    if (this.#series.size > TIMED_MOST) this.#dropOldest();
    return series;
  }

  #dropOldest(): void {
    const [oldest] = this.#series.keys();
    if (oldest !== undefined) this.#series.delete(oldest);
  }

  /** Closes a bucket whose time is over. */
  #turn(series: Series): void {
    const { bucketMs, bucketsMost } = this.#rules;
    const passed = Math.floor((this.#clock.monotonicMs() - series.bucketAtMs) / bucketMs);
    if (passed < 1) return;
    series.bucketAtMs += passed * bucketMs;
    if (series.bucket.length > 0) series.medians.push(medianOf(series.bucket));
    if (series.medians.length > bucketsMost) series.medians.shift();
    series.before = passed === 1 ? series.bucket : [];
    series.bucket = [];
  }
}

/** The middle one of at least one number. */
const medianOf = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
