import type { HealthConfig, ProviderHealth } from '@patchbay/contract/resources/health';
import type { Clock } from '@patchbay/llm/model/clock';

import type { ProviderRuntime } from '../pipeline/ports.ts';
import type { Repositories } from '../storage/ports.ts';

/** What a look at a provider found. */
export interface Look {
  readonly ok: boolean;
  readonly responseTimeMs: number;
  /** What is wrong, in a sentence; absent where nothing is. */
  readonly error?: string;
}

/** What a watch over providers needs. */
export interface HealthWatchParts {
  /** Providers to watch, by name, with the id that their health is kept under. */
  readonly providers: () => Iterable<WatchedProvider>;
  /** Looks at one provider, at no cost and within `timeoutMs`. */
  readonly look: (provider: WatchedProvider, timeoutMs: number) => Promise<Look>;
  readonly rows: Pick<Repositories, 'health' | 'alerts'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly config: HealthConfig;
  readonly onError: (error: unknown) => void;
}

/** A provider that is watched. */
export interface WatchedProvider {
  /** Id of its row; its name where it has none. */
  readonly id: string;
  readonly identifier: string;
  readonly name: string;
  readonly runtime: ProviderRuntime;
}

/** Watches over providers. */
export interface HealthWatch {
  all(): readonly ProviderHealth[];
  /** By id or identifier; `undefined` for providers that are not watched. */
  of(provider: string): ProviderHealth | undefined;
  /** Looks now; `undefined` for providers that are not watched. */
  check(provider: string): Promise<ProviderHealth | undefined>;
  checkAll(): Promise<void>;
  config(): HealthConfig;
  configure(changes: { readonly [Name in keyof HealthConfig]?: HealthConfig[Name] | undefined }): Promise<void>;
  close(): void;
}

type Status = 'healthy' | 'degraded' | 'down';

interface State {
  readonly status: Status;
  readonly checkedAtMs: number;
  readonly responseTimeMs: number;
  readonly error: string | undefined;
  readonly looks: number;
  readonly goodLooks: number;
}

/** Looks at a time: enough for thousands of providers, too few to be noticed. */
const CONCURRENT = 4;

/** Starts to watch; the first round begins one interval after the start, so that starting dials nobody. */
export function createHealthWatch(parts: HealthWatchParts): HealthWatch {
  const { clock } = parts;
  const states = new Map<string, State>();
  let config = parts.config;
  let stop = (): void => undefined;
  const find = (provider: string): WatchedProvider | undefined => {
    for (const each of parts.providers()) if (each.id === provider || each.identifier === provider) return each;
    return undefined;
  };
  const check = async (provider: WatchedProvider): Promise<ProviderHealth> => {
    const look = await parts.look(provider, config.timeout);
    const before = states.get(provider.id);
    const state = stateAfter(before, look, config, clock.nowMs());
    states.set(provider.id, state);
    await keep(parts, provider, state, before?.status).catch(parts.onError);
    return shown(provider, state);
  };
  const checkAll = async (): Promise<void> => {
    const waiting = [...parts.providers()];
    const known = new Set(waiting.map(({ id }) => id));
    for (const id of states.keys()) if (!known.has(id)) states.delete(id);
    const worker = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await check(next);
    };
    await Promise.all(Array.from({ length: CONCURRENT }, worker));
  };
  const restart = (): void => {
    stop();
    stop = config.enabled ? clock.every(config.checkInterval * 1000, () => void checkAll().catch(parts.onError)) : stop;
  };
  restart();
  return {
    all: () => [...parts.providers()].map((each) => shown(each, states.get(each.id))),
    of: (provider) => {
      const found = find(provider);
      return found && shown(found, states.get(found.id));
    },
    check: async (provider) => {
      const found = find(provider);
      return found && (await check(found));
    },
    checkAll,
    config: () => config,
    configure: (changes) => {
      const said = Object.entries(changes).filter(([, value]) => value !== undefined);
      config = { ...config, ...Object.fromEntries(said) };
      restart();
      return Promise.resolve();
    },
    close: () => stop(),
  };
}

function stateAfter(before: State | undefined, look: Look, { thresholds }: HealthConfig, nowMs: number): State {
  const isSlow = look.ok && look.responseTimeMs > thresholds.responseTimeMs;
  const status: Status = look.ok ? (isSlow ? 'degraded' : 'healthy') : 'down';
  const slow = isSlow ? `Answers only after ${look.responseTimeMs} ms.` : undefined;
  return {
    status,
    checkedAtMs: nowMs,
    responseTimeMs: look.responseTimeMs,
    error: look.error ?? slow,
    looks: (before?.looks ?? 0) + 1,
    goodLooks: (before?.goodLooks ?? 0) + (look.ok ? 1 : 0),
  };
}

/** Keeps the look, and an alert where the state is another than before. */
async function keep(
  { rows, newId }: HealthWatchParts,
  provider: WatchedProvider,
  state: State,
  before: Status | undefined,
): Promise<void> {
  const { id: providerId, name } = provider;
  const { status, checkedAtMs, responseTimeMs, error } = state;
  const said = error === undefined ? {} : { error };
  await rows.health.insert({
    id: newId(),
    providerId,
    status,
    checkedAtMs,
    responseTimeMs,
    uptime: uptimeOf(state),
    ...said,
  });
  if (before === status || (before === undefined && status === 'healthy')) return;
  const type = status === 'healthy' ? 'recovered' : status;
  const message =
    status === 'healthy' ? `${name} is well again.` : `${name} is ${status}: ${error ?? 'no reason given'}`;
  await rows.alerts.insert({
    id: newId(),
    providerId,
    type,
    severity: SEVERITIES[status],
    message,
    atMs: checkedAtMs,
    acknowledged: false,
  });
}

const SEVERITIES: Readonly<Record<Status, string>> = { healthy: 'low', degraded: 'medium', down: 'high' };

const uptimeOf = ({ looks, goodLooks }: State): number => Math.round((goodLooks / looks) * 10_000) / 100;

function shown({ id, identifier, name }: WatchedProvider, state: State | undefined): ProviderHealth {
  if (state === undefined) return { providerId: id, identifier, name, status: 'unknown', uptime: 100 };
  return {
    providerId: id,
    identifier,
    name,
    status: state.status,
    lastCheck: new Date(state.checkedAtMs).toISOString(),
    responseTime: state.responseTimeMs,
    uptime: uptimeOf(state),
    ...(state.error === undefined ? {} : { error: state.error }),
  };
}
