import type { ServiceState, SystemHealth } from '@patchbay/contract/resources/system';
import type { Clock } from '@patchbay/llm/model/clock';

import type { HealthWatch } from '../../diagnosis/health-watch.ts';
import { timestamp } from '../timestamp.ts';

/** Parts of the system that are asked how they are. */
export type ServiceName = 'api' | 'database' | 'storage' | 'llm' | 'redis';

/** Asks one part; what it resolves to is shown, a rejection means that it is down. */
export type Ask = () => Promise<Readonly<Record<string, unknown>> | undefined>;

/** What a report on the system stands on. */
export interface StatusParts {
  readonly asks: Readonly<Partial<Record<ServiceName, Ask>>>;
  readonly watch: Pick<HealthWatch, 'all'>;
  readonly version: string;
  /** Monotonic milliseconds at which the process began to serve. */
  readonly startedMs: number;
  readonly clock: Clock;
}

/** Longest wait for one part, in milliseconds: the whole answer must come within five seconds. */
const ASK_MS = 3000;
/** A part that needs longer is not well. */
const SLOW_MS = 1000;

const NAMES: readonly ServiceName[] = ['api', 'database', 'storage', 'llm', 'redis'];

type Report = Omit<SystemHealth, 'checks' | 'healthy'>;

/** How every part is. Parts are asked side by side, and none is waited for long. */
export async function reportOn(parts: StatusParts): Promise<Report> {
  const states = await Promise.all(NAMES.map(async (name) => [name, await stateOf(parts, name)] as const));
  const services = Object.fromEntries(states) as Record<ServiceName, ServiceState>;
  return {
    status: overall(services),
    services,
    uptime: Math.round(parts.clock.monotonicMs() - parts.startedMs) / 1000,
    version: parts.version,
    timestamp: timestamp(parts.clock.nowMs()),
  };
}

async function stateOf(parts: StatusParts, name: ServiceName): Promise<ServiceState> {
  const { clock } = parts;
  const lastChecked = timestamp(clock.nowMs());
  if (name === 'llm') return { ...providersState(parts), lastChecked };
  const ask = parts.asks[name];
  if (ask === undefined) return { ...ABSENT[name], lastChecked };
  const startedMs = clock.monotonicMs();
  const over = new AbortController();
  const late = clock.sleep(ASK_MS, over.signal).then(() => LATE);
  try {
    const details = await Promise.race([ask(), late]);
    const responseTime = Math.round(clock.monotonicMs() - startedMs);
    if (typeof details === 'symbol')
      return { status: 'down', responseTime, error: `No answer within ${ASK_MS} ms.`, lastChecked };
    const status = responseTime > SLOW_MS ? 'degraded' : 'up';
    return { status, responseTime, lastChecked, ...(details === undefined ? {} : { details: { ...details } }) };
  } catch (error) {
    const said = error instanceof Error ? error.message : 'It does not answer.';
    return { status: 'down', responseTime: Math.round(clock.monotonicMs() - startedMs), error: said, lastChecked };
  } finally {
    over.abort();
  }
}

const LATE = Symbol('late');

/** What is said of a part that this installation does not have. */
const ABSENT: Readonly<Record<ServiceName, Omit<ServiceState, 'lastChecked'>>> = {
  api: { status: 'up', responseTime: 0 },
  database: { status: 'down', error: 'There is no store.' },
  storage: { status: 'up', responseTime: 0 },
  llm: { status: 'up' },
  redis: { status: 'up', details: { configured: false, mode: 'in this process' } },
};

/** Providers that do not answer make the system worse, but it serves what they do not concern. */
function providersState({ watch }: StatusParts): Omit<ServiceState, 'lastChecked'> {
  const all = watch.all();
  const down = all.filter(({ status }) => status === 'down');
  const details = { providers: all.length, down: down.map(({ identifier }) => identifier) };
  return { status: down.length === 0 ? 'up' : 'degraded', details };
}

/** Without its store the gateway still serves known keys, so that alone does not make it down. */
function overall(services: Readonly<Record<ServiceName, ServiceState>>): Report['status'] {
  if (services.api.status === 'down') return 'down';
  return Object.values(services).every(({ status }) => status === 'up') ? 'healthy' : 'degraded';
}
