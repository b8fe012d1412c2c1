import { randomUUID } from 'node:crypto';

import type { Catalog } from '@patchbay/llm/catalog/catalog';
import type { Clock } from '@patchbay/llm/model/clock';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import { turnKey, type Counter } from './accounts/counter.ts';
import type { UpstreamAccounts } from './accounts/open-accounts.ts';
import type { Proxies } from './compose-proxies.ts';
import type { Settings } from './config/settings.ts';
import type { CoordinationState } from './coordination/coordination.ts';
import { CHECKS } from './diagnosis/checks/index.ts';
import { dataFolder } from './diagnosis/data-folder.ts';
import { createDoctor, type Doctor } from './diagnosis/doctor.ts';
import type { DoctorPorts, OwnedStanding } from './diagnosis/ports.ts';
import type { Prober } from './diagnosis/probe/prober.ts';
import { watchProcess } from './diagnosis/process-facts.ts';
import type { SystemPorts } from './diagnosis/system-ports.ts';
import { createStandingWatch, type StandingWatch } from './diagnosis/standing-watch.ts';
import { tellWebhook } from './diagnosis/tell-webhook.ts';
import type { KeyVerifier } from './identity/ports.ts';
import { isPlaceholderKey } from './operations/providers/placeholder-key.ts';
import { moveFromDead, type MovingParts } from './operations/proxies/move-from-dead.ts';
import { missingTemplates, restoreTemplates } from './operations/seeds/missing-templates.ts';
import type { Foresight, Thought } from './pipeline/foresight.ts';
import type { Registry } from './registry/registry.ts';
import type { DeadlineWheel } from './relay/deadline-wheel.ts';
import { upstreamExchange } from './relay/upstream-exchange.ts';
import type { Upstream } from './relay/upstream.ts';
import type { Store } from './storage/open-store.ts';
import type { RefusalBook } from './telemetry/refusal-book.ts';

/** What the doctor looks at. */
export interface DoctorFoundations {
  readonly settings: Settings;
  readonly dataDir: string;
  readonly store: Store;
  readonly prober: Prober;
  readonly registry: Registry;
  readonly records: readonly ProviderRecord[];
  readonly catalog: () => Promise<Catalog>;
  readonly upstreamAccounts: UpstreamAccounts;
  /** Counts the choices of accounts. */
  readonly counter: Counter;
  readonly proxies: Proxies;
  readonly keys: KeyVerifier;
  readonly foresight: Foresight;
  readonly refusals: RefusalBook;
  /** What is watched of the system; each part that is absent is not looked at. */
  readonly system?: Partial<SystemPorts>;
  /** Absent: there is one process alone. */
  readonly coordination?: () => CoordinationState;
  /** The way out to whoever is told. */
  readonly network: Upstream;
  readonly wheel: DeadlineWheel;
  readonly version: string;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** A doctor of a whole gateway, and how its watching ends. */
export function composeDoctor(given: DoctorFoundations): { readonly doctor: Doctor; close(): void } {
  const { settings, dataDir, store, prober, clock, registry, records, refusals, proxies } = given;
  const process = watchProcess(clock);
  const sinceMs = clock.nowMs();
  const ports: Partial<DoctorPorts> = {
    ...given.system,
    clock,
    settings,
    rows: store.rows,
    secrets: store.secrets,
    prober,
    dataFolder: dataFolder(dataDir),
    process,
    registry,
    records,
    calls: store.calls,
    refusals,
    quotas: given.upstreamAccounts.quotas,
    turns: { sinceMs, taken: (providerId, model) => given.counter.peek(turnKey(providerId, model)) },
    coordination: given.coordination ?? (() => ({ where: 'this process', status: 'up', sinceMs })),
    proxies: {
      all: () => proxies.all(),
      probe: ({ address, id }) => proxies.probe(address, id),
      moveFromDead: (id) => moveFromDead(movingOf(given), id),
    },
    standings: () => standingsOf(given),
    isPlaceholder: isPlaceholderKey,
    builtIns: { missing: () => missingTemplates(rowsOf(given)), restore: () => restoreTemplates(rowsOf(given)) },
  };
  const doctor = createDoctor({ checks: CHECKS, ports, clock });
  const watch = watchOver(given, doctor);
  return {
    doctor,
    close: () => {
      watch.close();
      process.close();
    },
  };
}

function watchOver(
  { settings, store, clock, network, wheel, version, onError }: DoctorFoundations,
  doctor: Doctor,
): StandingWatch {
  const { intervalS = 0, webhookUrl: url } = settings.management.doctor ?? {};
  const exchange = upstreamExchange(network, wheel);
  return createStandingWatch({
    doctor,
    rows: store.rows,
    clock,
    newId: randomUUID,
    everyMs: intervalS * 1000,
    ...(url !== undefined && { tell: (news) => tellWebhook({ url, exchange, clock, version }, news) }),
    onError,
  });
}

const rowsOf = ({ store, catalog, clock }: DoctorFoundations) => ({
  rows: { ...store.rows, transaction: store.transaction },
  catalog,
  clock,
});

const movingOf = ({ store, proxies, registry, clock }: DoctorFoundations): MovingParts => ({
  rows: { transaction: store.transaction },
  clock,
  probe: async (id) => {
    const known = proxies.all().find((each) => each.id === id);
    return known === undefined ? 'well' : proxies.probe(known.address, id);
  },
  pool: { refresh: () => Promise.all([proxies.refresh(), registry.refresh()]) },
});

/** Keys and accounts whose limits are looked at: in larger installations, those that were made last are not. */
const OWNERS_MAX = 300;
const NO_CALL: Thought = { model: '', bodyBytes: 0, json: undefined };

/** Where every limit of a key or an account stands, as a call of nothing would meet it. */
async function standingsOf(given: DoctorFoundations): Promise<readonly OwnedStanding[]> {
  const { store, keys, foresight, registry } = given;
  const { items } = await store.rows.apiKeys.page({ where: { isActive: true }, limit: OWNERS_MAX });
  const ofKeys = items.map(async ({ id }): Promise<readonly OwnedStanding[]> => {
    const caller = keys.callerOf?.(id);
    if (caller === undefined) return [];
    const { limits } = await foresight.ofCaller(caller, NO_CALL);
    return limits.map((each) => ({ ...each, of: 'key', id }));
  });
  const seats = [...registry.current().runtimes].flatMap(([providerId, { pool }]) =>
    pool.seats.filter(({ facts }) => facts.limits !== undefined).map((seat) => ({ providerId, seat })),
  );
  const ofAccounts = seats.slice(0, OWNERS_MAX).map(async ({ providerId, seat }): Promise<readonly OwnedStanding[]> => {
    const { limits } = await foresight.ofAccount(seat, '', NO_CALL);
    return limits.map((each) => ({ ...each, of: 'account', id: seat.id, providerId }));
  });
  return (await Promise.all([...ofKeys, ...ofAccounts])).flat();
}
