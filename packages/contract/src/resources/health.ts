import * as z from 'zod/mini';

import { countQuery, Timestamp } from './page.ts';

/** How well a provider is, as of its last check. */
export const ProviderHealth = z.object({
  providerId: z.string(),
  identifier: z.string(),
  name: z.string(),
  status: z.enum(['healthy', 'degraded', 'down', 'unknown']),
  lastCheck: z.optional(Timestamp),
  /** Milliseconds of the last check. */
  responseTime: z.optional(z.number()),
  error: z.optional(z.string()),
  /** Share of successful checks within the kept history, 0 to 100. */
  uptime: z.number(),
});

/** One look at a provider. */
export const HealthCheck = z.object({
  timestamp: Timestamp,
  status: z.enum(['healthy', 'degraded', 'down']),
  responseTime: z.optional(z.number()),
  error: z.optional(z.string()),
});

/** A provider’s health with its past. */
export const HealthSummary = z.extend(ProviderHealth, {
  history: z.array(HealthCheck),
  metrics: z.object({
    requestCount: z.int(),
    errorCount: z.int(),
    /** Share from 0 to 100. */
    errorRate: z.number(),
    averageResponseTime: z.number(),
  }),
});

/** How many providers are in which state. */
export const HealthStatistics = z.object({
  total: z.int(),
  healthy: z.int(),
  degraded: z.int(),
  down: z.int(),
  unknown: z.int(),
  averageResponseTime: z.number(),
});

/** Health of all providers. */
export const HealthList = z.object({ providers: z.array(ProviderHealth) });

/** What alerts tell of. */
export const ALERT_TYPES = ['degraded', 'down', 'recovered'] as const;

/** A provider that went bad or came back. */
export const Alert = z.object({
  id: z.string(),
  providerId: z.string(),
  type: z.enum(ALERT_TYPES),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  message: z.string(),
  timestamp: Timestamp,
  acknowledged: z.boolean(),
  acknowledgedAt: z.optional(Timestamp),
  resolvedAt: z.optional(Timestamp),
});

/** Alerts, the newest first. */
export const AlertList = z.object({ alerts: z.array(Alert) });

const Percent = z.number().check(z.minimum(0), z.maximum(100));

/** How providers are watched, and when somebody is told. */
export const HealthConfig = z.object({
  /** Seconds between checks. */
  checkInterval: z.number().check(z.minimum(5)),
  /** Milliseconds that a check may take. */
  timeout: z.number().check(z.minimum(100)),
  enabled: z.boolean(),
  thresholds: z.object({
    responseTimeMs: z.number().check(z.minimum(0)),
    errorRatePercent: Percent,
    uptimePercent: Percent,
  }),
});

/** What to change in that; the rest stays. */
export const UpdateHealthConfig = z.partial(HealthConfig);
/** How far back: `hours` 1 to 720, default 24. */
export const HealthHistoryQuery = z.object({ hours: countQuery(720, 24), limit: countQuery(1000, 100) });

/** What `ProviderHealth` reads. */
export type ProviderHealth = z.output<typeof ProviderHealth>;
/** What `HealthConfig` reads. */
export type HealthConfig = z.output<typeof HealthConfig>;
/** What `Alert` reads. */
export type Alert = z.output<typeof Alert>;
