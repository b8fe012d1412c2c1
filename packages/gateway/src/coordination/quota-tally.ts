import { quotaKey } from './key-names.ts';
import type { Tally } from './tally.ts';

/** What all processes together have used of a model with an account. */
export interface QuotaTally {
  /** One use more in the window that began at `startMs`, milliseconds since 1970. */
  add(accountId: string, model: string, use: { readonly tokens: number; readonly startMs: number }): void;
  /** The provider said that nothing is left, for so many milliseconds where it said how long. Default: for a window. */
  exhaust(accountId: string, model: string, forMs?: number): void;
  read(accountId: string, model: string): Promise<{ readonly requests: number; readonly tokens: number }>;
  forget(accountId: string, model: string): void;
}

/** Counts under the documented keys, which are kept for a window of `keptMs` milliseconds. */
export const quotaTally = (tally: Tally, keptMs: number): QuotaTally => ({
  add(accountId, model, { tokens, startMs }) {
    tally.begin(quotaKey(accountId, model, 'window_start'), startMs, keptMs);
    tally.add(quotaKey(accountId, model, 'requests'), 1, keptMs);
    if (tokens > 0) tally.add(quotaKey(accountId, model, 'tokens'), tokens, keptMs);
  },
  exhaust(accountId, model, forMs) {
    tally.begin(quotaKey(accountId, model, 'exhausted'), 1, Math.ceil(forMs ?? keptMs));
    // What is used after the reset belongs to another window.
    if (forMs !== undefined) tally.endIn(keysOf(accountId, model), forMs);
  },
  async read(accountId, model) {
    const [requests, tokens] = await Promise.all([
      tally.read(quotaKey(accountId, model, 'requests')),
      tally.read(quotaKey(accountId, model, 'tokens')),
    ]);
    return { requests, tokens };
  },
  forget: (accountId, model) => tally.forget([...keysOf(accountId, model), quotaKey(accountId, model, 'exhausted')]),
});

/** What is counted in a window. */
const keysOf = (accountId: string, model: string): readonly string[] =>
  (['requests', 'tokens', 'window_start'] as const).map((what) => quotaKey(accountId, model, what));
