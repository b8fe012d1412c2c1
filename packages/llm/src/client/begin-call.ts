import { ok, type Failure, type Result } from '../model/failure.ts';
import type { CallOperation } from '../model/observer.ts';
import type { GenerationRequest } from '../model/request.ts';
import type { CallContext, MiddlewareCall } from '../plugins/middleware.ts';
import { readAsk, type Ask } from './ask.ts';
import { settingsOf, type CallOptions, type CallSettings } from './call-options.ts';
import { CallRecord } from './call-record.ts';
import type { ClientContext } from './context.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/** A call that has begun: its book, and what the middleware around it is given. */
export interface Begun {
  readonly record: CallRecord;
  readonly call: MiddlewareCall;
  /** How the request is to be made, as the middleware left it. */
  readonly settingsFor: (request: GenerationRequest) => Result<CallSettings>;
}

interface Beginning {
  readonly operation: CallOperation & ('generate' | 'stream');
  readonly options: CallOptions;
}

/** Reads what is asked and begins the call. A mistake in it is a failure, and no call has begun then. */
export function beginCall(client: ClientContext, ask: Ask, { operation, options }: Beginning): Result<Begun> {
  const asked = readAsk(ask, { stream: operation === 'stream' });
  if (!asked.ok) return asked;
  const { request, models } = asked.value;
  const settings = settingsOf(client, models, options);
  if (!settings.ok) return settings;
  const { fallbacks = [], metadata = {}, signal } = options;
  const record = new CallRecord(client, { operation, models: [...models, ...fallbacks], metadata });
  const { id: requestId, startedAtMs } = record.facts;
  const context: CallContext = { requestId, startedAtMs, model: request.model, retries: 0, metadata: new Map() };
  return ok({
    record,
    call: { request, context, ...(signal !== undefined && { signal }) },
    settingsFor: ({ model }) => (model === request.model ? settings : settingsOf(client, [model], options)),
  });
}

/** Tokens that a request will probably use, its answer included: for limits, and worked out only where there are any. */
export async function tokensOf(client: ClientContext, request: GenerationRequest): Promise<number> {
  if (client.limits === undefined) return 0;
  const { estimateTokens } = await import('../tools/estimate-tokens.ts');
  return estimateTokens(request) + (request.maxOutputTokens ?? 0);
}

/** The budget over all attempts. */
export function startTotal(client: ClientContext, settings: CallSettings, signal: AbortSignal | undefined): Watchdog {
  const total = startWatchdog(client.clock, signal);
  total.arm('total', settings.timeouts.totalMs);
  return total;
}

/** Leaves in the call's context what is known only afterwards. */
export function noteEnd({ context }: MiddlewareCall, record: CallRecord, failure?: Failure): void {
  if (record.provider !== undefined) context.provider = record.provider;
  if (failure !== undefined) context.failure = failure;
  context.retries = Math.max(0, record.attempts.length - 1);
}
