import * as z from 'zod/mini';

import { countQuery, Timestamp } from './page.ts';

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

export const HealthCheck = z.object({
  timestamp: Timestamp,
  status: z.enum(['healthy', 'degraded', 'down']),
  responseTime: z.optional(z.number()),
  error: z.optional(z.string()),
});

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

export const HealthStatistics = z.object({
  total: z.int(),
  healthy: z.int(),
  degraded: z.int(),
  down: z.int(),
  unknown: z.int(),
  averageResponseTime: z.number(),
});

export const HealthList = z.object({ providers: z.array(ProviderHealth) });

export const ALERT_TYPES = ['degraded', 'down', 'recovered'] as const;

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

export const AlertList = z.object({ alerts: z.array(Alert) });

export const HealthConfig = z.object({
  /** Seconds between checks. */
  checkInterval: z.number().check(z.minimum(5)),
  /** Milliseconds that a check may take. */
  timeout: z.number().check(z.minimum(100)),
  enabled: z.boolean(),
  thresholds: z.object({
    responseTimeMs: z.number(),
    errorRatePercent: z.number(),
    uptimePercent: z.number(),
  }),
});

export const UpdateHealthConfig = z.partial(HealthConfig);
export const HealthHistoryQuery = z.object({ hours: countQuery(720, 24), limit: countQuery(1000, 100) });

export type ProviderHealth = z.output<typeof ProviderHealth>;
export type HealthConfig = z.output<typeof HealthConfig>;
export type Alert = z.output<typeof Alert>;
