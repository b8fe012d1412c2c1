import { quotaKey } from './key-names.ts';
import type { Tally } from './tally.ts';

/** What all processes together have used of a model with an account. */
export interface QuotaTally {
  /** One use more in the window that began at `startMs`, milliseconds since 1970. */
  add(accountId: string, model: string, use: { readonly tokens: number; readonly startMs: number }): void;
  /** The provider said that nothing is left. */
  exhaust(accountId: string, model: string): void;
  read(accountId: string, model: string): Promise<{ readonly requests: number; readonly tokens: number }>;
  forget(accountId: string, model: string): void;
}

const KEPT_MS = 5 * 3_600_000;

/** Counts under the documented keys. */
export const quotaTally = (tally: Tally): QuotaTally => ({
  add(accountId, model, { tokens, startMs }) {
    tally.begin(quotaKey(accountId, model, 'window_start'), startMs, KEPT_MS);
    tally.add(quotaKey(accountId, model, 'requests'), 1, KEPT_MS);
    if (tokens > 0) tally.add(quotaKey(accountId, model, 'tokens'), tokens, KEPT_MS);
  },
  exhaust: (accountId, model) => tally.begin(quotaKey(accountId, model, 'exhausted'), 1, KEPT_MS),
  async read(accountId, model) {
    const [requests, tokens] = await Promise.all([
      tally.read(quotaKey(accountId, model, 'requests')),
      tally.read(quotaKey(accountId, model, 'tokens')),
    ]);
    return { requests, tokens };
  },
  forget: (accountId, model) =>
    tally.forget(
      (['requests', 'tokens', 'exhausted', 'window_start'] as const).map((what) => quotaKey(accountId, model, what)),
    ),
});
