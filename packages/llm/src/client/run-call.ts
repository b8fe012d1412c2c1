import type { CredentialPool, Lease } from '../credentials/pool.ts';
import type { WireFormatId } from '../model/extras.ts';
import { failed, type Failure, type Result } from '../model/failure.ts';
import { NO_USAGE, type Usage } from '../model/usage.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import { backoffMs } from '../resilience/backoff.ts';
import type { Reservation } from '../resilience/limiter/limiter.ts';
import { withRetries } from '../resilience/retry-policy.ts';
import type { Timeouts } from '../resilience/timeouts.ts';
import { verdictOf } from '../resilience/verdicts.ts';
import { planTargets } from '../routing/plan.ts';
import { runPlan, type AttemptOutcome } from '../routing/run-plan.ts';
import type { Target } from '../routing/target.ts';
import type { CallSettings } from './call-options.ts';
import type { AttemptRecord, CallRecord } from './call-record.ts';
import type { ClientContext } from './context.ts';
import { departed, startWatchdog, type Watchdog } from './watchdog.ts';

/** A provider that asks for a longer pause is not waited for. */
const PAUSE_MAX_MS = 8_000;

/** How an attempt ended: with nothing of a failure it went well. */
export interface AttemptEnding {
  readonly failure?: Failure | undefined;
  readonly usage?: Usage | undefined;
}

/** One try at one account. Whoever performs it calls `settle` or `abandon` when its answer has ended; the first counts. */
export interface Attempt {
  readonly target: Target;
  readonly provider: ProviderRecord;
  readonly credential: Lease['credential'];
  readonly watchdog: Watchdog;
  readonly timeouts: Timeouts;
  /** The caller's own headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Preferred where the provider serves the model in more than one. */
  readonly format?: WireFormatId;
  /** The provider has answered, with whatever status. */
  readonly heard: AttemptRecord['heard'];
  /** The first output of a stream is there. */
  readonly firstOutput: () => void;
  /** Tells the account how it went. */
  readonly settle: (ending: AttemptEnding) => void;
  /** Ends the attempt without a word about the account: the reader left. */
  readonly abandon: () => void;
}

/** A call in words of this room: where it may go and how one attempt at it is performed. */
export interface Call<T> {
  readonly settings: CallSettings;
  readonly record: CallRecord;
  readonly signal: AbortSignal;
  /** Tokens that it will probably use, for limits. */
  readonly tokens: number;
  readonly perform: (attempt: Attempt) => Promise<Result<T>>;
}

/**
 * Tries the accounts of the first model's provider, then those of each fallback, until one answers; where a retry policy
 * is given, all of them again after each of its waits.
 */
export async function runCall<T>(client: ClientContext, call: Call<T>): Promise<Result<T>> {
  const { settings, signal } = call;
  const places = placesOf(client, settings);
  if (!places.ok) return places;
  const round = (): Promise<Result<T>> => runRound(client, call, places.value);
  const { clock, random } = client;
  const result =
    settings.retry === undefined
      ? await round()
      : await withRetries({ policy: settings.retry, clock, random, signal }, round);
  // Whatever failed last: nobody waits for it any longer.
  return result.ok || !signal.aborted ? result : failed(departed(signal.reason));
}

async function runRound<T>(client: ClientContext, call: Call<T>, places: readonly Place[]): Promise<Result<T>> {
  const { settings, record } = call;
  const before = record.attempts.length;
  const tried = new Map<Target, Set<string>>();
  // Every target gets its turn, however many accounts stand before it.
  const hasRoom = (target: Target, number: number): boolean =>
    number <= settings.attemptsMax - (places.length - 1 - places.findIndex((each) => each.target === target));
  let current: Target | undefined;
  const outcome = await runPlan<T>({
    targets: places.map(({ target }) => target),
    attemptsMax: settings.attemptsMax,
    attempt: async ({ target, number, again }) => {
      current = target;
      const place = places.find((each) => each.target === target);
      if (place === undefined || !hasRoom(target, number)) return undefined;
      const used = again ? new Set<string>() : (tried.get(target) ?? new Set());
      tried.set(target, used);
      const lease = place.pool.lease(used, undefined, { model: target.model });
      if (!lease) return undefined;
      used.add(lease.credential.id);
      return attemptOnce(client, call, { ...place, lease, number: before + number });
    },
    pause: async (failure, number) =>
      settings.retry === undefined &&
      current !== undefined &&
      hasRoom(current, number + 1) &&
      pause(client, { failure, number, signal: call.signal }),
    unavailable: () => allResting(client, places),
  });
  return outcome.ok ? outcome : failed(outcome.failure);
}

