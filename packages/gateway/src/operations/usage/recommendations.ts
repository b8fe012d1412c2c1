import type { UsageRow } from '@patchbay/contract/resources/usage';

/** What figures suggest. */
export interface Recommendation {
  readonly kind: string;
  readonly subject: string;
  /** What to do, in a sentence. */
  readonly message: string;
  readonly evidence: Record<string, unknown>;
}

/** Fewer calls than this say nothing. */
const CALLS_MIN = 20;
const ERRORS_SHARE = 0.1;
const SLOW_MS = 20_000;

/** Reads figures of models for what their operator would want to know. */
export const recommendationsFor = (rows: readonly UsageRow[]): Recommendation[] =>
  rows.filter(({ requests }) => requests >= CALLS_MIN).flatMap((row) => RULES.flatMap((rule) => rule(row) ?? []));

type Rule = (row: UsageRow) => Recommendation | undefined;

const subjectOf = ({ providerId, model }: UsageRow): string =>
  model === undefined ? providerId : `${providerId}/${model}`;

const RULES: readonly Rule[] = [
  (row) => {
    const share = row.errors / row.requests;
    if (share < ERRORS_SHARE) return undefined;
    const message = `${Math.round(share * 100)} % of the calls of ${subjectOf(row)} fail. Test its provider, or put another target behind it.`;
    return {
      kind: 'errors',
      subject: subjectOf(row),
      message,
      evidence: { requests: row.requests, errors: row.errors },
    };
  },
  (row) => {
    if (row.averageLatencyMs < SLOW_MS) return undefined;
    const message = `Calls of ${subjectOf(row)} take ${Math.round(row.averageLatencyMs / 1000)} s on average. Compare a smaller model.`;
    return { kind: 'latency', subject: subjectOf(row), message, evidence: { averageLatencyMs: row.averageLatencyMs } };
  },
  (row) => {
    if (row.callsOfUnknownPrice === 0) return undefined;
    const message = `Nobody knows what ${subjectOf(row)} costs. Set its pricingInfo, so that budgets count it.`;
    return { kind: 'price', subject: subjectOf(row), message, evidence: { calls: row.callsOfUnknownPrice } };
  },
];
