import { arch, platform, release } from 'node:os';
import process from 'node:process';

import { secretsOf } from '@patchbay/llm/credentials/credential';
import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';

import { sanitizeSetting } from './config/sanitize-setting.ts';
import type { Settings } from './config/settings.ts';
import type { ShownSetting } from './config/show-settings.ts';
import type { Doctor } from './diagnosis/doctor.ts';
import { makeBundle } from './diagnosis/support-bundle/make-bundle.ts';
import { secretScrubber, secretsIn } from './identity/known-secrets.ts';
import { debugHandlers, type ClearCache, type DebugParts } from './operations/debug/handlers.ts';
import type { Registry } from './registry/registry.ts';
import { createStoreLooker } from './storage/look-at-store.ts';
import { MIGRATIONS } from './storage/migrations/index.ts';
import type { Store } from './storage/open-store.ts';
import { PROMPTED_ENDPOINTS, type LastPrompts } from './telemetry/last-prompts.ts';
import type { RecentLines } from './telemetry/recent-lines.ts';
import type { TraceBook } from './telemetry/trace-book.ts';

/** What looking into a gateway stands on. */
export interface DebugFoundations {
  readonly settings: Settings;
  readonly shownSettings: readonly ShownSetting[];
  readonly version: string;
  readonly dataDir: string;
  readonly store: Store;
  readonly registry: Pick<Registry, 'current'>;
  readonly doctor: Doctor;
  /** How every part is, as `GET /api/system/health` answers. */
  readonly health: () => Promise<unknown>;
  readonly traces: TraceBook;
  readonly prompts: Pick<LastPrompts, 'of'>;
  /** Forgets what a feature made. */
  readonly clearCache: ClearCache;
  /** The newest lines of the log; absent where it is kept elsewhere alone. */
  readonly lines?: Pick<RecentLines, 'text'>;
  /** Secrets that no setting holds, such as generated ones. */
  readonly secrets: readonly Secret[];
  readonly clock: Clock;
}

/** Calls and traces in a bundle. */
const CALLS_MAX = 200;
const TRACES_MAX = 50;
/** Accounts told of one by one. */
const SEATS_MAX = 200;

/** Handlers of what looks into a gateway, and the archive by itself. */
export function composeDebug(given: DebugFoundations) {
  const { clock } = given;
  const bundle = (): Promise<Buffer> =>
    makeBundle({ sections: sectionsOf(given), scrub: secretScrubber(everySecret(given)), clock });
  return { bundle, handlers: debugHandlers({ ...given, config: () => configOf(given), bundle }) };
}

/** Every secret that this process could tell: of settings, generated ones, and of all accounts. */
function everySecret({ settings, secrets, registry }: DebugFoundations): readonly Secret[] {
  const pools = [...registry.current().runtimes.values()].map(({ pool }) => pool);
  const ofAccounts = pools.flatMap(({ seats }) => seats.flatMap(({ credential }) => secretsOf(credential)));
  return [...secretsIn(settings), ...secrets, ...ofAccounts];
}

function configOf(given: DebugFoundations): ReturnType<DebugParts['config']> {
  const { settings, shownSettings, version } = given;
  // Some addresses have a key in their path.
  const scrub = secretScrubber(everySecret(given));
  const shown = (name: string, value: string | null): string | null => {
    const safe = sanitizeSetting(name, value);
    return safe === null ? null : scrub(safe);
  };
  const set = shownSettings.filter(({ source }) => source !== 'default');
  return {
    version,
    config: Object.fromEntries(shownSettings.map(({ name, value }) => [name, shown(name, value)])),
    sources: Object.fromEntries(set.map(({ name, source }) => [name, source])),
    providers: settings.providers.map(({ providerId, accounts, baseUrl }) => ({
      id: providerId,
      accounts: accounts.length,
      base_url: shown('BASE_URL', baseUrl ?? null),
    })),
    missing: missingIn(settings),
  };
}

