import * as z from 'zod/mini';

import { countQuery, Flag, Offset, Timestamp } from './page.ts';

/** How one part of the system is. */
export const ServiceState = z.object({
  status: z.enum(['up', 'down', 'degraded']),
  /** Milliseconds. */
  responseTime: z.optional(z.number()),
  error: z.optional(z.string()),
  lastChecked: Timestamp,
  details: z.optional(z.looseObject({})),
});

const Services = z.record(z.enum(['api', 'database', 'storage', 'llm', 'redis']), ServiceState);

/** That the process answers. `uptime` in seconds. */
export const ApiHealth = z.object({
  status: z.literal('healthy'),
  timestamp: Timestamp,
  uptime: z.number(),
  version: z.string(),
});

const Overall = z.enum(['healthy', 'degraded', 'down']);

/** Whether each part is well. */
export const SystemHealth = z.object({
  healthy: z.boolean(),
  status: Overall,
  services: Services,
  /** Seconds since the start. */
  uptime: z.number(),
  version: z.string(),
  timestamp: Timestamp,
  checks: z.record(z.enum(['api', 'database', 'storage', 'llm', 'redis']), z.boolean()),
});

/** Each part with its figures. */
export const SystemStatus = z.object({
  status: Overall,
  services: Services,
  uptime: z.number(),
  version: z.string(),
  timestamp: Timestamp,
  registry: z.looseObject({}),
});

/** Processes of the gateway that share one Redis. Without Redis there is only this one. */
export const ReplicaList = z.object({
  replicas: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      /** True for the one that answers. */
      isThis: z.boolean(),
      /** False where settings differ that should not: all but address, port and folder. */
      hasSameSettings: z.boolean(),
      /** How far its clock goes ahead of this one's, in milliseconds, give or take how long a message takes. */
      clockAheadMs: z.int(),
    }),
  ),
});

/** An answer in the envelope that some of the older routes wear. */
export const enveloped = <Data extends z.ZodMiniType>(
  data: Data,
): z.ZodMiniObject<{ success: z.ZodMiniLiteral<true>; data: Data; timestamp: typeof Timestamp }> =>
  z.object({ success: z.literal(true), data, timestamp: Timestamp });

/** How grave an event is. */
export const EVENT_TYPES = ['info', 'warning', 'error', 'critical'] as const;
/** What an event is about. */
export const EVENT_CATEGORIES = ['system', 'service', 'security', 'performance'] as const;

/** Something that happened. */
export const SystemEvent = z.object({
  id: z.string(),
  type: z.enum(EVENT_TYPES),
  category: z.enum(EVENT_CATEGORIES),
  message: z.string(),
  details: z.optional(z.looseObject({})),
  timestamp: Timestamp,
});

/** Which events to list. */
export const ListEvents = z.object({
  type: z.optional(z.enum(EVENT_TYPES)),
  category: z.optional(z.enum(EVENT_CATEGORIES)),
  limit: countQuery(1000, 100),
  offset: Offset,
});

/** Events, the newest first. */
export const EventList = z.object({ events: z.array(SystemEvent), total: z.int() });

/** One setting. */
export const ConfigEntry = z.object({
  name: z.string(),
  /** Secrets show only that they are set. */
  value: z.unknown(),
  source: z.enum(['explicit', 'environment', 'file', 'default', 'runtime']),
  description: z.optional(z.string()),
  /** True for those that can be changed while the gateway runs. */
  changeable: z.boolean(),
});

/** Every setting. */
export const SystemConfig = z.object({ settings: z.array(ConfigEntry) });
/** Settings to change, by name. */
export const UpdateSystemConfig = z.record(z.string(), z.unknown());

/** Counts of everything. */
export const SystemStats = z.looseObject({
  providers: z.int(),
  models: z.int(),
  templates: z.int(),
  users: z.int(),
  requestsToday: z.int(),
  errorsToday: z.int(),
  memory: z.looseObject({}),
  uptime: z.number(),
});

/** How many entries: 1 to 1,000, default 100. */
export const LimitQuery = z.object({ limit: countQuery(1000, 100), offset: Offset });
/** Which log entries: `level`, and 1 to 1,000 of them. */
export const LogQuery = z.object({ level: z.optional(z.string()), limit: countQuery(1000, 100), offset: Offset });
/** Log entries, the newest first. */
export const LogList = z.object({ logs: z.array(z.looseObject({})), total: z.int() });
/** Hourly figures. */
export const Metrics = z.object({ metrics: z.array(z.looseObject({})) });

/** A change of the management: who did what, before and after. */
export const AuditEntry = z.object({
  id: z.string(),
  timestamp: Timestamp,
  actorId: z.optional(z.string()),
  actorName: z.string(),
  action: z.string(),
  subjectType: z.string(),
  subjectId: z.optional(z.string()),
  requestId: z.string(),
  peer: z.optional(z.string()),
  /** Without secrets. */
  before: z.optional(z.looseObject({})),
  after: z.optional(z.looseObject({})),
});

/** Which entries of the audit log. */
export const ListAudit = z.object({
  actor: z.optional(z.string()),
  action: z.optional(z.string()),
  subjectType: z.optional(z.string()),
  subjectId: z.optional(z.string()),
  limit: countQuery(1000, 100),
  /** Entries older than this one. */
  before: z.optional(z.string()),
});

/** Entries, the newest first; `next` is the cursor of those before them. */
export const AuditList = z.object({ entries: z.array(AuditEntry), next: z.optional(z.string()) });

/** A log line of a browser. */
export const FrontendLog = z.looseObject({
  timestamp: z.optional(z.string()),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string().check(z.minLength(1), z.maxLength(10_000)),
});

/** Whether to say only what would be removed. */
export const Maintenance = z.object({ dryRun: z._default(Flag, false) });

/** What `SystemHealth` reads. */
export type SystemHealth = z.output<typeof SystemHealth>;
/** What `SystemStatus` reads. */
export type SystemStatus = z.output<typeof SystemStatus>;
/** What `ReplicaList` reads. */
export type ReplicaList = z.output<typeof ReplicaList>;
/** What `ServiceState` reads. */
export type ServiceState = z.output<typeof ServiceState>;
/** What `AuditEntry` reads. */
export type AuditEntry = z.output<typeof AuditEntry>;
/** What `SystemEvent` reads. */
export type SystemEvent = z.output<typeof SystemEvent>;
/** What `ConfigEntry` reads. */
export type ConfigEntry = z.output<typeof ConfigEntry>;
