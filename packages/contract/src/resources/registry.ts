import * as z from 'zod/mini';

import { Timestamp } from './page.ts';

export const RegistryStatus = z.object({
  status: z.enum(['healthy', 'degraded', 'error']),
  /** Grows with each swap; answers and log rows carry it. */
  version: z.int(),
  providersLoaded: z.int(),
  modelsLoaded: z.int(),
  accountsLoaded: z.int(),
  lastRefresh: Timestamp,
  /** Rows that cannot be used, each named with its reason; what was good before goes on serving. */
  errors: z.array(z.string()),
  performance: z.object({
    /** Milliseconds over the last hour's calls; 0 while there are none. */
    averageResponseTime: z.number(),
    /** Share from 0 to 1 over the last hour's calls; 1 while there are none. */
    successRate: z.number(),
  }),
});

export const RegistryRefreshed = z.object({
  success: z.literal(true),
  message: z.string(),
  version: z.int(),
  providersLoaded: z.int(),
  modelsLoaded: z.int(),
  refreshedAt: Timestamp,
  timestamp: Timestamp,
});

export const RegistryMonitoring = z.object({
  /** Seconds between looks at the store; changes are noticed within one anyway. */
  refreshInterval: z.number(),
  healthCheckInterval: z.number(),
  enableAutoRefresh: z.boolean(),
  enableHealthMonitoring: z.boolean(),
});

export const UpdateRegistryMonitoring = z.partial(RegistryMonitoring);

export type RegistryStatus = z.output<typeof RegistryStatus>;
export type RegistryMonitoring = z.output<typeof RegistryMonitoring>;
