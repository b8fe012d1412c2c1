import type { Clock } from '@patchbay/llm/model/clock';

import { hasBudget, type Bound } from './bounds.ts';
import { periodAt } from './budget-period.ts';

/** Billionths of a dollar that a scope (e.g. `key:7`) spent since a moment, as the log of calls has it. */
export type SpentSince = (scope: string, sinceMs: number) => Promise<number>;

export interface LedgerParts {
  readonly spentSince: SpentSince;
  readonly clock: Clock;
  /** Told when the log could not be asked; what was known before, or nothing, counts then. */
  readonly onError: (error: unknown) => void;
}

interface Entry {
  /** The span of the budget that was asked for. */
  readonly period: string;
  readonly askedAtMs: number;
  readonly nanoUsd: number | Promise<number>;
}

/** How long an answer of the log is good for, in milliseconds: what came after it is counted by the limiter. */
const FRESH_MS = 60_000;
const ENTRIES_MAX = 10_000;

/** Remembers what the log of calls knows to be spent, so that a restart or a lost Redis gives no budget back. */
export class SpentLedger {
  readonly #parts: LedgerParts;
  readonly #entries = new Map<string, Entry>();

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Spent in the period of now; a promise only when a scope is asked for the first time in a period. */
  spent(bound: Bound): number | Promise<number> {
    if (!hasBudget(bound.limits)) return 0;
    const nowMs = this.#parts.clock.nowMs();
    const { name, startsAtMs } = periodAt(bound.limits.budgetPeriod, nowMs);
    const held = this.#entries.get(bound.scope);
    const isKnown = held?.period === name;
    if (isKnown && nowMs - held.askedAtMs < FRESH_MS) return held.nanoUsd;
    const before = isKnown ? held.nanoUsd : 0;
    const asking = this.#ask(bound.scope, startsAtMs, before);
    if (this.#entries.size >= ENTRIES_MAX) this.#entries.clear();
    const entry: Entry = { period: name, askedAtMs: nowMs, nanoUsd: isKnown ? before : asking };
    this.#entries.set(bound.scope, entry);
    void asking.then((nanoUsd) => {
      const latest = this.#entries.get(bound.scope);
      if (latest === entry) this.#entries.set(bound.scope, { ...entry, nanoUsd });
    });
    return entry.nanoUsd;
  }

  async #ask(scope: string, sinceMs: number, before: number | Promise<number>): Promise<number> {
    try {
      return await this.#parts.spentSince(scope, sinceMs);
    } catch (error) {
      this.#parts.onError(error);
      return before;
    }
  }
}
