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

export const UsageRow = z.extend(UsageSums, { providerId: z.string(), model: z.optional(z.string()) });

export const UsageQuery = z.object({
  /** From this time on. Default: 24 hours ago. */
  from: z.optional(Timestamp),
  to: z.optional(Timestamp),
  limit: countQuery(1000, 100),
});

export const UsageDashboard = z.object({
  from: Timestamp,
  to: Timestamp,
  totals: UsageSums,
  byProvider: z.array(UsageRow),
  byModel: z.array(UsageRow),
  /** One entry an hour. */
  timeline: z.array(z.extend(UsageSums, { hour: Timestamp })),
});

export const CostBreakdown = z.object({
  totalUsd: z.number(),
  callsOfUnknownPrice: z.int(),
  rows: z.array(z.object({ providerId: z.string(), model: z.string(), costUsd: z.number(), requests: z.int() })),
});

export const Recommendations = z.object({
  recommendations: z.array(
    z.object({ kind: z.string(), subject: z.string(), message: z.string(), evidence: z.looseObject({}) }),
  ),
});

export type UsageSums = z.output<typeof UsageSums>;
export type UsageRow = z.output<typeof UsageRow>;
export type UsageDashboard = z.output<typeof UsageDashboard>;
