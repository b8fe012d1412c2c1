import type { Lease } from '@patchbay/llm/credentials/pool';
import type { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { backoffMs } from '@patchbay/llm/resilience/backoff';
import { planTargets } from '@patchbay/llm/routing/plan';
import type { Target } from '@patchbay/llm/routing/target';
import { runPlan, type AttemptContext, type AttemptOutcome } from '@patchbay/llm/routing/run-plan';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import type { AccountChooser } from '../../accounts/choose-account.ts';
import type { TimeoutSettings } from '../../config/settings.ts';
import type { Limiter } from '../../coordination/limiter.ts';
import type { DeadlineWheel } from '../../relay/deadline-wheel.ts';
import type { PassUpload } from '../../relay/pass-upload.ts';
import { passAttempt, type PassReport } from '../../relay/pass-attempt.ts';
import { passedHeaders } from '../../relay/pass-headers.ts';
import { isEventStream, openAiLane } from '../../relay/pass-lane.ts';
import { readRefusal } from '../../relay/refusal-body.ts';
import type { RawAnswer } from '../../relay/relay-attempt.ts';
import { tappedUpstream } from '../../relay/tapped-upstream.ts';
import { modelRefusal } from '../allowed-models.ts';
import { hideInFailure, hideInRaw } from '../hide-credential.ts';
import { AccountGate, type Taken } from '../limits/account-gate.ts';
import { askedOfEndpoint } from '../limits/asked.ts';
import type { Found, ModelDirectory, ProviderRuntime } from '../ports.ts';
import { reportLease } from '../report-lease.ts';
import type { Outcome } from '../stage.ts';
import { TargetHealth } from '../target-health.ts';
import { countProxied, upstreamFor } from '../upstream-for.ts';
import { refusalsOf } from '../wait-for-account.ts';
import { closeAttempt, openAttempt } from './attempt-book.ts';
import { EmbeddingLane } from './embedding-lane.ts';
import type { EndpointCall } from './endpoint-call.ts';
import { presentAccount } from './present-account.ts';
import { RenameLane } from './rename-lane.ts';
import { servedBody } from './served-body.ts';
import { notServed, servingTargets } from './who-serves.ts';

export interface EndpointParts {
  readonly signer: RequestSigner;
  readonly directory: ModelDirectory;
  readonly accounts: AccountChooser;
  /** Keeps the limits of accounts. */
  readonly limiter: Limiter;
  /** Every provider the product knows, configured or not. */
  readonly records: readonly ProviderRecord[];
  readonly timeouts: TimeoutSettings;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
  readonly random: () => number;
  /** Value of the `user-agent` that upstreams see. */
  readonly userAgent: string;
}

/** Attempts over all accounts and targets of one call. */
const ATTEMPTS_MAX = 6;

/** Makes the function that sends calls of every endpoint to the first target that answers. */
export function runEndpoint(parts: EndpointParts): (call: EndpointCall) => Promise<Outcome> {
  const health = new TargetHealth(parts.clock);
  return async (call) => {
    const found = parts.directory.resolve(call.model, call.caller.userId);
    if ('failure' in found) return { kind: 'failed', failure: found.failure };
    const forbidden = modelRefusal(call.caller, call.model, found);
    if (forbidden !== undefined) return { kind: 'failed', failure: forbidden };
    const targets = servingTargets(found, call.endpoint);
    if (targets.length === 0)
      return {
        kind: 'failed',
        failure: notServed(found, parts.records, call.endpoint),
      };
    const run = new EndpointRun(parts, call, health, found);
    const outcome = await runPlan<PassReport>({
      targets: planTargets(targets, (target) => health.admits(target)),
      attemptsMax: ATTEMPTS_MAX,
      attempt: (context) => run.attempt(context),
      pause: (failure, number) => run.pause(failure, number),
      unavailable: () => run.unavailable(),
    });
    if (outcome.ok || run.begun) return { kind: 'answered' };
    const raw = run.raw === undefined ? {} : { raw: run.raw };
    return { kind: 'failed', failure: outcome.failure, ...raw };
  };
}

/** The state of one call's attempts. */
class EndpointRun {
  /** The last refusal, in the provider's own words. */
  raw: RawAnswer | undefined;
  /** True once the answer has begun for the client. */
  begun = false;
  readonly #parts: EndpointParts;
  readonly #call: EndpointCall;
  readonly #found: Found;
  readonly #health: TargetHealth;
  readonly #totalAtMs: number;
  readonly #gate: AccountGate;
  readonly #tried = new Set<string>();
  /** Where a rest was cut short: once is enough. */
  #wokeFor: Target | undefined;

  constructor(parts: EndpointParts, call: EndpointCall, health: TargetHealth, found: Found) {
    this.#found = found;
    this.#parts = parts;
    this.#call = call;
    this.#health = health;
    this.#gate = new AccountGate(parts, () => askedOfEndpoint(call));
    this.#totalAtMs = parts.timeouts.totalMs > 0 ? call.startedMs + parts.timeouts.totalMs : 0;
  }

  async attempt({ target, again }: AttemptContext): Promise<AttemptOutcome<PassReport> | undefined> {
    const runtime = this.#found.provider(target.providerId);
    const taken = await this.#take(runtime, target, again);
    if (runtime === undefined || taken === undefined) return undefined;
    this.#tried.add(taken.lease.credential.id);
    const { attempts } = this.#call.record;
    const before = attempts.length;
    try {
      return await this.#try(runtime, target, taken.lease);
    } finally {
      const made = attempts[before];
      await this.#gate.settle(taken, made?.usage, made?.state === 'success');
    }
  }

  async #try(runtime: ProviderRuntime, target: Target, lease: Lease): Promise<AttemptOutcome<PassReport>> {
    const served = runtime.record.serves?.[this.#call.endpoint];
    const written = this.#call.body.withModel(target.model);
    const body = Buffer.isBuffer(written) && served !== undefined ? servedBody(written, served) : written;
    const request = this.#request(runtime, body);
    const presented = await presentAccount({
      signer: this.#parts.signer,
      runtime,
      credential: lease.credential,
      request,
      isBodyComing: !Buffer.isBuffer(body),
    });
    if (!presented.ok) {
      lease.abandon();
      return { ok: false, failure: presented.failure, committed: false };
    }
    const { headers, secrets, forget } = presented.value;
    const signed = { ...request, headers: { ...request.headers, ...headers } };
    const record = openAttempt(this.#call.record, target, lease, this.#parts.clock);
    const upstream = tappedUpstream(upstreamFor(runtime, lease), this.#call.record, () => secrets);
    const way = { ...runtime, upstream };
    const report = await this.#pass(way, signed, Buffer.isBuffer(body) ? undefined : body);
    if (report.failure?.status === 401) forget?.();
    closeAttempt(record, report, { clock: this.#parts.clock, secrets });
    countProxied(runtime, lease, report.usage);
    reportLease(lease, report.failure, report.usage);
    this.#health.report(target, report.failure);
    this.begun = report.committed;
    this.#call.record.express = !report.reshaped;
    if (report.failure === undefined) return { ok: true, value: report };
    this.raw = report.raw === undefined ? undefined : hideInRaw(secrets, report.raw);
    const failure = hideInFailure(secrets, report.failure);
    // What has left and is not held here cannot be asked of another.
    const isLast = report.committed || this.#call.body.spent || failure.kind === 'cancelled';
    return { ok: false, failure, committed: isLast };
  }

  async #take(runtime: ProviderRuntime | undefined, target: Target, again: boolean): Promise<Taken | undefined> {
    if (runtime === undefined) return undefined;
    const { providerId, model } = target;
    const sized = { accounts: runtime.pool.size, bodyBytes: 0, json: undefined };
    const choice = await this.#parts.accounts.choose({ providerId, model, ...sized });
    const name = this.#restName(target);
    const mayWake = this.#wokeFor !== target;
    const exclude = again ? undefined : this.#tried;
    const wanted = { exclude, prefer: undefined, choice: { ...choice, model: name, mayWake }, model };
    const taken = await this.#gate.take(runtime.pool, wanted);
    if (taken?.lease.woken === true) this.#wokeFor = target;
    return taken;
  }

  /** Name of what rests when an account cannot serve a model here: it may serve it elsewhere. */
  #restName({ model }: Target): string {
    return `${model}#${this.#call.endpoint}`;
  }

  #request(runtime: ProviderRuntime, content: Buffer | PassUpload): UpstreamRequest {
    const { headers: given, endpoint, body, query } = this.#call;
    const { record, baseUrl } = runtime;
    const headers: Record<string, string> = {
      'content-type': body.contentType,
      accept: given.accept ?? '*/*',
      'accept-encoding': 'identity',
      'user-agent': this.#parts.userAgent,
      ...record.headers,
    };
    const url = `${baseUrl}${record.serves?.[endpoint]?.path ?? ''}${query}`;
    return { method: 'POST', url, headers, ...(Buffer.isBuffer(content) && { body: content }) };
  }

  #pass(runtime: ProviderRuntime, request: UpstreamRequest, upload: PassUpload | undefined): Promise<PassReport> {
    const { client, vectors, record } = this.#call;
    const answered = runtime.record.serves?.[this.#call.endpoint]?.renames?.answered;
    return passAttempt({
      upstream: runtime.upstream,
      request,
      ...(upload !== undefined && { upload }),
      client,
      wheel: this.#parts.wheel,
      timeouts: this.#parts.timeouts,
      totalAtMs: this.#totalAtMs,
      refusesFrom: 300,
      refusal: (status, body, headers) => readRefusal(WIRE_FORMATS['openai-chat'], status, body, headers),
      lane: (headers) => {
        if (answered !== undefined) return new RenameLane(answered);
        return vectors === undefined ? openAiLane(headers) : new EmbeddingLane(vectors);
      },
      headers: (headers) => {
        record.stream = isEventStream(headers);
        return passedHeaders(headers);
      },
    });
  }

  /** Full jitter, never less than the provider asked for, never past the call's deadline. */
  async pause(failure: Failure, number: number): Promise<boolean> {
    const { clock, random } = this.#parts;
    const waitMs = backoffMs({ attempt: number - 1, random, floorMs: failure.retryAfterMs ?? 0 });
    if (this.#totalAtMs > 0 && clock.monotonicMs() + waitMs >= this.#totalAtMs) return false;
    await clock.sleep(waitMs);
    return !this.#call.client.gone;
  }

  unavailable(): Failure {
    const failures = this.#found.targets.flatMap((target) => {
      const pool = this.#found.provider(target.providerId)?.pool;
      const model = this.#restName(target);
      if (pool === undefined) return [];
      return refusalsOf({ providerId: target.providerId, pool, model }, this.#gate.passedOver(pool), this.#parts.clock);
    });
    return failures[0] ?? { kind: 'overloaded', message: 'No provider is left for this model.' };
  }
}
