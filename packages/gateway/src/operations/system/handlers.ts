import process from 'node:process';

import type { OperationFailure } from '@patchbay/contract';
import type { SYSTEM_OPERATIONS } from '@patchbay/contract/operations/system';
import {
  EVENT_CATEGORIES,
  EVENT_TYPES,
  FrontendLog,
  type AuditEntry,
  type ConfigEntry,
  type SystemEvent,
} from '@patchbay/contract/resources/system';

import type { Repositories, Retention } from '../../storage/ports.ts';
import type { AuditRecord, EventRecord } from '../../storage/records.ts';
import { enveloped } from '../enveloped.ts';
import { done, refused, type Handlers } from '../handler.ts';
import type { UsageParts } from '../usage/parts.ts';
import { sumsOf } from '../usage/sums.ts';
import { reportOn, type StatusParts } from './status.ts';
import { timestamp } from '../timestamp.ts';

/** What the operations on the system stand on. */
export interface SystemParts extends StatusParts, UsageParts {
  readonly rows: Pick<Repositories, 'users' | 'providers' | 'models' | 'templates' | 'events' | 'audit'>;
  readonly retention: Retention;
  /** How long log rows, health and events are kept, in days; 0 for ever. */
  readonly keptDays: { readonly calls: number; readonly health: number; readonly events: number };
  readonly settings: () => readonly ConfigEntry[];
  /** Attempts that failed, the newest first. */
  readonly failedCalls: (asked: { readonly limit: number; readonly offset: number }) => Promise<readonly object[]>;
  /** Keeps a copy of the configuration; resolves to its id. */
  readonly backup: () => Promise<{ readonly id: string }>;
  /** Takes a browser's log line. */
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Log rows removed in one go. */
const REMOVED_MAX = 100_000;

/** How the system is, what it did, what it is set to, and what was changed. */
export function systemHandlers(
  parts: SystemParts,
): Handlers<Exclude<keyof typeof SYSTEM_OPERATIONS, 'system.replicas'>> {
  const { rows, clock } = parts;
  return {
    'system.apiHealth': async () => {
      const { uptime, version, timestamp } = await reportOn({ ...parts, asks: {} });
      return done({ status: 'healthy', timestamp, uptime, version });
    },
    'system.health': async () => {
      const report = await reportOn(parts);
      const checks = Object.fromEntries(
        Object.entries(report.services).map(([name, { status }]) => [name, status !== 'down']),
      ) as Record<keyof typeof report.services, boolean>;
      const value = { healthy: report.status === 'healthy', ...report, checks };
      return { ok: true, value, status: report.status === 'down' ? 503 : 200 };
    },
    'system.status': async () => done(enveloped(clock, { ...(await reportOn(parts)), registry: {} })),
    'system.stats': async () => done(enveloped(clock, await statsOf(parts))),
    'system.config': () => Promise.resolve(done(enveloped(clock, { settings: [...parts.settings()] }))),
    'system.updateConfig': ({ body }) => Promise.resolve(refused(noSettingChanges(parts, Object.keys(body)))),
    'system.metrics': async ({ query }) => {
      const toMs = clock.nowMs();
      const hours = await parts.usage.hours({ fromMs: toMs - query.limit * HOUR_MS, toMs });
      const grouped = [...Map.groupBy(hours, ({ hourStartMs }) => hourStartMs)].slice(-query.limit);
      const metrics = await Promise.all(
        grouped.map(async ([hour, some]) => ({ timestamp: timestamp(hour), ...(await sumsOf(parts, some)) })),
      );
      return done(enveloped(clock, { metrics }));
    },
    'system.events': async ({ query: { type, category, limit, offset } }) => {
      const where = { ...(type === undefined ? {} : { type }), ...(category === undefined ? {} : { category }) };
      const page = await rows.events.page({ where, sortBy: 'atMs', sortOrder: 'desc', limit, offset });
      return done(enveloped(clock, { events: page.items.map(presentEvent), total: page.total }));
    },
    'system.cleanup': async ({ body }) => {
      if (body?.dryRun === true) return done(enveloped(clock, { dryRun: true, keptDays: { ...parts.keptDays } }));
      const removed = await cleanUp(parts);
      return done(enveloped(clock, removed), { resource: 'maintenance', after: removed });
    },
    'system.maintenanceBackup': async () => {
      const made = await parts.backup();
      return done(enveloped(clock, { ...made }), { resource: 'backup', resourceId: made.id });
    },
    'system.maintenanceLogs': async ({ query }) => {
      const logs = await parts.failedCalls(query);
      return done(enveloped(clock, { logs: logs.map((each) => ({ ...each })), total: logs.length }));
    },
    ...auditHandlers(parts),
    ...browserLogHandlers(parts),
  };
}

/** Why settings stay as they are, each by itself. */
function noSettingChanges(parts: SystemParts, names: readonly string[]): OperationFailure {
  const known = new Set(parts.settings().map(({ name }) => name));
  const validationErrors = names.map((field) => ({
    field,
    message: known.has(field)
      ? `\`${field}\` is read at the start. Set it in the environment or in .env, and start again.`
      : `There is no setting \`${field}\`.`,
  }));
  const message = 'No setting was changed: these are read at the start.';
  return { code: 'VALIDATION_ERROR', message, validationErrors };
}

/** Every change of the management. */
function auditHandlers({ rows }: SystemParts): Handlers<'audit.list'> {
  return {
    'audit.list': async ({ query: { actor, action, subjectType, subjectId, limit, before } }) => {
      const where = {
        ...(actor === undefined ? {} : { actorName: actor }),
        ...(action === undefined ? {} : { action }),
        ...(subjectType === undefined ? {} : { resource: subjectType }),
        ...(subjectId === undefined ? {} : { resourceId: subjectId }),
      };
      const after = before === undefined ? {} : { after: before };
      const page = await rows.audit.page({ where, sortBy: 'atMs', sortOrder: 'desc', limit, ...after });
      const next = page.next === undefined ? {} : { next: page.next };
      return done({ entries: page.items.map(presentAudit), ...next });
    },
  };
}

/** Log lines of browsers. */
function browserLogHandlers(parts: SystemParts): Handlers<'logs.frontend' | 'logs.frontendBatch'> {
  return {
    'logs.frontend': ({ body }) => {
      parts.log(body.level, body.message);
      return Promise.resolve(done({ success: true }));
    },
    'logs.frontendBatch': ({ body }) => Promise.resolve(done(takeLines(parts, body.logs))),
  };
}

async function statsOf(parts: SystemParts) {
  const { rows, clock } = parts;
  const count = async (of: { page(request: { limit: number }): Promise<{ total: number }> }): Promise<number> =>
    (await of.page({ limit: 1 })).total;
  const toMs = clock.nowMs();
  const [providers, models, templates, users, hours] = await Promise.all([
    count(rows.providers),
    count(rows.models),
    count(rows.templates),
    count(rows.users),
    parts.usage.hours({ fromMs: toMs - (toMs % DAY_MS), toMs }),
  ]);
  const today = await sumsOf(parts, hours);
  const { rss, heapUsed, heapTotal } = process.memoryUsage();
  return {
    providers,
    models,
    templates,
    users,
    requestsToday: today.requests,
    errorsToday: today.errors,
    costTodayUsd: today.costUsd,
    memory: { rss, heapUsed, heapTotal },
    uptime: Math.round(clock.monotonicMs() - parts.startedMs) / 1000,
  };
}

async function cleanUp({ retention, keptDays, clock }: SystemParts): Promise<Record<string, number>> {
  const nowMs = clock.nowMs();
  const before = (days: number): number => nowMs - days * DAY_MS;
  return {
    calls: keptDays.calls === 0 ? 0 : await retention.removeCalls(before(keptDays.calls), REMOVED_MAX),
    health: keptDays.health === 0 ? 0 : await retention.removeHealth(before(keptDays.health)),
    events: keptDays.events === 0 ? 0 : await retention.removeEvents(before(keptDays.events)),
  };
}

function takeLines({ log }: SystemParts, lines: readonly unknown[]) {
  const read = lines.flatMap((line) => FrontendLog.safeParse(line).data ?? []);
  for (const { level, message } of read) log(level, message);
  const errors = lines.length - read.length;
  return { success: errors === 0, processed: read.length, errors, total: lines.length };
}

const presentEvent = ({ id, atMs, type, category, message, details }: EventRecord): SystemEvent => ({
  id,
  type: EVENT_TYPES.find((each) => each === type) ?? 'info',
  category: EVENT_CATEGORIES.find((each) => each === category) ?? 'system',
  message,
  timestamp: timestamp(atMs),
  ...(details === undefined ? {} : { details }),
});

const presentAudit = (row: AuditRecord): AuditEntry => ({
  id: row.id,
  timestamp: timestamp(row.atMs),
  actorName: row.actorName,
  action: row.action,
  subjectType: row.resource,
  requestId: row.requestId ?? '',
  ...(row.actorId === undefined ? {} : { actorId: row.actorId }),
  ...(row.resourceId === undefined ? {} : { subjectId: row.resourceId }),
  ...(row.peer === undefined ? {} : { peer: row.peer }),
  ...(row.before === undefined ? {} : { before: row.before }),
  ...(row.after === undefined ? {} : { after: row.after }),
});
