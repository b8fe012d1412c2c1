import type { LeaseOutcome, PoolObserver } from '@patchbay/llm/credentials/pool';
import type { Seat } from '@patchbay/llm/credentials/seat';
import type { Clock } from '@patchbay/llm/model/clock';

import type { QuotaTally } from '../coordination/quota-tally.ts';
import type { QuotaPatternRecord } from '../storage/records.ts';
import { confidenceAt, learned, type QuotaSample } from './quota-estimate.ts';

/** What one account has used of one model in the window, and what was learned of its limits. */
export interface QuotaState {
  readonly accountId: string;
  readonly model: string;
  readonly requests: number;
  readonly tokens: number;
  /** True once the provider said in this window that nothing is left. */
  readonly exhausted: boolean;
  readonly windowStartMs: number;
  readonly resetAtMs: number;
  readonly pattern?: QuotaPatternRecord;
  /** 0 to 1: how sure the pattern is now. */
  readonly confidence: number;
}

/** What a book is kept with. */
export interface QuotaBookParts {
  readonly clock: Clock;
  readonly put: (pattern: QuotaPatternRecord) => Promise<void>;
  /** Where other processes count, too; absent where this is the only one. */
  readonly tally?: QuotaTally;
  readonly onError: (error: unknown) => void;
}

interface Window {
  readonly accountId: string;
  readonly model: string;
  readonly startMs: number;
  requests: number;
  tokens: number;
  exhausted: boolean;
}

/** A window begins with the first use and lasts five hours. */
export const QUOTA_WINDOW_MS = 5 * 3_600_000;
/** Models are named by callers: more windows than this at once are not kept. */
const WINDOWS_MAX = 50_000;

/** Counts what accounts use of models, and learns their limits each time one is exhausted. */
export class QuotaBook implements PoolObserver {
  readonly #parts: QuotaBookParts;
  readonly #windows = new Map<string, Window>();
  readonly #patterns = new Map<string, QuotaPatternRecord>();

  constructor(parts: QuotaBookParts) {
    this.#parts = parts;
  }

  /** Takes in what was learned before. */
  load(patterns: readonly QuotaPatternRecord[]): void {
    for (const pattern of patterns) this.#patterns.set(keyOf(pattern.accountId, pattern.model), pattern);
  }

  used(): void {
    // What a call has used is known at its end.
  }

  ended({ id, credential }: Seat, outcome: LeaseOutcome, model: string | undefined): void {
    if (model === undefined || credential.kind === 'anonymous') return;
    const window = this.#windowOf(id, model);
    if (outcome.ok) {
      window.requests += 1;
      window.tokens += outcome.tokens ?? 0;
      this.#parts.tally?.add(id, model, { tokens: outcome.tokens ?? 0, startMs: window.startMs });
    }
    if (outcome.rest?.reason === 'quota') this.#exhaust(window);
  }

  #exhaust(window: Window): void {
    if (window.exhausted) return;
    window.exhausted = true;
    const { tally, onError } = this.#parts;
    if (tally === undefined) return this.#learn(window);
    const { accountId, model } = window;
    tally.exhaust(accountId, model);
    // The limit is that of all processes together, and each has counted a part.
    tally
      .read(accountId, model)
      .then(({ requests, tokens }) =>
        this.#learn({
          accountId,
          model,
          requests: Math.max(requests, window.requests),
          tokens: Math.max(tokens, window.tokens),
        }),
      )
      .catch(onError);
  }

  #learn(used: QuotaSample): void {
    const key = keyOf(used.accountId, used.model);
    const pattern = learned(this.#patterns.get(key), used, this.#parts.clock.nowMs());
    this.#patterns.set(key, pattern);
    this.#parts.put(pattern).catch(this.#parts.onError);
  }

  #windowOf(accountId: string, model: string): Window {
    const key = keyOf(accountId, model);
    const nowMs = this.#parts.clock.nowMs();
    const known = this.#windows.get(key);
    if (known !== undefined && nowMs < known.startMs + QUOTA_WINDOW_MS) return known;
    if (this.#windows.size >= WINDOWS_MAX) this.#windows.clear();
    const made: Window = { accountId, model, startMs: nowMs, requests: 0, tokens: 0, exhausted: false };
    this.#windows.set(key, made);
    return made;
  }

  /** Windows that have not ended; of one account where it is named. */
  states(accountId?: string): readonly QuotaState[] {
    const nowMs = this.#parts.clock.nowMs();
    const open = [...this.#windows.values()].filter(
      (each) => nowMs < each.startMs + QUOTA_WINDOW_MS && (accountId === undefined || each.accountId === accountId),
    );
    return open.map(({ startMs, ...window }) => {
      const pattern = this.#patterns.get(keyOf(window.accountId, window.model));
      const confidence = pattern === undefined ? 0 : confidenceAt(pattern, nowMs);
      const times = { windowStartMs: startMs, resetAtMs: startMs + QUOTA_WINDOW_MS };
      return { ...window, ...times, confidence, ...(pattern && { pattern }) };
    });
  }

  /** Forgets what an account has used, of one model or of all; what was learned stays. */
  reset(accountId: string, model?: string): void {
    for (const [key, window] of this.#windows)
      if (window.accountId === accountId && (model === undefined || window.model === model)) {
        this.#windows.delete(key);
        this.#parts.tally?.forget(accountId, window.model);
      }
  }
}

const keyOf = (accountId: string, model: string): string => `${accountId}\n${model}`;
