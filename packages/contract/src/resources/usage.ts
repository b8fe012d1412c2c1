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

/** The middle of what was measured, and how far its slow end reaches; null where nothing was. */
export const Quantiles = z.object({
  p50: z.nullable(z.number()),
  p95: z.nullable(z.number()),
  p99: z.nullable(z.number()),
});

/** Sums over requests, each counted once however many attempts it took. Money in US dollars. */
export const TrafficSums = z.object({
  requests: z.int(),
  /** Requests that were answered with an error or broke off; those whose client left are none. */
  errors: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  costUsd: z.number(),
  /** From the request to the end of its answer. */
  latencyMs: Quantiles,
  /** From the request to the first output. */
  firstTokenMs: Quantiles,
});

/** Sums of one model, provider, account or key. */
export const TrafficRow = z.extend(TrafficSums, { name: z.string() });

/** What went through in a time, and how fast. */
export const Traffic = z.object({
  from: Timestamp,
  to: Timestamp,
  /** Width of the steps of the timeline. */
  stepMs: z.int(),
  /** True where there were too many calls to read each: numbers are then reckoned from every so many. */
  isEstimate: z.boolean(),
  /** Attempts that the numbers stand on. */
  attemptsRead: z.int(),
  totals: TrafficSums,
  /** One entry a step, with those in which nothing happened. */
  timeline: z.array(z.extend(TrafficSums, { at: Timestamp })),
  byModel: z.array(TrafficRow),
  byProvider: z.array(TrafficRow),
  byAccount: z.array(TrafficRow),
  byKey: z.array(TrafficRow),
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

/** What `Quantiles` reads. */
export type Quantiles = z.output<typeof Quantiles>;
/** What `TrafficSums` reads. */
export type TrafficSums = z.output<typeof TrafficSums>;
/** What `TrafficRow` reads. */
export type TrafficRow = z.output<typeof TrafficRow>;
/** What `Traffic` reads. */
export type Traffic = z.output<typeof Traffic>;
/** What `UsageSums` reads. */
export type UsageSums = z.output<typeof UsageSums>;
/** What `UsageRow` reads. */
export type UsageRow = z.output<typeof UsageRow>;
/** What `UsageDashboard` reads. */
export type UsageDashboard = z.output<typeof UsageDashboard>;
