import type { UsageRow } from '../../storage/ports.ts';
import { done, refused, type Handler } from '../handler.ts';
import { KEY_NOT_FOUND, ownKey } from './handlers.ts';
import type { KeyParts } from './parts.ts';

/** What the usage of a key is read from. */
export interface KeyUsageParts extends KeyParts {
  /** Hours of one key from a time on. */
  readonly hoursOf: (keyId: string, fromMs: number) => Promise<readonly UsageRow[]>;
}

const NANO_PER_USD = 1e9;
const PERIODS_MS = { day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;

/** What a key used since its period began: of the length that its limits name, else since it was made. */
export const keyUsage =
  (parts: KeyUsageParts): Handler<'keys.usage'> =>
  async ({ params }, { principal }) => {
    const row = await ownKey(parts, params.id, principal);
    if (row === undefined) return refused(KEY_NOT_FOUND);
    const period = PERIODS_MS[row.limits['budget_period'] as keyof typeof PERIODS_MS] as number | undefined;
    const fromMs = period === undefined ? row.createdAtMs : Math.max(row.createdAtMs, parts.clock.nowMs() - period);
    const hours = await parts.hoursOf(row.id, fromMs - (fromMs % HOUR_MS));
    const total = (member: (hour: UsageRow) => number): number => hours.reduce((sum, hour) => sum + member(hour), 0);
    return done({
      id: row.id,
      spent_usd: total(({ costNanoUsd }) => costNanoUsd) / NANO_PER_USD,
      calls_of_unknown_price: total(({ unpriced }) => unpriced),
      requests: total(({ attempts }) => attempts),
      input_tokens: total(({ inputTokens }) => inputTokens),
      output_tokens: total(({ outputTokens }) => outputTokens),
      limits: row.limits,
      period_start: new Date(fromMs).toISOString(),
    });
  };

const HOUR_MS = 3_600_000;