/** A target and what is needed to go there. */
interface Place {
  readonly target: Target;
  readonly provider: ProviderRecord;
  readonly pool: CredentialPool;
}

/** Where the call can go, those first whose accounts are awake. Targets without an account matter only if all lack one. */
function placesOf(client: ClientContext, { targets, poolOf }: CallSettings): Result<readonly Place[]> {
  const places = new Map<Target, Place>();
  for (const target of targets) {
    const provider = client.providers.get(target.providerId);
    const pool = poolOf(target.providerId);
    if (provider && pool) places.set(target, { target, provider, pool });
  }
  if (places.size === 0) return failed(noCredential(client, targets[0].providerId));
  const order = planTargets([...places.keys()], (target) => places.get(target)?.pool.isAwake(target.model) === true);
  return { ok: true, value: order.flatMap((target) => places.get(target) ?? []) };
}

interface Turn extends Place {
  readonly lease: Lease;
  readonly number: number;
}

async function attemptOnce<T>(client: ClientContext, call: Call<T>, turn: Turn): Promise<AttemptOutcome<T>> {
  const { target, lease } = turn;
  const ask = { provider: target.providerId, model: target.model, tokens: call.tokens };
  const leave = await client.limits?.acquire(ask, call.signal);
  if (leave?.ok === false) {
    lease.abandon();
    return { ...leave, committed: false };
  }
  const result = await call.perform(startAttempt(client, call, { ...turn, leave: leave?.value }));
  return result.ok ? result : { ...result, committed: false };
}

interface AttemptStart extends Turn {
  readonly leave: Reservation | undefined;
}

function startAttempt(client: ClientContext, call: Call<unknown>, start: AttemptStart): Attempt {
  const { target, provider, lease, leave, number } = start;
  const watchdog = startWatchdog(client.clock, call.signal);
  const accountId = lease.credential.id;
  const record = call.record.attempt({ number, providerId: target.providerId, model: target.model, accountId });
  let open = true;
  const close = (): boolean => {
    watchdog.stop();
    const first = open;
    open = false;
    return first;
  };
  return {
    target,
    provider,
    credential: lease.credential,
    watchdog,
    timeouts: call.settings.timeouts,
    headers: call.settings.headers,
    ...(call.settings.format !== undefined && { format: call.settings.format }),
    heard: (response) => {
      record.heard(response);
      leave?.heard(response.headers);
    },
    firstOutput: record.firstOutput,
    settle: ({ failure, usage }) => {
      if (!close()) return;
      const verdict = failure ? verdictOf(failure).credential : 'keep';
      const retryAfterMs = failure?.retryAfterMs;
      lease.report({ verdict, ok: !failure, ...(retryAfterMs !== undefined && { retryAfterMs }) });
      // A refusal used nothing; what broke on its way may have been counted.
      leave?.settle(failure?.status === undefined ? usage : NO_USAGE);
      record.end(failure ? 'failed' : 'answered', failure);
    },
    abandon: () => {
      if (!close()) return;
      lease.abandon();
      leave?.settle();
      record.end('abandoned');
    },
  };
}

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

function allResting(client: ClientContext, places: readonly Place[]): Failure {
  const names = places.map(({ target }) => target.providerId).join(' and ');
  const message = `Every account of ${names} is resting after failures. Try again later.`;
  const times = places.flatMap(({ pool, target }) => pool.nextAvailableAtMs(target.model) ?? []);
  if (times.length === 0) return { kind: 'overloaded', message };
  const waitMs = Math.min(...times) - client.clock.monotonicMs();
  return { kind: 'overloaded', message, retryAfterMs: Math.max(0, Math.ceil(waitMs)) };
}

function noCredential({ providers }: ClientContext, providerId: string): Failure {
  const provider = providers.get(providerId);
  const variable = provider ? `${provider.envPrefix}_API_KEY` : 'its key';
  return {
    kind: 'authentication',
    message: `No key for ${providerId}. Give credentials.${providerId}, e.g. from ${variable}.`,
  };
}
