import type { HEALTH_OPERATIONS } from '@patchbay/contract/operations/health-monitoring';
import type { Alert, ProviderHealth } from '@patchbay/contract/resources/health';

import type { HealthWatch } from '../../diagnosis/health-watch.ts';
import type { Repositories } from '../../storage/ports.ts';
import type { AlertRecord, HealthRecord } from '../../storage/records.ts';
import { done, refused, type Answer, type Handlers } from '../handler.ts';
import { addUp } from '../usage/sums.ts';
import type { UsageParts } from '../usage/parts.ts';
import { statisticsOf } from './statistics.ts';
import { timestamp } from '../timestamp.ts';

/** What the operations on health stand on. */
export interface HealthOperationParts extends UsageParts {
  readonly watch: HealthWatch;
  readonly rows: Pick<Repositories, 'health' | 'alerts'>;
}

const HOUR_MS = 3_600_000;
/** Alerts shown at most. */
const ALERTS_MAX = 1000;

/** How well providers are, were, and when somebody was told. */
export function healthHandlers(parts: HealthOperationParts): Handlers<keyof typeof HEALTH_OPERATIONS> {
  const { watch, rows } = parts;
  return {
    'health.list': () => Promise.resolve(done({ providers: [...watch.all()] })),
    'health.statistics': () => Promise.resolve(done(statisticsOf(watch.all()))),
    'health.get': ({ params }) => Promise.resolve(found(params.providerId, watch.of(params.providerId))),
    'health.check': async ({ params }) => found(params.providerId, await watch.check(params.providerId)),
    'health.summary': async ({ params, query }) => {
      const now = watch.of(params.providerId);
      return now === undefined ? unknown(params.providerId) : done(await summary(parts, now, query));
    },
    'health.alerts': async ({ params }) => {
      const now = watch.of(params.providerId);
      if (now === undefined) return unknown(params.providerId);
      const where = { providerId: now.providerId };
      const page = await rows.alerts.page({ where, sortBy: 'atMs', sortOrder: 'desc', limit: ALERTS_MAX });
      return done({ alerts: page.items.map(presentAlert) });
    },
    'health.acknowledge': async ({ params }) => {
      const acknowledgedAtMs = parts.clock.nowMs();
      const changed = await rows.alerts.update(params.alertId, { acknowledged: true, acknowledgedAtMs });
      if (changed.kind !== 'changed')
        return refused({ code: 'NOT_FOUND', message: `There is no alert \`${params.alertId}\`.` });
      return done(presentAlert(changed.row), { resource: 'alert', resourceId: params.alertId });
    },
    'health.config': () => Promise.resolve(done(watch.config())),
    'health.updateConfig': async ({ body }) => {
      const before = watch.config();
      await watch.configure(body);
      return done(watch.config(), { resource: 'health-config', before, after: watch.config() });
    },
    'health.export': async ({ query }) => {
      const health = (await historyOf(parts, query)).map((row) => ({
        providerId: row.providerId,
        ...presentLook(row),
      }));
      const bytes = Buffer.from(JSON.stringify({ exportedAt: timestamp(parts.clock.nowMs()), health }, null, 2));
      return {
        ok: true,
        value: undefined,
        file: { name: 'provider-health.json', contentType: 'application/json', bytes },
      };
    },
  };
}

async function summary(
  parts: HealthOperationParts,
  now: ProviderHealth,
  query: { readonly hours: number; readonly limit: number },
) {
  const toMs = parts.clock.nowMs();
  const [history, hours, catalog] = await Promise.all([
    historyOf(parts, query, now.providerId),
    parts.usage.hours({ fromMs: toMs - query.hours * HOUR_MS, toMs, providerId: now.identifier }),
    parts.catalog(),
  ]);
  const { requests, errors, averageLatencyMs } = addUp(catalog, toMs, hours);
  return {
    ...now,
    history: history.map(presentLook),
    metrics: {
      requestCount: requests,
      errorCount: errors,
      errorRate: requests === 0 ? 0 : Math.round((errors / requests) * 10_000) / 100,
      averageResponseTime: averageLatencyMs,
    },
  };
}

async function historyOf(
  { rows, clock }: HealthOperationParts,
  { hours, limit }: { readonly hours: number; readonly limit: number },
  providerId?: string,
) {
  const page = await rows.health.page({
    ...(providerId === undefined ? {} : { where: { providerId } }),
    between: { checkedAtMs: { least: clock.nowMs() - hours * HOUR_MS } },
    sortBy: 'checkedAtMs',
    sortOrder: 'desc',
    limit,
  });
  return page.items;
}

const presentLook = ({ checkedAtMs, status, responseTimeMs, error }: HealthRecord) => ({
  timestamp: timestamp(checkedAtMs),
  status: statusOf(status),
  ...(responseTimeMs === undefined ? {} : { responseTime: responseTimeMs }),
  ...(error === undefined ? {} : { error }),
});

/** Rows may hold anything; what is no state we know is one that serves nobody. */
const statusOf = (status: string): 'healthy' | 'degraded' | 'down' =>
  status === 'healthy' || status === 'degraded' ? status : 'down';

function presentAlert(row: AlertRecord): Alert {
  return {
    id: row.id,
    providerId: row.providerId,
    type: row.type === 'degraded' || row.type === 'recovered' ? row.type : 'down',
    severity:
      row.severity === 'low' || row.severity === 'medium' || row.severity === 'critical' ? row.severity : 'high',
    message: row.message,
    timestamp: timestamp(row.atMs),
    acknowledged: row.acknowledged,
    ...(row.acknowledgedAtMs === undefined ? {} : { acknowledgedAt: timestamp(row.acknowledgedAtMs) }),
    ...(row.resolvedAtMs === undefined ? {} : { resolvedAt: timestamp(row.resolvedAtMs) }),
  };
}

const found = (asked: string, health: ProviderHealth | undefined): Answer<ProviderHealth> =>
  health === undefined ? unknown(asked) : done(health);

const unknown = (asked: string) =>
  refused({ code: 'PROVIDER_NOT_FOUND', message: `There is no provider \`${asked}\` that is watched.` });
