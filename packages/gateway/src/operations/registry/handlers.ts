import type { REGISTRY_OPERATIONS } from '@patchbay/contract/operations/registry';
import type { RegistryMonitoring, RegistryStatus, RegistryVersion } from '@patchbay/contract/resources/registry';
import type { Clock } from '@patchbay/llm/model/clock';

import type { HealthWatch } from '../../diagnosis/health-watch.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import { enveloped } from '../enveloped.ts';
import { done, refused, type Answer, type Handlers } from '../handler.ts';
import { sumsOf } from '../usage/sums.ts';
import type { UsageParts } from '../usage/parts.ts';
import { statisticsOf } from '../health/statistics.ts';
import { timestamp } from '../timestamp.ts';

/** What the operations on the registry stand on. */
export interface RegistryOperationParts extends UsageParts {
  readonly registry: Pick<Registry, 'current' | 'refresh' | 'history'>;
  readonly watch: HealthWatch;
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;

/** What can be called, how it fares, and reading the store again. */
export function registryHandlers(parts: RegistryOperationParts): Handlers<keyof typeof REGISTRY_OPERATIONS> {
  const { clock } = parts;
  return {
    'registry.status': async () => done(await statusOf(parts)),
    'system.registryStatus': async () => done(enveloped(clock, await statusOf(parts))),
    'system.registryHistory': () => Promise.resolve(done(enveloped(clock, { versions: historyOf(parts) }))),
    'registry.refresh': () => refresh(parts, 'REGISTRY_ERROR'),
    'system.registryRefresh': () => refresh(parts, 'REGISTRY_REFRESH_ERROR'),
    'system.registryHealth': () => Promise.resolve(done(enveloped(clock, statisticsOf(parts.watch.all())))),
    'system.registryHealthCheck': async () => {
      await parts.watch.checkAll();
      return done({
        success: true,
        message: 'Every provider has been checked.',
        timestamp: timestamp(clock.nowMs()),
      });
    },
    'system.registryMonitoring': () =>
      Promise.resolve(
        done(
          enveloped(clock, {
            config: monitoringOf(parts.watch),
            lastRefresh: timestamp(parts.registry.current().loadedAtMs),
          }),
        ),
      ),
    'system.updateRegistryMonitoring': async ({ body }) => {
      const before = monitoringOf(parts.watch);
      await parts.watch.configure({
        ...(body.healthCheckInterval === undefined ? {} : { checkInterval: body.healthCheckInterval }),
        ...(body.enableHealthMonitoring === undefined ? {} : { enabled: body.enableHealthMonitoring }),
      });
      const after = monitoringOf(parts.watch);
      return done(enveloped(clock, after), { resource: 'registry-monitoring', before, after });
    },
  };
}

async function statusOf(parts: RegistryOperationParts): Promise<RegistryStatus> {
  const snapshot = parts.registry.current();
  const nowMs = parts.clock.nowMs();
  const hours = await parts.usage.hours({ fromMs: nowMs - HOUR_MS, toMs: nowMs });
  const { requests, errors, averageLatencyMs } = await sumsOf(parts, hours);
  return {
    status: snapshot.problems.length === 0 ? 'healthy' : 'degraded',
    version: snapshot.version,
    providersLoaded: snapshot.runtimes.size,
    modelsLoaded: modelsIn(snapshot),
    accountsLoaded: [...snapshot.runtimes.values()].reduce((sum, { pool }) => sum + pool.size, 0),
    lastRefresh: timestamp(snapshot.loadedAtMs),
    errors: snapshot.problems.map(
      ({ table, subject, message, servesOn }) =>
        `${table} ${subject}: ${message}${servesOn ? ' Its last good state goes on serving.' : ''}`,
    ),
    performance: {
      averageResponseTime: averageLatencyMs,
      successRate: requests === 0 ? 1 : (requests - errors) / requests,
    },
  };
}

const historyOf = ({ registry }: RegistryOperationParts): RegistryVersion[] =>
  registry.history().map(({ version, atMs, changes, omitted }) => ({
    version,
    takenUpAt: timestamp(atMs),
    changes: changes.map((each) => ({ ...each, fields: [...each.fields] })),
    omitted,
  }));

async function refresh(
  { registry, clock }: RegistryOperationParts,
  code: 'REGISTRY_ERROR' | 'REGISTRY_REFRESH_ERROR',
): Promise<Answer<ReturnType<typeof refreshed>>> {
  try {
    return done(refreshed(await registry.refresh(), clock.nowMs()));
  } catch {
    const message =
      'The store could not be read. What was read last goes on serving; try again when the store is back.';
    return refused({ code, message });
  }
}

const refreshed = (snapshot: Snapshot, nowMs: number) => ({
  success: true as const,
  message: 'The registry has read the store again.',
  version: snapshot.version,
  providersLoaded: snapshot.runtimes.size,
  modelsLoaded: modelsIn(snapshot),
  refreshedAt: timestamp(snapshot.loadedAtMs),
  timestamp: timestamp(nowMs),
});

const modelsIn = ({ models }: Snapshot): number => [...models.values()].reduce((sum, { size }) => sum + size, 0);

/** The store is looked at four times a second and always; what can be changed is the watch over providers. */
function monitoringOf(watch: HealthWatch): RegistryMonitoring {
  const { checkInterval, enabled } = watch.config();
  return {
    refreshInterval: 1,
    healthCheckInterval: checkInterval,
    enableAutoRefresh: true,
    enableHealthMonitoring: enabled,
  };
}
