import type { LeaseOutcome, PoolObserver } from '@patchbay/llm/credentials/pool';
import type { Seat } from '@patchbay/llm/credentials/seat';
import type { Clock } from '@patchbay/llm/model/clock';
import { RESTS } from '@patchbay/llm/resilience/rests';

import type { QuotaNews, SpentAccount } from '../coordination/quota-news.ts';
import type { QuotaTally } from '../coordination/quota-tally.ts';
import type { QuotaPatternRecord } from '../storage/records.ts';
import { confidenceAt, learned, sureLimit, type QuotaSample } from './quota-estimate.ts';
import { keyOf, QuotaWindows, type QuotaWindow } from './quota-windows.ts';

/** What one account has used of one model in the window, and what was learned of its limits. */
export interface QuotaState {
  readonly accountId: string;
  readonly model: string;
  readonly requests: number;
  readonly tokens: number;
  /** True once the provider said in this window that nothing is left. */
  readonly exhausted: boolean;
  /** True where calls pass it over because a sure estimate is used up. */
  readonly passedOver: boolean;
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
  /** Tells the other processes of spent accounts; absent where this is the only one. */
  readonly news?: QuotaNews;
  readonly onError: (error: unknown) => void;
}

/** How often all processes' uses of one window are read, in milliseconds. */
const COMPARE_MS = 1000;
/** Two processes' words about one rest may differ by as much, in milliseconds. */
const SAME_REST_MS = 5000;

/**
 * Counts what accounts use of models, and learns their limits each time one is exhausted. An account whose sure estimate is
 * used up is passed over for that model until its window ends; where no other is left it is tried all the same, since the
 * provider's own answer is truer than an estimate.
 */
export class QuotaBook implements PoolObserver {
  readonly #parts: QuotaBookParts;
  readonly #windows: QuotaWindows;
  readonly #patterns = new Map<string, QuotaPatternRecord>();

  constructor(parts: QuotaBookParts) {
    this.#parts = parts;
    this.#windows = new QuotaWindows(parts.clock);
  }

  /** Takes in what was learned before. */
  load(patterns: readonly QuotaPatternRecord[]): void {
    for (const pattern of patterns) this.#patterns.set(keyOf(pattern.accountId, pattern.model), pattern);
  }

  /** Lets accounts rest that other processes found spent; returns how to stop. */
  follow(seatOf: (accountId: string) => Seat | undefined): () => void {
    const onSpent = (spent: SpentAccount): void => {
      const endsAtMs = this.#parts.clock.nowMs() + spent.forMs;
      if (spent.isReset)
        for (const each of this.#windows.open(spent.accountId)) each.endsAtMs = Math.min(each.endsAtMs, endsAtMs);
      this.#restAsTold(seatOf(spent.accountId), spent);
    };
    return this.#parts.news?.hear(onSpent) ?? (() => undefined);
  }

  used(): void {
    // What a call has used is known at its end.
  }

  ended(seat: Seat, outcome: LeaseOutcome, model: string | undefined): void {
    if (model === undefined || seat.credential.kind === 'anonymous') return;
    const window = this.#windows.at(seat.id, model);
    if (outcome.ok) {
      window.requests += 1;
      window.tokens += outcome.tokens ?? 0;
      this.#parts.tally?.add(seat.id, model, { tokens: outcome.tokens ?? 0, startMs: window.startMs });
      this.#compare(seat, window);
    }
    if (outcome.rest?.reason === 'quota') this.#exhaust(seat, window, outcome);
  }

  /** Whether a sure estimate is used up, by all processes together where there are others. */
  #compare(seat: Seat, window: QuotaWindow): void {
    const { tally, clock, onError } = this.#parts;
    const { accountId, model } = window;
    const limit = sureLimit(this.#patterns.get(keyOf(accountId, model)), clock.nowMs());
    if (limit === undefined) return;
    if (window.requests >= limit) return this.#passOver(seat, window);
    const nowMs = clock.monotonicMs();
    if (tally === undefined || nowMs < window.comparedAtMs + COMPARE_MS) return;
    window.comparedAtMs = nowMs;
    tally
      .read(accountId, model)
      .then(({ requests, tokens }) => {
        window.requests = Math.max(window.requests, requests);
        window.tokens = Math.max(window.tokens, tokens);
        if (window.requests >= limit) this.#passOver(seat, window);
      })
      .catch(onError);
  }

  #passOver(seat: Seat, { model, endsAtMs }: QuotaWindow): void {
    const { clock } = this.#parts;
    const leftMs = endsAtMs - clock.nowMs();
    if (leftMs > 0) seat.ownRest(model).hold('estimate', clock.monotonicMs() + leftMs);
  }

  #exhaust(seat: Seat, window: QuotaWindow, outcome: LeaseOutcome): void {
    if (window.exhausted) return;
    window.exhausted = true;
    const { tally, news, clock, onError } = this.#parts;
    const resetMs = outcome.rest?.exactMs;
    if (resetMs !== undefined) window.endsAtMs = clock.nowMs() + resetMs;
    const forMs = seat.whole.untilMs - clock.monotonicMs();
    news?.tell({ accountId: seat.id, forMs, isReset: resetMs !== undefined });
    if (tally === undefined) return this.#learn(window);
    const { accountId, model } = window;
    tally.exhaust(accountId, model, resetMs);
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

  #restAsTold(seat: Seat | undefined, { forMs }: SpentAccount): void {
    const rule = RESTS['quota-exhausted'];
    const nowMs = this.#parts.clock.monotonicMs();
    const rests = seat?.whole;
    if (rests === undefined || rule === undefined || rests.untilMs > nowMs + forMs - SAME_REST_MS) return;
    rests.begin({ ...rule, exactMs: forMs }, undefined, { nowMs, era: rests.era });
  }

  #learn(used: QuotaSample): void {
    const key = keyOf(used.accountId, used.model);
    const pattern = learned(this.#patterns.get(key), used, this.#parts.clock.nowMs());
    this.#patterns.set(key, pattern);
    this.#parts.put(pattern).catch(this.#parts.onError);
  }

  /** Windows that have not ended; of one account where it is named. */
  states(accountId?: string): readonly QuotaState[] {
    const nowMs = this.#parts.clock.nowMs();
    return this.#windows.open(accountId).map(({ model, requests, tokens, exhausted, ...window }) => {
      const pattern = this.#patterns.get(keyOf(window.accountId, model));
      const confidence = pattern === undefined ? 0 : confidenceAt(pattern, nowMs);
      const passedOver = requests >= (sureLimit(pattern, nowMs) ?? Infinity);
      const times = { windowStartMs: window.startMs, resetAtMs: window.endsAtMs };
      const used = { accountId: window.accountId, model, requests, tokens, exhausted };
      return { ...used, ...times, passedOver, confidence, ...(pattern && { pattern }) };
    });
  }

  /** Forgets what an account has used, of one model or of all; what was learned stays. */
  reset(accountId: string, model?: string): void {
    for (const each of this.#windows.forget(accountId, model)) this.#parts.tally?.forget(accountId, each);
  }
}
