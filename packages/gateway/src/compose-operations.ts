import { randomUUID } from 'node:crypto';

import type { BuyTokens } from '@patchbay/llm/credentials/signers/credential-of-fields';
import type { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';

import { composeDoctor, type DoctorFoundations } from './compose-doctor.ts';
import { watchServed } from './compose-system.ts';
import type { ManagementSettings } from './config/management-settings.ts';
import type { Settings } from './config/settings.ts';
import type { ShownSetting } from './config/show-settings.ts';
import { createHealthWatch, type HealthWatch, type WatchedProvider } from './diagnosis/health-watch.ts';
import { createProber, type Prober } from './diagnosis/probe/prober.ts';
import { createRowProber, wayOf } from './diagnosis/probe/row-prober.ts';
import { createNameCache } from './egress/name-cache.ts';
import type { EgressPolicy } from './egress/policy.ts';
import { resolveName } from './egress/resolve-name.ts';
import type { TryAccountParts } from './operations/accounts/try-account.ts';
import { changeHandlers } from './operations/changes/handlers.ts';
import { diagnosticsHandlers } from './operations/diagnostics/handlers.ts';
import { healthHandlers } from './operations/health/handlers.ts';
import { registryHandlers } from './operations/registry/handlers.ts';
import { systemHandlers } from './operations/system/handlers.ts';
import { replicaHandlers } from './operations/system/replicas.ts';
import { usageHandlers } from './operations/usage/handlers.ts';
import type { CoordinationState } from './coordination/coordination.ts';
import { BackgroundTasks } from './operations/background.ts';
import type { ManagementParts } from './operations/ports.ts';
import { sumsOf } from './operations/usage/sums.ts';
import type { Registry } from './registry/registry.ts';
import { fetchWhole } from './relay/fetch-whole.ts';

/** What the operations around providers and the system stand on. */
export interface OperationFoundations extends Omit<DoctorFoundations, 'settings' | 'prober'> {
  readonly policy: EgressPolicy;
  readonly signer: RequestSigner;
  /** Gets the tokens of rows that sign in as clients. */
  readonly buyTokens?: BuyTokens;
  readonly settings: ManagementSettings;
  readonly shownSettings: readonly ShownSetting[];
  readonly keptDays: { readonly calls: number };
  /** Keeps a copy of the configuration; resolves to its id. */
  readonly backup: () => Promise<{ readonly id: string }>;
  /** Takes a browser's log line. */
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  /** What the doctor looks at besides. */
  readonly everySetting: Settings;
}

const HEALTH_DAYS = 30;
const EVENT_DAYS = 90;

/** Builds the operations around providers and the system, and the watch over providers. */
export function composeOperations(given: OperationFoundations) {
  const { store, registry, catalog, clock, coordination } = given;
  const prober = proberOf(given);
  const watch = watchOver(given, prober);
  const served = watchServed(given);
  const system = { ...given.system, ...served.ports };
  const { doctor, ...examining } = composeDoctor({ ...given, settings: given.everySetting, prober, system });
  const background = new BackgroundTasks({ onError: given.onError });
  const usage = { usage: store.usage, catalog, clock };
  const startedMs = clock.monotonicMs();
  const { rows } = store;
  const management = managementParts(given, prober, watch, background);
  return {
    management,
    doctor,
    tryAccount: tryAccountsOf(registry, prober),
    handlers: {
      ...registryHandlers({ ...usage, registry, watch }),
      ...diagnosticsHandlers({ doctor, clock }),
      ...changeHandlers({ feed: store.changes, clock }),
      ...healthHandlers({ ...usage, watch, rows }),
      ...usageHandlers({
        ...usage,
        sampler: store.sampler,
        rows,
        namesInForce: () => registry.current().runtimes.keys(),
      }),
      ...replicaHandlers({ replicas: system.replicas, clock }),
      ...systemHandlers({
        ...usage,
        rows,
        watch,
        startedMs,
        version: given.version,
        retention: store.retention,
        keptDays: { calls: given.keptDays.calls, health: HEALTH_DAYS, events: EVENT_DAYS },
        settings: () => given.shownSettings,
        failedCalls: (asked) => store.calls.page({ ...asked, failedOnly: true }),
        log: given.log,
        backup: given.backup,
        asks: {
          database: async () => {
            await store.ping();
            return undefined;
          },
          ...(coordination?.().where === 'redis' && { redis: () => askRedis(coordination()) }),
        },
      }),
    },
    close: async () => {
      watch.close();
      examining.close();
      served.close();
      await background.close();
    },
  };
}

/** The one prober: provider tests, the watch over health and the doctor share it. */
const proberOf = ({ policy, signer, network, wheel, clock, settings }: OperationFoundations): Prober =>
  createProber({
    policy,
    names: createNameCache(resolveName, clock),
    signer,
    ask: (request, timeoutMs, way = network) => fetchWhole(way, request, wheel, timeoutMs),
    clock,
    timeoutMs: settings.providerTestMs,
  });

/** Asks providers with single accounts, each on its own way out. */
const tryAccountsOf =
  (registry: Registry, prober: Prober): TryAccountParts['tryAccount'] =>
  async (providerId, accountId) => {
    const runtime = registry.current().runtimes.get(providerId);
    const seat = runtime?.pool.seats.find(({ id }) => id === accountId);
    if (runtime === undefined || seat === undefined) return undefined;
    const { credential } = seat;
    return prober.testProvider({ record: runtime.record, credential, ...wayOf(runtime, seat), claimed: {}, named: [] });
  };

/** Without it the gateway serves on, by the memory of each process. */
function askRedis({ status, sinceMs, why }: CoordinationState): Promise<Readonly<Record<string, unknown>>> {
  if (status !== 'up') return Promise.reject(new Error(`Redis is ${status}. ${why ?? ''}`.trimEnd()));
  return Promise.resolve({ configured: true, since: new Date(sinceMs).toISOString() });
}

function managementParts(
  { store, registry, records, catalog, clock, buyTokens }: OperationFoundations,
  prober: Prober,
  watch: HealthWatch,
  background: BackgroundTasks,
): ManagementParts {
  const { rows, secrets, usage } = store;
  const inForce = (): ReturnType<Registry['current']> => registry.current();
  const byRow = createRowProber({
    prober,
    secrets,
    models: rows.models,
    records,
    inForce,
    clock,
    ...(buyTokens && { buyTokens }),
  });
  return {
    rows: { ...rows, transaction: (work) => store.transaction(work) },
    secrets,
    registry,
    prober: {
      testProvider: (row) => byRow.testProvider(row),
      testModel: (row, model) => byRow.testModel(row, model),
      listModels: (row) => byRow.listModels(row),
    },
    usage: {
      sums: async ({ provider, model, fromMs, toMs }) => {
        const hours = await usage.hours({ fromMs, toMs, providerId: provider });
        return sumsOf(
          { catalog, clock },
          hours.filter((each) => model === undefined || each.model === model),
        );
      },
    },
    health: {
      of: (providers) =>
        Promise.resolve(
          providers.map(
            ({ id, identifier, name }) =>
              watch.of(id) ?? { providerId: id, identifier, name, status: 'unknown' as const, uptime: 100 },
          ),
        ),
    },
    background,
    catalog,
    clock,
    newId: randomUUID,
  };
}

/** Looks at each provider that can be called by asking for its models. */
function watchOver(given: OperationFoundations, prober: Prober): HealthWatch {
  const { registry, clock, settings } = given;
  return createHealthWatch({
    providers: function* () {
      for (const [identifier, runtime] of registry.current().runtimes) {
        if (identifier === 'simulator') continue;
        yield { id: registry.rowIdOf(identifier) ?? identifier, identifier, name: runtime.record.name, runtime };
      }
    },
    look: async ({ runtime }: WatchedProvider) => {
      const startedMs = clock.monotonicMs();
      const lease = runtime.pool.lease();
      if (lease === undefined) return { ok: false, responseTimeMs: 0, error: 'Every account rests.' };
      lease.abandon();
      const { credential } = lease;
      const subject = { record: runtime.record, credential, ...wayOf(runtime, lease), claimed: {}, named: [] };
      const looked = await prober.look(subject);
      return { ...looked, responseTimeMs: Math.round(clock.monotonicMs() - startedMs) };
    },
    rows: given.store.rows,
    clock,
    newId: randomUUID,
    config: {
      checkInterval: settings.healthCheckS === 0 ? 300 : settings.healthCheckS,
      timeout: settings.providerTestMs,
      enabled: settings.healthCheckS > 0,
      thresholds: { responseTimeMs: 5000, errorRatePercent: 10, uptimePercent: 95 },
    },
    onError: given.onError,
  });
}
