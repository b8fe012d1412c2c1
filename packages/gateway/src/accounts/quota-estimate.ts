import type { QuotaPatternRecord } from '../storage/records.ts';

/** What was used when nothing was left. */
export interface QuotaSample {
  readonly accountId: string;
  readonly model: string;
  readonly requests: number;
  readonly tokens: number;
}

/** How sure one look makes us. */
const FIRST_CONFIDENCE = 0.1;
const SURE_FROM_SAMPLES = 10;
/** From here on an estimate is gone by: five samples, none of them long ago. */
const SURE_FROM = 0.5;
const WEEK_MS = 7 * 24 * 3_600_000;

/** What is known of limits after one more sample: the surer we were, the more the old estimate weighs. */
export function learned(
  before: QuotaPatternRecord | undefined,
  { accountId, model, requests, tokens }: QuotaSample,
  nowMs: number,
): QuotaPatternRecord {
  const seen = { accountId, model, lastExhaustedAtMs: nowMs };
  if (before === undefined)
    return { ...seen, requestLimit: requests, tokenLimit: tokens, confidence: FIRST_CONFIDENCE, samples: 1 };
  const confidence = confidenceAt(before, nowMs);
  const mean = (old: number, sample: number): number => Math.round((old * confidence + sample) / (confidence + 1));
  return {
    ...seen,
    requestLimit: mean(before.requestLimit, requests),
    tokenLimit: mean(before.tokenLimit, tokens),
    confidence: Math.min(1, (before.samples + 1) / SURE_FROM_SAMPLES),
    samples: before.samples + 1,
  };
}

/** Requests from which an account counts as used up in its window; absent while nobody can be sure of it. */
export function sureLimit(pattern: QuotaPatternRecord | undefined, nowMs: number): number | undefined {
  if (pattern === undefined || pattern.requestLimit <= 0) return undefined;
  return confidenceAt(pattern, nowMs) >= SURE_FROM ? pattern.requestLimit : undefined;
}

/** How sure a pattern is: half as sure after each week in which nothing was learned, from the second on. */
export function confidenceAt({ confidence, lastExhaustedAtMs }: QuotaPatternRecord, nowMs: number): number {
  const weeks = Math.floor(Math.max(0, nowMs - lastExhaustedAtMs) / WEEK_MS);
  return confidence * 0.5 ** weeks;
}
