import * as z from 'zod/mini';

import { countQuery, Timestamp } from './page.ts';

/** Sums over calls. Money in US dollars; calls of unknown price are counted, never taken for free. */
export const UsageSums = z.object({
  requests: z.int(),
  errors: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  costUsd: z.number(),
  callsOfUnknownPrice: z.int(),
  averageLatencyMs: z.number(),
});

/** Sums of one provider, or of one of its models. */
export const UsageRow = z.extend(UsageSums, { providerId: z.string(), model: z.optional(z.string()) });

/** Which time to sum over. */
export const UsageQuery = z.object({
  /** From this time on. Default: 24 hours ago. */
  from: z.optional(Timestamp),
  to: z.optional(Timestamp),
  limit: countQuery(1000, 100),
});

/** Sums over a time, whole and by provider, model and hour. */
export const UsageDashboard = z.object({
  from: Timestamp,
  to: Timestamp,
  totals: UsageSums,
  byProvider: z.array(UsageRow),
  byModel: z.array(UsageRow),
  /** One entry an hour. */
  timeline: z.array(z.extend(UsageSums, { hour: Timestamp })),
});

/** What was spent on what, in US dollars. */
export const CostBreakdown = z.object({
  totalUsd: z.number(),
  callsOfUnknownPrice: z.int(),
  rows: z.array(z.object({ providerId: z.string(), model: z.string(), costUsd: z.number(), requests: z.int() })),
});

/** What figures suggest, each with its evidence. */
export const Recommendations = z.object({
  recommendations: z.array(
    z.object({ kind: z.string(), subject: z.string(), message: z.string(), evidence: z.looseObject({}) }),
  ),
});

/** What `UsageSums` reads. */
export type UsageSums = z.output<typeof UsageSums>;
/** What `UsageRow` reads. */
export type UsageRow = z.output<typeof UsageRow>;
/** What `UsageDashboard` reads. */
export type UsageDashboard = z.output<typeof UsageDashboard>;