/** What does not work as it is set, which is no reason to end the process. */
function missingIn({ providers }: Settings): string[] {
  const has = (id: string): boolean => providers.some((each) => each.providerId === id && each.accounts.length > 0);
  const missing: string[] = [];
  if (!providers.some(({ accounts }) => accounts.length > 0))
    missing.push('No provider has a key in the settings: set one such as OPENROUTER_API_KEY, or add accounts.');
  if (!['openai', 'openrouter', 'together'].some(has))
    missing.push('Nobody writes decks by default: set OPENAI_API_KEY, OPENROUTER_API_KEY or TOGETHER_API_KEY.');
  if (!has('together')) missing.push('Nobody draws pictures by default: set TOGETHER_API_KEY.');
  return missing;
}

function sectionsOf(given: DebugFoundations): Readonly<Record<string, () => unknown>> {
  const { store, doctor, traces, prompts, lines, health } = given;
  return {
    'about.json': () => aboutOf(given),
    'config.json': () => configOf(given),
    'health.json': health,
    'doctor.json': () => doctor.examine(),
    'registry.json': () => registryOf(given),
    'database.json': () => rowsOf(store),
    'schema.json': () => schemaOf(given),
    'calls.json': () => store.calls.page({ limit: CALLS_MAX }),
    'traces.json': () => traces.recent(TRACES_MAX),
    // Prompts themselves are the callers' own.
    'prompts.json': () =>
      PROMPTED_ENDPOINTS.flatMap((endpoint) => {
        const { messages, answer: _, ...prompt } = prompts.of(endpoint) ?? { messages: undefined, answer: undefined };
        const characters = messages?.map(({ role, content }) => ({ role, characters: content.length }));
        return characters === undefined ? [] : [{ endpoint, ...prompt, messages: characters }];
      }),
    ...(lines !== undefined && { 'log.txt': () => lines.text() }),
  };
}

const aboutOf = ({ version, clock, settings }: DebugFoundations) => ({
  product: 'patchbay',
  version,
  madeAt: new Date(clock.nowMs()).toISOString(),
  runtime: process.versions,
  system: { platform: platform(), release: release(), arch: arch() },
  process: { uptimeS: Math.round(process.uptime()), memory: process.memoryUsage(), resources: process.resourceUsage() },
  store: settings.databaseUrl === undefined ? 'sqlite' : 'postgres',
  coordination: settings.redisUrl === undefined ? 'this process' : 'redis',
});

/** What can be called, and how its accounts are. */
function registryOf({ registry, clock }: DebugFoundations) {
  const { version, runtimes, models, problems, loadedAtMs } = registry.current();
  const nowMs = clock.monotonicMs();
  return {
    version,
    loadedAtMs,
    problems,
    providers: [...runtimes].map(([id, { baseUrl, pool }]) => ({
      id,
      baseUrl: sanitizeSetting('BASE_URL', baseUrl),
      models: models.get(id)?.size ?? 0,
      accounts: pool.size,
      seats: pool.seats.slice(0, SEATS_MAX).map((seat) => ({
        id: seat.id,
        usable: seat.isUsable(undefined, nowMs),
        reason: seat.reason(undefined),
        uses: seat.uses,
        inFlight: seat.inFlight,
        successes: seat.successes,
        failures: seat.failures,
      })),
    })),
  };
}

/** How the database itself is, and which migrations it has, lacks and has too many. */
async function schemaOf({ settings: { databaseUrl }, dataDir, clock }: DebugFoundations) {
  const looker = await createStoreLooker({ dataDir, clock, ...(databaseUrl !== undefined && { databaseUrl }) });
  return { migrations: Object.keys(MIGRATIONS), ...(await looker.look()) };
}

/** How many rows there are, and how often tables changed. */
async function rowsOf(store: Store) {
  const { users, providers, models, accounts, proxies, apiKeys, mappings, templates, settings, alerts, events, audit } =
    store.rows;
  const counted = {
    users,
    providers,
    models,
    accounts,
    proxies,
    apiKeys,
    mappings,
    templates,
    settings,
    alerts,
    events,
    audit,
  };
  const counts = await Promise.all(
    Object.entries(counted).map(async ([name, rows]) => [name, (await rows.page({ limit: 1 })).total] as const),
  );
  return { counts: Object.fromEntries(counts), versions: await store.changes.versions() };
}
