import type { Clock } from '@patchbay/llm/model/clock';

/** What one account has used of one model since its window began. */
export interface QuotaWindow {
  readonly accountId: string;
  readonly model: string;
  readonly startMs: number;
  /** When it begins anew: what the provider said, else five hours after its beginning. In milliseconds since 1970. */
  endsAtMs: number;
  requests: number;
  tokens: number;
  /** True once the provider said in this window that nothing is left. */
  exhausted: boolean;
  /** When all processes' uses were last read, in monotonic milliseconds; 0 for never. */
  comparedAtMs: number;
}

/** A window begins with the first use and lasts five hours, unless its provider says otherwise. */
export const QUOTA_WINDOW_MS = 5 * 3_600_000;
/** Models are named by callers: more windows than this at once are not kept. */
const WINDOWS_MAX = 50_000;

/** The windows that have not ended, by account and model. */
export class QuotaWindows {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #windows = new Map<string, QuotaWindow>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** The window of a use now; a new one where there is none. */
  at(accountId: string, model: string): QuotaWindow {
    const key = keyOf(accountId, model);
    const startMs = this.#clock.nowMs();
    const known = this.#windows.get(key);
    if (known !== undefined && startMs < known.endsAtMs) return known;
    if (this.#windows.size >= WINDOWS_MAX) this.#windows.clear();
    const used = { requests: 0, tokens: 0, exhausted: false, comparedAtMs: 0 };
    const made = { accountId, model, startMs, endsAtMs: startMs + QUOTA_WINDOW_MS, ...used };
    this.#windows.set(key, made);
    return made;
  }

  /** All of them, or those of one account. */
  open(accountId?: string): readonly QuotaWindow[] {
    const nowMs = this.#clock.nowMs();
    return [...this.#windows.values()].filter(
      (each) => nowMs < each.endsAtMs && (accountId === undefined || each.accountId === accountId),
    );
  }

  /** Forgets those of an account, of one model or of all; returns the models. */
  forget(accountId: string, model?: string): readonly string[] {
    const gone = [...this.#windows].filter(
      ([, window]) => window.accountId === accountId && (model === undefined || window.model === model),
    );
    for (const [key] of gone) this.#windows.delete(key);
    return gone.map(([, window]) => window.model);
  }
}

/** One name for an account's model. */
export const keyOf = (accountId: string, model: string): string => `${accountId}\n${model}`;
