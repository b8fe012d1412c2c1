/**
 * Tokens of one call. Totals are inclusive, the rest are parts of them:
 * `inputTokens` = uncached + `cacheReadTokens` + `cacheWriteTokens`; `outputTokens` includes `reasoningTokens`.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  /** All cache writes, whatever their lifetime. */
  readonly cacheWriteTokens: number;
  /** The part of `cacheWriteTokens` written with a one-hour lifetime. */
  readonly cacheWrite1hTokens: number;
  readonly reasoningTokens: number;
  /** True when counted by us because the provider never said. */
  readonly estimated: boolean;
}

/** Nothing used: the start of a sum. */
export const NO_USAGE: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};

/** Input tokens neither read from nor written to a prompt cache. */
export const uncachedInputTokens = (usage: Usage): number =>
  Math.max(0, usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens);

/** A provider's number made safe: negative, fractional, huge, textual or missing values become a whole number or 0. */
export function tokenCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return 0;
  return Math.min(Math.trunc(value), 1_000_000_000);
}
