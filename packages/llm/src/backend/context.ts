import type { AuthManager } from '../credentials/authenticators/auth-manager.ts';
import type { Provider } from '../kit/provider.ts';
import type { JsonObject } from '../model/json.ts';
import type { Clock } from '../model/clock.ts';
import type { WriteLine } from '../observe/logger.ts';
import type { MetricsCollector } from '../observe/metrics-collector.ts';
import { BackendError } from './backend-error.ts';
import type { ExtensionHost } from './extension-host.ts';

/** What every handler of a backend works with. */
export interface BackendContext {
  /** By name; `configure` of one changes it in place. */
  readonly providers: ReadonlyMap<string, Provider>;
  readonly defaultProvider: string | undefined;
  readonly oauth: AuthManager | undefined;
  readonly collector: MetricsCollector;
  readonly clock: Clock;
  readonly startedMs: number;
  readonly version: string;
  readonly healthTimeoutMs: number;
  readonly testTimeoutMs: number;
  readonly log: WriteLine;
  readonly body: (request: Request) => Promise<JsonObject>;
  readonly extensions: () => ExtensionHost;
}

/** The provider of this name. Throws `PROVIDER_NOT_FOUND`, which names those that there are. */
export function providerOf({ providers }: Pick<BackendContext, 'providers'>, name: string): Provider {
  const found = providers.get(name);
  if (found !== undefined) return found;
  const there = [...providers.keys()].join(', ') || 'none';
  throw new BackendError('PROVIDER_NOT_FOUND', {
    message: `No provider is called "${name}". There are: ${there}.`,
    details: { provider: name },
  });
}

/** Does `work` with a signal that a deadline aborts with a `TimeoutError`, and the caller's leaving with its reason. */
export async function within<T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(ms, done.signal).then(() => late.abort(new DOMException('Too slow.', 'TimeoutError')));
  try {
    return await work(AbortSignal.any([late.signal, outer]));
  } finally {
    done.abort();
  }
}
