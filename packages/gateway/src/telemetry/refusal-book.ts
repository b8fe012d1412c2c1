import type { Clock } from '@patchbay/llm/model/clock';

/** A request that was turned away before anything was done. */
export interface Refused {
  /** Where it came in: the routes of models, or those that manage. */
  readonly door: 'calls' | 'management';
  /** Why, in a word that does not change: `expired`, `foreign`, `unknown-key`, `lacks-permission`, `VALIDATION_ERROR`. */
  readonly why: string;
  /** What was asked for, as a pattern: nothing that a caller chose. */
  readonly operation: string;
  /** What helps to find who it was, and to mend it, without secrets: a role, a permission, the member at fault. */
  readonly detail: string;
}

/** Refusals of one kind. */
export interface RefusalCount extends Refused {
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** Details come from requests: more kinds than this at once are not told apart. */
const KINDS_MAX = 500;
const DETAIL_CHARACTERS_MAX = 200;
/** How long a refusal is worth knowing, in milliseconds. */
export const REFUSALS_KEPT_MS = 15 * 60_000;

/** Counts what was refused in the last quarter of an hour, by kind, in the memory of this process. */
export class RefusalBook {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #counts = new Map<string, RefusalCount>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  note({ door, why, operation, detail }: Refused): void {
    const short = detail.slice(0, DETAIL_CHARACTERS_MAX);
    const key = `${door} ${why} ${operation} ${short}`;
    const nowMs = this.#clock.nowMs();
    const before = this.#counts.get(key);
    // Those that were counted again last stand last.
    this.#counts.delete(key);
    const oldest = this.#counts.keys().next().value;
    if (this.#counts.size >= KINDS_MAX && oldest !== undefined) this.#counts.delete(oldest);
    const goesOn = before !== undefined && before.lastAtMs > nowMs - REFUSALS_KEPT_MS;
    const { count, firstAtMs } = goesOn ? before : { count: 0, firstAtMs: nowMs };
    this.#counts.set(key, { door, why, operation, detail: short, count: count + 1, firstAtMs, lastAtMs: nowMs });
  }

  /** Refusals that are still worth knowing, the oldest first. */
  recent(): readonly RefusalCount[] {
    const fromMs = this.#clock.nowMs() - REFUSALS_KEPT_MS;
    return [...this.#counts.values()].filter(({ lastAtMs }) => lastAtMs > fromMs);
  }
}
