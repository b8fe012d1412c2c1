import { secretsOf } from '@patchbay/llm/credentials/credential';
import type { Choice, Lease } from '@patchbay/llm/credentials/pool';
import type { Secret } from '@patchbay/llm/credentials/secret';
import type { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { Usage } from '@patchbay/llm/model/usage';
import { backoffMs } from '@patchbay/llm/resilience/backoff';
import { planTargets } from '@patchbay/llm/routing/plan';
import type { Target } from '@patchbay/llm/routing/target';
import { runPlan, type AttemptContext, type AttemptOutcome, type PlanRun } from '@patchbay/llm/routing/run-plan';
import type { SignedStateVault } from '@patchbay/llm/tools/signed-state/vault';
import type { Loss } from '@patchbay/llm/wire/codec';

import type { AccountChooser } from '../../accounts/choose-account.ts';
import type { TimeoutSettings } from '../../config/settings.ts';
import type { Limiter } from '../../coordination/limiter.ts';
import type { DeadlineWheel } from '../../relay/deadline-wheel.ts';
import { hostsInOrder } from '../../relay/hosts-in-order.ts';
import { rateLimitHeaders } from '../../relay/rate-limit-headers.ts';
import { relayAttempt, type AttemptReport, type RawAnswer } from '../../relay/relay-attempt.ts';
import { relayedHeaders } from '../../relay/response-headers.ts';
import { tappedUpstream } from '../../relay/tapped-upstream.ts';
import type { AttemptRecord } from '../../telemetry/call-record.ts';
import { costHeader, writtenCost, type PriceOf } from '../../telemetry/cost.ts';
import { modelRefusal } from '../allowed-models.ts';
import type { AttemptPlan, Prepared } from '../attempt-plan.ts';
import type { Call } from '../call.ts';
import { hideInFailure, hideInRaw } from '../hide-credential.ts';
import { noteFailure } from '../note-failure.ts';
import { AccountGate, type Taken } from '../limits/account-gate.ts';
import { askedOfChat } from '../limits/asked.ts';
import { lossesHeader, lossLines } from '../losses.ts';
import { passedOver } from '../passed-over.ts';
import { pinnedAccount } from '../pinned-account.ts';
import type { Found, ModelDirectory, ProviderRuntime } from '../ports.ts';
import { prepareAttempt } from '../prepare-attempt.ts';
import { reportLease } from '../report-lease.ts';
import type { SpokenFormats } from '../spoken-formats.ts';
import type { Stage } from '../stage.ts';
import type { TargetHealth } from '../target-health.ts';
import { tokenEstimate } from '../token-estimate.ts';
import { countProxied, upstreamFor } from '../upstream-for.ts';
import { restName, soonestRefusal, waitForAccount, type Waiting } from '../wait-for-account.ts';

export interface DispatchParts {
  readonly directory: ModelDirectory;
  readonly accounts: AccountChooser;
  /** Keeps the limits of accounts. */
  readonly limiter: Limiter;
  readonly timeouts: TimeoutSettings;
  /** How long the client of a stream may hear nothing, in milliseconds; 0 for ever. */
  readonly keepAliveMs: number;
  readonly wheel: DeadlineWheel;
  readonly formats: SpokenFormats;
  /** Which targets fail; nobody else's calls count. */
  readonly health: TargetHealth;
  /** Keeps what providers sign, for callers whose dialect has no place for it. */
  readonly vault: SignedStateVault;
  readonly signer: RequestSigner;
  /** Prices whole answers for those who read their headers. */
  readonly priceOf: PriceOf;
  readonly clock: Clock;
  readonly random: () => number;
  /** Value of the `user-agent` that upstreams see. */
  readonly userAgent: string;
}

/** Attempts over all accounts and targets of one call. */
const ATTEMPTS_MAX = 6;

const JSON_HEADERS = { 'content-type': 'application/json' };
const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

/** Sends the call to the first target that answers. */
export function dispatch(parts: DispatchParts): Stage {
  return async (call) => {
    const found = parts.directory.resolve(call.model, call.caller.userId);
    if ('failure' in found) return { kind: 'failed', failure: found.failure };
    const forbidden = modelRefusal(call.caller, call.model, found);
    if (forbidden !== undefined) return { kind: 'failed', failure: forbidden };
    call.record.trace?.step('resolved', { targets: found.targets.map(targetName) });
    const estimate = tokenEstimate(call, found, parts.formats);
    if (estimate !== undefined) return estimate;
    const run = new DispatchRun(parts, call, found);
    let outcome = await runPlan(run);
    while (!outcome.ok && (await run.waitsForAccount())) outcome = await runPlan(run);
    if (outcome.ok || outcome.committed) return { kind: 'answered' };
    const { raw, limits } = run;
    return raw === undefined
      ? { kind: 'failed', failure: outcome.failure, limits }
      : { kind: 'failed', failure: outcome.failure, raw };
  };
}

const targetName = ({ providerId, model }: Target): string => `${providerId}/${model}`;

/** True where nothing can be sent again: the answer went well, or has reached the client. */
const isOver = ({ failure, committed }: AttemptReport): boolean => failure === undefined || committed;

/** A request as it was sent last, and how that ended. */
interface Sent {
  readonly sent: Prepared;
  readonly report: AttemptReport;
}

/** The state of one call's attempts, and the plan that they follow. */
class DispatchRun implements PlanRun<AttemptReport> {
  readonly targets: readonly Target[];
  readonly attemptsMax = ATTEMPTS_MAX;
  raw: RawAnswer | undefined;
  limits: Readonly<Record<string, string>> = {};
  readonly #parts: DispatchParts;
  readonly #call: Call;
  readonly #found: Found;
  readonly #totalAtMs: number;
  readonly #gate: AccountGate;
  readonly #tried = new Set<string>();
  /** Where the last account was asked. */
  #asked: { readonly runtime: ProviderRuntime; readonly target: Target } | undefined;
  /** Where a rest was cut short. */
  #wokeFor: Target | undefined;
  #waitingSinceMs: number | undefined;

  constructor(parts: DispatchParts, call: Call, found: Found) {
    this.targets = planTargets(found.targets, (target) => parts.health.admits(target));
    this.#found = found;
    this.#parts = parts;
    this.#call = call;
    this.#gate = new AccountGate(parts, () => askedOfChat(call));
    this.#totalAtMs = parts.timeouts.totalMs > 0 ? call.startedMs + parts.timeouts.totalMs : 0;
  }

  async attempt({ target, number, again }: AttemptContext): Promise<AttemptOutcome<AttemptReport> | undefined> {
    const runtime = this.#found.provider(target.providerId);
    if (runtime === undefined) return undefined;
    const { vault, formats } = this.#parts;
    const pin = pinnedAccount({ call: this.#call, runtime, model: target.model, vault, formats });
    const choosing = this.#choose(runtime, target);
    const choice = choosing instanceof Promise ? await choosing : choosing;
    const exclude = again ? undefined : this.#tried;
    const taking = this.#gate.take(runtime.pool, { exclude, prefer: pin && (await pin), choice, model: target.model });
    const taken = taking instanceof Promise ? await taking : taking;
    this.#call.record.trace?.step('chosen', {
      attempt: number,
      target: targetName(target),
      account: taken?.lease.credential.id,
      passedOver: passedOver(
        runtime.pool,
        { taken: taken?.lease, tried: exclude, choice },
        this.#parts.clock.monotonicMs(),
      ),
    });
    if (taken === undefined) return this.#noLease(runtime, choice);
    this.#tried.add(taken.lease.credential.id);
    this.#asked = { runtime, target };
    if (taken.lease.woken) this.#wokeFor = target;
    // Waited for here: handed on, a promise takes three more turns to settle.
    return taken.reserved === undefined
      ? await this.#try(runtime, target, taken.lease, number)
      : await this.#tryWithin(runtime, target, taken, number);
  }

  /** A try with an account that has limits of its own: what was reserved of them is counted, whatever comes. */
  async #tryWithin(
    runtime: ProviderRuntime,
    target: Target,
    taken: Taken,
    number: number,
  ): Promise<AttemptOutcome<AttemptReport>> {
    const { attempts } = this.#call.record;
    const before = attempts.length;
    try {
      return await this.#try(runtime, target, taken.lease, number);
    } finally {
      const made = attempts[before];
      await this.#gate.settle(taken, made?.usage, made?.state === 'success');
    }
  }

  async #try(
    runtime: ProviderRuntime,
    target: Target,
    lease: Lease,
    number: number,
  ): Promise<AttemptOutcome<AttemptReport>> {
    const { vault, signer, userAgent, formats } = this.#parts;
    const { credential } = lease;
    const { model } = target;
    const plan = { call: this.#call, runtime, model, credential, vault, signer, userAgent, formats };
    const made = prepareAttempt(plan);
    // Waiting costs a turn that bytes which pass as they are need not take.
    const prepared = made instanceof Promise ? await made : made;
    if (!prepared.ok) return this.#unprepared(prepared.failure, lease);
    const record = this.#open(number, target.providerId, lease, target.model);
    this.#call.record.trace?.step('prepared', {
      attempt: number,
      translation: prepared.value.speech.express ? 'none' : 'translated',
      losses: lossLines(prepared.value.losses),
    });
    const first = await this.#relay(runtime, lease, prepared.value);
    const { sent, report } = isOver(first)
      ? { sent: prepared.value, report: first }
      : await this.#mend(plan, lease, { sent: prepared.value, report: first });
    const secrets = sent.secrets ?? secretsOf(credential);
    this.#close(record, report, lease, secrets);
    countProxied(runtime, lease, report.usage);
    this.#parts.health.report(target, report.failure);
    if (report.failure === undefined) return { ok: true, value: report };
    this.raw = sent.speech.express && report.raw ? hideInRaw(secrets, report.raw) : undefined;
    this.limits = rateLimitHeaders(report.raw?.headers ?? {}, this.#call.clientFormat);
    const failure = hideInFailure(secrets, report.failure);
    return { ok: false, failure, committed: report.committed || failure.kind === 'cancelled' };
  }

  /** Sends again what a new token or another of the server's formats may mend. */
  async #mend(plan: AttemptPlan, lease: Lease, first: Sent): Promise<Sent> {
    let { sent, report } = first;
    while (!isOver(report)) {
      // A token may be withdrawn before its end: a refused one is replaced once.
      const renewed = report.failure?.status === 401 && sent === first.sent ? await sent.renew?.() : undefined;
      const mended = renewed ?? (await this.#inAnotherFormat(plan, sent, report));
      if (mended?.ok !== true) break;
      sent = mended.value;
      report = await this.#relay(plan.runtime, lease, sent);
    }
    return { sent, report };
  }

  /** The request as the server may know it, where it turned out not to know the format that was sent. */
  #inAnotherFormat(
    plan: AttemptPlan,
    { format }: Prepared,
    report: AttemptReport,
  ): ReturnType<typeof prepareAttempt> | undefined {
    if (format === undefined || !plan.formats.learns(plan.runtime, plan.model, format, report)) return undefined;
    this.#call.record.trace?.step('format-unknown', { format });
    return prepareAttempt(plan);
  }

  /** Nothing was sent: because of the call, or because the account could not be presented. */
  #unprepared(failure: Failure, lease: Lease): AttemptOutcome<AttemptReport> {
    reportLease(lease, failure);
    return { ok: false, failure, committed: failure.kind === 'cancelled' };
  }

  /** A rest that is only a guess is cut short once, not for one account after the other. */
  #choose(runtime: ProviderRuntime, target: Target): Choice | Promise<Choice> {
    const { account, json, body } = this.#call;
    const name = restName(this.#call, target.model);
    if (account !== undefined) return { model: name, only: account };
    const { providerId, model } = target;
    const accounts = runtime.pool.size;
    const chosen = this.#parts.accounts.choose({ providerId, model, accounts, bodyBytes: body.length, json });
    const asFits = (choice: Choice): Choice => ({ ...choice, model: name, mayWake: this.#wokeFor !== target });
    return chosen instanceof Promise ? chosen.then(asFits) : asFits(chosen);
  }

  /** Only a caller who named the account is told that it is not there; others may wait for one. */
  #noLease({ record, pool }: ProviderRuntime, { only }: Choice): AttemptOutcome<AttemptReport> | undefined {
    if (only === undefined || pool.seats.some(({ id }) => id === only)) return undefined;
    const message = `There is no active account \`${only.slice(0, 100)}\` of ${record.name}.`;
    return { ok: false, failure: { kind: 'not-found', path: 'account_id', message }, committed: false };
  }

  #relay(runtime: ProviderRuntime, lease: Lease, prepared: Prepared): Promise<AttemptReport> {
    const call = this.#call;
    call.record.express = prepared.speech.express;
    const way = hostsInOrder(upstreamFor(runtime, lease), runtime.baseUrl, runtime.record.fallbackUrls);
    return relayAttempt({
      upstream: tappedUpstream(way, call.record, () => prepared.secrets ?? secretsOf(lease.credential)),
      request: prepared.request,
      speech: prepared.speech,
      client: call.client,
      wheel: this.#parts.wheel,
      timeouts: this.#parts.timeouts,
      totalAtMs: this.#totalAtMs,
      keepAliveMs: this.#parts.keepAliveMs,
      headers: (upstream, losses, reshaped, usage) => {
        const all: readonly Loss[] = [...prepared.losses, ...losses];
        call.record.losses = lossLines(all);
        const relayed = prepared.speech.express ? relayedHeaders(upstream) : {};
        if (usage !== undefined) Object.assign(relayed, this.#costHeader(usage));
        if (prepared.speech.express && !reshaped) return relayed;
        const type = call.stream ? STREAM_HEADERS : JSON_HEADERS;
        return { ...relayed, ...type, ...lossesHeader(all) };
      },
    });
  }

  /** What a whole answer costs; the record of its attempt holds it from here on, so that nobody works it out again. */
  #costHeader(usage: Usage): Readonly<Record<string, string>> {
    const attempt = this.#call.record.attempts.at(-1);
    if (attempt === undefined) return {};
    const price = this.#parts.priceOf(attempt.providerId, attempt.model, attempt.startedAtMs);
    return costHeader(Object.assign(attempt, writtenCost(usage, price)));
  }

  #open(number: number, providerId: string, lease: Lease, model: string): AttemptRecord {
    const { clock } = this.#parts;
    const accountId = lease.credential.id;
    const record: AttemptRecord = {
      number,
      providerId,
      accountId,
      model,
      ...(lease.facts.proxyId !== undefined && { proxyId: lease.facts.proxyId }),
      startedAtMs: clock.nowMs(),
      latencyMs: 0,
      state: 'failed',
    };
    this.#call.record.attempts.push(record);
    return record;
  }

  #close(record: AttemptRecord, report: AttemptReport, lease: Lease, secrets: readonly Secret[]): void {
    const { failure } = report;
    record.latencyMs = Math.max(0, this.#parts.clock.nowMs() - record.startedAtMs);
    if (report.firstTokenMs !== undefined) record.firstTokenMs = Math.round(report.firstTokenMs);
    if (report.status !== undefined) record.status = report.status;
    if (report.usage !== undefined) record.usage = report.usage;
    if (report.violations.length > 0) record.violations = report.violations;
    record.state = failure === undefined ? 'success' : failure.kind === 'cancelled' ? 'cancelled' : 'failed';
    reportLease(lease, failure, report.usage);
    if (failure !== undefined) noteFailure(record, failure, secrets);
  }

  /** Full jitter, never less than the provider asked for, never past the call's deadline. */
  async pause(failure: Failure, number: number): Promise<boolean> {
    const asked = this.#asked;
    const isAwake = asked?.runtime.pool.isAwake(restName(this.#call, asked.target.model));
    if (isAwake === false) return false;
    const floorMs = failure.retryAfterMs ?? 0;
    const waitMs = backoffMs({ attempt: number - 1, random: this.#parts.random, floorMs });
    const now = this.#parts.clock.monotonicMs();
    if (this.#totalAtMs > 0 && now + waitMs >= this.#totalAtMs) return false;
    await this.#parts.clock.sleep(waitMs);
    return !this.#call.client.gone;
  }

  unavailable(): Failure {
    return soonestRefusal(this.#waiting());
  }

  /** True once an account may be asked again; at once false where one has been asked already. */
  async waitsForAccount(): Promise<boolean> {
    if (this.#asked !== undefined || this.#call.account !== undefined) return false;
    this.#waitingSinceMs ??= this.#parts.clock.monotonicMs();
    return waitForAccount(this.#waiting(), this.#waitingSinceMs, this.#totalAtMs);
  }

  #waiting(): Waiting {
    const { targets, provider } = this.#found;
    const nameOf = ({ model }: Target): string => restName(this.#call, model);
    const passedOver: Waiting['passedOver'] = (pool) => this.#gate.passedOver(pool);
    return { call: this.#call, targets, provider, nameOf, passedOver, clock: this.#parts.clock };
  }
}
