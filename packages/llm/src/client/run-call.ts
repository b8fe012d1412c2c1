import type { Lease } from '../credentials/pool.ts';
import { failed, type Failure, type Result } from '../model/failure.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import { backoffMs } from '../resilience/backoff.ts';
import { verdictOf } from '../resilience/verdicts.ts';
import { runPlan, type AttemptOutcome } from '../routing/run-plan.ts';
import type { Target } from '../routing/target.ts';
import type { ClientContext } from './context.ts';
import { resolveModel } from './resolve-model.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/** A provider that asks for a longer pause is not waited for. */
const PAUSE_MAX_MS = 8_000;

/** One try at one account. Whoever performs it calls `settle` or `abandon` when its answer has ended; the first counts. */
export interface Attempt {
  readonly target: Target;
  readonly provider: ProviderRecord;
  readonly credential: Lease['credential'];
  readonly watchdog: Watchdog;
  /** Tells the account how it went. */
  readonly settle: (failure?: Failure) => void;
  /** Ends the attempt without a word about the account: the reader left. */
  readonly abandon: () => void;
}

/** A call in words of this room: the model it addresses and how one attempt at it is performed. */
export interface Call<T> {
  readonly model: string;
  readonly signal: AbortSignal;
  readonly perform: (attempt: Attempt) => Promise<Result<T>>;
}

/** Tries the accounts of the addressed provider until one answers. */
export async function runCall<T>(client: ClientContext, call: Call<T>): Promise<Result<T>> {
  const target = resolveModel(call.model, client.providers);
  if (!target.ok) return target;
  const { providerId } = target.value;
  const provider = client.providers.get(providerId);
  const pool = client.pools.get(providerId);
  if (!provider || !pool) return failed(noCredential(providerId, provider));
  const tried = new Set<string>();
  const outcome = await runPlan<T>({
    targets: [target.value],
    attemptsMax: client.attemptsMax,
    attempt: async ({ again }) => {
      if (again) tried.clear();
      const lease = pool.lease(tried);
      if (!lease) return undefined;
      tried.add(lease.credential.id);
      const attempt = startAttempt(client, { target: target.value, provider, lease, signal: call.signal });
      return outcomeOf(await call.perform(attempt));
    },
    pause: (failure, number) => pause(client, { failure, number, signal: call.signal }),
    unavailable: () => allResting(client, providerId, pool.nextAvailableAtMs()),
  });
  return outcome.ok ? outcome : failed(outcome.failure);
}

interface AttemptStart {
  readonly target: Target;
  readonly provider: ProviderRecord;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

function startAttempt(client: ClientContext, { target, provider, lease, signal }: AttemptStart): Attempt {
  const watchdog = startWatchdog(client.clock, signal);
  return {
    target,
    provider,
    credential: lease.credential,
    watchdog,
    settle: (failure) => {
      watchdog.stop();
      const verdict = failure ? verdictOf(failure).credential : 'keep';
      const retryAfterMs = failure?.retryAfterMs;
      lease.report({ verdict, ok: !failure, ...(retryAfterMs !== undefined && { retryAfterMs }) });
    },
    abandon: () => {
      watchdog.stop();
      lease.abandon();
    },
  };
}

const outcomeOf = <T>(result: Result<T>): AttemptOutcome<T> => (result.ok ? result : { ...result, committed: false });

interface Pause {
  readonly failure: Failure;
  readonly number: number;
  readonly signal: AbortSignal;
}

/** Waits with full jitter, never shorter than the provider asked; refuses waits beyond the maximum. */
async function pause(client: ClientContext, { failure, number, signal }: Pause): Promise<boolean> {
  const pauseMs = backoffMs({
    attempt: number - 1,
    random: client.random,
    maxMs: PAUSE_MAX_MS,
    floorMs: failure.retryAfterMs ?? 0,
  });
  if (pauseMs > PAUSE_MAX_MS) return false;
  await client.clock.sleep(pauseMs, signal);
  return !signal.aborted;
}

function allResting(client: ClientContext, providerId: string, availableAtMs: number | undefined): Failure {
  const message = `Every account of ${providerId} is resting after failures. Try again later.`;
  if (availableAtMs === undefined) return { kind: 'overloaded', message };
  return {
    kind: 'overloaded',
    message,
    retryAfterMs: Math.max(0, Math.ceil(availableAtMs - client.clock.monotonicMs())),
  };
}

function noCredential(providerId: string, provider: ProviderRecord | undefined): Failure {
  const variable = provider ? `${provider.envPrefix}_API_KEY` : 'its key';
  return {
    kind: 'authentication',
    message: `No key for ${providerId}. Give credentials.${providerId}, e.g. from ${variable}.`,
  };
}
