import { systemClock, type Clock } from '../model/clock.ts';
import type { Provider } from './provider.ts';

/** How a provider has been. Times are milliseconds since 1970. */
export interface HealthRecord {
  readonly healthy: boolean;
  readonly lastCheck: number;
  readonly lastSuccess?: number;
  readonly lastError?: number;
  readonly errorMessage?: string;
  /** Of the last look, in milliseconds. */
  readonly responseTime: number;
  readonly checkCount: number;
  readonly successCount: number;
  readonly failureCount: number;
}

/** What a monitor watches, and how; durations in milliseconds. */
export interface HealthMonitorOptions {
  readonly providers: readonly Provider[];
  readonly clock?: Clock;
  /** Between two looks. Default 300 000. */
  readonly intervalMs?: number;
  /** Longest that one look may take. Default 10 000. */
  readonly timeoutMs?: number;
  /** Is told of every look. What it throws is ignored. */
  readonly onCheck?: (name: string, record: HealthRecord) => void;
}

/** Looks after providers. */
export interface HealthMonitor {
  /** Looks at all of them now. Never throws. */
  check(): Promise<void>;
  /** Looks now, and again and again until `stop`; never keeps the process alive. Resolves after the first look. */
  start(): Promise<void>;
  stop(): void;
  /** What is known of a provider by name; `undefined` before the first look. */
  getHealth(name: string): HealthRecord | undefined;
}

const NEVER: HealthRecord = {
  healthy: false,
  lastCheck: 0,
  responseTime: 0,
  checkCount: 0,
  successCount: 0,
  failureCount: 0,
};

/** A monitor that has not looked yet. */
export function newHealthMonitor(options: HealthMonitorOptions): HealthMonitor {
  const { providers, clock = systemClock, intervalMs = 300_000, timeoutMs = 10_000, onCheck } = options;
  const records = new Map<string, HealthRecord>();
  const life = { stop: (): void => {} };
  const look = async (provider: Provider): Promise<void> => {
    const startedMs = clock.monotonicMs();
    const error = await errorOf(provider, { clock, timeoutMs });
    const before = records.get(provider.name()) ?? NEVER;
    const seen = { atMs: clock.nowMs(), responseTime: clock.monotonicMs() - startedMs, error };
    const record = withLook(before, seen);
    records.set(provider.name(), record);
    try {
      onCheck?.(provider.name(), record);
    } catch {
      // Whoever listens must not break what is watched.
    }
  };
  const check = async (): Promise<void> => void (await Promise.all(providers.map(look)));
  return {
    check,
    start() {
      life.stop();
      life.stop = clock.every(intervalMs, () => void check());
      return check();
    },
    stop: () => life.stop(),
    getHealth: (name) => records.get(name),
  };
}

async function errorOf(
  provider: Provider,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<unknown> {
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(timeoutMs, done.signal).then(() => late.abort(new DOMException('Too slow.', 'TimeoutError')));
  try {
    await provider.healthCheck({ signal: late.signal });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    done.abort();
  }
}

interface Seen {
  readonly atMs: number;
  readonly responseTime: number;
  readonly error: unknown;
}

function withLook(before: HealthRecord, { atMs, responseTime, error }: Seen): HealthRecord {
  const { errorMessage: _, ...kept } = before;
  const looked = { ...kept, lastCheck: atMs, responseTime, checkCount: before.checkCount + 1 };
  if (error === undefined)
    return { ...looked, healthy: true, lastSuccess: atMs, successCount: before.successCount + 1 };
  const errorMessage = error instanceof Error ? error.message : JSON.stringify(error);
  return { ...looked, healthy: false, lastError: atMs, errorMessage, failureCount: before.failureCount + 1 };
}
