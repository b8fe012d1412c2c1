import * as z from 'zod/mini';

import { Timestamp } from './page.ts';

/** What the registry holds and how calls through it went. */
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

/** What a look at the store found. */
export const RegistryRefreshed = z.object({
  success: z.literal(true),
  message: z.string(),
  version: z.int(),
  providersLoaded: z.int(),
  modelsLoaded: z.int(),
  refreshedAt: Timestamp,
  timestamp: Timestamp,
});

/** One version of what is served, with what made it other than the one before. */
export const RegistryVersion = z.object({
  version: z.int(),
  takenUpAt: Timestamp,
  /** Rows that came, changed or went, 50 at most; the first version of a process has none. */
  changes: z.array(
    z.object({
      table: z.enum(['providers', 'models', 'accounts']),
      /** A provider by its identifier, a model by both; an account by its provider alone. */
      subject: z.string(),
      change: z.enum(['added', 'changed', 'removed']),
      /** Names of the members that changed; their values are in the audit log. */
      fields: z.array(z.string()),
    }),
  ),
  /** Changes beyond those. */
  omitted: z.int(),
});

/** The last versions, the newest first: a hundred at most, since this process began. */
export const RegistryHistory = z.object({ versions: z.array(RegistryVersion) });

/** How the registry watches the store and the providers. */
export const RegistryMonitoring = z.object({
  /** Seconds between looks at the store; changes are noticed within one anyway. */
  refreshInterval: z.number(),
  healthCheckInterval: z.number(),
  enableAutoRefresh: z.boolean(),
  enableHealthMonitoring: z.boolean(),
});

/** What to change in that; the rest stays. */
export const UpdateRegistryMonitoring = z.partial(RegistryMonitoring);

/** What `RegistryStatus` reads. */
export type RegistryStatus = z.output<typeof RegistryStatus>;
/** What `RegistryVersion` reads. */
export type RegistryVersion = z.output<typeof RegistryVersion>;
/** What `RegistryMonitoring` reads. */
export type RegistryMonitoring = z.output<typeof RegistryMonitoring>;
